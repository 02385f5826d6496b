import ast
from pathlib import Path

from lxml import html

from odoo.tests import tagged

from ..hooks import ADDON
from .common import OrderProcessCommon

ADDON_DIR = Path(__file__).parents[1]
LISTS = ("list", "kanban", "calendar", "pivot", "graph")


@tagged("post_install", "-at_install")
class TestHelp(OrderProcessCommon):
    """An empty list says what belongs there, and what somebody who has never seen it does first."""

    def _get_window_actions(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.actions.act_window")]
        )
        return self.env["ir.actions.act_window"].browse(data.mapped("res_id"))

    def _is_helpful(self, text):
        """Tell whether there is a title and at least one sentence below it."""
        if not text or not str(text).strip():
            return False
        title, *sentences = html.fragment_fromstring(str(text), create_parent=True)
        shown = "o_view_nocontent_smiling_face" in title.get("class", "")
        return shown and any(len(p.text_content().split()) >= 5 for p in sentences)

    def test_every_list_explains_itself_when_it_is_empty(self):
        actions = self._get_window_actions().filtered(
            lambda action: action.view_mode.partition(",")[0] in LISTS
        )
        self.assertGreater(len(actions), 30)
        silent = actions.filtered(lambda action: not self._is_helpful(action.help))
        self.assertFalse(silent.get_external_id())

    def test_every_menu_leads_somewhere(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.menu")]
        )
        menus = self.env["ir.ui.menu"].browse(data.mapped("res_id"))
        self.assertGreater(len(menus), 30)
        nowhere = menus.filtered(lambda menu: not menu.action and not menu.child_id)
        self.assertFalse(nowhere.mapped("complete_name"))
        windows = menus.filtered(
            lambda menu: menu.action and menu.action._name == "ir.actions.act_window"
        )
        foreign = windows.filtered(lambda menu: menu.action not in self._get_window_actions())
        silent = foreign.filtered(lambda menu: not self._is_helpful(menu.action.help))
        self.assertFalse(silent.mapped("complete_name"))

    def test_every_list_that_a_button_opens_explains_itself(self):
        """Dictionaries in the code: where a window action has a list, it has a help."""
        found = [
            (file, node)
            for folder in ("models", "wizard", "controllers")
            for file in sorted((ADDON_DIR / folder).rglob("*.py"))
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Dict) and self._opens_list(node)
        ]
        self.assertTrue(found)
        silent = [
            f"{file.relative_to(ADDON_DIR)}:{node.lineno}"
            for file, node in found
            if "help" not in self._get_constants(node.keys)
        ]
        self.assertFalse(silent)

    def _opens_list(self, node):
        return "ir.actions.act_window" in self._get_constants(node.values) and any(
            constant.value.partition(",")[0] in LISTS
            for key, value in zip(node.keys, node.values, strict=True)
            if key and ast.literal_eval(key) in ("views", "view_mode")
            for constant in ast.walk(value)
            if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
        )

    def _get_constants(self, nodes):
        return {node.value for node in nodes if isinstance(node, ast.Constant)}

    def test_tickets_of_somebody_without_any(self):
        partner = self.env["res.partner"].create({"name": "Never Wrote"})
        self.assertTrue(self._is_helpful(partner.action_view_tickets()["help"]))
