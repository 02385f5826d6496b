from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

DISPOSITIONS = {"intact": ("stock",), "defective": ("stock", "repair", "scrap", "supplier")}


class OrderTicketLine(models.Model):
    """From where goods come back, and what is found when they have."""

    _inherit = "order.ticket.line"

    # === WHAT HAS TO COME BACK (as superuser) ===#

    def _get_return_portions(self):
        """Return ``{delivery: [(move, quantity in its unit, ticket line)]}`` of what these lines
        still have to send back.

        :raise UserError: for goods that no delivery of ours has brought
        """
        free = {}
        portions = defaultdict(list)
        # Read for all of them at once
        (self.move_id | self.order_line_id.move_ids).mapped("returned_move_ids.state")
        for line in self:
            needed = line.quantity - line._get_returned_total()
            for move in line._get_source_moves():
                if line.uom_id.compare(needed, 0.0) <= 0:
                    break
                if move not in free:
                    free[move] = move._get_returnable_quantity()
                wanted = line.uom_id._compute_quantity(needed, move.product_uom)
                quantity = min(wanted, free[move], line._get_lot_quantity(move))
                if move.product_uom.compare(quantity, 0.0) > 0:
                    free[move] -= quantity
                    needed -= move.product_uom._compute_quantity(quantity, line.uom_id)
                    portions[move.picking_id].append((move, quantity, line))
            if line.uom_id.compare(needed, 0.0) > 0:
                raise UserError(
                    self.env._(
                        "%s: choose the line of the order that it was delivered with, and a"
                        " quantity that was delivered.",
                        line.product_id.display_name,
                    )
                )
        return portions

    def _get_source_moves(self):
        self.ensure_one()
        moves = self.move_id or self.order_line_id._get_delivered_moves()
        if self.lot_id:
            moves = moves.filtered(lambda move: self.lot_id in move.move_line_ids.lot_id)
        return moves

    def _get_lot_quantity(self, move):
        """Return how much of the line's lot a move has brought, in the move's unit."""
        if not self.lot_id:
            return move.quantity
        rows = move.move_line_ids.filtered(lambda row: row.lot_id == self.lot_id)
        return sum(
            row.product_uom_id._compute_quantity(row.quantity, move.product_uom) for row in rows
        )

    # === INSPECTION ===#

    def _filter_to_inspect(self):
        """Return those of which something has arrived that nobody has inspected."""
        return self.filtered(
            lambda line: line.uom_id.compare(line.received_quantity, line.inspected_quantity) > 0
        )

    def action_inspect(self, condition, disposition, quantity=None, note=None):
        """Say what was found when the goods had come back: only then money or others move.

        :param str condition: "intact" or "defective"
        :param str disposition: where it goes, "stock", "repair", "scrap" or "supplier"
        :param float quantity: of each of these lines; without it all that has not been inspected
        :param str note: what was found
        :return: True
        :raise AccessError: for who is neither an agent of the ticket nor of the warehouse
        :raise UserError: for what has not arrived, or goes nowhere
        """
        self._check_may_inspect()
        if disposition not in DISPOSITIONS.get(condition, ()):
            raise UserError(
                self.env._("Choose intact, back to stock; or defective, and where it goes.")
            )
        # sudo: rows that nobody writes, and the stock
        lines = self.sudo()
        lines._lock()
        rows = []
        waiting = lines.filtered(lambda line: line.received_quantity > line.inspected_quantity)
        for line in waiting if quantity is None and waiting else lines:
            left = line.received_quantity - line.inspected_quantity
            amount = left if quantity is None else quantity
            if amount <= 0 or line.uom_id.compare(amount, left) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(left)g %(unit)s has arrived and is not inspected yet.",
                        product=line.product_id.display_name,
                        left=left,
                        unit=line.uom_id.name,
                    )
                )
            rows.append(line._prepare_inspection_vals(amount, condition, disposition, note))
        inspections = lines.env["order.ticket.inspection"]._insert_rows(rows)
        lines.invalidate_recordset(["inspection_ids", "inspected_quantity"], flush=False)
        if disposition == "scrap":
            inspections._scrap()
        return True

    def _check_may_inspect(self):
        """Let agents of the ticket inspect, and who receives goods.

        :raise AccessError: for anybody else
        """
        if self.env.user.has_group("stock.group_stock_user"):
            # sudo: by which transfers they came back; whether the user may, these say
            self.sudo().transfer_move_ids.picking_id.sudo(False).check_access("write")
            return
        if not (self.ticket_id.has_access("write") and self.has_access("read")):
            raise AccessError(
                self.env._("Agents of the ticket and the warehouse inspect what has come back.")
            )

    def _prepare_inspection_vals(self, quantity, condition, disposition, note):
        self.ensure_one()
        return {
            "line_id": self.id,
            "ticket_id": self.ticket_id.id,
            "company_id": self.company_id.id,
            "quantity": quantity,
            "condition": condition,
            "disposition": disposition,
            "note": self.env["order.signoff"]._clean_text(note),
            "user_id": self.env.uid,
            "inspected_at": fields.Datetime.now(),
        }

    def _get_receptions(self):
        """Return the moves that brought these goods back, the last one at the end."""
        self.ensure_one()
        returns, _sent = self._split_moves()
        return returns.filtered(lambda move: move.state == "done").sorted("id")
