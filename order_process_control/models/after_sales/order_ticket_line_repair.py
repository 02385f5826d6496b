from collections import defaultdict

from odoo import fields, models


class OrderTicketLine(models.Model):
    """How much of it may be repaired now, and how much goes back to the customer afterwards
    (as superuser)."""

    _inherit = "order.ticket.line"

    repair_ids = fields.One2many("repair.order", "ticket_line_id", readonly=True)

    # === REPAIRED ===#

    def _get_repairable_quantity(self):
        """Return how much may be repaired now, in the line's unit."""
        self.ensure_one()
        ordered = self._sum_repairs(self.repair_ids.filtered(lambda r: r.state != "cancel"))
        came_back = self._get_returned_total()
        basis = self.inspected_quantity - self._get_scrapped() if came_back else self.quantity
        return max(self.uom_id.round(basis - ordered), 0.0)

    def _sum_repairs(self, repairs):
        return sum(r.product_uom._compute_quantity(r.product_qty, self.uom_id) for r in repairs)

    def _get_scrapped(self):
        """Return how much of what came back is no more."""
        gone = self.inspection_ids.filtered(lambda row: row.disposition == "scrap")
        return sum(gone.mapped("quantity"))

    def _prepare_repair_vals(self, quantity):
        self.ensure_one()
        today = fields.Date.context_today(self)
        return {
            "ticket_line_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.ticket_id.partner_id.id,
            "product_id": self.product_id.id,
            "product_qty": quantity,
            "product_uom": self.uom_id.id,
            "lot_id": self.lot_id.id,
            "picking_id": self._get_receptions()[-1:].picking_id.id,
            "under_warranty": bool(self.warranty_until and today <= self.warranty_until),
            "internal_notes": self.note,
            "priority": "1" if self.ticket_id.priority > "0" else "0",
            "user_id": False,
        }

    # === SENT BACK ===#

    def _get_kept_quantity(self):
        """Return how much of what came back is here still: neither scrapped nor paid back, and
        no transfer takes it to the customer."""
        self.ensure_one()
        gone = self._get_scrapped() + self.refunded_quantity + self.sent_quantity
        return max(self.uom_id.round(self.received_quantity - gone), 0.0)

    def _get_intact(self):
        """Return how much was found to need no repair."""
        intact = self.inspection_ids.filtered(lambda row: row.condition == "intact")
        return sum(intact.mapped("quantity"))

    def _get_ready_quantity(self):
        """Return how much may be sent back now, in the line's unit: what was repaired, and what
        was found intact."""
        self.ensure_one()
        ready = self._get_intact() + self._sum_repairs(self._get_done_repairs())
        ready -= self.sent_quantity + self.refunded_quantity
        return max(self.uom_id.round(min(ready, self._get_kept_quantity())), 0.0)

    def _get_done_repairs(self):
        return self.repair_ids.filtered(lambda repair: repair.state == "done")

    def _get_send_back_portions(self):
        """Return ``{reception: [(move, quantity in its unit, ticket line)]}`` of what these lines
        may send back."""
        portions = defaultdict(list)
        for line in self:
            left = line._get_ready_quantity()
            for move in line._get_receptions():
                wanted = line.uom_id._compute_quantity(left, move.product_uom)
                quantity = min(wanted, line._get_ready_of(move))
                if move.product_uom.compare(quantity, 0.0) > 0:
                    left -= move.product_uom._compute_quantity(quantity, line.uom_id)
                    portions[move.picking_id].append((move, quantity, line))
        return portions

    def _get_ready_of(self, reception):
        """Return how much of one reception may be sent back, in its unit. Of serial numbers
        these that were repaired, where the repairs name them."""
        free = reception._get_returnable_quantity()
        repaired = self._get_done_repairs().lot_id
        if self.product_id.tracking != "serial" or not repaired or self._get_intact():
            return free
        return min(free, len(self._get_ready_lots(reception)))

    def _get_ready_lots(self, reception):
        """Return the numbers that a reception brought and that were repaired and not sent yet."""
        sent = reception.returned_move_ids.filtered(lambda move: move.state != "cancel")
        return (self._get_done_repairs().lot_id & reception.lot_ids) - sent.lot_ids
