from odoo import fields, models


class OrderExpediteImpact(models.Model):
    """What the chosen way of an expedite does to one delivery of another order (R-178 .. R-181).

    Nobody has write access: the simulation writes the rows of a draft, and what was submitted is
    kept.
    """

    _name = "order.expedite.impact"
    _description = "Impact of an Expedite"
    _order = "expedite_id, delay_days desc, shift_days desc, id"

    expedite_id = fields.Many2one(
        "order.expedite", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        "sale.order", string="Harmed Order", readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    amount = fields.Monetary(readonly=True, help="Total of the harmed order.")
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id")
    picking_id = fields.Many2one("stock.picking", readonly=True, ondelete="set null")
    move_id = fields.Many2one("stock.move", readonly=True, ondelete="set null", index=True)
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Reserved quantity that is taken away, in the unit of the product; 0 for an order that"
        " only waits longer.",
    )
    promised_date = fields.Datetime(readonly=True, help="What its customer was promised.")
    date_before = fields.Datetime(readonly=True, help="When it would leave as things are.")
    date_after = fields.Datetime(
        readonly=True, help="When it leaves with the expedite; empty: no receipt is expected."
    )
    shift_days = fields.Integer(string="Days Later", readonly=True)
    delay_days = fields.Integer(
        string="Days Late", readonly=True, help="Days past the promised date that are new."
    )
    is_late = fields.Boolean(
        string="Late", readonly=True, help="Misses its promised date because of the expedite."
    )
    told_at = fields.Datetime(string="Owner Told On", readonly=True)
    customer_told_at = fields.Datetime(string="Customer Told On", readonly=True)
