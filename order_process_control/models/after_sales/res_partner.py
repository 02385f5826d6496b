from odoo import api, fields, models


class ResPartner(models.Model):
    """The tickets of a customer, with all its contacts."""

    _inherit = "res.partner"

    ticket_count = fields.Integer(compute="_compute_ticket_count", groups="base.group_user")

    @api.depends_context("uid")
    def _compute_ticket_count(self):
        # Archived ones belong to the history
        tickets = self.env["order.ticket"].with_context(active_test=False)
        if not tickets.has_access("read"):
            self.ticket_count = 0
            return
        commercial = self.commercial_partner_id
        rows = tickets._read_group(
            [("commercial_partner_id", "in", commercial.ids)],
            ["commercial_partner_id"],
            ["__count"],
        )
        counts = dict(rows)
        for partner in self:
            partner.ticket_count = counts.get(partner.commercial_partner_id, 0)

    @api.readonly
    def action_view_tickets(self):
        """Return the action that shows the tickets of this customer."""
        self.ensure_one()
        return self.env["order.ticket"]._get_list_action(
            [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            self.env._("Tickets"),
            {"default_partner_id": self.id, "active_test": False},
        )
