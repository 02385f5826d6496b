"""A web client without the browser: log in, open what the menus lead to, press buttons."""

import re
import time

import requests

from .say import ToolchainError

TIMEOUT = 120
ROOT_MENU = "order_process_control.menu_root"
SCREEN_VIEWS = ("list", "kanban")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browsing:
    """One session at one server; what it opened is kept with its time."""

    def __init__(self, url, database, login):
        self.url, self.login = url, login
        self.session = requests.Session()
        self.times = {}
        form = self.session.get(f"{url}/web/login", params={"db": database}, timeout=TIMEOUT).text
        values = {"login": login, "password": login, "csrf_token": TOKEN.search(form).group(1)}
        page = self.session.post(f"{url}/web/login", data=values, timeout=TIMEOUT)
        if "/web/login" in page.url:
            raise ToolchainError(f"{login} could not log in to {url}.")

    def rpc(self, path, **params):
        """Call a JSON-RPC route; raise with the server's sentence when it refuses."""
        answer = self.session.post(
            f"{self.url}{path}",
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=TIMEOUT,
        ).json()
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise Refused(data.get("message") or answer["error"]["message"])
        return answer.get("result")

    def call(self, model, method, *args, **kwargs):
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    def page(self, path, name=None):
        """Open a page of the portal and return its text."""
        started = time.monotonic()
        answer = self.session.get(f"{self.url}{path}", timeout=TIMEOUT)
        self._note(name or path, started)
        if answer.status_code != 200:
            raise ToolchainError(f"{path} answers {answer.status_code} to {self.login}.")
        return answer.text

    def open_all_screens(self):
        """Open every screen that the addon's menus offer this person."""
        answer = self.session.get(f"{self.url}/web/webclient/load_menus", timeout=TIMEOUT)
        menus = answer.json()
        roots = [menu for menu in menus.values() if menu.get("xmlid") == ROOT_MENU]
        for menu in (menu for root in roots for menu in self._walk(menus, root)):
            self.open_screen(menu)

    def _walk(self, menus, menu):
        if menu["children"]:
            for id_ in menu["children"]:
                yield from self._walk(menus, menus[str(id_)])
        elif menu["actionID"]:
            yield menu

    def open_screen(self, menu):
        """Load an action, its views and its first records, as the web client does.

        :param dict menu: with its ``name`` and ``actionID``
        """
        started = time.monotonic()
        action = self.rpc("/web/action/load", action_id=menu["actionID"])
        if action["type"] == "ir.actions.server":
            action = self.rpc("/web/action/run", action_id=action["id"])
        views = [[id_, kind] for id_, kind in action.get("views", ()) if kind in SCREEN_VIEWS]
        if not views:
            return  # a form for something new: nothing is read
        model = action["res_model"]
        answer = self.call(model, "get_views", views=views)
        shown = re.findall(r'<field name="(\w+)"', answer["views"][views[0][1]]["arch"])
        fields = answer["models"][model]["fields"]
        self.call(
            model,
            "web_search_read",
            domain=[],
            specification={name: {} for name in sorted({*shown} & {*fields})},
            limit=80,
        )
        self._note(menu["name"], started)

    def _note(self, name, started):
        self.times.setdefault(name, []).append((time.monotonic() - started) * 1000)


class Refused(Exception):
    """What the server said, in its own words."""
