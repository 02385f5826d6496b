from collections import Counter
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# States in which a ticket is work for its agent
LOAD_STATES = ("new", "in_progress", "waiting_internal")


class OrderTicketTeam(models.Model):
    """A service desk: who works there, on what, from where and when (R-350, R-353, R-354).

    One person may serve several teams.
    """

    _name = "order.ticket.team"
    _description = "Ticket Team"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first team that fits takes a ticket.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a team that serves every company."
    )
    leader_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        help="Gets what nobody on duty can take, and may grant what is out of time.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "order_ticket_team_member_rel",
        "team_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
    )
    # Not check_company: a shared team may well be part of one company
    department_id = fields.Many2one("hr.department", help="Its manager hears of late tickets.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Time",
        help="The time limits of tickets run in it. Empty: the company's own.",
    )
    is_default = fields.Boolean(
        string="Takes the Rest", help="The team of what no other team claims (R-354)."
    )
    category_ids = fields.Many2many(
        "order.ticket.category",
        "order_ticket_team_category_rel",
        "team_id",
        "category_id",
        string="Categories",
        help="Empty: all of them.",
    )
    country_ids = fields.Many2many(
        "res.country",
        "order_ticket_team_country_rel",
        "team_id",
        "country_id",
        string="Countries",
        help="Where the customers are; empty: anywhere.",
    )
    country_state_ids = fields.Many2many(
        "res.country.state",
        "order_ticket_team_state_rel",
        "team_id",
        "state_id",
        string="Regions",
        help="Where in these countries; empty: anywhere.",
    )
    minimum_priority = fields.Selection(
        [
            ("0", "Any"),
            ("1", "Urgent and Above"),
            ("2", "Very Urgent and Above"),
            ("3", "Critical"),
        ],
        default="0",
        required=True,
        help="A team for urgent cases takes only these.",
    )
    assignment = fields.Selection(
        [("least_load", "To Who Has Least to Do"), ("manual", "By Hand")],
        default="least_load",
        required=True,
    )
    escalation_team_id = fields.Many2one(
        "order.ticket.team",
        string="Second Line",
        check_company=True,
        help="Takes what this team could not solve (R-354).",
    )
    close_after_days = fields.Integer(
        string="Closed by Silence After (Days)",
        help="A solved ticket is closed when its customer has not answered for so many days."
        " 0: only the customer closes it.",
    )
    answer_ids = fields.Many2many(
        "mail.canned.response",
        "order_ticket_team_answer_rel",
        "team_id",
        "answer_id",
        string="Ready-made Answers",
        help="Every member can use them: in a message they appear after “::”.",
    )
    ticket_ids = fields.One2many("order.ticket", "team_id", string="Tickets")

    _close_after_days_positive = models.Constraint(
        "CHECK(close_after_days >= 0)", "The number of days cannot be negative: 0 means never."
    )
    _default_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0)) WHERE is_default IS TRUE AND active IS TRUE",
        "There is a team that takes the rest already: take that mark off it first.",
    )

    @api.constrains("escalation_team_id")
    def _check_escalation_team(self):
        if self._has_cycle("escalation_team_id"):
            raise ValidationError(
                self.env._("The second lines go round in a circle: choose another team.")
            )

    # === WHOSE TICKET IT IS ===#

    @api.model
    def _find_teams(self, tickets):
        """Return ``{ticket: team}``: the first team that claims it, else the one for the rest."""
        # sudo: which team takes a ticket does not depend on who writes it
        teams = self.sudo().with_context(active_test=True).search(Domain.TRUE)
        found = {}
        for ticket in tickets:
            usable = teams.filtered(
                lambda team, ticket=ticket: (
                    not team.company_id or team.company_id == ticket.company_id
                )
            )
            claiming = usable.filtered(lambda team, ticket=ticket: team._claims(ticket))
            rest = usable.filtered("is_default").sorted(lambda team: not team.company_id)
            found[ticket] = (claiming or rest or usable)[:1].sudo(False)
        return found

    def _claims(self, ticket):
        """Tell whether this team is there for such a ticket; one for everything claims nothing."""
        self.ensure_one()
        country, region = ticket.partner_id.country_id, ticket.partner_id.state_id
        criteria = [
            (self.category_ids, ticket.category_id),
            (self.country_ids, country),
            (self.country_state_ids, region),
        ]
        return (
            (any(wanted for wanted, _value in criteria) or self.minimum_priority > "0")
            and all(value in wanted for wanted, value in criteria if wanted)
            and (ticket.priority or "0") >= self.minimum_priority
        )

    # === WHO OF THEM ===#

    def _choose_users(self, tickets):
        """Return ``{ticket: user}``: who on duty has least to do; nobody where none is.

        :param tickets: without an agent, of any of these teams
        """
        chosen = dict.fromkeys(tickets, self.env["res.users"])
        # sudo: load and absences of colleagues, of which nothing is handed out
        loads = self.sudo()._get_loads()
        for company, of_company in tickets.grouped("company_id").items():
            on_duty = self.sudo()._get_on_duty(company)
            for ticket in of_company:
                team = ticket.team_id.sudo()
                able = on_duty.get(team)
                if team.assignment != "least_load" or not able:
                    continue
                user = min(able, key=lambda user: (loads[user.id], user.id))
                loads[user.id] += 1
                chosen[ticket] = user.sudo(False)
        return chosen

    def _get_loads(self):
        """Return how many tickets are work for each member now, whatever their team."""
        rows = self.env["order.ticket"]._read_group(
            Domain("user_id", "in", self.member_ids.ids) & Domain("state", "in", LOAD_STATES),
            ["user_id"],
            ["__count"],
        )
        return Counter({user.id: count for user, count in rows})

    def _get_on_duty(self, company):
        """Return ``{team: users}`` who work in ``company`` today: at this hour, if anybody does.

        The deputies of who is absent stand in where all of a team are absent.
        """
        deputies = self.env["order.deputy"]
        absent = {user.id for user in deputies._get_direct_deputies(company)}
        people = self.member_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        working = self._filter_working_now(people, company)
        on_duty = {}
        for team in self:
            members = people & team.member_ids
            present = members.filtered(lambda user: user.id not in absent)
            if not present and members:
                stand_ins = deputies._get_deputies(members, company)
                present = self.env["res.users"].union(*stand_ins.values())
            on_duty[team] = (present & working) or present
        return on_duty

    def _filter_working_now(self, users, company):
        """Return those of ``users`` whose own calendar, with its holidays, says they work now."""
        start = pytz.utc.localize(fields.Datetime.now())
        employees = users.employee_ids.filtered(lambda e: e.company_id == company)
        working = users - employees.user_id
        for calendar, of_calendar in employees.grouped("resource_calendar_id").items():
            if not calendar:
                working |= of_calendar.user_id
                continue
            resources = of_calendar.resource_id
            intervals = calendar._work_intervals_batch(
                start, start + timedelta(minutes=1), resources=resources
            )
            working |= of_calendar.filtered(
                lambda e, intervals=intervals: bool(intervals.get(e.resource_id.id))
            ).user_id
        return working
