from odoo import api, fields, models

from ..order.process_token import without

OPEN_STATES = ("draft", "submitted", "approved")
CAUSES = [
    ("customer", "Customer's Need"),
    ("supplier", "Supplier Late"),
    ("production", "Production Late"),
    ("error", "Our Own Error"),
    ("other", "Other"),
]
KINDS = [("queue", "Jump the Queue"), ("emergency", "Emergency Shipment")]
STATES = [
    ("draft", "Draft"),
    ("submitted", "In Review"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("applied", "Applied"),
    ("reverted", "Reverted"),
    ("cancelled", "Cancelled"),
]
# Whether a delivery left by its day
KEPT = [("open", "Open"), ("kept", "Kept"), ("missed", "Missed")]
SCENARIOS = [
    ("take", "Take Reserved Stock"),
    ("split", "Split Delivery"),
    ("wait", "Wait for the Receipt"),
]


class OrderExpedite(models.Model):
    """The request that a confirmed order goes before others, with the price for these
    (R-058, R-158 .. R-183).

    Whoever may write the order asks for it; state, plan and stamps are the process' own.
    """

    _name = "order.expedite"
    _description = "Expedite"
    _inherit = "order.request.mixin"
    _order = "id desc"
    _check_company_auto = True

    _request_subject = "expedite"

    name = fields.Char(readonly=True, copy=False, index="trigram")
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
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        KINDS,
        default="queue",
        required=True,
        help="Jump the queue: goods or receipts that others wait for. Emergency shipment: need,"
        " supply and shipment are confirmed by the departments first.",
    )
    reason = fields.Text(required=True, help="Why it cannot wait, and who says so.")
    cause = fields.Selection(
        CAUSES, default="customer", required=True, help="What kind of reason it is, for statistics."
    )
    needed_by = fields.Datetime(
        required=True, help="When the customer needs the goods at the latest."
    )
    expected_completion = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the chosen way lets all of the order leave, as far as receipts are known.",
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Requesting Department",
        check_company=True,
        default=lambda self: self._default_department_id(),
    )
    state = fields.Selection(
        STATES,
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    requested_by = fields.Many2one("res.users", readonly=True, copy=False, index=True)
    requested_at = fields.Datetime(string="Requested On", readonly=True, copy=False)
    applied_at = fields.Datetime(string="Applied On", readonly=True, copy=False)
    reverted_at = fields.Datetime(string="Reverted On", readonly=True, copy=False)
    review_id = fields.Many2one(
        "order.review", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    editor_ids = fields.Many2many(
        "res.users",
        "order_expedite_editor_rel",
        string="Written by",
        readonly=True,
        copy=False,
        help="Who wrote this request: they do not sign it.",
    )

    # === WHAT IT WOULD DO ===#

    scenario = fields.Selection(
        SCENARIOS, string="Chosen Way", readonly=True, copy=False, help="What is to be approved."
    )
    scenarios = fields.Json(
        readonly=True, copy=False, help="What each way would do, as it was last simulated."
    )
    simulated_at = fields.Datetime(string="Simulated On", readonly=True, copy=False)
    impact_ids = fields.One2many("order.expedite.impact", "expedite_id", readonly=True, copy=False)
    harmed_count = fields.Integer(
        string="Orders Delayed", readonly=True, copy=False, help="Orders that leave later."
    )
    late_count = fields.Integer(
        string="Orders Late", readonly=True, copy=False, help="Orders that miss their promise."
    )
    delay_days = fields.Integer(
        string="Days Late Caused",
        readonly=True,
        copy=False,
        help="Days past the promised dates, of all harmed orders together.",
    )
    tell_customers = fields.Boolean(
        string="Tell the Customers",
        help="The customers of the orders that become late get a mail when it is applied.",
    )
    before = fields.Json(readonly=True, copy=False, help="The stock as it was before.")
    after = fields.Json(readonly=True, copy=False, help="What was done, exactly.")

    _open_uniq = models.UniqueIndex(
        "(order_id) WHERE state IN ('draft', 'submitted', 'approved')",
        "There is an open expedite of this order already: go on with that one, or cancel it first.",
    )

    @api.model
    def _default_department_id(self):
        # sudo: only HR officers read employees
        return self.env.user.sudo().employee_id.department_id

    @api.depends("name", "order_id.name")
    def _compute_display_name(self):
        for expedite in self:
            # sudo: the number of the order, for who may read the expedite
            order = expedite.sudo().order_id.name
            expedite.display_name = ": ".join(filter(None, [expedite.name, order]))

    # === WHO WRITES WHAT ===#

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            *("expected_completion", "reverted_at", "scenario", "scenarios", "simulated_at"),
            *("impact_ids", "harmed_count", "late_count", "delay_days"),
        }

    @api.model
    def _get_request_fields(self):
        names = {"kind", "cause", "needed_by", "department_id", "tell_customers"}
        return super()._get_request_fields() | names

    @api.model
    def _prepare_create_vals_list(self, vals_list):
        return [self._prepare_create_vals(vals) for vals in vals_list]

    @api.model
    def _prepare_create_vals(self, vals):
        # Explicit: a default of the user's own is as good as a value
        plain = {name for name in self._get_process_fields() if self._fields[name].column_type}
        return {
            **without(vals, plain - {"company_id"}),
            # sudo: a number, whoever asks
            "name": self.env["ir.sequence"].sudo().next_by_code("order.expedite"),
            "harmed_count": 0,
            "late_count": 0,
            "delay_days": 0,
            "state": "draft",
        }

    @api.model
    def _get_unconfirmed_sentence(self, names):
        return self.env._(
            "%s is not confirmed: it waits for nothing yet. Mark a quotation as urgent before it"
            " is submitted instead.",
            names,
        )
