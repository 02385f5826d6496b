from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..review.rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestHealth(RoundsCommon):
    """Each problem with what it leads to and the way to mend it; none is "All is well"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Other tests' and demo data's affairs
        cls.env["order.signoff"].search([("state", "=", "pending")]).review_id._close(
            "cancelled", []
        )
        cls.step = cls._create_step("Finance", cls.finance)
        cls.until = fields.Date.to_string(fields.Date.today() + timedelta(days=9))

    def _health(self):
        action = self.env["order.process.health"].with_user(self.process_manager).action_open()
        return (
            self.env["order.process.health"]
            .with_user(self.process_manager)
            .browse(action["res_id"])
        )

    def _kinds_of(self, health):
        return health.line_ids.mapped("kind")

    def _strand(self, order):
        (self.finance_user | self.finance_user2).active = False
        self.assertTrue(self._signoff(order, "Finance")._filter_stranded())

    def test_all_is_well(self):
        self._submit()
        self.assertFalse(self._health().line_ids, "nothing to say")

    def test_switched_off_and_on_again(self):
        self.company.order_process_active = False
        health = self._health()
        self.assertEqual(self._kinds_of(health), ["off"])
        health.line_ids.action_mend()
        self.assertTrue(self.company.order_process_active)
        self.assertFalse(health.line_ids)
        health.action_switch_off()
        self.assertFalse(self.company.order_process_active)

    def test_without_steps_leads_to_the_setup(self):
        self.step.active = False
        health = self._health()
        self.assertEqual(self._kinds_of(health), ["empty"])
        self.assertEqual(health.line_ids.action_mend()["res_model"], "order.process.setup")

    def test_step_without_signer(self):
        step = self._create_step("Nobody")
        line = self._health().line_ids
        self.assertEqual((line.kind, line.severity), ("record", "warning"))
        self.assertIn("Nobody can sign for “Nobody”", line.what)
        action = line.action_mend()
        self.assertEqual((action["res_model"], action["res_id"]), (step._name, step.id))

    def test_rules_that_cannot_be_read(self):
        order_class = self.env["order.class"].create({"name": "Broken", "match_domain": "[]"})
        self.env.flush_all()
        bad = "[('gone_field', '=', 1)]"
        self.env.cr.execute(
            "UPDATE order_class SET match_domain = %s WHERE id = %s", (bad, order_class.id)
        )
        self.env.cr.execute("UPDATE order_review_step SET condition_domain = %s", (bad,))
        self.env.invalidate_all()
        lines = self._health().line_ids
        self.assertEqual(set(lines.mapped("res_model")), {"order.class", "order.review.step"})
        self.assertEqual(set(lines.mapped("severity")), {"danger"})

    def test_facts_that_could_not_be_checked(self):
        self.env["order.review.criterion"].create(
            {
                "step_id": self.step.id,
                "name": "Stock",
                "kind": "automatic",
                "check_code": "stock_available",
            }
        )

        def fail(self, orders):
            raise ValueError("no warehouse")

        self.patch(self.registry["order.review.criterion"], "_check_stock_available", fail)
        order = self._submit()
        line = self._health().line_ids
        self.assertIn("“Stock” could not be checked", line.what)
        self.assertIn("no warehouse", line.consequence)
        self.assertEqual(line.action_mend()["res_id"], self._signoff(order, "Finance").id)
        self._approve(order, "Finance", self.finance_user, comment="Seen")
        self.assertFalse(self._health().line_ids, "only what is open")

    def test_scheduled_action_that_does_not_run(self):
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=", "order_process_control")], limit=1
        )
        cron = self.env["ir.cron"].browse(data.res_id)
        cron.active = False
        line = self._health().line_ids
        self.assertEqual(line.kind, "cron")
        self.assertIn(cron.name, line.what)
        self.assertFalse(line.button, "only administrators can open it")

    # === LEAVERS ===#

    def test_leavers_signoffs_are_reassigned_in_one_go(self):
        orders = self._submit() | self._submit()
        self._strand(orders[0])
        health = self._health()
        line = health.line_ids.filtered(lambda li: li.kind == "stranded")
        self.assertIn("Open sign-offs of Finance", line.what)
        self.assertIn("can sign: 2", line.what)
        self.assertIn(self.process_manager.name, line.consequence)
        wizard = (
            self.env["order.process.reassign"]
            .with_user(self.process_manager)
            .browse(line.action_mend()["res_id"])
        )
        wizard.user_id = self.production_user
        wizard.action_reassign()
        self.assertNotIn("stranded", self._kinds_of(health))
        for order in orders:
            signoff = self._signoff(order, "Finance")
            self.assertIn(self.production_user, signoff.candidate_ids)
            self.assertIn(self.production_user, self._bells(signoff))
            event = order.sudo().event_ids.filtered(lambda e: e.kind == "delegated")
            self.assertEqual(event.user_id, self.process_manager)
            self.assertEqual(event.payload["delegate"], self.production_user.id)
            self._assert_ledger_intact(order)
        self._approve(orders[0], "Finance", self.production_user)
        self.assertEqual(orders[0].review_state, "approved")

    def test_nobody_at_all_is_serious(self):
        manager = self._create_user(
            "opc_other_mgr", f"{self._group('manager')},sales_team.group_sale_salesman"
        )
        order = self._create_order(manager)
        order.action_request_review()
        self._strand(order)
        # The last process manager sells the order
        group = self.env.ref(self._group("manager"))
        self.company.order_process_manager_id = False
        (group.user_ids - manager).group_ids -= group
        health = self.env["order.process.health"].with_user(manager)
        health = health.browse(health.action_open()["res_id"])
        line = health.line_ids.filtered(lambda li: li.kind == "stranded")
        self.assertEqual(line.severity, "danger", line.consequence)
        self.assertIn("wait for ever", line.consequence)

    def test_reassign_is_for_managers_and_for_leavers_only(self):
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        args = (self.production_user.id, self.until)
        with self.assertRaises(UserError):
            signoff.with_user(self.process_manager).action_reassign(*args)
        self._strand(order)
        for user in (self.salesperson, self.sales_manager, self.production_user, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                signoff.with_user(user).action_reassign(*args)
        managed = signoff.with_user(self.process_manager)
        for user_id, until in (
            (self.salesperson.id, self.until),
            (self.employee.id, self.until),
            (self.process_manager.id, self.until),
            (10**9, self.until),
            ("x", self.until),
            (self.production_user.id, "2001-01-01"),
            (self.production_user.id, None),
        ):
            with self.subTest(user=user_id, until=until), self.assertRaises(UserError):
                managed.action_reassign(user_id, until)
        with self.assertRaises(UserError):
            managed.browse().action_reassign(*args)
        self.assertFalse(signoff.delegate_id)

    def test_manager_of_an_own_order_cannot_hand_it_on(self):
        self.process_manager.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        order = self._create_order(self.process_manager)
        order.action_request_review()
        self._strand(order)
        with self.assertRaises(UserError):
            self._signoff(order, "Finance").with_user(self.process_manager).action_reassign(
                self.production_user.id, self.until
            )

    def test_only_managers_see_it(self):
        health = self._health()
        for user in (self.salesperson, self.finance_user, self.auditor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    health.with_user(user).action_open()
                with self.assertRaises(AccessError):
                    health.with_user(user).action_check()
                with self.assertRaises(AccessError):
                    health.with_user(user).read(["line_ids"])
        other = self.env["res.company"].create({"name": "Other"})
        health.sudo().company_id = other
        with self.assertRaises(AccessError):
            health.with_user(self.process_manager).action_switch_off()
