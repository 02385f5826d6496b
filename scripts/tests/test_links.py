"""What the check of the documentation's links finds, and what it leaves alone."""

import io
import subprocess

import docutils.core
import pytest

import check_links
from toolchain import paths

HEADINGS = "Guide\n=====\n\nWhat to do first\n----------------\n"


@pytest.fixture
def folder(tmp_path):
    """An empty repository."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def write(folder, name, text=""):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def findings(folder):
    return [
        f"{file.relative_to(folder)}:{number}: {what}"
        for file, number, what in check_links.check(folder)
    ]


def test_what_is_there_is_no_finding(folder):
    write(folder, "docs/images/a.png")
    write(folder, "docs/guide.rst", HEADINGS + "\n.. image:: images/a.png\n   :alt: A picture\n")
    write(
        folder,
        "README.rst",
        "See `the guide <docs/guide.rst>`__, `its start <docs/guide.rst#what-to-do-first>`_,\n"
        "`the folder <docs/>`__, `a page <https://example.com/x>`__ and `here <#end>`__.\n"
        "\nEnd\n===\n",
    )
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (".. image:: images/gone.png", "there is no images/gone.png"),
        ("   :target: gone.rst", "there is no gone.rst"),
        (".. _name: gone.rst", "there is no gone.rst"),
        ("Read `this <gone.rst>`__.", "there is no gone.rst"),
        ("Read `this <../../elsewhere.rst>`__.", "../../elsewhere.rst is outside the repository"),
        ("Read `this <guide.rst#nowhere>`__.", "guide.rst has no heading #nowhere"),
        ("Read `this <#nowhere>`__.", "page.rst has no heading #nowhere"),
    ],
)
def test_what_is_missing_is_named_with_its_line(folder, text, what):
    write(folder, "docs/guide.rst", HEADINGS)
    write(folder, "docs/page.rst", f"First line\n\n{text}\n")
    assert findings(folder) == [f"docs/page.rst:3: {what}"]


def test_a_link_may_go_on_in_the_next_line(folder):
    write(folder, "page.rst", "Read `this\nlong text <gone.rst>`__ and\n`that\n<page.rst>`__.\n")
    assert findings(folder) == ["page.rst:2: there is no gone.rst"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src='https://example.com/a.png' alt=''/>",
        '<div style="background: url(//example.com/a.png)"></div>',
        '<link rel="stylesheet" href="page.css"/>',
    ],
)
def test_the_page_of_the_app_is_on_its_own(folder, text):
    write(folder, "addon/static/description/page.css")
    write(folder, "addon/static/description/index.html", f"<section>\n{text}\n</section>\n")
    assert [finding.split(": ")[0] for finding in findings(folder)] == [
        "addon/static/description/index.html:2"
    ]


def test_the_page_of_the_app_may_link_to_the_web_and_show_its_pictures(folder):
    write(folder, "addon/static/description/a.png")
    text = '<a href="https://example.com/">More</a> <img src="a.png" alt="A"/>\n'
    write(folder, "addon/static/description/index.html", text)
    assert findings(folder) == []
    (folder / "addon/static/description/a.png").unlink()
    assert findings(folder) == ["addon/static/description/index.html:1: there is no a.png"]


def test_a_picture_that_no_page_shows_is_named(folder):
    write(folder, "docs/images/a.png")
    write(folder, "docs/guide.rst", HEADINGS)
    assert findings(folder) == ["docs/images/a.png:1: no page shows this picture"]


def test_what_git_ignores_is_not_read(folder):
    write(folder, ".gitignore", "/.venv/\n")
    write(folder, ".venv/page.rst", "`this <gone.rst>`__")
    assert findings(folder) == []


def test_an_archive_is_read_without_git(tmp_path, monkeypatch):
    # The temporary folder may lie in a repository
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "none"))
    write(tmp_path, ".venv/page.rst", "`this <gone.rst>`__")
    write(tmp_path, "docs/page.rst", "`this <gone.rst>`__")
    assert findings(tmp_path) == ["docs/page.rst:1: there is no gone.rst"]


@pytest.mark.parametrize(
    "name",
    [
        str(file.relative_to(paths.ROOT))
        for file in check_links.documents(paths.ROOT)
        if file.suffix == ".rst"
    ],
)
def test_documents_can_be_rendered(name):
    complaints = io.StringIO()
    docutils.core.publish_string(
        (paths.ROOT / name).read_text(),
        source_path=name,
        writer_name="null",
        settings_overrides={"warning_stream": complaints, "report_level": 1},
    )
    assert complaints.getvalue() == ""
