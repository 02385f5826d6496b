from odoo import api, models

from .order_ticket_document_mixin import TicketLineId


class StockMove(models.Model):
    """Goods that come back for a ticket, and goods that go out for it."""

    _name = "stock.move"
    _inherit = ["stock.move", "order.ticket.document.mixin"]

    def _prepare_move_split_vals(self, qty):
        # What comes later belongs to the ticket as well
        vals = super()._prepare_move_split_vals(qty)
        return {**vals, "ticket_line_id": TicketLineId(self.ticket_line_id.id)}

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "ticket_line_id"]

    def _is_ticket_return(self):
        """Tell whether this brings goods of a ticket back; else it takes some to the customer, be
        it by way of a packing zone."""
        self.ensure_one()
        return self.location_id.usage == "customer"

    def _get_ticket_quantity(self, uom):
        """Return in ``uom`` what this has moved, or is to move."""
        self.ensure_one()
        quantity = self.quantity if self.state == "done" else self.product_uom_qty
        return self.product_uom._compute_quantity(quantity, uom, rounding_method="HALF-UP")

    def _get_returnable_quantity(self):
        """Return what of a delivery has not come back nor is on its way, in its own unit; of a
        reception what was not sent back."""
        self.ensure_one()
        is_return = self._is_ticket_return()
        returned = self.returned_move_ids.filtered(
            lambda m: m.state != "cancel" and m._is_ticket_return() != is_return
        )
        return self.quantity - sum(m._get_ticket_quantity(self.product_uom) for m in returned)

    def _get_ticket_lots(self):
        """Return the very numbers that this is to move, or none: Odoo chooses."""
        self.ensure_one()
        line = self.ticket_line_id
        if line.lot_id or self._is_ticket_return():
            return line.lot_id
        return line._get_ready_lots(self.origin_returned_move_id)

    def _get_first_deliveries(self):
        """Return the moves that first brought these goods to the customer: what was repaired and
        sent back is as old as it was."""
        moves = self
        while again := moves.filtered("origin_returned_move_id"):
            moves = moves - again | again.origin_returned_move_id.origin_returned_move_id
        return moves
