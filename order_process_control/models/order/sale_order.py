from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Datetime

from .process_token import as_process, is_process, without


class SaleOrder(models.Model):
    """Intake and class of an order (R-001 .. R-062)."""

    _inherit = "sale.order"

    # Everything here is internal: a portal customer reads sale.order over RPC as well.
    received_at = fields.Datetime(
        string="Received On",
        copy=False,
        groups="base.group_user",
        help="When the customer's order reached us.",
    )
    received_by = fields.Many2one("res.users", copy=False, groups="base.group_user")
    document_date = fields.Date(
        copy=False,
        groups="base.group_user",
        help="The date on the customer's document (R-029, R-033).",
    )
    registered_at = fields.Datetime(
        string="Registered On",
        copy=False,
        readonly=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Set once, by Register or by the first submission; never changed afterwards.",
    )
    registered_by = fields.Many2one(
        "res.users", copy=False, readonly=True, groups="base.group_user"
    )
    intake_form = fields.Selection(
        [("oral", "Oral"), ("written", "Written"), ("electronic", "Electronic")],
        string="Form of the Order",
        copy=False,
        groups="base.group_user",
    )
    document_type = fields.Selection(
        [
            ("contract", "Sales Contract"),
            ("order_form", "Order Form"),
            ("purchase_order", "Purchase Order"),
            ("other", "Other"),
        ],
        string="Kind of Document",
        copy=False,
        groups="base.group_user",
    )
    customer_document = fields.Binary(
        string="Document", attachment=True, copy=False, groups="base.group_user"
    )
    customer_document_name = fields.Char(copy=False, groups="base.group_user")

    is_important = fields.Boolean(
        string="Important Order", tracking=True, copy=False, groups="base.group_user"
    )
    is_must_accept = fields.Boolean(
        string="Must be Accepted",
        tracking=True,
        copy=False,
        groups="base.group_user",
        help="An order that is taken in any case (R-057).",
    )
    special_reason_ids = fields.Many2many(
        "order.special.reason", string="Special Reasons", copy=False, groups="base.group_user"
    )
    class_id = fields.Many2one(
        "order.class",
        string="Order Class",
        compute="_compute_class_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
        help="Follows the rules of the classes until you choose another class yourself.",
    )
    class_is_manual = fields.Boolean(copy=False, groups="base.group_user")

    # === COMPUTES ===#

    @api.model
    def _get_class_fields(self):
        """Return the fields that re-classify a quotation as soon as they change.

        A rule may use any other field as well: rules are read anew at each submission.
        """
        return [
            "company_id",
            "partner_id",
            "medium_id",
            "is_important",
            "is_must_accept",
            "special_reason_ids",
            "class_is_manual",
            "amount_untaxed",
            "order_line.product_id",
        ]

    @api.depends(lambda self: self._get_class_fields())
    def _compute_class_id(self):
        following = self.filtered(
            lambda order: not order.class_is_manual and order.state in ("draft", "sent")
        )
        classes = self.env["order.class"]._match_orders(following, in_memory=True)
        for order in self:
            order.class_id = classes.get(order.id, order.class_id)

    @api.onchange("class_id")
    def _onchange_class_id(self):
        self._mark_manual_class()

    @api.onchange("medium_id")
    def _onchange_medium_id(self):
        if not self.intake_form and self.medium_id.is_oral:
            self.intake_form = "oral"
        elif not self.intake_form and self.medium_id.family == "online":
            self.intake_form = "electronic"

    def _mark_manual_class(self):
        """Remember whose class was chosen against the rules, so that they leave it alone."""
        classes = self.env["order.class"]._match_orders(self, in_memory=True)
        for order in self:
            is_manual = bool(order.class_id) and order.class_id != classes[order.id]
            if order.class_is_manual != is_manual:
                order.class_is_manual = is_manual

    # === CRUD ===#

    @api.model
    def _get_process_fields(self):
        """Return the fields that only the process itself writes, whoever asks."""
        return {"registered_at", "registered_by"}

    @api.model
    def _get_computed_fields(self):
        """Return stored fields that Odoo computes and that rules or facts read: never taken from
        a client."""
        return {
            "amount_untaxed",
            "amount_tax",
            "amount_total",
            "currency_rate",
            "invoice_status",
            "delivery_status",
        }

    @api.model_create_multi
    def create(self, vals_list):
        process_fields = self._get_process_fields()
        if not is_process(self.env):
            for vals in vals_list:
                self._check_process_fields({name for name in process_fields if vals.get(name)})
        plain_fields = {
            name
            for name in process_fields
            if self._fields[name].column_type or self._fields[name].type == "many2many"
        }
        vals_list = [
            self._prepare_process_vals(without(self._drop_computed(vals), plain_fields))
            for vals in vals_list
        ]
        orders = super().create(vals_list)
        chosen = orders.browse(
            order.id for order, vals in zip(orders, vals_list, strict=True) if vals.get("class_id")
        )
        if chosen:
            # sudo: classes are matched on fields that the creator need not be able to read
            chosen.sudo()._mark_manual_class()
        return orders

    def _drop_computed(self, vals):
        computed = self._get_computed_fields()
        return {name: value for name, value in vals.items() if name not in computed}

    def write(self, vals):
        if not is_process(self.env):
            self._check_process_fields(self._get_process_fields() & vals.keys())
        result = super().write(self._drop_computed(vals))
        if "class_id" in vals and "class_is_manual" not in vals:
            self.sudo()._mark_manual_class()
        return result

    def _prepare_process_vals(self, vals):
        """Return the values an order is created with. Rooms that stamp it call super and add."""
        return dict(vals)

    @api.model
    def default_get(self, fields):
        """Say when and by whom an order was received, unless told otherwise.

        Not defaults of the fields: Odoo would also write those on every order that exists when
        the addon is installed.
        """
        received = {"received_at": Datetime.now(), "received_by": self.env.uid}
        wanted = {name: value for name, value in received.items() if name in fields}
        return wanted | super().default_get(fields)

    def _check_process_fields(self, names):
        """Refuse values for fields that only the process sets.

        :raise AccessError: when ``names`` is not empty.
        """
        if names:
            labels = sorted(
                self._fields[name].get_description(self.env)["string"] for name in names
            )
            raise AccessError(
                self.env._(
                    "%s cannot be set by hand: the order process does it when the order is"
                    " registered, reviewed and released.",
                    ", ".join(labels),
                )
            )

    def _filter_submitted(self):
        """Return the orders that were submitted before. The room that reviews them knows."""
        return self.browse()

    # === REGISTRATION ===#

    def action_register(self):
        """Register the orders: stamp when and by whom, and tell the class's departments.

        Orders registered before keep their stamp (R-010, R-011, R-019).

        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders.
        """
        self._check_may_submit()
        registered = self._stamp_registration()
        registered._log_events("registered")
        registered._on_registered()
        return True

    def _on_registered(self):
        """Called for orders that were just registered by hand, not by their first submission."""

    def _check_may_submit(self):
        """Write access alone is not enough: Odoo gives it to warehouse and accounting as well.

        :raise AccessError: names the right that is missing.
        """
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("order_process_control.group_order_user")):
            raise AccessError(
                self.env._(
                    "Only who has the right “Order Control: User” registers and submits orders."
                )
            )

    def _stamp_registration(self):
        """Register what is not registered yet and return it; its ledger is the caller's."""
        new_orders = self.filtered(lambda order: not order.registered_at)
        if new_orders:
            as_process(new_orders).write(
                {"registered_at": fields.Datetime.now(), "registered_by": self.env.uid}
            )
            new_orders._tell_departments()
        return new_orders

    def _tell_departments(self):
        """Note on each order who was told of it: Odoo sends a message per document."""
        for order in self:
            partners = order._get_departments_to_tell()
            if partners:
                order.message_post(
                    body=self.env._(
                        "Order %(order)s of %(customer)s was registered as %(class_name)s.",
                        order=order.name,
                        customer=order.partner_id.display_name,
                        class_name=order.class_id.name,
                    ),
                    partner_ids=partners.ids,
                    subtype_xmlid="mail.mt_note",
                )

    def _get_departments_to_tell(self):
        """Return the partners to tell: each department's manager, else its members."""
        # sudo: employees are not readable for a salesperson
        departments = self.env["hr.department"].sudo()
        if self.class_id.id in self.env["order.class"]._get_telling_ids():
            departments = self.sudo().class_id.department_ids
        users = self.env["res.users"]
        for department in departments:
            users |= department.manager_id.user_id or department.member_ids.user_id
        return (users.filtered("active") - self.env.user).partner_id.sudo(False)

    def _get_submission_problems(self):
        """Return what keeps these orders from being submitted: ``{order: [sentence]}``.

        Rooms that know more call super and add theirs.
        """
        empty = self - self._filter_with_lines()
        return {order: order._get_intake_problems(order in empty) for order in self}

    def _get_intake_problems(self, is_empty):
        self.ensure_one()
        problems = []
        if self.state not in ("draft", "sent"):
            problems.append(self.env._("Only quotations can be submitted for review."))
        if is_empty:
            problems.append(self.env._("It has no order lines: add what the customer wants."))
        if self._is_promised_in_the_past():
            problems.append(
                self.env._(
                    "The promised delivery date is in the past: agree on another date (Other Info"
                    " page, Delivery Date)."
                )
            )
        if not self.medium_id:
            problems.append(
                self.env._("Say on the Intake page through which channel the order arrived.")
            )
        elif not self.medium_id.sudo().is_approved:
            problems.append(
                self.env._(
                    "“%s” is not an approved order channel: choose an approved one on the"
                    " Intake page.",
                    self.medium_id.name,
                )
            )
        return problems

    def _filter_with_lines(self):
        """Return the orders that have a line with a product, in one query."""
        groups = self.env["sale.order.line"]._read_group(
            [("order_id", "in", self.ids), ("display_type", "=", False)], ["order_id"]
        )
        return self.browse(order.id for (order,) in groups)

    def _is_promised_in_the_past(self):
        """Compare days in the reader's time zone: today is still possible."""
        self.ensure_one()
        promised = self.commitment_date
        if not promised or promised >= Datetime.now():
            return False
        day = Datetime.context_timestamp(self, promised).date()
        return day < fields.Date.context_today(self)
