from odoo.fields import Command
from odoo.tests import tagged

from .clocks import ClocksCommon


@tagged("post_install", "-at_install")
class TestClocksSignoff(ClocksCommon):
    """A sign-off's clock runs from being asked to the decision, in working time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance, 10)
        cls.next_step = cls._create_step("Production", cls.production, 20)

    def test_runs_from_being_asked_to_the_decision(self):
        order = self._submit_at(1)  # Monday 9:00
        finance = self._signoff(order, "Finance")
        deadline = self._deadlines(finance)
        self.assertRecordValues(
            deadline,
            [
                {
                    "clock": "signoff",
                    "state": "running",
                    "minutes": 480,
                    "order_id": order.id,
                    "department_id": self.finance.id,
                    "company_id": order.company_id.id,
                }
            ],
        )
        self._assert_due(deadline, 25)  # Tuesday 9:00
        self.assertFalse(self._deadlines(self._signoff(order, "Production")), "not asked yet")
        with self._at(3):
            self._approve(order, "Finance", self.finance_user)
        deadline = self._deadlines(finance)
        self.assertEqual((deadline.state, deadline.used_minutes), ("met", 120))
        self._assert_due(self._deadlines(self._signoff(order, "Production")), 27)

    def test_late_decision_stays_missed_and_knows_by_how_much(self):
        order = self._submit_at(0)
        with self._at(26):  # Tuesday 10:00: due on Monday 17:00
            self._reject(order, "Finance", self.finance_user)
        deadline = self._deadlines(self._signoff(order, "Finance"))
        self.assertEqual((deadline.state, deadline.delay_minutes), ("missed", 120))

    def test_working_hours_of_the_department_count(self):
        self.finance.order_calendar_id = self.calendar.copy(
            {
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 8,
                                "hour_to": 12,
                                "day_period": "morning",
                            }
                        )
                        for day in range(5)
                    ),
                ]
            }
        )
        order = self._submit_at(0)
        self._assert_due(self._deadlines(self._signoff(order, "Finance")), 28)  # Tuesday noon

    def test_one_rejection_ends_the_clocks_of_all(self):
        self.next_step.sequence = 10
        order = self._submit_at(0)
        with self._at(1):
            self._reject(order, "Production", self.production_user)
        self.assertEqual(self._states_of(self._signoff(order, "Production")), ["met"])
        self.assertEqual(self._states_of(self._signoff(order, "Finance")), ["cancelled"])

    def test_withdrawal_and_edit_end_it_as_not_applicable(self):
        withdrawn, edited = self._submit_at(0), self._submit_at(0)
        with self._at(1):
            withdrawn.action_withdraw_review()
            edited.order_line.product_uom_qty = 7
        self.assertEqual(self._states_of(self._signoff(withdrawn, "Finance")), ["cancelled"])
        self.assertEqual(self._states_of(self._signoff(edited, "Finance")), ["cancelled"])

    def test_what_nobody_is_asked_for_has_no_clock(self):
        self._let_sign_itself(self.step)
        order = self._submit_at(0)
        self.assertEqual(self._states(order), {"Finance": "approved", "Production": "pending"})
        self.assertFalse(self._deadlines(self._signoff(order, "Finance")))
        self.step.auto_approve = False
        carried = self._submit_at(0)
        with self._at(1):
            self._approve(carried, "Finance", self.finance_user)
            self._reject(carried, "Production", self.production_user)
            carried.action_request_review()
        self.assertTrue(self._signoff(carried, "Finance").carried_from_id)
        self.assertFalse(self._deadlines(self._signoff(carried, "Finance")))
        self.assertEqual(self._states_of(self._signoff(carried, "Production")), ["running"])

    def test_first_of_two_signatures_does_not_stop_it(self):
        self.step.decision_rule = "all"
        order = self._submit_at(0)
        with self._at(1):
            self._approve(order, "Finance", self.finance_user)
        self.assertEqual(self._states_of(self._signoff(order, "Finance")), ["running"])
        with self._at(2):
            self._approve(order, "Finance", self.finance_user2)
        self.assertEqual(self._states_of(self._signoff(order, "Finance")), ["met"])

    def test_when_the_last_colleague_leaves_the_decision_stops_it(self):
        self.step.decision_rule = "all"
        order = self._submit_at(0)
        with self._at(1):
            self._approve(order, "Finance", self.finance_user)
            self.finance_user2.active = False
        self.assertEqual(self._signoff(order, "Finance").state, "approved")
        self.assertEqual(self._states_of(self._signoff(order, "Finance")), ["met"])

    # === WHICH POLICY ===#

    def test_class_and_priority_say_how_long(self):
        self._assert_due(
            self._deadlines(self._signoff(self._submit_at(0, priority="1"), "Finance")), 1
        )
        special = self._submit_at(0, class_id=self.special.id)
        self._assert_due(self._deadlines(self._signoff(special, "Finance")), 4)

    def test_policy_of_the_step_is_copied_into_the_round(self):
        own = self._create_policy("signoff", 2, sequence=99)
        self.step.policy_id = own
        order = self._submit_at(0)
        signoff = self._signoff(order, "Finance")
        self.assertEqual(signoff.policy_id, own)
        self._assert_due(self._deadlines(signoff), 2)
        self.next_step.policy_id = own
        with self._at(1):
            self._approve(order, "Finance", self.finance_user)
        production = self._signoff(order, "Production")
        self.assertFalse(production.policy_id, "the running round keeps its configuration")

    def test_archived_policy_of_the_step_falls_back(self):
        own = self._create_policy("signoff", 2)
        self.step.policy_id = own
        order = self._submit_at(0)
        own.active = False
        with self._at(1):
            order.action_withdraw_review()
            order.action_request_review()
        self._assert_due(self._deadlines(self._signoff(order, "Finance")), 25)

    def test_without_policy_nothing_is_timed_and_nothing_is_stopped(self):
        self.env["order.deadline.policy"].search([]).action_archive()
        order = self._submit_at(0)
        self._approve(order, "Finance", self.finance_user)
        self._approve(order, "Production", self.production_user)
        self.assertEqual(order.review_state, "approved")
        self.assertFalse(self._deadlines(order.signoff_ids) | self._deadlines(order))

    # === TAKEN BACK ===#

    def _undo(self, order, name, user):
        self._signoff(order, name).with_user(user).action_undo()

    def test_undo_lets_the_clock_run_on(self):
        order = self._submit_at(0)
        finance = self._signoff(order, "Finance")
        with self._at(1):
            self._approve(order, "Finance", self.finance_user)
            self._undo(order, "Finance", self.finance_user)
        self.assertRecordValues(
            self._deadlines(finance),
            [{"state": "running", "stopped_at": False, "used_minutes": 0, "alert_level": 0}],
        )
        self._assert_due(self._deadlines(finance), 9)
        self.assertEqual(
            self._states_of(self._signoff(order, "Production")), ["cancelled"], "asked too early"
        )
        with self._at(3):
            self._approve(order, "Finance", self.finance_user)
        self.assertEqual(self._deadlines(finance).used_minutes, 180)
        self.assertEqual(
            self._deadlines(finance).event_ids.sorted("id").mapped("kind"),
            ["start", "meet", "reopen", "meet"],
        )
        self.assertEqual(
            self._states_of(self._signoff(order, "Production")), ["cancelled", "running"]
        )

    def test_undone_rejection_lets_the_clocks_of_all_run_on(self):
        self.next_step.sequence = 10
        order = self._submit_at(0)
        with self._at(1):
            self._reject(order, "Production", self.production_user)
        self.assertEqual(self._states_of(order), ["met"])
        with self._at(1):
            self._undo(order, "Production", self.production_user)
        for name in ("Finance", "Production"):
            self.assertEqual(self._states_of(self._signoff(order, name)), ["running"])
        self.assertEqual(self._states_of(order), ["running"])

    def test_missed_stays_missed_when_the_decision_is_taken_back(self):
        order = self._submit_at(0)
        with self._at(30):
            self._approve(order, "Finance", self.finance_user)
            self._undo(order, "Finance", self.finance_user)
        deadline = self._deadlines(self._signoff(order, "Finance"))
        self.assertEqual((deadline.state, deadline.stopped_at), ("missed", False))

    # === MANY ===#

    def test_queries_do_not_grow_with_the_number_of_sign_offs(self):
        def count(number):
            orders = self.env["sale.order"].concat(*(self._create_order() for _n in range(number)))
            counts = []
            for click in (
                orders.action_request_review,
                lambda: self._sign(orders, "Finance", self.finance_user),
                lambda: self._sign(orders, "Production", self.production_user),
            ):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                click()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            return counts

        count(1)
        self.assertEqual(count(2), count(8))

    def _sign(self, orders, name, user):
        signoffs = orders.sudo().current_review_id.signoff_ids.filtered(lambda s: s.name == name)
        signoffs.with_user(user).action_approve("Fine")
