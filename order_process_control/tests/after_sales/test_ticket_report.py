from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketReport(TicketCommon):
    """The figures of the service, and everybody only their part of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fast = cls._create_ticket(line_ids=cls._goods(cls.lamp, cls.lamp, cls.product))
        cls.slow = cls._create_ticket(line_ids=cls._goods(cls.lamp))
        cls.void = cls._create_ticket()
        cls.other_team = cls._create_team("Elsewhere", cls.expert)
        cls.foreign = cls._create_ticket(cls.expert, team_id=cls.other_team.id)
        cls.mine = cls.fast | cls.slow | cls.void | cls.foreign
        opened = fields.Datetime.now() - timedelta(hours=10)
        cls._stamp(
            cls.fast,
            create_date=opened,
            first_response_at=opened + timedelta(hours=1),
            resolved_at=opened + timedelta(hours=2),
            resolution="repair",
            state="closed",
        )
        cls._stamp(
            cls.slow,
            create_date=opened,
            first_response_at=opened + timedelta(hours=3),
            resolved_at=opened + timedelta(hours=8),
            resolution="unsolved",
            reopen_count=2,
            state="resolved",
        )
        cls._stamp(cls.void, state="cancelled")
        cls._rate(cls.fast, 5)
        cls._rate(cls.slow, 4, consumed=False)

    @classmethod
    def _goods(cls, *products):
        return [Command.create({"product_id": product.id}) for product in products]

    @classmethod
    def _stamp(cls, ticket, **vals):
        # The past cannot be written by the process itself
        columns = ", ".join(f"{name} = %s" for name in vals)
        cls.env.flush_all()
        cls.env.cr.execute(
            f"UPDATE order_ticket SET {columns} WHERE id = %s",  # noqa: S608
            (*vals.values(), ticket.id),
        )
        cls.env.invalidate_all()

    @classmethod
    def _rate(cls, ticket, rate, consumed=True):
        cls.env["rating.rating"].sudo().create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("order.ticket"),
                "res_id": ticket.id,
                "rating": rate,
                "consumed": consumed,
            }
        )

    def _report(self, user):
        report = self.env["order.ticket.report"].with_user(user)
        return report.search([("ticket_id", "in", self.mine.ids)])

    def _get_figures(self, groupby=(), *names):
        names = [f"{name}:avg" for name in names]
        return self.env["order.ticket.report"]._read_group(
            [("ticket_id", "in", self.mine.ids)], groupby, [*names, "__count"]
        )

    def test_figures_of_a_ticket(self):
        by_ticket = {row.ticket_id: row for row in self._report(self.auditor)}
        fast, slow = by_ticket[self.fast], by_ticket[self.slow]
        self.assertAlmostEqual(fast.first_response_hours, 1, 3)
        self.assertAlmostEqual(fast.resolution_hours, 2, 3)
        self.assertEqual((fast.solved_rate, fast.reopen_rate, fast.satisfaction), (100, 0, 5))
        self.assertEqual((slow.solved_rate, slow.reopen_rate, slow.satisfaction), (0, 100, 0))
        self.assertNotIn(self.void, by_ticket)

    def test_what_is_not_decided_counts_for_nothing(self):
        names = (
            "first_response_hours",
            "resolution_hours",
            "solved_rate",
            "reopen_rate",
            "satisfaction",
        )
        [(first, solved_in, solved, reopened, satisfaction, count)] = self._get_figures([], *names)
        self.assertAlmostEqual(first, 2, 3)
        self.assertAlmostEqual(solved_in, 5, 3)
        # The one that was asked and did not answer is not unsatisfied
        self.assertEqual((solved, reopened, satisfaction, count), (50, 50, 5, 3))

    def test_by_product_each_ticket_once(self):
        by_product = dict(self._get_figures(["product_ids"]))
        self.assertEqual(by_product[self.lamp], 2)
        self.assertEqual(by_product[self.product], 1)

    def test_by_category_team_and_month(self):
        for name in ("category_id", "team_id", "opened_at:month", "channel", "state"):
            with self.subTest(name=name):
                self.assertEqual(sum(row[-1] for row in self._get_figures([name])), 3)

    def test_answered_before_the_second_was_over(self):
        self._stamp(
            self.foreign,
            create_date="2026-03-02 10:00:00.9",
            first_response_at="2026-03-02 10:00:00",
        )
        [row] = self._report(self.auditor).filtered(lambda r: r.ticket_id == self.foreign)
        self.assertEqual(row.first_response_hours, 0)

    def test_everybody_sees_what_they_may_read(self):
        agent3 = self._create_user("opc_agent3", "order_process_control.group_ticket_agent")
        self.customer.user_id = self.other_salesperson
        for user in (
            self.agent,
            self.leader,
            self.expert,
            agent3,
            self.salesperson,
            self.other_salesperson,
            self.sales_manager,
            self.auditor,
            self.process_manager,
        ):
            readable = (
                self.env["order.ticket"].with_user(user).search([("id", "in", self.mine.ids)])
            )
            with self.subTest(user=user.login):
                self.assertEqual(
                    self._report(user).ticket_id.ids, (readable.sudo() - self.void).ids
                )
        self.assertFalse(self._report(agent3))
        self.assertIn(self.foreign, self._report(self.expert).ticket_id)

    def test_others_are_refused(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        for user in (self.employee, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._report(user)

    def test_other_companies_stay_apart(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.auditor.company_ids = [Command.link(company.id)]
        report = self.env["order.ticket.report"].with_user(self.auditor)
        rows = report.with_context(allowed_company_ids=company.ids).search(
            [("ticket_id", "in", self.mine.ids)]
        )
        self.assertFalse(rows)

    def test_failures_by_product_and_lot(self):
        lines = self.env["order.ticket.line"].with_user(self.agent)
        groups = lines._read_group(
            [("ticket_id", "in", self.mine.ids)],
            ["product_id", "lot_id", "reason"],
            ["quantity:sum"],
        )
        self.assertEqual(
            {product: quantity for product, _lot, _reason, quantity in groups},
            {self.lamp: 3, self.product: 1},
        )
