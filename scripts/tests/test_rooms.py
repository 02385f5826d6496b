"""check_rooms.py on small made-up addons: what it must find, and what it must leave alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from check_rooms import check
from rooms.rules import MAY_USE, closure

SCRIPT = Path(__file__).resolve().parents[1] / "check_rooms.py"

ORDER = """
from odoo import fields, models

class SaleOrder(models.Model):
    _inherit = "sale.order"
    intake_form = fields.Selection([("oral", "Oral")])

class OrderClass(models.Model):
    _name = "order.class"
"""
REVIEW = """
from odoo import fields, models

class OrderReview(models.Model):
    _name = "order.review"
    _inherit = ["mail.thread"]
    order_id = fields.Many2one("sale.order")
    class_id = fields.Many2one("order.class")

class SaleOrder(models.Model):
    _inherit = "sale.order"
    review_state = fields.Selection([("approved", "Approved")])
    partner_id = fields.Many2one(tracking=True)
    payment_term_id = fields.Many2one("account.payment.term", tracking=True)
"""


@pytest.fixture
def addon(tmp_path):
    """An addon with two rooms in good order, and a function that adds files to it."""
    root = tmp_path / "order_process_control"

    def write(files):
        for name, text in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return root

    write({"models/order/sale_order.py": ORDER, "models/review/order_review.py": REVIEW})
    write.root = root
    return write


def found(addon, files):
    root = addon(files)
    return [f"{one.file.relative_to(root)}:{one.line}: {one.text}" for one in check(root)]


def test_rooms_that_keep_the_direction_are_clean(addon):
    assert found(addon, {}) == []


def test_what_may_be_used_is_closed_over():
    reach = closure(MAY_USE)
    assert reach["change"] == {"change", "review", "deadline", "order"}
    assert reach["quality"] == {"quality", "after_sales", "review", "deadline", "order"}
    assert reach["order"] == {"order"}


@pytest.mark.parametrize(
    "line",
    [
        "from ..review import order_review",
        "from ..review.order_review import OrderReview",
        "from .. import review",
        "from odoo.addons.order_process_control.models.review import order_review",
        "import odoo.addons.order_process_control.models.review.order_review",
    ],
)
def test_import_against_the_direction(addon, line):
    lines = found(addon, {"models/order/bad.py": f"\n{line}\n"})
    assert lines == ["models/order/bad.py:2: room 'order' must not use room 'review': import"]


@pytest.mark.parametrize(
    "line",
    [
        "from ..order import sale_order",
        "from . import order_review",
        "from odoo.addons.sale.models import sale_order",
        "import json",
    ],
)
def test_import_along_the_direction_is_fine(addon, line):
    assert found(addon, {"models/review/fine.py": f"{line}\n"}) == []


def test_sisters_may_not_use_each_other(addon):
    files = {
        "models/change/order_change.py": 'class A:\n    _name = "order.change"\n',
        "models/urgency/bad.py": 'def f(env):\n    return env["order.change"]\n',
    }
    assert found(addon, files) == [
        "models/urgency/bad.py:2: room 'urgency' must not use room 'change': model 'order.change'"
    ]


@pytest.mark.parametrize(
    "code",
    [
        'x = fields.Many2one("order.review")',
        'x = fields.One2many(comodel_name="order.review")',
        'x = self.env["order.review"]',
        'class A:\n    _inherit = "order.review"',
        'class A:\n    _inherit = ["mail.thread", "order.review"]',
        'x = {"res_model": "order.review"}',
    ],
)
def test_model_named_against_the_direction(addon, code):
    lines = found(addon, {"models/order/bad.py": code + "\n"})
    assert len(lines) == 1
    assert lines[0].endswith("room 'order' must not use room 'review': model 'order.review'")


def test_models_of_odoo_and_of_lower_rooms_are_fine(addon):
    code = 'x = [env["order.class"], env["sale.order"], fields.Many2one("res.partner")]\n'
    assert found(addon, {"models/review/fine.py": code}) == []


def test_extending_a_model_does_not_make_it_ones_own(addon):
    """review extends order.class: order.class stays the property of room order."""
    code = 'class A:\n    _name = "order.class"\n    _inherit = "order.class"\n'
    files = {"models/review/order_class.py": code, "models/order/b.py": 'x = "order.class"\n'}
    assert found(addon, files) == []


def test_model_defined_in_two_rooms(addon):
    lines = found(addon, {"models/review/again.py": 'class A:\n    _name = "order.class"\n'})
    assert lines == [
        "models/review/again.py:1: model 'order.class' is defined in rooms order and review"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "x = order.review_state",
        'x = order["review_state"]',
        'domain = [("order_id.review_state", "=", "approved")]',
        'vals = {"review_state": "approved"}',
        '@api.depends("review_state")\ndef f(self): pass',
    ],
)
def test_field_used_against_the_direction(addon, code):
    lines = found(addon, {"models/order/bad.py": code + "\n"})
    assert len(lines) == 1
    assert lines[0].endswith("room 'order' must not use room 'review': field 'review_state'")


def test_fields_that_are_nobodys(addon):
    """Odoo's fields declared again, fields of two rooms, plain words, own models' fields, prose."""
    code = '''
"""The review_state is not for us."""
x = (order.partner_id, order.payment_term_id, order.intake_form, order.class_id, "approved")
message = "the review_state is set later"
'''
    assert found(addon, {"models/order/fine.py": code}) == []
    double = 'class A:\n    _inherit = "sale.order"\n    review_state = fields.Char()\n'
    assert (
        found(addon, {"models/order/double.py": double, "models/order/b.py": "x.review_state"})
        == []
    )


def test_field_of_ones_own_model_may_have_a_name_that_a_later_room_adds_elsewhere(addon):
    declared = 'class A:\n    _name = "order.promise"\n    policy_id = fields.Char()\n'
    added = 'class B:\n    _inherit = "sale.order"\n    policy_id = fields.Char()\n'
    files = {
        "models/order/promise.py": declared,
        "models/order/use.py": "x.policy_id",
        "models/review/sale_order.py": added,
    }
    assert found(addon, files) == []


def test_mirrored_folders_keep_the_direction_too(addon):
    files = {
        "wizard/order/bad.py": 'x = "order.review"\n',
        "tests/order/__init__.py": "",
        "tests/order/common.py": "x.review_state\n",
        "wizard/flat.py": 'x = "order.review"\n',
    }
    assert [line.split(":")[0] for line in found(addon, files)] == [
        "tests/order/common.py",
        "wizard/order/bad.py",
    ]


def test_xml_against_the_direction(addon):
    view = """<?xml version="1.0"?>
