from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..order.process_token import is_process, without_derived

OUTCOMES = [
    ("advice", "Advice"),
    ("return", "Return"),
    ("refund", "Refund without Return"),
    ("exchange", "Exchange"),
    ("repair", "Repair"),
    ("resupply", "Supply Again"),
    ("compensation", "Compensation"),
]
# What the goods come back for
RETURN_OUTCOMES = ("return", "exchange", "repair")


class OrderTicketLine(models.Model):
    """Goods that a ticket is about, and what becomes of them (R-383 .. R-388)."""

    _name = "order.ticket.line"
    _description = "Goods of a Ticket"
    _order = "ticket_id, id"
    _check_company_auto = True

    ticket_id = fields.Many2one("order.ticket", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, index=True, precompute=True
    )
    commercial_partner_id = fields.Many2one(related="ticket_id.commercial_partner_id")
    ticket_state = fields.Selection(related="ticket_id.state")
    order_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('order_id.partner_id', 'child_of', commercial_partner_id),"
        " ('state', '=', 'sale'), ('display_type', '=', False)]",
    )
    order_id = fields.Many2one(related="order_line_id.order_id", store=True, precompute=True)
    move_id = fields.Many2one(
        "stock.move",
        string="Delivery",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('sale_line_id', '=?', order_line_id), ('state', '=', 'done'),"
        " ('location_dest_usage', '=', 'customer')]",
        help="Of which delivery; empty: of any delivery of the order's line.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial Number or Lot",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one("uom.uom", compute="_compute_uom_id", store=True, precompute=True)
    reason = fields.Selection(
        [
            ("defective", "Defective"),
            ("damaged", "Damaged in Transit"),
            ("wrong", "Wrong Goods"),
            ("missing", "Missing"),
            ("late", "Too Late"),
            ("unwanted", "Not Wanted"),
            ("acceptance", "Not Accepted by the Customer"),
            ("other", "Other"),
        ],
        required=True,
        default="defective",
    )
    note = fields.Char(help="What is wrong with it.")
    requested_outcome = fields.Selection(OUTCOMES, string="Customer Asks For")
    decided_outcome = fields.Selection(
        OUTCOMES, string="Decided", help="What was agreed with the customer (R-359)."
    )

    _quantity_positive = models.Constraint("CHECK(quantity > 0)", "Enter a quantity above zero.")

    @api.depends("order_line_id", "move_id", "lot_id")
    def _compute_product_id(self):
        for line in self:
            line.product_id = (
                line.move_id.product_id
                or line.order_line_id.product_id
                or line.lot_id.product_id
                or line.product_id
            )

    @api.depends("product_id", "order_line_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.order_line_id.product_uom_id or line.product_id.uom_id

    @api.depends("product_id", "quantity")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.product_id.display_name or ''} × {line.quantity:g}"

    # === WHO WRITES WHAT ===#

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([without_derived(self, vals) for vals in vals_list])
        lines._check_editable()
        lines.ticket_id._check_orders_readable()
        return lines

    @api.model
    def default_get(self, fields):
        return without_derived(self, super().default_get(fields))

    def write(self, vals):
        if not is_process(self.env):
            self._check_editable()
            if "ticket_id" in vals and any(line.ticket_id.id != vals["ticket_id"] for line in self):
                raise UserError(self.env._("Goods stay on their ticket: enter them there anew."))
        return super().write(without_derived(self, vals))

    def onchange(self, values, field_names, fields_spec):
        self._check_sources_readable(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_sources_readable(self, values):
        """:raise AccessError: for a ticket, an order's line or a delivery of one in what a client
        has entered that the user may not read"""
        # sudo: which order a delivery is of, and what stands here already; nothing is handed out
        known = self.sudo()
        ticket_id, line_id, move_id = map(values.get, ("ticket_id", "order_line_id", "move_id"))
        tickets = self.env["order.ticket"]
        if isinstance(ticket_id, dict):
            # On the screen of the ticket, which is sent along as it stands there
            tickets.browse(ticket_id.get("id") or ())._check_sources_readable(ticket_id)
        elif ticket_id and ticket_id != known.ticket_id.id:
            tickets.browse(ticket_id).check_access("read")
        order_lines = self.env["sale.order.line"]
        if move_id and move_id != known.move_id.id:
            order_lines |= known.move_id.browse(move_id).sale_line_id.sudo(False)
        if line_id and line_id != known.order_line_id.id:
            order_lines |= order_lines.browse(line_id)
        if order_lines:
            order_lines.check_access("read")

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in self._get_internal_fields() and self.env.user.share and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_internal_fields(self):
        """Return the fields that nobody outside reads: who granted something and why, and money
        that is not agreed yet."""
        return {"override_reason", "override_by", "override_at"}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._check_editable()

    def _check_editable(self):
        """:raise UserError: for goods of tickets that are solved or have ended"""
        fixed = self.ticket_id.filtered(
            lambda ticket: ticket.state not in ticket._get_open_states()
        )
        if fixed:
            raise UserError(
                self.env._(
                    "%s is solved or has ended: reopen it before you change its goods.",
                    ", ".join(fixed.mapped("name")),
                )
            )

    @api.constrains("order_line_id", "move_id", "product_id", "lot_id", "ticket_id")
    def _check_consistent(self):
        """:raise ValidationError: for goods of another customer, company, order or product"""
        # sudo: what the user may not read is refused all the same
        for line in self.sudo():
            problem = line._get_inconsistency()
            if problem:
                raise ValidationError(problem)

    def _get_inconsistency(self):
        """Return what does not fit together, in a sentence, or None."""
        self.ensure_one()
        customer = self.ticket_id.commercial_partner_id
        order, move = self.order_line_id.order_id, self.move_id
        if order and order.partner_id.commercial_partner_id != customer:
            return self.env._(
                "%(order)s is an order of another customer than %(customer)s.",
                order=order.name,
                customer=customer.display_name,
            )
        if order and order.company_id != self.ticket_id.company_id:
            return self.env._("%s is an order of another company: open a ticket there.", order.name)
        if move and move.sale_line_id != self.order_line_id:
            return self.env._(
                "%s is no delivery of this line of the order.", move.picking_id.name or ""
            )
        if move and (move.state != "done" or move.location_dest_id.usage != "customer"):
            return self.env._("%s has brought nothing to a customer.", move.picking_id.name or "")
        if self.lot_id and self.lot_id.product_id != self.product_id:
            return self.env._(
                "%(lot)s is no number of %(product)s.",
                lot=self.lot_id.name,
                product=self.product_id.display_name,
            )
        if self.order_line_id and self.order_line_id.product_id != self.product_id:
            return self.env._("The product is not the one of the order's line.")
        return None
