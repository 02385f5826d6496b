from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..order.process_token import as_process, is_process, with_default, without

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
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

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
        """Return the fields that only the process itself writes, whoever asks."""
        return {
            "name",
            "company_id",
            "state",
            "expected_completion",
            "requested_by",
            "requested_at",
            "applied_at",
            "reverted_at",
            "review_id",
            "editor_ids",
            "scenario",
            "scenarios",
            "simulated_at",
            "impact_ids",
            "harmed_count",
            "late_count",
            "delay_days",
            "before",
            "after",
        }

    @api.model
    def _get_request_fields(self):
        """Return the fields that are edited while the expedite is a draft."""
        return {"kind", "reason", "cause", "needed_by", "department_id", "tell_customers"}

    @api.model_create_multi
    def create(self, vals_list):
        if not is_process(self.env):
            for vals in vals_list:
                self._check_process_fields(vals)
        vals_list = with_default(self, vals_list, "order_id")
        orders = self.env["sale.order"].browse(
            vals["order_id"] for vals in vals_list if vals.get("order_id")
        )
        self._check_may_request(orders)
        vals_list = [self._prepare_create_vals(vals) for vals in vals_list]
        # The database looks for an open one: it has to know of those that were just closed
        self.flush_model(["state"])
        expedites = super().create(vals_list)
        expedites._note_editor()
        return expedites

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

    def write(self, vals):
        if not is_process(self.env):
            self._check_process_fields(vals)
            if "order_id" in vals and any(e.order_id.id != vals["order_id"] for e in self):
                raise UserError(
                    self.env._("An expedite belongs to its order: request another one there.")
                )
            if not self._get_request_fields().isdisjoint(vals):
                self._check_editable()
        return super().write(vals)

    def _check_process_fields(self, vals):
        """:raise AccessError: for values of fields that only the process sets."""
        names = self._get_process_fields() & vals.keys()
        if not self:
            # What says nothing, or what it is anyway, comes from the client's own defaults
            names = {name for name in names if vals[name] and vals[name] != "draft"}
        if names:
            labels = sorted(
                self._fields[name].get_description(self.env)["string"] for name in names
            )
            raise AccessError(
                self.env._(
                    "%s cannot be set by hand: the order process does it when the expedite is"
                    " simulated, submitted, signed and applied.",
                    ", ".join(labels),
                )
            )

    @api.model
    def _check_may_request(self, orders):
        """:raise AccessError: for whoever may not write the orders, or is no user of the process
        :raise UserError: for orders that are not confirmed
        """
        orders._check_may_submit()
        # sudo: the state of an order that the user may write
        unconfirmed = orders.sudo().filtered(lambda order: order.state != "sale")
        if unconfirmed:
            raise UserError(
                self.env._(
                    "%s is not confirmed: it waits for nothing yet. Mark a quotation as urgent"
                    " before it is submitted instead.",
                    ", ".join(unconfirmed.mapped("name")),
                )
            )

    def _check_may_act(self):
        """:raise AccessError: for whoever may not go on with these expedites"""
        if len(self.ids) != len(self):
            raise UserError(self.env._("One of the expedites does not exist. Reload the page."))
        self.check_access("write")
        self.order_id._check_may_submit()

    def _check_editable(self):
        """Let only drafts be edited, by whoever may write the order; remember who did.

        :raise AccessError: without the right to
        :raise UserError: names what is no draft, and what to do
        """
        if is_process(self.env):
            return
        self._check_may_act()
        fixed = self.filtered(lambda expedite: expedite.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%s was submitted: only a draft is edited. Use “Correct” when it was refused,"
                    " or cancel it and request another expedite.",
                    ", ".join(fixed.mapped("name")),
                )
            )
        self._note_editor()

    def _note_editor(self):
        user = self.env.user
        if user.id != SUPERUSER_ID:
            # sudo: process field
            new = self.sudo().filtered(lambda expedite: user not in expedite.editor_ids)
            as_process(new).write({"editor_ids": [Command.link(user.id)]})

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsubmitted(self):
        kept = self.filtered(lambda e: e.requested_at or e.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "%s was submitted and is kept: cancel it instead of deleting it.",
                    ", ".join(kept.mapped("name")),
                )
            )
        self._check_may_act()
