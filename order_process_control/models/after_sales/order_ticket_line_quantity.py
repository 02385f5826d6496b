from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

ENDED_STATES = ("closed", "cancelled")


class OrderTicketLine(models.Model):
    """How much of it came back, was inspected, refunded and sent again; and that nobody claims
    more than was delivered.

    Quantities of a line are in its own unit, that of the order's line.
    """

    _inherit = "order.ticket.line"

    transfer_move_ids = fields.One2many(
        "stock.move", "ticket_line_id", string="Transfers", readonly=True
    )
    refund_line_ids = fields.One2many(
        "account.move.line",
        "ticket_line_id",
        string="Credit Note Lines",
        readonly=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    inspection_ids = fields.One2many("order.ticket.inspection", "line_id", readonly=True)
    delivered_quantity = fields.Float(
        string="Delivered", digits="Product Unit", compute="_compute_delivered_quantity"
    )
    available_quantity = fields.Float(
        string="Can be Claimed",
        digits="Product Unit",
        compute="_compute_delivered_quantity",
        help="Delivered, less what came back, is on its way back, or is claimed already.",
    )
    returning_quantity = fields.Float(
        string="On its Way Back", digits="Product Unit", compute="_compute_progress"
    )
    received_quantity = fields.Float(
        string="Received", digits="Product Unit", compute="_compute_progress"
    )
    inspected_quantity = fields.Float(
        string="Inspected", digits="Product Unit", compute="_compute_progress"
    )
    refunded_quantity = fields.Float(
        string="Refunded", digits="Product Unit", compute="_compute_progress"
    )
    sent_quantity = fields.Float(
        string="Sent Again",
        digits="Product Unit",
        compute="_compute_progress",
        help="Sent to the customer for it, or planned.",
    )

    progress_text = fields.Char(string="Progress", compute="_compute_progress_text")

    # === WHAT HAS HAPPENED ===#

    @api.depends(
        "returning_quantity",
        "received_quantity",
        "inspected_quantity",
        "sent_quantity",
        "refunded_quantity",
        "compensated_amount",
    )
    @api.depends_context("lang")
    def _compute_progress_text(self):
        for line in self:
            parts = [
                (self.env._("on its way back %g"), line.returning_quantity),
                (
                    self.env._("received %g, to inspect"),
                    line.received_quantity - line.inspected_quantity,
                ),
                (self.env._("inspected %g"), line.inspected_quantity),
                (self.env._("sent again %g"), line.sent_quantity),
                (self.env._("refunded %g"), line.refunded_quantity),
            ]
            texts = [text % amount for text, amount in parts if amount > 0]
            if line.compensated_amount:
                given = formatLang(self.env, line.compensated_amount, currency_obj=line.currency_id)
                texts.append(self.env._("compensated %s", given))
            line.progress_text = ", ".join(texts)

    @api.depends(
        "transfer_move_ids.state",
        "transfer_move_ids.quantity",
        "transfer_move_ids.product_uom_qty",
        "inspection_ids",
        "uom_id",
    )
    def _compute_progress(self):
        # sudo: figures of documents that the agent may not open
        for line, sudo_line in zip(self, self.sudo(), strict=True):
            returns, sent = sudo_line._split_moves()
            uom, done = line.uom_id, returns.filtered(lambda m: m.state == "done")
            line.returning_quantity = sum(m._get_ticket_quantity(uom) for m in returns - done)
            line.received_quantity = sum(m._get_ticket_quantity(uom) for m in done)
            line.sent_quantity = sum(m._get_ticket_quantity(uom) for m in sent)
            line.inspected_quantity = sum(sudo_line.inspection_ids.mapped("quantity"))
            line.refunded_quantity = sum(
                row.product_uom_id._compute_quantity(row.quantity, uom)
                for row in sudo_line._get_refund_lines()
                if not row.is_ticket_compensation
            )

    def _split_moves(self):
        """Return (what brings it back, what was sent again); nothing that is cancelled."""
        moves = self.transfer_move_ids.filtered(lambda m: m.state != "cancel")
        returns = moves.filtered(lambda m: m._is_ticket_return())
        return returns, moves - returns

    def _get_refund_lines(self):
        """Return the lines of credit notes for these, as superuser."""
        return self.sudo().refund_line_ids.filtered(
            lambda row: row.parent_state != "cancel" and row.display_type == "product"
        )

    def _get_returned_total(self):
        """Return what has come back or is on its way."""
        self.ensure_one()
        return self.returning_quantity + self.received_quantity

    def _get_claim(self):
        """Return what this line still takes of the delivered quantity, beside what its returns
        took already: all of an open ticket, of an ended one what was refunded or sent again
        without return."""
        self.ensure_one()
        wanted = self.refunded_quantity + self.sent_quantity
        if self.ticket_id.state not in ENDED_STATES:
            wanted = max(wanted, self.quantity)
        return max(wanted - self._get_returned_total(), 0.0)

    # === THE LIMIT ===#

    @api.depends("order_line_id", "move_id", "lot_id", "quantity")
    def _compute_delivered_quantity(self):
        # sudo: figures of the order and of claims on other tickets
        figures = self.sudo()._get_figures()
        for line in self:
            delivered, returned, claims = figures.get(
                line.order_line_id._origin.id or line.order_line_id.id, (0.0, 0.0, {})
            )
            others = sum(qty for key, qty in claims.items() if key != line._origin.id)
            line.delivered_quantity = delivered
            line.available_quantity = max(delivered - returned - others, 0.0)

    def _get_figures(self):
        """Return ``{order line id: (delivered, returned or returning, {ticket line id: claim})}``,
        in a constant number of queries."""
        order_lines = self.order_line_id._origin
        # sudo: claims on other tickets count, whoever may read them
        ticket_lines = self.env["order.ticket.line"].sudo()
        claiming = ticket_lines.search([("order_line_id", "in", order_lines.ids)])
        claims = defaultdict(dict)
        for line in claiming:
            claims[line.order_line_id.id][line.id] = line._get_claim()
        return {
            order_line.id: (*order_line._get_ticket_quantities(), claims[order_line.id])
            for order_line in order_lines
        }

    def _lock(self):
        """Take the orders of these lines for this transaction: who decides on the same goods at
        the same time is run again by Odoo, and sees what was decided first."""
        # sudo: orders that the agent need not read
        self.env["order.ledger"]._lock(self.sudo().order_id)

    def _check_quantities(self):
        """Requested, returning and returned together never exceed what was delivered.

        :raise ValidationError: names product, order and how much is left
        """
        # sudo: what was delivered and is claimed, whoever may read it
        lines = self.sudo().filtered("order_line_id")
        if not lines:
            return
        lines._lock()
        problems = []
        for order_line_id, (delivered, returned, claims) in lines._get_figures().items():
            order_line = lines.order_line_id.browse(order_line_id)
            left = delivered - returned - sum(claims.values())
            if order_line.product_uom_id.compare(left, 0.0) < 0:
                own = sum(claims[line.id] for line in lines if line.order_line_id == order_line)
                problems.append(
                    self.env._(
                        "%(product)s of %(order)s: %(quantity)g %(unit)s can be claimed still, you"
                        " ask for %(asked)g. Delivered: %(delivered)g, returned or on other"
                        " tickets: %(taken)g.",
                        product=order_line.product_id.display_name,
                        order=order_line.order_id.name,
                        quantity=max(left + own, 0.0),
                        unit=order_line.product_uom_id.name,
                        asked=own,
                        delivered=delivered,
                        taken=delivered - left - own,
                    )
                )
        problems += lines._get_part_problems()
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_part_problems(self):
        """Return in sentences which single delivery or serial number is claimed more than once."""
        named = self.filtered(lambda line: line.move_id or line.lot_id)
        if not named:
            return []
        siblings = self.search([("order_line_id", "in", named.order_line_id.ids)])
        problems = []
        for line in named:
            for name in ("move_id", "lot_id"):
                part = line[name]
                if not part:
                    continue
                claimed = sum(other._get_claim() for other in siblings if other[name] == part)
                left = line._get_part_quantity(name)
                if line.uom_id.compare(claimed, left) > 0:
                    problems.append(
                        self.env._(
                            "%(product)s, %(part)s: %(left)g can be claimed still, not"
                            " %(claimed)g.",
                            product=line.product_id.display_name,
                            part=part.display_name,
                            left=left,
                            claimed=claimed,
                        )
                    )
        return list(dict.fromkeys(problems))

    def _get_part_quantity(self, name):
        """Return what was delivered of this line's delivery or lot and has not come back."""
        self.ensure_one()
        uom = self.uom_id
        if name == "move_id":
            returned = self.move_id.returned_move_ids.filtered(
                lambda m: m.state != "cancel" and m._is_ticket_return()
            )
            gone = sum(m._get_ticket_quantity(uom) for m in returned)
            return self.move_id._get_ticket_quantity(uom) - gone
        rows = self.order_line_id.move_ids.move_line_ids.filtered(
            lambda row: row.lot_id == self.lot_id and row.state != "cancel"
        )
        return sum(
            row.product_uom_id._compute_quantity(row.quantity, uom)
            * (1 if row.location_dest_id.usage == "customer" else -1)
            for row in rows
            if row.state == "done" or row.location_dest_id.usage != "customer"
        )

    # === WHEN IT IS ASKED ===#

    @api.model
    def _get_claim_fields(self):
        return {"order_line_id", "move_id", "lot_id", "quantity", "product_id"}

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_quantities()
        return lines

    def write(self, vals):
        claim = not self._get_claim_fields().isdisjoint(vals)
        if claim:
            self._check_untouched(vals)
        result = super().write(vals)
        if claim:
            self._check_quantities()
        return result

    def _check_untouched(self, vals):
        """What has documents is still the same goods; its quantity never falls below them.

        :raise UserError: names the goods
        """
        for line in self:
            moved = max(line._get_returned_total(), line.refunded_quantity, line.sent_quantity)
            if line.compensated_amount:
                moved = max(moved, line.quantity)
            if not moved:
                continue
            other_goods = (self._get_claim_fields() - {"quantity"}) & vals.keys()
            if other_goods or vals.get("quantity", line.quantity) < moved:
                raise UserError(
                    self.env._(
                        "%s: there are transfers or credit notes for it. Undo these first, or"
                        " enter more goods on another line.",
                        line.product_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_untouched(self):
        self._check_untouched({"quantity": -1})
