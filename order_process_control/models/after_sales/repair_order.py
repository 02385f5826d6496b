from odoo import api, fields, models


class RepairOrder(models.Model):
    """Repairs for a ticket."""

    _name = "repair.order"
    _inherit = ["repair.order", "order.ticket.document.mixin", "order.sheet.mixin"]

    # Odoo's own form also reads tags
    _sheet_view = "order_process_control.repair_order_view_form_sheet"
    _sheet_obstacle = "repair.tags"

    ticket_id = fields.Many2one(related="ticket_line_id.ticket_id", string="Ticket")

    @api.model
    def _get_sheet_groups(self):
        return [*super()._get_sheet_groups(), "order_process_control.group_ticket_agent"]
