from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, TransactionCase, new_test_user
from odoo.tests.common import get_db_name
from odoo.tools.misc import file_path

SELFIE_JS = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@contextmanager
def without_commits(env):
    """Scheduled actions commit after each batch; a test is rolled back as a whole."""
    with patch.object(type(env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 60):
        yield


class MissingDebianAssetMixin:
    """Debian's package of Odoo lacks a file that ``web.assets_backend`` lists.

    The bundle then holds a ``console.error`` on which every backend tour fails. Taking the file
    off the bundle inside the test leaves package and database as they were.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            file_path(SELFIE_JS)
        except FileNotFoundError:
            cls.env["ir.asset"].create(
                {
                    "name": "test: file missing from Debian's package",
                    "bundle": "web.assets_backend",
                    "directive": "remove",
                    "path": SELFIE_JS,
                }
            )


class CommittedCase(BaseCase):
    """Real transactions that are committed: what a test sets up, it takes away again."""

    def setUp(self):
        super().setUp()
        self._as_root(self._set_up)
        self.addCleanup(self._as_root, self._clean_up)

    @property
    def registry(self):
        return Registry(get_db_name())

    def _as_root(self, method):
        with self.registry.cursor() as cr:
            return method(api.Environment(cr, SUPERUSER_ID, {}))

    def _set_up(self, env):
        """Commit what the test needs."""

    def _clean_up(self, env):
        """Take it away."""


class OrderProcessCommon(TransactionCase):
    """Users of every role, two departments, products and an order to work with.

    The steps of the demo data are archived: each test says itself what needs a review.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_reset_password=True)
        )
        cls.company = cls.env.company
        cls.env["order.review.step"].search([]).action_archive()
        cls.salesperson = cls._create_user("opc_sales", "sales_team.group_sale_salesman")
        cls.other_salesperson = cls._create_user("opc_sales2", "sales_team.group_sale_salesman")
        cls.sales_manager = cls._create_user("opc_sales_mgr", "sales_team.group_sale_manager")
        cls.finance_user = cls._create_user("opc_fin", cls._group("reviewer"))
        cls.finance_user2 = cls._create_user("opc_fin2", cls._group("reviewer"))
        cls.production_user = cls._create_user("opc_prod", cls._group("reviewer"))
        cls.auditor = cls._create_user("opc_audit", cls._group("auditor"))
        cls.process_manager = cls._create_user("opc_mgr", cls._group("manager"))
        cls.employee = cls._create_user("opc_emp", "base.group_user")
        cls.company.order_process_manager_id = cls.process_manager

        cls.finance = cls._create_department("Finance", cls.finance_user | cls.finance_user2)
        cls.production = cls._create_department("Production", cls.production_user)
        cls.channel = cls.env["utm.medium"].create(
            {"name": "Test channel", "family": "offline", "is_approved": True}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Careful Customer"})
        cls.product = cls.env["product.product"].create(
            {"name": "Desk", "type": "consu", "is_storable": True, "list_price": 100.0}
        )
        cls.service = cls.env["product.product"].create(
            {"name": "Assembly", "type": "service", "list_price": 50.0}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    @classmethod
    def _group(cls, name):
        return f"order_process_control.group_order_{name}"

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(cls.env, login=login, groups=groups, name=login)

    @classmethod
    def _create_department(cls, name, users, **vals):
        department = cls.env["hr.department"].create({"name": f"Test {name}", **vals})
        cls.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id, "department_id": department.id}
                for user in users
            ]
        )
        return department

    @classmethod
    def _create_step(cls, name, department=None, sequence=10, **vals):
        return cls.env["order.review.step"].create(
            {
                "name": name,
                "sequence": sequence,
                "department_id": department and department.id,
                **vals,
            }
        )

    @classmethod
    def _create_order(cls, user=None, lines=None, **vals):
        """Create a quotation as the salesperson, promised in ten days, of two desks at 100."""
        user = user or cls.salesperson
        return (
            cls.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "medium_id": cls.channel.id,
                    "commitment_date": fields.Datetime.now() + timedelta(days=10),
                    "order_line": [
                        Command.create({"product_id": product.id, "product_uom_qty": quantity})
                        for product, quantity in (lines or [(cls.product, 2)])
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def _stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity
        )

    def _signoff(self, order, name):
        """Return the sign-off called ``name`` of the order's current round."""
        return order.sudo().current_review_id.signoff_ids.filtered(lambda s: s.name == name)

    def _approve(self, order, name, user, comment=None, answers=None):
        return self._signoff(order, name).with_user(user).action_approve(comment, answers)

    def _reject(self, order, name, user, comment="Not possible"):
        return self._signoff(order, name).with_user(user).action_reject(comment)
