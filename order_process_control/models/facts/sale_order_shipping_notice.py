from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import groupby

from ..order.process_token import as_process

# What the notice tells the warehouse
SHIPPED_ASPECTS = ("customer", "addresses", "goods")


class SaleOrder(models.Model):
    """The Shipping Notice: the salesperson signs what may leave the warehouse (R-078, R-483)."""

    _inherit = "sale.order"

    shipping_notice_signed_by = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", groups="base.group_user"
    )
    shipping_notice_signed_at = fields.Datetime(
        string="Shipping Notice Signed On", readonly=True, copy=False, groups="base.group_user"
    )
    shipping_notice_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Digest of what was signed: customer, addresses, products and quantities.",
    )
    shipping_notice_state = fields.Selection(
        [("to_sign", "To Sign"), ("signed", "Signed"), ("outdated", "Changed since Signed")],
        string="Shipping Notice",
        compute="_compute_shipping_notice_state",
        groups="base.group_user",
    )
    can_sign_shipping_notice = fields.Boolean(
        compute="_compute_can_sign_shipping_notice", groups="base.group_user"
    )

    @api.model
    def _get_notice_fields(self):
        return {
            "shipping_notice_signed_by",
            "shipping_notice_signed_at",
            "shipping_notice_fingerprint",
        }

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | self._get_notice_fields()

    @api.model
    def _prepare_void_vals(self):
        return super()._prepare_void_vals() | dict.fromkeys(self._get_notice_fields(), False)

    # === WHAT WAS SIGNED ===#

    @api.depends(
        lambda self: ["shipping_notice_fingerprint", *self._get_review_state_depends()],
    )
    def _compute_shipping_notice_state(self):
        saved = self._origin
        signed = saved.filtered("shipping_notice_fingerprint")
        digests = signed._get_notice_fingerprints()
        for order in self:
            digest = order._origin.shipping_notice_fingerprint
            if not digest:
                order.shipping_notice_state = "to_sign"
            else:
                is_same = digest == digests[order._origin.id]
                order.shipping_notice_state = "signed" if is_same else "outdated"

    @api.depends("shipping_notice_state", "user_id")
    @api.depends_context("uid")
    def _compute_can_sign_shipping_notice(self):
        """For the button only: the method that signs judges by itself."""
        able = self._filter_signable_by_user()
        released = self.filtered(lambda order: order.state == "sale")
        released |= (self - released)._filter_review_approved()
        for order in self:
            order.can_sign_shipping_notice = (
                order.shipping_notice_state != "signed" and order in able & released
            )

    def _filter_review_approved(self):
        return self.filtered(lambda order: order.review_state == "approved")

    def _get_notice_fingerprints(self):
        """Return ``{order id: digest of what the notice of each order tells}``, in one query."""
        return {
            order_id: self._get_fingerprint({aspect: content[aspect] for aspect in SHIPPED_ASPECTS})
            for order_id, content in (self._get_review_contents() if self else {}).items()
        }

    # === SIGNING ===#

    def action_sign_shipping_notice(self):
        """Sign the Shipping Notices of these orders, as they are now (R-078, R-483).

        The signature holds for customer, addresses, products and quantities; when one of these
        changes later it is void. Notices that are signed and still hold stay as they are.

        :return: True
        :raise AccessError: for everybody but the salesperson of the order and sales managers
        :raise UserError: for an order that is neither confirmed nor released
        """
        self.check_access("write")
        self._check_may_sign_notice()
        self.env["order.ledger"]._lock(self)
        self._check_released_for_shipping()
        unsigned = self.filtered(lambda order: order.shipping_notice_state != "signed")
        digests = unsigned._get_notice_fingerprints()
        for order in unsigned:
            as_process(order).write(
                {
                    "shipping_notice_signed_by": self.env.uid,
                    "shipping_notice_signed_at": self.env.cr.now().replace(microsecond=0),
                    "shipping_notice_fingerprint": digests[order.id],
                }
            )
        self.env["order.ledger"]._append(
            [(order, "notice_signed", {"hash": digests[order.id]}) for order in unsigned]
        )
        unsigned._log_review(self.env._("The Shipping Notice was signed."))
        return True

    def _filter_signable_by_user(self):
        """Return the orders whose Shipping Notice the user may sign."""
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return self
        return self.filtered(lambda order: order.user_id == self.env.user)

    def _check_may_sign_notice(self):
        """Also as superuser: a signature is that of a person.

        :raise AccessError: names the orders and who signs them
        """
        strange = self - self._filter_signable_by_user()
        if strange:
            raise AccessError(
                self.env._(
                    "The Shipping Notice of %(order)s is signed by its salesperson (%(person)s) or"
                    " by a sales manager.",
                    order=strange[0].name,
                    # sudo: the name of a colleague
                    person=strange[0].sudo().user_id.name or self.env._("nobody"),
                )
            )

    def _check_released_for_shipping(self):
        """:raise UserError: names the orders that are neither confirmed nor released"""
        open_orders = self.filtered(lambda order: order.state != "sale")
        released = open_orders.filtered(lambda o: o.state in ("draft", "sent"))._filter_released()
        if open_orders - released:
            raise UserError(
                self.env._(
                    "%s: the Shipping Notice is signed when the order is released or confirmed.",
                    ", ".join((open_orders - released).mapped("name")),
                )
            )

    def _get_notice_demand(self):
        """Return who has to sign what before these orders are shipped, a sentence an order."""
        return [
            self.env._(
                "The Shipping Notice of %(order)s was changed after it was signed. %(person)s has"
                " to sign it again: open the order, “Sign Shipping Notice”.",
                order=order.name,
                person=order._get_notice_person(),
            )
            if order.shipping_notice_state == "outdated"
            else self.env._(
                "The Shipping Notice of %(order)s is not signed yet. %(person)s has to sign it"
                " first: open the order, “Sign Shipping Notice”.",
                order=order.name,
                person=order._get_notice_person(),
            )
            for order in self
        ]

    def _get_notice_person(self):
        self.ensure_one()
        return self.user_id.name or self.env._("A sales manager")

    # === FOR THE FORM ===#

    def _get_notice_lines(self):
        """Return ``{order id: [columns of R-483]}``: the goods of these orders, without services.

        :return: dicts ``product``, ``model``, ``quantity`` (in the line's unit) and ``uom``
        """
        lines = self._get_watched_lines().filtered(lambda line: line.product_id.type == "consu")
        result = {order_id: [] for order_id in self._ids}
        for order, order_lines in groupby(lines, lambda line: line.order_id):
            result[order.id] = [line._prepare_notice_line() for line in order_lines]
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_notice_line(self):
        self.ensure_one()
        return {
            "product": self.product_id.product_tmpl_id.name,
            "model": self._get_model_and_specification(),
            "quantity": self.product_uom_qty,
            "uom": self.product_uom_id,
        }

    def _get_model_and_specification(self):
        """Return internal reference, variant and what the customer chose, in one line."""
        self.ensure_one()
        values = (
            self.product_id.product_template_attribute_value_ids
            | self.product_no_variant_attribute_value_ids
        )
        custom = self.product_custom_attribute_value_ids.mapped("custom_value")
        parts = [self.product_id.default_code, *values.mapped("name"), *custom]
        return ", ".join(filter(None, parts))
