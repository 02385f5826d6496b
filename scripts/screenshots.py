"""make screenshots: take the pictures of the documentation from the demo database.

    .venv/bin/python scripts/screenshots.py [BEGINNINGS OF NAMES]

They are taken from a copy of the demo database as it is when it is new, in which picture_scene.py
plays a little more; a demo database in use is left alone. What is in pictures.py is all there is to
say about a picture.
"""

import io
import json
import logging
import os
import shutil
import sys

from picture_scene import Scene
from pictures import PICTURES
from run_tests import find_browser
from toolchain import databases, odoo_source, paths, postgres, serve, templates
from toolchain.browser import Browser
from toolchain.odoo_env import close, odoo_env, prepare, use_venv
from toolchain.say import ToolchainError, line, main, note, step

FOLDER = paths.ROOT / "docs" / "images"
# The page of the app shows some of them, and can show nothing outside the addon.
APP_FOLDER = paths.ADDON_DIR / "static" / "description"
IDS = "SELECT name, res_id FROM ir_model_data WHERE module = %s"
COLOURS = 256


def run():
    use_venv()
    paths.make_folders()
    wanted = chosen(sys.argv[1:])
    executable = find_browser()
    with templates.lock():
        server, odoo = postgres.start(), odoo_source.locate()
        database = templates.prefix(server) + "pictures"
        databases.copy(server, templates.ensure_addon(server, odoo), database)
    try:
        ids = play(server, odoo, database)
        with serving(odoo, server, database) as url:
            take(wanted, Browser(shutil.which(executable), url, database), ids)
    finally:
        databases.drop(server, database)
        if server.mode == "embedded" and postgres.idle(server):
            postgres.stop()


def chosen(beginnings):
    pictures = [
        picture
        for picture in PICTURES
        if not beginnings or picture.name.startswith(tuple(beginnings))
    ]
    if not pictures:
        raise ToolchainError(f"No picture has a name that begins with {' or '.join(beginnings)}.")
    return pictures


def play(server, odoo, database):
    """Prepare the database; return the ids that paths may name."""
    prepare(odoo, server)
    # Deprecations inside Odoo are not ours to mend.
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    ids = dict(postgres.execute(server, IDS, [paths.ADDON], database=database))
    try:
        with odoo_env(database, user=None) as env, step("Playing the scene"):
            ids.update(Scene(env).play())
            env.cr.commit()
    finally:
        close(database)
    return ids


class serving:
    """An Odoo of its own, without scheduled actions, beside one that make run may have started."""

    def __init__(self, odoo, server, database):
        self.process = serve.OdooServer(
            odoo,
            server,
            database,
            serve.free_port(os.environ.get("PORT")),
            state=paths.VAR / "pictures.json",
            log=paths.LOGS / "pictures.log",
            cron_threads=0,
        )

    def __enter__(self):
        with step("Starting Odoo"):
            self.process.start()
            self.process.wait_until_ready()
        return self.process.url

    def __exit__(self, *problem):
        self.process.stop()


def take(pictures, browser, ids):
    FOLDER.mkdir(parents=True, exist_ok=True)
    problems = []
    with browser, step(f"Taking {len(pictures)} pictures"):
        # By person: each logs in once
        for login in dict.fromkeys(picture.login for picture in pictures):
            browser.log_in(login, login)
            for picture in pictures:
                if picture.login == login:
                    problems += take_one(picture, browser, ids)
    if problems:
        raise ToolchainError("\n".join(["not every picture is good:", *problems]))


def take_one(picture, browser, ids):
    """Write one picture; return what went wrong."""
    browser.errors.clear()
    browser.resize(*picture.size, mobile=picture.is_phone)
    try:
        browser.open(picture.path.format_map(ids))
        for click in picture.clicks:
            browser.click(*click)
        if picture.show:
            browser.evaluate(f"document.querySelector({json.dumps(picture.show)}).scrollIntoView()")
    except ToolchainError as error:
        return [f"{picture.name}: {error}"]
    data = smaller(browser.picture())
    name = f"{picture.name}.png"
    (FOLDER / name).write_bytes(data)
    if picture.is_for_app:
        (APP_FOLDER / name).write_bytes(data)
    note(f"{name} ({len(data) / 1000:.0f} kB)")
    return [f"{picture.name}: {error}" for error in browser.errors]


def smaller(png):
    """Screens have few colours: a palette takes a third of the place."""
    # Installed with Odoo.
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()


if __name__ == "__main__":
    line("The pictures of the documentation")
    main(run)
