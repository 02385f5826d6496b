from collections import defaultdict

from psycopg2.errors import LockNotAvailable

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare

from ..order.process_token import as_process
from .stock_queue import evaluate
from .stock_world import EPSILON, read_world


class OrderExpedite(models.Model):
    """Doing exactly what was approved, in one transaction, or nothing of it."""

    _inherit = "order.expedite"

    def _apply(self):
        """Give the order what was approved (as superuser).

        :raise UserError: with the difference, when it would cost others more than was approved
        """
        self.ensure_one()
        self._check_order()
        takes = self._get_takes()
        order, harmed = self.order_id, self.impact_ids.order_id
        self.env["order.ledger"]._lock((order | harmed).sorted("id"))
        self._lock_stock(takes)
        world = read_world(order, fields.Datetime.now())
        worse = self._compare_world(world)
        if worse:
            raise UserError(
                self.env._(
                    "The stock is not what %(name)s was approved for: %(worse)s Nothing was moved."
                    " Cancel it and request another one, which shows the price as it is now.",
                    name=self.name,
                    worse=" ".join(worse),
                )
            )
        before = self._prepare_record(world)
        moves = self._move_reservations(world, takes)
        self._check_result(moves, takes, before)
        self._give_priority()
        self._note_applied(world, before, moves)
        self._tell_everybody()

    def _note_applied(self, world, before, moves):
        # What it does to each delivery now, which is what was approved or better
        self._replace_impacts(
            [self._prepare_impact_vals(i) for i in evaluate(world, self._get_takes()).impacts]
        )
        after = {"reserved": {str(m.id): get_reserved(m) for m in moves}}
        as_process(self).write(
            {
                "state": "applied",
                "applied_at": fields.Datetime.now(),
                "before": before,
                "after": after,
            }
        )
        payload = self._get_payload()
        harmed = self.impact_ids.order_id
        self.env["order.ledger"]._append(
            [
                (self.order_id, "expedite_applied", payload),
                *((order, "expedite_harmed", {"expedite": self.id}) for order in harmed),
            ]
        )
        self._close_tasks()
        self._log(self.env._("Applied: %s", self._get_scenario(self.scenario)["label"]))

    # === LOCKS ===#

    def _lock_stock(self, takes):
        """Hold the goods of this expedite until the end of the transaction, in id order.

        What somebody else holds fails at once; what somebody has changed since this transaction
        began fails as well, which Odoo answers by running it again.

        :raise UserError: while the warehouse or another expedite is moving the same goods
        """
        move_ids = {move_id for take in takes for move_id in (take.move_id, take.to_move_id)}
        moves = self.order_id.order_line.move_ids | self.env["stock.move"].browse(move_ids)
        moves = moves.filtered(lambda move: move.state != "cancel" or move.id in move_ids)
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                for table, ids in (
                    ("stock_picking", moves.picking_id.ids),
                    ("stock_move", moves.ids),
                ):
                    self._lock_rows(table, SQL("id IN %s", tuple(ids or [0])))
                self._lock_rows(
                    "stock_quant",
                    SQL(
                        "product_id IN %s AND company_id = %s",
                        tuple(moves.product_id.ids or [0]),
                        self.company_id.id,
                    ),
                )
        except LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "%s: the warehouse or another expedite is moving the same goods at this"
                    " moment. Nothing was changed; apply it again in a minute.",
                    self.name,
                )
            ) from error

    def _lock_rows(self, table, condition):
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s ORDER BY id FOR UPDATE NOWAIT",
                SQL.identifier(table),
                condition,
            )
        )

    # === MOVING WHAT IS RESERVED ===#

    def _prepare_record(self, world):
        """Return what is needed to give back, and to read later what it was."""
        moves = self.env["stock.move"].browse(
            {
                *(demand.move_id for demand in world.own),
                *(take.move_id for take in self._get_takes()),
            }
        )
        return {
            "priority": self.order_id.priority,
            "priority_reason": self.order_id.priority_reason,
            "move_types": {str(p.id): p.move_type for p in self._get_own_pickings()},
            "reserved": {str(move.id): get_reserved(move) for move in moves},
        }

    def _get_own_pickings(self):
        return self.order_id.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
            and picking.picking_type_id.code != "incoming"
        )

    def _move_reservations(self, world, takes):
        """Take the approved quantities away and reserve them for the order.

        :return: the moves that were touched
        """
        own = self.env["stock.move"].browse(d.move_id for d in world.own)
        harmed = self.env["stock.move"].browse({take.move_id for take in takes})
        self._release_lines(harmed, {take: take.quantity for take in takes})
        own.filtered(lambda move: move.state != "assigned")._action_assign()
        return own | harmed

    def _release_lines(self, moves, quantities):
        """Reduce the move lines of ``moves``, whole ones at once.

        :param dict quantities: ``{key of a holding or take: quantity in the product's unit}``
        """
        wanted = defaultdict(float)
        for take, quantity in quantities.items():
            wanted[take.key] += quantity
        gone = self.env["stock.move.line"]
        for line in moves.move_line_ids:
            key = get_line_key(line)
            quantity = min(wanted[key], line.quantity_product_uom)
            if quantity <= EPSILON:
                continue
            wanted[key] -= quantity
            if line.quantity_product_uom - quantity <= EPSILON:
                gone |= line
            else:
                line.write(prepare_line_vals(line, line.quantity_product_uom - quantity))
        gone.unlink()

    def _check_result(self, moves, takes, before):
        """:raise UserError: unless exactly the approved quantities have changed hands"""
        change = defaultdict(float)
        for take in takes:
            change[take.move_id] -= take.quantity
            change[take.to_move_id] += take.quantity
        for move in moves:
            is_own = move.sale_line_id.order_id == self.order_id
            wanted = before["reserved"][str(move.id)] + change[move.id]
            digits = move.product_id.uom_id.rounding
            difference = float_compare(get_reserved(move), wanted, precision_rounding=digits)
            if difference < 0 or (difference > 0 and not is_own):
                raise UserError(
                    self.env._(
                        "%(product)s of %(picking)s cannot be reserved as it was approved: Odoo"
                        " reserves %(found)g instead of %(wanted)g. Nothing was moved; look for"
                        " lots, packages or packagings that may only be moved whole.",
                        product=move.product_id.display_name,
                        picking=move.picking_id.name or "-",
                        found=get_reserved(move),
                        wanted=wanted,
                    )
                )

    def _give_priority(self):
        """Let the order and its deliveries go first, in one or in several deliveries."""
        self.order_id._set_priority("1", f"{self.name}: {self.reason}")
        kinds = {"split": "direct", "wait": "one"}
        if self.scenario in kinds:
            self._get_own_pickings().write({"move_type": kinds[self.scenario]})


def get_reserved(move):
    return sum(move.move_line_ids.mapped("quantity_product_uom"))


def get_line_key(line):
    """Return the key of :class:`Take` for a move line."""
    return (
        line.move_id.id,
        line.location_id.id,
        line.lot_id.id or None,
        line.package_id.id or None,
        line.owner_id.id or None,
    )


def prepare_line_vals(line, quantity):
    """Return what makes a move line hold ``quantity`` of the product's unit, exactly: half a dozen
    less is no round number of dozens."""
    unit = line.product_id.uom_id
    if line.product_uom_id == unit:
        return {"quantity": quantity}
    return {"quantity": quantity, "product_uom_id": unit.id}
