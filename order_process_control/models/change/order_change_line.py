from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..order.process_token import is_process, with_default

# What a line proposes, under the names of the order's line
_VALUES = ("product_id", "name", "product_uom_qty", "product_uom_id", "price_unit", "discount")


class OrderChangeLine(models.Model):
    """One line of an order as it shall be, or a new one."""

    _name = "order.change.line"
    _description = "Line of an Order Change"
    _order = "change_id, sequence, id"
    _check_company_auto = True

    change_id = fields.Many2one("order.change", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="change_id.company_id")
    order_id = fields.Many2one(related="change_id.order_id")
    currency_id = fields.Many2one(related="change_id.order_id.currency_id")
    sequence = fields.Integer(default=1000)
    order_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        # A cancelled order may become another quotation; what was proposed is in the change's
        # own words
        ondelete="set null",
        help="Empty: the line is new.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        domain=[("sale_ok", "=", True)],
        ondelete="restrict",
        check_company=True,
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    product_uom_qty = fields.Float(
        string="Quantity",
        digits="Product Unit",
        default=1.0,
        required=True,
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    price_unit = fields.Float(
        string="Unit Price",
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    discount = fields.Float(string="Disc.%", digits="Discount")
    is_removed = fields.Boolean(
        string="Remove", help="The line stays on the order with quantity zero."
    )

    # === TODAY ===#

    today_product_uom_qty = fields.Float(
        related="order_line_id.product_uom_qty", related_sudo=False, string="Quantity Today"
    )
    today_price_unit = fields.Float(
        related="order_line_id.price_unit", related_sudo=False, string="Unit Price Today"
    )
    today_discount = fields.Float(
        related="order_line_id.discount", related_sudo=False, string="Disc.% Today"
    )
    qty_delivered = fields.Float(
        related="order_line_id.qty_delivered", related_sudo=False, string="Delivered"
    )
    qty_invoiced = fields.Float(
        related="order_line_id.qty_invoiced", related_sudo=False, string="Invoiced"
    )
    is_changed = fields.Boolean(compute="_compute_is_changed")

    _order_line_uniq = models.UniqueIndex(
        "(change_id, order_line_id) WHERE order_line_id IS NOT NULL",
        "Each line of the order is changed by one line of the change.",
    )

    # === COMPUTES ===#

    @api.model
    def _prepare_start_vals(self, line):
        """Return the values of a change line that leaves ``line`` as it is."""
        values = {name: line._fields[name].convert_to_write(line[name], line) for name in _VALUES}
        return {**values, "order_line_id": line.id, "sequence": line.sequence}

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            if line.order_line_id:
                line.name = line.order_line_id.name
            else:
                lang = line.order_id.partner_id.lang
                product = line.product_id.with_context(lang=lang)
                line.name = product.get_product_multiline_description_sale() if product else False

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = (
                line.order_line_id.product_uom_id if line.order_line_id else line.product_id.uom_id
            )

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_id", "product_uom_id")
    def _compute_price_unit(self):
        """A new line costs what the order's pricelist says, until somebody writes a price."""
        for line in self:
            if line.order_line_id:
                line.price_unit = line.order_line_id.price_unit
            elif line.product_id:
                order = line.order_id
                line.price_unit = order.pricelist_id._get_product_price(
                    line.product_id,
                    line.product_uom_qty or 1.0,
                    currency=order.currency_id,
                    uom=line.product_uom_id,
                    date=order.date_order,
                )
            else:
                line.price_unit = 0.0

    @api.depends("order_line_id", "is_removed", *_VALUES)
    def _compute_is_changed(self):
        for line in self:
            line.is_changed = bool(
                (not line.order_line_id and not line.is_removed) or line._get_changed_vals()
            )

    def _get_changed_vals(self):
        """Return what ``write`` on the order's line makes it what is proposed; nothing when it is
        that already."""
        self.ensure_one()
        line = self.order_line_id
        if not line:
            return {}
        if self.is_removed:
            return {"product_uom_qty": 0.0} if line.product_uom_qty else {}
        new = self._get_values()
        old = {name: line._fields[name].convert_to_write(line[name], line) for name in _VALUES}
        if all(self._is_same(old[name], new[name]) for name in _VALUES):
            return {}
        # All of them: what is written explicitly is not computed anew from the quantity
        return {name: new[name] for name in _VALUES if name != "product_id"}

    def _get_values(self):
        self.ensure_one()
        return {name: self._fields[name].convert_to_write(self[name], self) for name in _VALUES}

    @api.model
    def _is_same(self, old, new):
        if isinstance(old, float) or isinstance(new, float):
            return not float_compare(old or 0.0, new or 0.0, precision_digits=6)
        return (old or False) == (new or False)

    # === WHAT IS POSSIBLE ===#

    @api.constrains("order_line_id", "product_id", "product_uom_id", "change_id")
    def _check_order_line(self):
        for line in self.filtered("order_line_id"):
            # sudo: the order's lines, whoever writes the change
            order_line = line.sudo().order_line_id
            if (
                order_line.order_id != line.change_id.order_id
                or order_line.display_type
                or order_line.is_downpayment
            ):
                raise ValidationError(
                    self.env._("A change only takes up product lines of its own order.")
                )
            if (
                order_line.product_id != line.product_id
                or order_line.product_uom_id != line.product_uom_id
            ):
                raise ValidationError(
                    self.env._(
                        "%s: product and unit of a confirmed line stay. Remove the line and add a"
                        " new one.",
                        order_line.product_id.display_name,
                    )
                )

    @api.constrains("product_uom_qty")
    def _check_quantity(self):
        negative = self.filtered(lambda line: line.product_uom_qty < 0)
        # A line may be negative on the order already, as a return in exchange
        if any(line.product_uom_qty != line.today_product_uom_qty for line in negative):
            raise ValidationError(
                self.env._("A quantity cannot be negative: use “Remove” to take a line away.")
            )

    def _get_problems(self):
        """Return what stands against these lines as the order is now, one sentence each."""
        problems = []
        # sudo: what was delivered and invoiced, whoever asks
        for line in self.sudo().filtered(lambda line: line.order_line_id and line.is_changed):
            problems += line._get_line_problems()
        return problems

    def _get_line_problems(self):
        self.ensure_one()
        line = self.order_line_id
        name = line.product_id.display_name or line.name
        quantity = 0.0 if self.is_removed else self.product_uom_qty
        done = max(line.qty_delivered, line.qty_invoiced)
        uom = line.product_uom_id
        if quantity < line.product_uom_qty and uom.compare(quantity, done) < 0:
            yield self.env._(
                "%(product)s: %(done)s %(unit)s are delivered or invoiced already; the quantity"
                " cannot go below. Return or credit the rest first.",
                product=name,
                done=f"{done:g}",
                unit=uom.name,
            )
        prices = self._is_same(line.price_unit, self.price_unit) and self._is_same(
            line.discount, self.discount
        )
        if not prices and not self.is_removed and line.qty_invoiced:
            yield self.env._(
                "%s is invoiced already: its price stays. Correct it by a credit note.", name
            )

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = with_default(self, vals_list, "change_id")
        changes = self.env["order.change"].browse(
            {vals["change_id"] for vals in vals_list if vals.get("change_id")}
        )
        changes._check_editable()
        return super().create(vals_list)

    def write(self, vals):
        if not is_process(self.env):
            if "change_id" in vals and any(line.change_id.id != vals["change_id"] for line in self):
                raise UserError(self.env._("A line stays with its change: add a new one there."))
            self.change_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_drafts(self):
        self.change_id._check_editable()
