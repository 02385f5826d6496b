from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.order.kept_rows import update_rows
from .common import TicketCommon

COUNTS = ("open", "unassigned", "overdue", "due_soon", "waiting")


@tagged("post_install", "-at_install")
class TestTicketOverview(TicketCommon):
    """A card a team: what is open there, and what of it needs somebody now."""

    def _counts(self, user, team=None):
        self.env.invalidate_all()
        card = (team or self.team).with_user(user)
        return tuple(card[f"{name}_ticket_count"] for name in COUNTS)

    def _opened(self, user, name):
        action = getattr(self.team.with_user(user), f"action_view_{name}")()
        return self.env[action["res_model"]].with_user(user).search(action["domain"])

    def test_each_figure_opens_its_list(self):
        mine, nobodys, waiting = (self._create_ticket() for _number in range(3))
        nobodys.sudo().user_id = False
        waiting.with_user(waiting.user_id).action_wait_customer("Which one?")
        solved = self._create_ticket()
        self._resolve(solved)
        late = mine._get_open_deadlines()
        self.assertTrue(late)
        update_rows(late.sudo(), [{"deadline": "2020-01-01 00:00:00"}] * len(late))
        self.assertEqual(self._counts(self.agent), (3, 1, 1, 0, 1))
        for name, tickets in (
            ("tickets", mine | nobodys | waiting),
            ("unassigned", nobodys),
            ("overdue", mine),
            ("due_soon", mine.browse()),
            ("waiting", waiting),
        ):
            with self.subTest(name=name):
                self.assertEqual(self._opened(self.agent, name), tickets)

    def test_counts_are_of_what_the_user_may_read(self):
        self._create_ticket()
        self.assertEqual(self._counts(self.expert)[0], 0)
        self.assertEqual(self._counts(self.auditor)[0], 1)
        # No right to tickets at all: no figures, and no error either
        self.assertEqual(self._counts(self.employee), (0, 0, 0, 0, 0))
        with self.assertRaises(AccessError):
            self._opened(self.employee, "tickets")

    def test_any_number_of_cards_takes_as_many_queries(self):
        names = [f"{name}_ticket_count" for name in COUNTS]
        teams = self.team | self.second_line
        self._create_ticket()

        def count(cards):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards.with_user(self.agent).read(names)
            return self.env.cr.sql_log_count - before

        count(teams)
        self.assertEqual(count(teams), count(self.team))

    def test_an_agent_without_other_rights_opens_the_overview(self):
        departments = self.env["hr.department"].with_user(self.agent).search([])
        self.assertFalse(any(departments.mapped("signoff_count")))