<odoo>
  <record id="a" model="ir.ui.view">
    <field name="model">order.review</field>
    <field name="arch" type="xml"><form><field name="review_state"/></form></field>
  </record>
  <record id="b" model="order.review"/>
  <record id="c" model="ir.actions.act_window">
    <field name="res_model">order.review</field>
    <field name="binding_model_id" ref="model_order_review"/>
  </record>
</odoo>
"""
    lines = found(
        addon, {"views/order/a.xml": view, "views/review/a.xml": view, "views/b.xml": view}
    )
    what = "room 'order' must not use room 'review': model 'order.review'"
    assert lines == [f"views/order/a.xml:{number}: {what}" for number in (4, 7, 9, 10)]


def test_room_that_nobody_declared(addon):
    lines = found(addon, {"models/surprise/__init__.py": ""})
    assert lines == [
        "models/surprise/__init__.py:1: 'surprise' is not a known room:"
        " add it to scripts/rooms/rules.py"
    ]


TESTS = {
    "tests/__init__.py": "from .order import *\nfrom . import test_top\n",
    "tests/test_top.py": "",
    "tests/order/__init__.py": "from . import common, test_intake\n",
    "tests/order/common.py": "",
    "tests/order/test_intake.py": "",
}


def test_tests_that_odoo_sees(addon):
    assert found(addon, TESTS) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"tests/order/__init__.py": "from . import common"},
            "order/__init__.py does not import it",
        ),
        (
            {"tests/__init__.py": "from . import order, test_top"},
            "tests/__init__.py lacks 'from .order",
        ),
        (
            {"tests/order/__init__.py": "__all__ = []\nfrom . import test_intake"},
            "does not import it",
        ),
    ],
)
def test_test_that_odoo_does_not_see(addon, change, complaint):
    lines = found(addon, TESTS | change)
    assert len(lines) == 1
    assert lines[0].startswith("tests/order/test_intake.py:1: not seen by Odoo's test runner: ")
    assert complaint in lines[0]


def test_folder_without_init(addon):
    lines = found(addon, TESTS | {"tests/review/test_x.py": ""})
    assert lines == [
        "tests/review/test_x.py:1: not seen by Odoo's test runner: review/ has no __init__.py"
    ]


def test_two_test_modules_of_one_name_hide_each_other(addon):
    files = TESTS | {
        "tests/__init__.py": TESTS["tests/__init__.py"] + "from .review import *\n",
        "tests/review/__init__.py": "from . import test_intake\n",
        "tests/review/test_intake.py": "",
    }
    assert found(addon, files) == [
        "tests/order/test_intake.py:1: not seen by Odoo's test runner:"
        " review/test_intake.py has the same name"
    ]


def test_named_import_is_as_good_as_a_star(addon):
    files = {"tests/__init__.py": "from . import test_top\nfrom .order import test_intake\n"}
    assert found(addon, TESTS | files) == []


def test_command_line(addon):
    """One line a finding, relative to the repository, and an exit code."""
    root = addon({"models/order/bad.py": "from ..review import order_review\n"})
    run = subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout == (
        "order_process_control/models/order/bad.py:1:"
        " room 'order' must not use room 'review': import\n"
    )
    (root / "models/order/bad.py").unlink()
    assert subprocess.run([sys.executable, SCRIPT, root]).returncode == 0
