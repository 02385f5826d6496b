from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .clocks import MONDAY, ClocksCommon


@tagged("post_install", "-at_install")
class TestClocksScreen(ClocksCommon):
    """What people see of the clocks: words, filters, the order of lists, until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance, 10)
        cls._create_step("Production", cls.production, 20)

    def _chips(self, order):
        self.env.invalidate_all()
        strip = order.review_strip
        current = next(r for r in strip["rounds"] if r["id"] == strip["current"])
        return strip, {chip["name"]: chip.get("clock") for chip in current["signoffs"]}

    def test_strip(self):
        order = self._submit_at(0)
        with self._at(1):
            strip, chips = self._chips(order)
            self.assertEqual(
                strip["clock"],
                {"text": "23 h left", "status": "on_time", "due": "2024-03-05 08:00:00"},
            )
            self.assertEqual(
                chips,
                {
                    "Finance": {
                        "text": "7 h left",
                        "status": "on_time",
                        "due": "2024-03-04 17:00:00",
                    },
                    "Production": None,
                },
            )
        with self._at(8):
            self.assertEqual(self._chips(order)[1]["Finance"]["status"], "due_soon")
        with self._at(26):
            strip, chips = self._chips(order)
            self.assertEqual(strip["clock"]["text"], "late by 2 h")
            self.assertEqual(
                (chips["Finance"]["text"], chips["Finance"]["status"]), ("late by 2 h", "overdue")
            )

    def test_strip_of_a_reader_without_part_in_reviews(self):
        order = self._submit_at(0)
        accountant = self._create_user("opc_acc", "account.group_account_user")
        self.assertFalse(order.with_user(accountant).review_strip["clock"])

    def test_question_is_seen_as_a_pause(self):
        order = self._submit_at(0)
        with self._at(1):
            self._signoff(order, "Finance").with_user(self.finance_user).action_ask("Why?")
        with self._at(30):
            chip = self._chips(order)[1]["Finance"]
            self.assertEqual((chip["text"], chip["status"]), ("paused, 7 h left", "paused"))
            self.assertFalse(order._get_explanation_until(self._signoff(order, "Finance")))

    def test_filters(self):
        late, due_today, later = (self._submit_at(hours) for hours in (0, 24, 48))
        with self._at(30):  # Tuesday 14:00
            signoffs = self.env["order.signoff"].with_user(self.finance_user)
            orders = self.env["sale.order"].with_user(self.salesperson)
            mine = [("order_id", "in", (late | due_today | later).ids)]
            is_today = [("deadline_at", ">=", "today"), ("deadline_at", "<", "today +1d")]
            is_late = [("deadline_status", "=", "overdue")]
            self.assertEqual(signoffs.search(mine + is_late).order_id, late.sudo(False))
            self.assertEqual(
                signoffs.search(mine + is_today).order_id.ids, due_today.ids, "17:00 of Tuesday"
            )
            own = [("id", "in", (late | due_today | later).ids)]
            self.assertEqual(orders.search(own + is_late).ids, late.ids)
            self.assertEqual(orders.search(own + is_today).ids, late.ids, "8:00 of Tuesday")

    def test_lists_can_be_sorted_by_what_is_due(self):
        later, first, urgent = (
            self._submit_at(hours, priority=priority)
            for hours, priority in ((24, "0"), (0, "0"), (30, "1"))
        )
        signoffs = self.env["order.signoff"].with_user(self.finance_user)
        order_by = "priority desc, deadline_at, id"
        found = signoffs.search([("can_decide", "=", True)], order=order_by).order_id
        known = [order.id for order in found if order.id in (later | first | urgent).ids]
        self.assertEqual(known, [urgent.id, first.id, later.id])
        info = signoffs.fields_get(["deadline_at", "deadline_text"], ["sortable"])
        self.assertTrue(all(field["sortable"] for field in info.values()))

    def test_list_is_read_in_a_constant_number_of_queries(self):
        orders = self.env["sale.order"].concat(*(self._submit_at(0) for _number in range(8)))
        signoffs = self.env["order.signoff"].with_user(self.finance_user)
        signoffs = signoffs.browse(orders.sudo().signoff_ids.ids)
        names = ["deadline_status", "deadline_text", "deadline_at"]

        def count(records):
            self.env.invalidate_all()
            records.mapped("id")
            before = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - before

        for records in (orders, signoffs):
            count(records)
            self.assertEqual(count(records[:2]), count(records))

    def test_why_says_until_when(self):
        order = self._submit_at(0)
        with self._at(1):
            self.env.invalidate_all()
            explanation = order.action_explain_gate()
        self.assertEqual(explanation["until"], "2024-03-05 08:00:00")
        self.assertEqual(explanation["next"][0]["until"], "2024-03-04 17:00:00")
        until = next(s["lines"] for s in explanation["sections"] if s["title"] == "Until When")
        self.assertIn("(23 h left)", until[0])

    def test_decision_screen(self):
        order = self._submit_at(0)
        with self._at(1):
            self.env.invalidate_all()
            action = self._signoff(order, "Finance").with_user(self.finance_user)
            action = action.action_open_decision()
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            wizard = wizard.with_user(self.finance_user)
            self.assertEqual(wizard.deadline_text, "7 h left")

    def test_customer_reads_until_when(self):
        order = self._submit_at(0, priority="1").sudo()
        order.company_id.order_answer_hours = 48
        with self._at(0.5):
            self.env.invalidate_all()
            order.write({})
            self.assertEqual(order._get_promised_answer("accepted"), MONDAY.replace(hour=9))
        with self._at(3):
            self.env.invalidate_all()
            self.assertFalse(order._get_promised_answer("accepted"), "late, nothing accepted")
        order.company_id.order_answer_hours = 0
        with self._at(0.5):
            self.env.invalidate_all()
            self.assertIsNone(order._get_promised_answer("accepted"), "nothing is promised")

    # === WHO READS, WHO WRITES ===#

    def test_who_reads_the_deadline(self):
        order = self._submit_at(0)
        deadline = self._deadlines(self._signoff(order, "Finance"))
        stranger = self._create_reviewer("opc_stranger")
        portal = self._create_user("opc_portal", "base.group_portal")
        for user, expected in (
            (self.finance_user, True),
            (self.production_user, True),
            (self.salesperson, True),
            (self.auditor, True),
            (stranger, False),
            (self.other_salesperson, False),
            (portal, False),
        ):
            for records in (deadline, deadline.event_ids):
                own = records.with_user(user).sudo(False)
                self.assertEqual(own.has_access("read"), expected, user.login)
        with self.assertRaises(AccessError):
            order.with_user(portal).sudo(False).read(["deadline_at"])

    def test_nobody_writes_a_clock(self):
        order = self._submit_at(0)
        for user in (self.salesperson, self.finance_user, self.process_manager, self.auditor):
            deadline = self._deadlines(order).with_user(user).sudo(False)
            with self.assertRaises(AccessError):
                deadline.write({"deadline": fields.Datetime.now()})
            with self.assertRaises(AccessError):
                deadline.unlink()
            with self.assertRaises(AccessError):
                deadline.create({"clock": "release", "res_model": "sale.order", "res_id": 1})

    def test_all_who_are_asked_own_the_deadline(self):
        order = self._submit_at(0)
        deadline = self._deadlines(self._signoff(order, "Finance"))
        owners = deadline._get_owner_ids()[deadline.id]
        self.assertEqual(set(owners), {self.finance_user.id, self.finance_user2.id})
        own = self._deadlines(order)
        self.assertEqual(own._get_owner_ids()[own.id], (self.salesperson.id,))
