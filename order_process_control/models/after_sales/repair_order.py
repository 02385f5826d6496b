from odoo import api, fields, models


class RepairOrder(models.Model):
    """Repairs for a ticket."""

    _name = "repair.order"
    _inherit = ["repair.order", "order.ticket.document.mixin"]

    ticket_id = fields.Many2one(related="ticket_line_id.ticket_id", string="Ticket")

    # === THE SHEET FOR AGENTS ===#

    @api.model
    def _sees_sheet(self):
        """Tell whether the user reads repairs only as an agent: Odoo's own form also reads
        tags and fails for such a user."""
        return self.env.user.has_group("order_process_control.group_ticket_agent") and not self.env[
            "repair.tags"
        ].has_access("read")

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, view_type == "form" and self._sees_sheet())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        if view_type == "form" and self._sees_sheet():
            view_id = self.env.ref("order_process_control.repair_order_view_form_sheet").id
        return super()._get_view(view_id, view_type, **options)
