from odoo import models


class OrderTicketTeam(models.Model):
    """Each team may have an address of its own: a mail to it is a ticket of the team."""

    _name = "order.ticket.team"
    _inherit = ["order.ticket.team", "mail.alias.mixin.optional"]

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("order.ticket")
        if self.id:
            values["alias_defaults"] = repr({"team_id": self.id})
        return values
