from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .contact import CONTACT_METHODS
from .process_token import is_process, without


class OrderOralRecord(models.Model):
    """The Oral/Phone Order Record: what was ordered by word of mouth, in writing, and that both
    sides have confirmed it (R-012, R-013).

    It belongs to its order: who reads the order reads it, who writes the order writes it. When
    both sides have confirmed it, it is a contract and does not change any more.
    """

    _name = "order.oral.record"
    _description = "Oral/Phone Order Record"
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="order_id.partner_id", related_sudo=False, string="Customer"
    )
    caller_partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="The person at the customer who ordered, if we know them already.",
    )
    caller_name = fields.Char(
        string="Ordered by",
        compute="_compute_caller",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="The person at the customer who spoke with us.",
    )
    caller_phone = fields.Char(
        string="Phone", compute="_compute_caller", store=True, readonly=False, precompute=True
    )
    called_at = fields.Datetime(
        string="Ordered On", required=True, default=fields.Datetime.now, copy=False
    )
    taken_by = fields.Many2one(
        "res.users",
        string="Taken by",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Our person who took the order.",
    )
    content = fields.Text(
        string="What was Agreed",
        required=True,
        help="Goods, quantities, prices, dates, delivery: everything that was said.",
    )
    ours_confirmed_by = fields.Many2one(
        "res.users", string="Confirmed for us by", readonly=True, copy=False
    )
    ours_confirmed_at = fields.Datetime(string="Confirmed for us On", readonly=True, copy=False)
    customer_confirmed_name = fields.Char(
        string="Confirmed for the Customer by", readonly=True, copy=False
    )
    customer_confirm_method = fields.Selection(
        CONTACT_METHODS, string="Confirmed by", readonly=True, copy=False
    )
    customer_confirmed_at = fields.Datetime(
        string="Confirmed for the Customer On", readonly=True, copy=False
    )
    customer_noted_by = fields.Many2one(
        "res.users",
        string="Noted by",
        readonly=True,
        copy=False,
        help="Who of us noted that the customer confirms.",
    )
    contract_since = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the second side confirmed: from then on it is deemed a signed contract.",
    )
    state = fields.Selection(
        [
            ("open", "To be Confirmed"),
            ("customer", "Waiting for the Customer"),
            ("ours", "Waiting for us"),
            ("contract", "Contract"),
        ],
        string="Status",
        compute="_compute_state",
    )
    corrects_id = fields.Many2one(
        "order.oral.record", readonly=True, copy=False, ondelete="set null"
    )

    # === COMPUTES ===#

    @api.depends("order_id.name", "called_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Oral Order %(order)s", order=record.sudo().order_id.name or ""
            ).strip()

    @api.depends("caller_partner_id")
    def _compute_caller(self):
        for record in self:
            caller = record.caller_partner_id
            record.caller_name = caller.name or record.caller_name
            record.caller_phone = caller.phone or record.caller_phone

    @api.depends("ours_confirmed_at", "customer_confirmed_at", "contract_since")
    def _compute_state(self):
        for record in self:
            if record.contract_since:
                record.state = "contract"
            elif record.ours_confirmed_at:
                record.state = "customer"
            else:
                record.state = "ours" if record.customer_confirmed_at else "open"

    # === WHO MAY ===#

    def _check_access(self, operation):
        """Beside rights and rules: as the user may do with the order."""
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        records = self - result[0] if result else self
        on_order = "read" if operation == "read" else "write"
        # sudo: which order it is of; whether the user may read that is asked next
        orders = records.sudo().order_id.with_env(self.env)._filtered_access(on_order)
        refused = records.filtered(lambda record: record.sudo().order_id.id not in orders._ids)
        if not refused:
            return result
        if result:
            refused |= result[0]
        return refused, refused._make_order_access_error

    def _make_order_access_error(self):
        return AccessError(
            self.env._(
                "This Oral/Phone Order Record belongs to an order that you may not read or not"
                " change. Ask the salesperson of the order."
            )
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            readable = self.env["sale.order"]._search([])
            domain = Domain(domain) & Domain("order_id", "in", readable)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    # === CRUD ===#

    @api.model
    def _get_process_fields(self):
        """Return the fields that only confirming writes."""
        return {
            "ours_confirmed_by",
            "ours_confirmed_at",
            "customer_confirmed_name",
            "customer_confirm_method",
            "customer_confirmed_at",
            "customer_noted_by",
            "contract_since",
        }

    @api.model
    def _get_agreed_fields(self):
        """Return the fields that both sides confirm."""
        return [
            "order_id",
            "caller_partner_id",
            "caller_name",
            "caller_phone",
            "called_at",
            "taken_by",
            "content",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        process_fields = self._get_process_fields() | {"corrects_id"}
        if not is_process(self.env):
            for vals in vals_list:
                self._check_process_fields({name for name in process_fields if vals.get(name)})
            vals_list = [without(vals, process_fields) for vals in vals_list]
        records = super().create(vals_list)
        records._check_content()
        return records

    def write(self, vals):
        if is_process(self.env):
            return super().write(vals)
        self._check_process_fields((self._get_process_fields() | {"corrects_id"}) & vals.keys())
        agreed = set(self._get_agreed_fields()) & vals.keys()
        if not agreed:
            return super().write(vals)
        self._check_not_contract()
        self._check_order_stays(vals)
        confirmed = self.filtered(lambda r: r.ours_confirmed_at or r.customer_confirmed_at)
        before = {record: record._get_digest() for record in confirmed}
        result = super().write(vals)
        self._check_content()
        changed = confirmed.filtered(lambda record: record._get_digest() != before[record])
        changed._void_confirmations()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contract(self):
        self._check_not_contract()

    def _check_process_fields(self, names):
        """:raise AccessError: when ``names`` is not empty"""
        if names:
            labels = sorted(self._fields[n].get_description(self.env)["string"] for n in names)
            raise AccessError(
                self.env._(
                    "%s cannot be set by hand: use the buttons “We Confirm” and “Customer"
                    " Confirms”.",
                    ", ".join(labels),
                )
            )

    def _check_not_contract(self):
        """:raise UserError: names what is a contract already"""
        contracts = self.filtered("contract_since")
        if contracts:
            raise UserError(
                self.env._(
                    "%s: both sides have confirmed it, so it is a contract and stays as it is."
                    " Use “Correct” to write a new record that takes its place.",
                    ", ".join(contracts.mapped("display_name")),
                )
            )

    def _check_order_stays(self, vals):
        if "order_id" in vals and self.filtered(lambda r: r.order_id.id != vals["order_id"]):
            raise UserError(
                self.env._("A record stays with its order: write a new one for the other order.")
            )

    def _check_content(self):
        if self.filtered(lambda record: not (record.content or "").strip()):
            raise UserError(self.env._("Write down in words what was agreed."))
