from odoo import fields, models


class StockReturnPickingLine(models.TransientModel):
    """Odoo's return, told by a ticket what it is for."""

    _inherit = "stock.return.picking.line"

    ticket_line_id = fields.Many2one("order.ticket.line", readonly=True)

    def _prepare_move_default_values(self, new_picking):
        vals = super()._prepare_move_default_values(new_picking)
        # The exchange of a return is another one's
        return {**vals, "ticket_line_id": self.ticket_line_id.id}
