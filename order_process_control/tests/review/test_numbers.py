from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import OrderProcessCommon

FORM_FIELDS = [
    "review_count",
    "review_state",
    "has_open_question",
    "review_strip",
    "review_waiting_for",
    "offered_date",
    "is_promise_fixed",
    "release_exempt",
]


@tagged("post_install", "-at_install")
class TestNumbers(OrderProcessCommon):
    """What the issue promises in queries: it must not grow with the number of records.

    ``make bench`` measures the promised figures themselves, beside plain Odoo and the peers.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        criteria = [Command.create({"name": "Is it possible?"})]
        cls._create_step("Finance", cls.finance, criterion_ids=criteria)
        cls._create_step("Production", cls.production, criterion_ids=criteria)

    @contextmanager
    def _counting(self):
        """Count the queries of one click: nothing is in the cache, all is written at its end."""
        self.env.flush_all()
        self.env.invalidate_all()
        counted, before = [], self.env.cr.sql_log_count
        yield counted
        self.env.flush_all()
        counted.append(self.env.cr.sql_log_count - before)

    def _create_orders(self, count):
        return self.env["sale.order"].concat(*(self._create_order() for _number in range(count)))

    def _count_clicks(self, count):
        """Return the queries of request, decision, release and confirmation of so many orders."""
        orders = self._create_orders(count)
        counts = []
        with self._counting() as counted:
            orders.action_request_review()
        counts += counted
        for user in (self.finance_user, self.production_user):
            signoffs = self.env["order.signoff"].with_user(user)
            signoffs = signoffs.search([("can_decide", "=", True)])
            with self._counting() as counted:
                results = signoffs.action_decide_many("approved", all_in_order=True)
            counts += counted
            self.assertEqual([result["done"] for result in results], [True] * count)
        self.assertEqual(set(orders.mapped("review_state")), {"approved"})
        with self._counting() as counted:
            passing, blocked = orders._judge_gate()
        counts += counted
        self.assertFalse(passing or blocked)
        return counts

    def test_queries_do_not_grow_with_the_number_of_orders(self):
        self._count_clicks(1)  # warm
        self.assertEqual(self._count_clicks(2), self._count_clicks(12))

    def test_form_is_read_in_one_query(self):
        order = self._create_order()
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user, answers=self._answers(order))
        fields = ["state", "current_review_id", "commitment_date", "name"]
        order.read([*fields, *FORM_FIELDS])  # warm
        with self._counting() as plain:
            order.read(fields)
        with self._counting() as ours:
            order.read([*fields, *FORM_FIELDS])
        self.assertLessEqual(ours[0] - plain[0], 1)

    def _answers(self, order):
        answers = self._signoff(order, "Finance").answer_ids
        return [{"id": answer.id, "result": "pass"} for answer in answers]

    def test_form_and_list_say_the_same(self):
        in_review, rejected, draft, changed = self._create_orders(4)
        (in_review | rejected | changed).action_request_review()
        self._reject(rejected, "Finance", self.finance_user)
        self._signoff(in_review, "Production").with_user(self.production_user).action_ask("Why?")
        changed.order_line.product_uom_qty = 7
        orders = in_review | rejected | draft | changed
        self.env.flush_all()
        self.env.invalidate_all()
        together = orders.read(FORM_FIELDS)
        for order, row in zip(orders, together, strict=True):
            self.env.invalidate_all()
            self.assertEqual(order.read(FORM_FIELDS), [row])
        self.assertEqual(
            [row["review_state"] for row in together],
            ["in_review", "rejected", "to_submit", "outdated"],
        )
        self.assertEqual([row["review_count"] for row in together], [1, 1, 0, 1])
        self.assertEqual(together[0]["review_waiting_for"], "Finance, Production")
        self.assertTrue(together[0]["has_open_question"])
        chips = {
            chip["name"]: chip for chip in together[0]["review_strip"]["rounds"][0]["signoffs"]
        }
        self.assertEqual(
            set(chips["Finance"]["waiting_for"]),
            {self.finance_user.name, self.finance_user2.name},
        )
        self.assertEqual(chips["Production"]["question"], "Why?")

    def test_every_state_is_found(self):
        approved, in_review, draft, confirmed = self._create_orders(4)
        (approved | in_review | confirmed).action_request_review()
        for user in (self.finance_user, self.production_user):
            signoffs = (approved | confirmed).sudo().current_review_id.signoff_ids
            own = signoffs.with_user(user).filtered("can_decide")
            own.action_decide_many("approved", all_in_order=True)
        confirmed.action_confirm()
        all_orders = approved | in_review | draft | confirmed
        cancelled = self._create_order()
        cancelled._action_cancel()
        all_orders |= cancelled
        for state, expected in {
            "approved": approved | confirmed,
            "in_review": in_review,
            "to_submit": draft,
            "not_required": cancelled,
            "rejected": draft.browse(),
        }.items():
            domain = [("id", "in", all_orders.ids), ("review_state", "=", state)]
            found = self.env["sale.order"].with_user(self.salesperson).search(domain)
            self.assertEqual(set(found.ids), set(expected.ids), state)
            self.assertEqual(set(found.mapped("review_state")) - {state}, set())
        domain = [("id", "in", all_orders.ids), ("review_state", "!=", "approved")]
        self.assertEqual(
            set(self.env["sale.order"].search(domain).ids), set((in_review | draft | cancelled).ids)
        )


@tagged("post_install", "-at_install")
class TestSignerMixin(OrderProcessCommon):
    """The rules of reviewers: the same in a search as on records, and never out of date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls._create_step("Named", reviewer_ids=[Command.set(cls.production_user.ids)])
        cls.order = cls._create_order()
        cls.order.action_request_review()
        cls.stranger = cls._create_user("opc_stranger", cls._group("reviewer"))

    def _get_records(self):
        order = self.order.sudo()
        return [
            order,
            order.order_line,
            order.review_ids,
            order.signoff_ids,
            order.ledger_ids,
            order.event_ids,
            *([order.signoff_ids.vote_ids] if order.signoff_ids.vote_ids else []),
        ]

    def _assert_reads(self, user, expected):
        for records in self._get_records():
            own = records.with_user(user).sudo(False)
            found = own.search([("id", "in", records.ids)])
            self.assertEqual(set(found.ids), set(records.ids if expected else ()), records)
            self.assertEqual(set(own._filtered_access("read").ids), set(found.ids), records)

    def test_who_signs_reads_all_of_the_order(self):
        self._approve(self.order, "Finance", self.finance_user)
        self._assert_reads(self.finance_user, True)
        self._assert_reads(self.finance_user2, True)
        self._assert_reads(self.production_user, True)
        self._assert_reads(self.stranger, False)

    def test_who_joins_the_department_reads_at_once(self):
        self._assert_reads(self.stranger, False)
        employee = self.env["hr.employee"].create(
            {"name": "New", "user_id": self.stranger.id, "department_id": self.finance.id}
        )
        self._assert_reads(self.stranger, True)
        asked = self.env["mail.activity"].search([("user_id", "=", self.stranger.id)])
        self.assertEqual(asked.res_id, self._signoff(self.order, "Finance").id)
        employee.department_id = self.production
        # Was asked meanwhile, as the activity says that was closed
        self._assert_reads(self.stranger, True)

    def test_who_becomes_manager_reads_at_once(self):
        self._assert_reads(self.stranger, False)
        boss = self.env["hr.employee"].create({"name": "Boss", "user_id": self.stranger.id})
        self.finance.manager_id = boss
        self._assert_reads(self.stranger, True)
        self.finance.manager_id = False
        self._assert_reads(self.stranger, False)

    def test_a_delegate_reads_at_once(self):
        self._assert_reads(self.stranger, False)
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        signoff.action_delegate(self.stranger.id, fields.Date.today() + timedelta(days=2))
        self._assert_reads(self.stranger, True)

    def test_another_order_stays_closed(self):
        self.env["order.review.step"].search([("name", "=", "Finance")]).action_archive()
        other = self._create_order()
        other.action_request_review()
        finance = other.with_user(self.finance_user)
        self.assertFalse(finance.has_access("read"))
        self.assertFalse(finance.search([("id", "=", other.id)]))
        self.assertTrue(self.order.with_user(self.finance_user).has_access("read"))


@tagged("post_install", "-at_install")
class TestKeptRows(OrderProcessCommon):
    """Rows that are inserted and updated with one statement are what the ORM reads."""

    def test_update_is_in_database_and_cache(self):
        self._create_step("Finance", self.finance)
        orders = self._create_order() | self._create_order()
        orders.action_request_review()
        signoffs = orders.sudo().signoff_ids
        comments = ["one", "two"]
        signoffs.mapped("state")
        signoffs._update_rows([{"comment": c, "lead_time_days": 1.5} for c in comments])
        self.assertEqual(signoffs.mapped("comment"), comments)
        self.env.invalidate_all()
        self.assertEqual(signoffs.mapped("comment"), comments)
        self.assertEqual(signoffs.mapped("lead_time_days"), [1.5, 1.5])
        self.assertEqual(signoffs.write_uid, self.salesperson)
        signoffs.browse()._update_rows([])

    def test_events_are_read_anew(self):
        order = self._create_order().sudo()
        self.assertFalse(order.event_ids)
        order._log_events("registered")
        self.assertEqual(order.event_ids.mapped("kind"), ["registered"])
