from odoo import api, fields, models
from odoo.fields import Command

from ..order.process_token import without

OPEN_STATES = ("draft", "submitted", "approved")


class OrderChange(models.Model):
    """What shall become of a confirmed order: the one door for changing its values and lines
    (design, "Change"; R-174, R-184 .. R-190).

    Whoever may write the order proposes; state and stamps are the process' own.
    """

    _name = "order.change"
    _description = "Change of an Order"
    _inherit = "order.request.mixin"
    _order = "id desc"
    _check_company_auto = True

    _request_subject = "change"

    name = fields.Char(readonly=True, copy=False, index="trigram")
    number = fields.Integer(readonly=True, copy=False)
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("state", "=", "sale")],
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="order_id.partner_id", related_sudo=False, string="Customer"
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    reason = fields.Text(required=True, help="Why the order shall be changed, and who wants it.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "In Review"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("applied", "Applied"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    requested_by = fields.Many2one("res.users", readonly=True, copy=False)
    requested_at = fields.Datetime(string="Requested On", readonly=True, copy=False)
    applied_at = fields.Datetime(string="Applied On", readonly=True, copy=False)
    review_id = fields.Many2one(
        "order.review", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    before = fields.Json(
        readonly=True, copy=False, help="The order as it was when the change was submitted."
    )
    after = fields.Json(readonly=True, copy=False, help="What the change makes of the order.")
    proposed = fields.Json(
        readonly=True,
        copy=False,
        help="Which values and lines differed from the order when the change was submitted: only"
        " these are written.",
    )
    editor_ids = fields.Many2many(
        "res.users",
        "order_change_editor_rel",
        string="Written by",
        readonly=True,
        copy=False,
        help="Who wrote this proposal: they do not sign it.",
    )

    # === WHAT IS PROPOSED ===#

    commitment_date = fields.Datetime(string="Promised Date")
    payment_term_id = fields.Many2one(
        "account.payment.term", string="Payment Terms", check_company=True
    )
    partner_invoice_id = fields.Many2one(
        "res.partner", string="Invoice Address", check_company=True
    )
    partner_shipping_id = fields.Many2one(
        "res.partner", string="Delivery Address", check_company=True
    )
    incoterm = fields.Many2one("account.incoterms")
    incoterm_location = fields.Char()
    user_id = fields.Many2one(
        "res.users", string="Salesperson", domain=[("share", "=", False)], check_company=True
    )
    line_ids = fields.One2many("order.change.line", "change_id", string="Lines", copy=True)

    # === THE SAME TODAY, as far as the reader reads the order ===#

    today_commitment_date = fields.Datetime(
        related="order_id.commitment_date", related_sudo=False, string="Date Today"
    )
    today_payment_term_id = fields.Many2one(
        related="order_id.payment_term_id", related_sudo=False, string="Payment Terms Today"
    )
    today_partner_invoice_id = fields.Many2one(
        related="order_id.partner_invoice_id", related_sudo=False, string="Invoice Address Today"
    )
    today_partner_shipping_id = fields.Many2one(
        related="order_id.partner_shipping_id", related_sudo=False, string="Delivery Address Today"
    )
    today_incoterm = fields.Many2one(
        related="order_id.incoterm", related_sudo=False, string="Incoterm Today"
    )
    today_incoterm_location = fields.Char(
        related="order_id.incoterm_location", related_sudo=False, string="Incoterm Location Today"
    )
    today_user_id = fields.Many2one(
        related="order_id.user_id", related_sudo=False, string="Salesperson Today"
    )

    _number_uniq = models.UniqueIndex("(order_id, number)", "This change exists already.")
    _open_uniq = models.UniqueIndex(
        "(order_id) WHERE state IN ('draft', 'submitted', 'approved')",
        "There is an open change of this order already: go on with that one, or withdraw it first.",
    )

    # === WHO WRITES WHAT ===#

    @api.model
    def _get_header_fields(self):
        """Return the fields that a change proposes under the name they have on the order."""
        return [
            "commitment_date",
            "payment_term_id",
            "partner_invoice_id",
            "partner_shipping_id",
            "incoterm",
            "incoterm_location",
            "user_id",
        ]

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"number", "proposed"}

    @api.model
    def _get_request_fields(self):
        return super()._get_request_fields() | {"line_ids", *self._get_header_fields()}

    @api.model
    def default_get(self, fields):
        """Begin with the order as it is, when the order is known."""
        values = super().default_get(fields)
        order = self.env["sale.order"].browse(values.get("order_id"))
        if order:
            start = self._prepare_start_vals(order)
            values |= {name: start[name] for name in fields if name in start}
        return values

    @api.model
    def _prepare_start_vals(self, order):
        """Return the values of a change that changes nothing yet."""
        header = {
            name: order._fields[name].convert_to_write(order[name], order)
            for name in self._get_header_fields()
        }
        lines = self.env["order.change.line"]
        return {
            **header,
            "line_ids": [
                Command.create(lines._prepare_start_vals(line))
                for line in order._get_watched_lines()
            ],
        }

    @api.model
    def _prepare_create_vals_list(self, vals_list):
        orders = self.env["sale.order"].browse(
            vals["order_id"] for vals in vals_list if vals.get("order_id")
        )
        # sudo: changes of all times count, also those that the user may not read
        numbers = dict(
            self.sudo()._read_group([("order_id", "in", orders.ids)], ["order_id"], ["number:max"])
        )
        return [
            self._prepare_create_vals(vals, orders.browse(vals.get("order_id")), numbers)
            for vals in vals_list
        ]

    @api.model
    def _prepare_create_vals(self, vals, order, numbers):
        order = order.sudo()
        numbers[order] = numbers.get(order, 0) + 1
        # Explicit: a default of the user's own is as good as a value
        plain = {name for name in self._get_process_fields() if self._fields[name].column_type}
        start = self._prepare_start_vals(order) if order else {}
        return {
            **start,
            **without(vals, plain - {"company_id"}),
            "number": numbers[order],
            "name": f"{order.name}/C{numbers[order]}",
            "state": "draft",
        }

    @api.model
    def _get_unconfirmed_sentence(self, names):
        return self.env._(
            "%s is not confirmed: edit it directly instead of requesting a change.", names
        )
