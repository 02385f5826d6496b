from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestAccess(OrderProcessCommon):
    """What each role reads, and what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()
        cls.order.action_request_review()
        cls.other_order = cls._create_order(user=cls.other_salesperson)
        cls.review = cls.order.sudo().current_review_id

    def test_reviewer_reads_exactly_the_orders_to_sign(self):
        SaleOrder = self.env["sale.order"].with_user(self.finance_user)
        self.assertEqual(SaleOrder.search([("partner_id", "=", self.customer.id)]), self.order)
        self.assertEqual(self.order.with_user(self.finance_user).order_line.product_id.name, "Desk")
        with self.assertRaises(AccessError):
            self.other_order.with_user(self.finance_user).read(["name"])
        with self.assertRaises(AccessError):
            self.order.with_user(self.finance_user).write({"client_order_ref": "x"})
        with self.assertRaises(AccessError):
            self.order.with_user(self.finance_user).order_line.write({"price_unit": 1})

    def test_everybody_can_open_the_order_they_may_read(self):
        """Read the fields of the form that each role gets, as the web client does."""
        for user in (self.finance_user, self.auditor, self.process_manager, self.salesperson):
            order = self.order.with_user(user)
            form = etree.fromstring(order.get_view(view_type="form")["arch"])
            lines = form.xpath("//field[@name='order_line']/list/field/@name")
            names = form.xpath("//field[not(ancestor::field)]/@name")
            with self.subTest(user=user.login):
                order.web_read(
                    {
                        **{name: {} for name in names},
                        "order_line": {"fields": {name: {} for name in lines}},
                    }
                )

    def test_reviewer_of_another_department_reads_nothing(self):
        for records in (self.order, self.review, self.review.signoff_ids):
            self.assertFalse(
                self.env[records._name]
                .with_user(self.production_user)
                .search([("id", "in", records.ids)])
            )
            with self.assertRaises(AccessError):
                records.with_user(self.production_user).read(["name"])

    def test_salesperson_reads_reviews_of_own_orders(self):
        self.assertEqual(self.review.with_user(self.salesperson).signoff_ids.name, "Finance")
        for records in (self.review, self.review.signoff_ids):
            with self.assertRaises(AccessError):
                records.with_user(self.other_salesperson).read(["name"])
            records.with_user(self.sales_manager).read(["name"])

    def test_auditor_reads_all_and_changes_nothing(self):
        self._approve(self.order, "Finance", self.finance_user)
        signoff = self.review.signoff_ids
        for records in (self.order, self.other_order, self.review, signoff, signoff.vote_ids):
            records.with_user(self.auditor).read(["display_name"])
            with self.assertRaises(AccessError):
                records.with_user(self.auditor).write({"write_date": "2020-01-01"})

    def test_employee_without_role_reads_no_review(self):
        for records in (self.order, self.review, self.review.signoff_ids):
            with self.assertRaises(AccessError):
                records.with_user(self.employee).read(["name"])
        with self.assertRaises(AccessError):
            self.review.signoff_ids.with_user(self.employee).action_approve()

    def test_only_the_manager_configures(self):
        step = self.env["order.review.step"].search([])
        order_class = self.env["order.class"].search([], limit=1)
        for user in (self.salesperson, self.sales_manager, self.finance_user, self.auditor):
            for records in (step, order_class):
                with self.assertRaises(AccessError):
                    records.with_user(user).write({"name": "Mine"})
                with self.assertRaises(AccessError):
                    records.with_user(user).create({"name": "Mine"})
                with self.assertRaises(AccessError):
                    records.with_user(user).unlink()
        step.with_user(self.process_manager).write({"name": "Ours"})

    def test_requesting_needs_write_access(self):
        for user in (self.other_salesperson, self.finance_user, self.auditor, self.employee):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_request_review()
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_register()

    def test_portal_customer_sees_nothing_internal(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        order = self.order.with_user(portal)
        self.assertEqual(order.read(["name"])[0]["name"], self.order.name)
        for field in (
            "review_strip",
            "review_state",
            "release_reason",
            "special_reason_ids",
            "class_id",
            "priority",
            "customer_document",
        ):
            with self.assertRaises(AccessError):
                order.read([field])
        for records in (self.review, self.review.signoff_ids):
            with self.assertRaises(AccessError):
                records.with_user(portal).read(["name"])

    def test_company_rules(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_stranger", self._group("auditor"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        local_step = self._create_step("Local", company_id=self.company.id)
        local_class = self.env["order.class"].create(
            {"name": "Local", "company_id": self.company.id}
        )
        for records in (
            self.order,
            self.review,
            self.review.signoff_ids,
            local_step,
            local_class,
        ):
            with self.assertRaises(AccessError):
                records.with_user(stranger).read(["display_name"])

    def test_steps_of_another_company_do_not_apply(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["order.review.step"].search([]).company_id = company
        self.assertEqual(self.other_order.review_state, "not_required")

    def test_decision_screen_of_somebody_else(self):
        wizard = (
            self.env["order.signoff.decision"]
            .with_user(self.finance_user)
            .create({"signoff_id": self.review.signoff_ids.id})
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.finance_user2).action_approve()
        wizard.action_approve()
        self.assertEqual(self.order.review_state, "approved")

    def test_nobody_writes_what_is_kept(self):
        """Rows of the process are inserted by its methods alone, whatever model is added later."""
        kept = self.registry.descendants(["order.kept.mixin"], "_inherit") - {"order.kept.mixin"}
        kept = [name for name in kept if not self.registry[name]._abstract]
        self.assertGreaterEqual(
            set(kept), {"order.signoff.minutes", "order.signoff.point.delay", "order.event"}
        )
        for user in (self.salesperson, self.finance_user, self.process_manager, self.auditor):
            for name in kept:
                for operation in ("create", "write", "unlink"):
                    with self.subTest(model=name, user=user.login, operation=operation):
                        self.assertFalse(self.env[name].with_user(user).has_access(operation))

    def test_every_model_has_rights_and_every_screen_its_owner(self):
        models = self.env["ir.model.data"].search(
            [("module", "=", "order_process_control"), ("model", "=", "ir.model")]
        )
        ours = (
            self.env["ir.model"]
            .browse(models.mapped("res_id"))
            .filtered(
                lambda model: model.model.startswith("order.")
                and not self.registry[model.model]._abstract
            )
        )
        self.assertGreater(len(ours), 20)
        for model in ours:
            with self.subTest(model=model.model):
                self.assertTrue(model.access_ids)
                self.assertFalse(model.access_ids.filtered(lambda access: not access.group_id))
                if self.registry[model.model]._transient:
                    self.assertTrue(model.rule_ids)

    def test_employee_and_portal_open_no_screen(self):
        portal = new_test_user(self.env, "opc_access_portal", groups="base.group_portal")
        for name in self.registry:
            if name.startswith("order.") and self.registry[name]._transient:
                # Alerts are settled by whoever was told of them, in Order Control or not
                users = portal if name == "order.alert.resolution" else portal | self.employee
                for user in users:
                    with self.subTest(model=name, user=user.login):
                        self.assertFalse(self.env[name].with_user(user).has_access("create"))
