from odoo import fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from .order_expedite_apply import get_line_key, get_reserved
from .stock_world import EPSILON


class OrderExpedite(models.Model):
    """Giving back what was taken, as long as nothing has left."""

    _inherit = "order.expedite"

    def action_revert(self):
        """Give the harmed orders back what can be given back; the order waits for its turn again.

        :return: True
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when one is not applied, or something has left or is being prepared
        """
        self._check_may_act()
        self.env["order.ledger"]._lock(self.order_id)
        if self.filtered(lambda expedite: expedite.state != "applied"):
            raise UserError(self.env._("Only an applied expedite is reverted."))
        for expedite in self.sudo():  # stock and orders of others, which get back what was theirs
            expedite._revert()
        return True

    def _revert(self):
        self.ensure_one()
        order, harmed = self.order_id, self.impact_ids.order_id
        self.env["order.ledger"]._lock((order | harmed).sorted("id"))
        takes = self._get_takes()
        self._lock_stock(takes)
        self._check_nothing_shipped()
        given = self._give_back(takes)
        self._restore_order()
        as_process(self).write(
            {
                "state": "reverted",
                "reverted_at": fields.Datetime.now(),
                "after": {**(self.after or {}), "given_back": given},
            }
        )
        payload = {**self._get_payload(), "given_back": given}
        self.env["order.ledger"]._append(
            [(each, "expedite_reverted", payload) for each in (order | harmed)]
        )
        taken = sum(take.quantity for take in takes)
        self._log(
            self.env._("Reverted: %(given)g of %(taken)g given back", given=given, taken=taken)
        )
        self._tell_reverted()

    def _check_nothing_shipped(self):
        """:raise UserError: when goods of the order have left or are being prepared since"""
        moves = self.order_id.order_line.move_ids
        gone = moves.filtered(
            lambda move: move.picked
            or (move.state == "done" and move.date >= self.applied_at and move.quantity)
        )
        if gone:
            raise UserError(
                self.env._(
                    "%(name)s cannot be reverted: %(pickings)s has left or is being prepared.",
                    name=self.name,
                    pickings=", ".join(gone.picking_id.mapped("name")) or self.order_id.name,
                )
            )

    def _give_back(self, takes):
        """Reserve for those who were harmed what the order still has of theirs.

        :return: what was given back, in the units of the products
        """
        moves, total = self.env["stock.move"], 0.0
        touched = moves
        for take in takes:
            own, harmed = moves.browse(take.to_move_id), moves.browse(take.move_id).exists()
            if harmed.state not in ("confirmed", "partially_available", "waiting"):
                continue
            key = (own.id, *take.key[1:])
            held = own.move_line_ids.filtered(lambda line, key=key: get_line_key(line) == key)
            there = sum(held.mapped("quantity_product_uom"))
            missing = harmed.product_qty - get_reserved(harmed)
            quantity = min(take.quantity, there, missing)
            if quantity <= EPSILON:
                continue
            self._release_lines(own, {take._replace(move_id=own.id): quantity})
            total += self._reserve(harmed, take, quantity)
            touched |= own | harmed
        touched._recompute_state()
        return total

    def _reserve(self, move, take, quantity):
        """Reserve exactly what was taken; Odoo's own method writes quants and lines."""
        return move._update_reserved_quantity(
            quantity,
            self.env["stock.location"].browse(take.location_id),
            lot_id=self.env["stock.lot"].browse(take.lot_id or ()),
            package_id=self.env["stock.package"].browse(take.package_id or ()),
            owner_id=self.env["res.partner"].browse(take.owner_id or ()),
            strict=True,
        )

    def _restore_order(self):
        before = self.before or {}
        priority, reason = before.get("priority"), before.get("priority_reason")
        self.order_id._set_priority(priority or "0", reason)
        for picking in self._get_own_pickings():
            move_type = before.get("move_types", {}).get(str(picking.id))
            if move_type and picking.move_type != move_type:
                picking.move_type = move_type
