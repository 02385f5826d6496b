from odoo import api, fields, models
from odoo.fields import Domain


class OrderTicketTeam(models.Model):
    """The card of a team in the overview: what is open, and what of it needs somebody now.

    Counts are of what the user may read, as are the lists that they lead to.
    """

    _inherit = "order.ticket.team"

    open_ticket_count = fields.Integer(string="Open", compute="_compute_ticket_counts")
    unassigned_ticket_count = fields.Integer(string="Nobody's", compute="_compute_ticket_counts")
    overdue_ticket_count = fields.Integer(string="Overdue", compute="_compute_ticket_counts")
    due_soon_ticket_count = fields.Integer(string="Due Soon", compute="_compute_ticket_counts")
    waiting_ticket_count = fields.Integer(
        string="Waiting for Customer", compute="_compute_ticket_counts"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_ticket_counts(self):
        counts = {
            name: self._count_tickets(domain) for name, domain in self._get_ticket_domains().items()
        }
        for team in self:
            for name, by_team in counts.items():
                team[name] = by_team.get(team._origin.id, 0)

    def _count_tickets(self, domain):
        tickets = self.env["order.ticket"]
        if not tickets.has_access("read"):
            return {}
        groups = tickets._read_group(
            Domain("team_id", "in", self._origin.ids) & domain, ["team_id"], ["__count"]
        )
        return {team.id: count for team, count in groups}

    @api.model
    def _get_ticket_domains(self):
        """Return ``{name of a count: what it counts}``; the cards lead to the same tickets."""
        is_open = Domain("state", "in", self.env["order.ticket"]._get_open_states())
        return {
            "open_ticket_count": is_open,
            "unassigned_ticket_count": is_open & Domain("user_id", "=", False),
            "overdue_ticket_count": is_open & Domain("deadline_status", "=", "overdue"),
            "due_soon_ticket_count": is_open & Domain("deadline_status", "=", "due_soon"),
            "waiting_ticket_count": Domain("state", "=", "waiting_customer"),
        }

    # === WHERE THE CARDS LEAD ===#

    @api.readonly
    def action_view_tickets(self):
        """Open the open tickets of the team.

        :return: a window action on ``order.ticket``
        """
        return self._get_ticket_action("open_ticket_count")

    @api.readonly
    def action_view_unassigned(self):
        """The same, of what nobody has taken."""
        return self._get_ticket_action("unassigned_ticket_count")

    @api.readonly
    def action_view_overdue(self):
        """The same, of what is late."""
        return self._get_ticket_action("overdue_ticket_count")

    @api.readonly
    def action_view_due_soon(self):
        """The same, of what is late soon."""
        return self._get_ticket_action("due_soon_ticket_count")

    @api.readonly
    def action_view_waiting(self):
        """The same, of what the customer has to answer."""
        return self._get_ticket_action("waiting_ticket_count")

    def _get_ticket_action(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_ticket_action"
        )
        return {
            **action,
            "display_name": self.env._(
                "%(team)s: %(what)s",
                team=self.name,
                what=self._fields[name].get_description(self.env, ["string"])["string"],
            ),
            "domain": list(Domain("team_id", "=", self.id) & self._get_ticket_domains()[name]),
            "context": {"default_team_id": self.id},
        }
