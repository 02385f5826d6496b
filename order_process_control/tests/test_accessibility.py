import re
from pathlib import Path

from lxml import etree

from odoo.tests import tagged

from .common import OrderProcessCommon

ADDON_DIR = Path(__file__).parents[1]
LABELS = {"title", "aria-label", "aria-labelledby", "string"}
LABELS |= {f"t-{kind}-{name}" for kind in ("att", "attf") for name in ("title", "aria-label")}
ICON = re.compile(r"\bfa\b")
ANNOUNCED = {"alert", "status"}


@tagged("post_install", "-at_install")
class TestAccessibility(OrderProcessCommon):
    """What a picture says is said in words as well: to who cannot see it, and to who wonders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folders = ("views", "wizard", "report", "static/src")
        files = [f for folder in folders for f in sorted((ADDON_DIR / folder).rglob("*.xml"))]
        cls.nodes = [
            (file, node)
            for file in files
            for node in etree.parse(file).iter()
            if isinstance(node.tag, str)
        ]

    def _assert_none(self, is_wrong):
        self.assertGreater(len(self.nodes), 1000)
        wrong = [
            f"{file.relative_to(ADDON_DIR)}:{node.sourceline}"
            for file, node in self.nodes
            if is_wrong(node)
        ]
        self.assertFalse(wrong)

    def _is_icon(self, node):
        names = [node.get(name, "") for name in ("class", "t-attf-class", "t-att-class")]
        return node.tag in ("i", "span") and bool(ICON.search(" ".join(names)))

    def _is_labelled(self, node):
        return any(node.get(name) for name in LABELS)

    def test_icons_are_decoration_or_have_a_label(self):
        def is_wrong(node):
            is_decoration = node.get("aria-hidden") == "true" or node.get("role") == "presentation"
            is_picture = node.get("role") == "img" and self._is_labelled(node)
            return self._is_icon(node) and not is_decoration and not is_picture

        self._assert_none(is_wrong)

    def test_what_is_pressed_has_a_name(self):
        """Buttons and links without a word, such as an icon alone, need a label."""

        def has_words(node):
            return bool("".join(node.itertext()).strip()) or any(
                child.tag in ("field", "t", "span")
                and {"name", "t-out", "t-esc", "t-field", "t-call", "t-slot"} & set(child.attrib)
                for child in node.iter()
            )

        def is_wrong(node):
            if node.tag not in ("button", "a") or self._is_labelled(node):
                return False
            # Where a view of Odoo or of another room is extended, only what changes is there
            is_extended = node.get("position") or "t-out" in node.attrib
            return not is_extended and not has_words(node)

        self._assert_none(is_wrong)

    def test_fields_have_a_label(self):
        """Of the portal and of our own widgets; Odoo gives those of its views theirs."""
        labels = {n.get("for") or n.get("t-attf-for") for _file, n in self.nodes} - {None}

        def is_wrong(node):
            is_field = node.tag in ("textarea", "select") or (
                node.tag == "input" and node.get("type") not in ("hidden", "submit")
            )
            identifier = node.get("id") or node.get("t-attf-id")
            return is_field and not self._is_labelled(node) and identifier not in labels

        self._assert_none(is_wrong)

    def test_errors_of_the_portal_are_announced(self):
        names = ("error_message", "done_message")
        messages = [node for _file, node in self.nodes if node.get("t-out") in names]
        self.assertEqual({node.get("role") for node in messages}, ANNOUNCED)
