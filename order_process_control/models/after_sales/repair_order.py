from odoo import fields, models


class RepairOrder(models.Model):
    """Repairs for a ticket."""

    _name = "repair.order"
    _inherit = ["repair.order", "order.ticket.document.mixin"]

    ticket_id = fields.Many2one(related="ticket_line_id.ticket_id", string="Ticket")
