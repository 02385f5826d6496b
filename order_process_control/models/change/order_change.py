from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..order.process_token import as_process, is_process, with_default, without

OPEN_STATES = ("draft", "submitted", "approved")


class OrderChange(models.Model):
    """What shall become of a confirmed order: the one door for changing its values and lines
    (design, "Change"; R-174, R-184 .. R-190).

    Whoever may write the order proposes; state and stamps are the process' own.
    """

    _name = "order.change"
    _description = "Change of an Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

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
        """Return the fields that only the process itself writes, whoever asks."""
        return {
            "name",
            "number",
            "company_id",
            "state",
            "requested_by",
            "requested_at",
            "applied_at",
            "review_id",
            "before",
            "after",
            "proposed",
            "editor_ids",
        }

    @api.model
    def _get_proposal_fields(self):
        """Return the fields that are edited while the change is a draft."""
        return {"reason", "line_ids", *self._get_header_fields()}

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

    @api.model_create_multi
    def create(self, vals_list):
        if not is_process(self.env):
            for vals in vals_list:
                self._check_process_fields(vals)
        vals_list = with_default(self, vals_list, "order_id")
        orders = self.env["sale.order"].browse(
            vals["order_id"] for vals in vals_list if vals.get("order_id")
        )
        self._check_may_propose(orders)
        # sudo: changes of all times count, also those that the user may not read
        numbers = dict(
            self.sudo()._read_group([("order_id", "in", orders.ids)], ["order_id"], ["number:max"])
        )
        vals_list = [
            self._prepare_create_vals(vals, orders.browse(vals.get("order_id")), numbers)
            for vals in vals_list
        ]
        # The database looks for an open one: it has to know of those that were just closed
        self.flush_model(["state"])
        changes = super().create(vals_list)
        changes._note_editor()
        return changes

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

    def write(self, vals):
        if not is_process(self.env):
            self._check_process_fields(vals)
            if "order_id" in vals and any(c.order_id.id != vals["order_id"] for c in self):
                raise UserError(
                    self.env._("A change belongs to its order: request another one there.")
                )
            if not self._get_proposal_fields().isdisjoint(vals):
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
                    "%s cannot be set by hand: the order process does it when the change is"
                    " submitted, signed and applied.",
                    ", ".join(labels),
                )
            )

    @api.model
    def _check_may_propose(self, orders):
        """:raise AccessError: for whoever may not write the orders, or is no user of the process
        :raise UserError: for orders that are not confirmed
        """
        orders._check_may_submit()
        open_orders = orders.sudo().filtered(lambda order: order.state != "sale")
        if open_orders:
            raise UserError(
                self.env._(
                    "%s is not confirmed: edit it directly instead of requesting a change.",
                    ", ".join(open_orders.mapped("name")),
                )
            )

    def _check_may_act(self):
        """:raise AccessError: for whoever may not go on with these changes"""
        if len(self.ids) != len(self):
            raise UserError(self.env._("One of the changes does not exist. Reload the page."))
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
        fixed = self.filtered(lambda change: change.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%s was submitted: only a draft is edited. Use “Correct” when it was refused,"
                    " or withdraw it and request another change.",
                    ", ".join(fixed.mapped("name")),
                )
            )
        self._note_editor()

    def _note_editor(self):
        user = self.env.user
        if user.id != SUPERUSER_ID:
            # sudo: process field
            new = self.sudo().filtered(lambda change: user not in change.editor_ids)
            as_process(new).write({"editor_ids": [Command.link(user.id)]})

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unsubmitted(self):
        kept = self.filtered(lambda change: change.requested_at or change.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "%s was submitted and is kept: withdraw it instead of deleting it.",
                    ", ".join(kept.mapped("name")),
                )
            )
        self._check_may_act()
