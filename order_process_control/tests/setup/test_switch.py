from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..change.common import ChangeCommon
from ..review.rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestSwitch(RoundsCommon):
    """Off is one click, holds nothing back and loses nothing; on again it goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.managed = cls.company.with_user(cls.process_manager)

    def _off(self):
        self.managed.action_stop_order_process()

    def _on(self):
        self.managed.action_start_order_process()

    # === WHAT IS HELD BACK ===#

    def test_on_by_default_so_that_existing_steps_hold(self):
        self.assertTrue(self.env["res.company"].create({"name": "New"}).order_process_active)
        with self.assertRaises(UserError):
            self._create_order().action_confirm()

    def test_off_confirms_without_review(self):
        self._off()
        order = self._create_order()
        self.assertEqual(order.review_state, "not_required")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("switched off", order.release_reason)

    def test_off_every_open_order_passes_whatever_its_round_says(self):
        new, running, rejected, changed, approved = (self._create_order() for _i in range(5))
        (running | rejected | changed | approved).action_request_review()
        self._reject(rejected, "Finance", self.finance_user)
        self._approve(approved, "Finance", self.finance_user)
        changed.order_line.product_uom_qty = 9
        orders = new | running | rejected | changed | approved
        self.assertEqual(
            orders.mapped("review_state"),
            ["to_submit", "in_review", "rejected", "outdated", "approved"],
        )
        self._off()
        self.assertEqual(orders.mapped("review_state"), ["not_required"] * 4 + ["approved"])
        found = self.env["sale.order"].search(
            [("review_state", "=", "not_required"), ("id", "in", orders.ids)]
        )
        self.assertEqual(found, orders - approved)
        orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertEqual(approved.release_id.state, "approved")
        self.assertFalse((orders - approved).release_id)

    def test_round_ends_when_the_order_is_confirmed_without_it(self):
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        self._off()
        self.assertEqual(signoff.state, "pending", "nothing is lost by switching off")
        order.action_confirm()
        self.assertEqual(order.current_review_id.state, "cancelled")
        self.assertEqual(signoff.state, "cancelled")
        self.assertFalse(self._bells(signoff))
        self.assertIn("round_cancelled", self._kinds(order))
        self._assert_ledger_intact(order)

    def test_on_again_goes_on_where_it_was(self):
        order = self._submit()
        self._off()
        self._on()
        self.assertEqual(order.review_state, "in_review")
        with self.assertRaises(UserError):
            order.action_confirm()
        self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        self.assertEqual(order.release_id, order.current_review_id)

    def test_signed_while_off_still_counts(self):
        order = self._submit()
        self._off()
        self._approve(order, "Finance", self.finance_user)
        self._on()
        self.assertEqual(order.review_state, "approved")

    def test_confirmed_meanwhile_is_not_judged_later(self):
        self._off()
        order = self._create_order()
        order.action_confirm()
        self._on()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.release_exempt)

    def test_manager_exemption_keeps_its_reason(self):
        order = self._create_order()
        order.with_user(self.process_manager).action_exempt_review("Fair sample")
        self._off()
        order.action_confirm()
        self.assertEqual(order.release_reason, "Fair sample")

    def test_other_company_is_not_touched(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        other.order_process_active = False
        with self.assertRaises(UserError):
            self._create_order().action_confirm()

    def test_released_order_is_still_not_edited_while_off(self):
        order = self._submit()
        self._approve(order, "Finance", self.finance_user)
        order.action_confirm()
        self._off()
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 50

    def test_costs_no_query(self):
        orders = self.env["sale.order"].concat(*(self._create_order() for _i in range(3)))
        self._off()
        self.env["order.review.step"]._get_steps_by_order(orders)
        with self.assertQueryCount(0):
            steps = self.env["order.review.step"]._get_steps_by_order(orders)
        self.assertFalse(any(steps.values()))

    # === WHO SWITCHES ===#

    def test_only_managers_switch(self):
        for user in (self.salesperson, self.sales_manager, self.finance_user, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.company.with_user(user).action_stop_order_process()

    def test_settings_alone_do_not_switch(self):
        settings = self._create_user("opc_erp", "base.group_erp_manager,base.group_system")
        with self.assertRaises(AccessError):
            self.company.with_user(settings).write({"order_process_active": False})
        self.company.with_user(settings).write({"order_process_active": True})
        companies = self.env["res.company"].with_user(settings)
        with self.assertRaises(AccessError):
            companies.create({"name": "Loophole", "order_process_active": False})
        with self.assertRaises(AccessError):
            companies.with_context(default_order_process_active=False).create({"name": "Loophole"})

    def test_not_for_companies_of_others(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            other.with_user(self.process_manager).action_stop_order_process()

    def test_is_on_record_in_the_company(self):
        self._off()
        self._on()
        self._on()
        messages = self.company.message_ids.filtered(lambda m: "Order process" in (m.body or ""))
        self.assertEqual(len(messages), 2)
        self.assertEqual(messages.author_id, self.process_manager.partner_id)
        self.assertIn("switched off", messages.sorted("id")[0].body)


@tagged("post_install", "-at_install")
class TestSwitchChange(ChangeCommon):
    """While the process is off a change of a confirmed order needs no signature either."""

    def test_change_is_applied_without_signatures(self):
        self.company.with_user(self.process_manager).action_stop_order_process()
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        self.assertEqual(change.state, "applied")
        self.assertFalse(change.review_id)
        self.assertEqual(self.line.product_uom_qty, 5)
        self.assertIn("change_submitted", self._kinds())

    def test_running_round_of_a_change_is_still_signed(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        self.company.with_user(self.process_manager).action_stop_order_process()
        self.assertEqual(change.state, "submitted")
        self._sign_all(change)
        self.assertEqual(change.state, "applied")
