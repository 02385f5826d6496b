from odoo.tests import tagged

from .clocks import ClocksCommon


@tagged("post_install", "-at_install")
class TestClocksRelease(ClocksCommon):
    """The order's own clock runs from its registration to its release or rejection (R-157)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)

    def _create_at(self, hours, **vals):
        with self._at(hours):
            return self._create_order(**vals)

    def test_runs_from_registration_to_release(self):
        order = self._create_at(0)
        with self._at(1):
            order.action_register()
        deadline = self._deadlines(order)
        self.assertRecordValues(
            deadline,
            [
                {
                    "clock": "release",
                    "state": "running",
                    "started_at": order.registered_at,
                    "minutes": 24 * 60,
                    "user_id": self.salesperson.id,
                    "order_id": order.id,
                }
            ],
        )
        self._assert_due(deadline, 25)
        with self._at(5):
            order.action_request_review()
        with self._at(6):
            self._approve(order, "Finance", self.finance_user)
        self.assertEqual(self._deadlines(order), deadline, "the same clock")
        self.assertEqual((deadline.state, deadline.used_minutes), ("met", 300))

    def test_registered_and_never_submitted_is_late(self):
        order = self._create_at(0)
        with self._at(0):
            order.action_register()
        with self._at(25):
            self.assertEqual(order.deadline_status, "overdue")
            self.assertEqual(order.deadline_text, "late by 1 h")
            late = self.env["sale.order"].search([("deadline_status", "=", "overdue")])
            self.assertIn(order.sudo(False), late)
        with self._at(26):
            order.action_request_review()
            self._approve(order, "Finance", self.finance_user)
        deadline = self._deadlines(order)
        self.assertEqual((deadline.state, deadline.delay_minutes), ("missed", 120))

    def test_what_needs_no_review_has_no_clock(self):
        self.step.action_archive()
        order = self._create_at(0)
        with self._at(0):
            order.action_register()
        self.assertFalse(self._deadlines(order))

    def test_a_confirmed_order_is_registered_without_clock(self):
        self.step.action_archive()
        order = self._create_at(0)
        order.action_confirm()
        self.step.action_unarchive()
        order.action_register()
        self.assertFalse(self._deadlines(order))

    def test_what_the_system_signs_is_processed_in_time(self):
        self._let_sign_itself(self.step)
        order = self._submit_at(0)
        self.assertEqual(order.review_state, "approved")
        self.assertRecordValues(self._deadlines(order), [{"state": "met", "used_minutes": 0}])

    def test_rejected_is_processed_and_the_next_submission_starts_anew(self):
        order = self._submit_at(0)
        with self._at(2):
            self._reject(order, "Finance", self.finance_user)
        self.assertEqual(self._states_of(order), ["met"])
        with self._at(10):
            order.action_request_review()
        first, second = self._deadlines(order)
        self.assertEqual((first.state, second.state), ("met", "running"))
        self._assert_due(second, 34)

    def test_an_edit_wins_no_time(self):
        order = self._submit_at(0)
        with self._at(20):
            order.order_line.product_uom_qty = 7
        self.assertEqual(order.review_state, "outdated")
        self.assertEqual(self._states_of(order), ["running"])
        with self._at(21):
            order.action_request_review()
        deadline = self._deadlines(order)
        self._assert_due(deadline, 24)
        with self._at(22):
            self._approve(order, "Finance", self.finance_user)
        self.assertEqual(self._deadlines(order), deadline)
        self.assertEqual(deadline.state, "met")

    def test_a_change_of_what_was_approved_starts_anew(self):
        order = self._submit_at(0)
        with self._at(1):
            self._approve(order, "Finance", self.finance_user)
        with self._at(5):
            order.order_line.product_uom_qty = 7
            order.action_request_review()
        self.assertEqual(self._states_of(order), ["met", "running"])
        self._assert_due(self._deadlines(order)[-1], 29)

    def test_withdrawn_is_not_applicable_and_starts_anew(self):
        order = self._submit_at(0)
        with self._at(1):
            order.action_withdraw_review()
        self.assertEqual(self._states_of(order), ["cancelled"])
        with self._at(2):
            order.action_request_review()
        self.assertEqual(self._states_of(order), ["cancelled", "running"])

    def test_cancelled_order_is_not_applicable(self):
        submitted, registered = self._submit_at(0), self._create_at(0)
        with self._at(0):
            registered.action_register()
        with self._at(1):
            (submitted | registered)._action_cancel()
        self.assertEqual(self._states_of(submitted), ["cancelled"])
        self.assertEqual(self._states_of(registered), ["cancelled"])
        self.assertEqual(self._states_of(self._signoff_of(submitted)), ["cancelled"])

    def _signoff_of(self, order):
        return order.sudo().signoff_ids

    def test_exempted_order(self):
        order = self._submit_at(0)
        with self._at(30):
            order.with_user(self.process_manager).action_exempt_review("Agreed by phone")
        deadline = self._deadlines(order)
        self.assertEqual(deadline.state, "exempt")
        event = deadline.event_ids.filtered(lambda e: e.kind == "exempt")
        self.assertEqual(event.reason, "Agreed by phone")
        self.assertEqual(event.user_id, self.process_manager)
        self.assertEqual(self._states_of(self._signoff_of(order)), ["cancelled"])

    def test_confirmed_without_review(self):
        order = self._create_at(0)
        with self._at(0):
            order.action_register()
        self.step.action_archive()
        with self._at(1):
            order.action_confirm()
        self.assertEqual(self._states_of(order), ["cancelled"])

    def test_process_switched_off_and_on(self):
        order = self._submit_at(0)
        self._signoff_of(order).with_user(self.finance_user)
        with self._at(1):
            self.company.with_user(self.process_manager).action_stop_order_process()
        self.assertEqual(self._states_of(order), ["cancelled"])
        self.assertEqual(self._states_of(self._signoff_of(order)), ["cancelled"])
        with self._at(3):
            self.company.with_user(self.process_manager).action_start_order_process()
        self.assertEqual(self._states_of(self._signoff_of(order)), ["cancelled", "running"])
        self._assert_due(self._deadlines(self._signoff_of(order))[-1], 24 + 3)

    def test_nothing_starts_while_the_process_is_off(self):
        self._create_step("Production", self.production, 20)
        order = self._submit_at(0)
        self.company.with_user(self.process_manager).action_stop_order_process()
        self._approve(order, "Finance", self.finance_user)
        production = self._signoff(order, "Production")
        self.assertEqual(production.state, "pending")
        self.assertFalse(self._deadlines(production))

    # === OTHER TIMES ===#

    def test_another_class_times_what_is_open_anew(self):
        order = self._submit_at(0)
        finance = self._signoff(order, "Finance")
        with self._at(1):
            finance.with_user(self.finance_user).action_ask("Why?")
        with self._at(3):
            finance.with_user(self.salesperson).action_answer("Because")
            # Within what the department tolerates, else the round would end
            self.step.write({"watches_class": False})
            order.sudo().class_id = self.special
        self._assert_due(self._deadlines(order), 12)
        deadline = self._deadlines(finance).filtered("is_open") or self._deadlines(finance)
        self.assertEqual(deadline.class_id, self.special)

    def test_queries_of_a_quotation_that_is_not_registered(self):
        order = self._create_order()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        order._reevaluate_clocks()
        self.assertEqual(self.env.cr.sql_log_count, before)
