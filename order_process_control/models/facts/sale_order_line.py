from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..order.process_token import as_process, is_process, without


class SaleOrderLine(models.Model):
    """Gifts: marked by who sells, approved by a sales manager (R-036, R-038)."""

    _inherit = "sale.order.line"

    is_gift = fields.Boolean(
        string="Gift",
        groups="base.group_user",
        help="Given to the customer for nothing. A sales manager approves it.",
    )
    gift_approved_by = fields.Many2one(
        "res.users",
        string="Gift Approved by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_user",
    )
    gift_approved_at = fields.Datetime(
        string="Gift Approved On", readonly=True, copy=False, groups="base.group_user"
    )
    # What was approved, to see whether it is still that: recomputation passes through no write
    gift_terms = fields.Json(copy=False, readonly=True, groups="base.group_user")
    is_gift_to_approve = fields.Boolean(
        compute="_compute_is_gift_to_approve",
        groups="base.group_user",
        help="Given away or marked as a gift, and no sales manager has agreed to it as it is.",
    )

    # === WHAT IS A GIFT ===#

    @api.depends(lambda self: self._get_gift_depends())
    def _compute_is_gift_to_approve(self):
        for line in self:
            is_gift = line.is_gift or line._is_free_goods()
            line.is_gift_to_approve = is_gift and not line._is_gift_approved()

    @api.model
    def _get_gift_depends(self):
        return [
            "is_gift",
            "gift_approved_by",
            "gift_terms",
            "order_id.partner_id",
            "order_id.user_id",
            "price_subtotal",
            "product_id.type",
            *self._get_gift_terms_fields(),
        ]

    def _is_free_goods(self):
        """Tell whether goods are given away: some are delivered and nothing is asked for them.

        A product that only bundles others has no price of its own, and the parts carry it.
        """
        self.ensure_one()
        return (
            not self.display_type
            and self.product_uom_qty > 0
            and not self.price_subtotal
            and self.product_id.type == "consu"
        )

    @api.model
    def _get_gift_terms_fields(self):
        """Return the fields of a line that an approval holds for."""
        return ["product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount"]

    def _get_gift_terms(self):
        """Return what is approved, comparable between times: also in which order, and whose."""
        self.ensure_one()
        return [
            self.order_id._origin.id,
            self.order_id.partner_id.id,
            self.product_id.id,
            round(self.product_uom_qty, 6),
            self.product_uom_id.id,
            round(self.price_unit, 6),
            round(self.discount, 6),
        ]

    def _is_gift_approved(self):
        """Tell whether a sales manager has agreed to give away exactly this, in an order that was
        not theirs and has not become theirs since."""
        self.ensure_one()
        # sudo: kept for this comparison alone
        line = self.sudo()
        return bool(
            line.is_gift
            and line.gift_approved_by
            and line.gift_approved_by not in line.order_id._get_gift_owners()
            and line.gift_terms == line._get_gift_terms()
        )

    # === WHO SETS IT ===#

    @api.model
    def _get_gift_stamps(self):
        """Return the fields that only :meth:`action_approve_gift` writes."""
        return {"gift_approved_by", "gift_approved_at", "gift_terms"}

    @api.model_create_multi
    def create(self, vals_list):
        stamps = self._get_gift_stamps()
        if not is_process(self.env):
            self._check_gift_stamps({n for vals in vals_list for n in stamps if vals.get(n)})
        # Explicit: a default of the user's own or of the context is as good as a value
        names = {n for n in stamps if self._has_field_access(self._fields[n], "write")}
        return super().create([without(vals, names) for vals in vals_list])

    def write(self, vals):
        if not is_process(self.env):
            self._check_gift_stamps(self._get_gift_stamps() & vals.keys())
        result = super().write(vals)
        if not {"is_gift", "order_id", *self._get_gift_terms_fields()}.isdisjoint(vals):
            self._void_gift_approvals()
        return result

    def _check_gift_stamps(self, names):
        """
        :raise AccessError: when ``names`` is not empty
        """
        if names:
            raise AccessError(
                self.env._(
                    "The approval of a gift is not written by hand: a sales manager uses “Approve"
                    " Gifts” on the order."
                )
            )

    def _void_gift_approvals(self):
        """Take the approval off lines that are not any more what was approved."""
        # sudo: the stamps are not writable for anybody
        void = self.sudo().filtered(
            lambda line: line.gift_approved_by and not line._is_gift_approved()
        )
        if void:
            as_process(void).write(dict.fromkeys(self._get_gift_stamps(), False))

    def action_approve_gift(self):
        """Agree that these lines are given away as they are, and mark them as gifts (R-038).

        :return: True
        :raise AccessError: for who is no sales manager, or without access to the orders
        :raise UserError: names the orders that are the user's own, or lines that are no gift
        """
        self.check_access("read")
        self._check_may_approve_gift()
        lines = self.filtered("is_gift_to_approve")
        # sudo: the stamps are not writable for anybody
        for line in lines.sudo():
            as_process(line).write(
                {
                    "is_gift": True,
                    "gift_approved_by": self.env.uid,
                    "gift_approved_at": fields.Datetime.now(),
                    "gift_terms": line._get_gift_terms(),
                }
            )
        for order, gifts in lines.grouped("order_id").items():
            order.sudo()._note_gifts(gifts, self.env.user)
        return True

    def _check_may_approve_gift(self):
        if not (
            self.env.user.has_group("sales_team.group_sale_manager")
            or self.env.user.has_group("order_process_control.group_order_manager")
        ):
            raise AccessError(
                self.env._("Only a sales manager agrees to a gift: ask one to approve it.")
            )
        own = self.order_id.filtered(lambda order: self.env.user in order._get_gift_owners())
        if own:
            raise UserError(
                self.env._(
                    "%s: nobody approves gifts in an order of their own. Ask another sales"
                    " manager.",
                    ", ".join(own.mapped("name")),
                )
            )


class SaleOrder(models.Model):
    """Gifts of an order are approved in one go."""

    _inherit = "sale.order"

    gifts_to_approve = fields.Integer(compute="_compute_gifts_to_approve", groups="base.group_user")

    @api.depends("order_line.is_gift_to_approve")
    def _compute_gifts_to_approve(self):
        for order in self:
            order.gifts_to_approve = len(order.order_line.filtered("is_gift_to_approve"))

    def _get_gift_owners(self):
        """Return whose order it is: they do not approve its gifts."""
        self.ensure_one()
        return self.user_id | self.create_uid

    def action_approve_gifts(self):
        """Agree to all gifts of these orders, see ``sale.order.line.action_approve_gift``.

        :return: True
        """
        self.check_access("read")
        return self.order_line.filtered("is_gift_to_approve").action_approve_gift()

    def _note_gifts(self, gifts, user):
        """Note on the order what was given away, and by whom."""
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "Gift approved: %s.",
                ", ".join(f"{line.product_uom_qty:g} × {line.product_id.name}" for line in gifts),
            ),
            author_id=user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
