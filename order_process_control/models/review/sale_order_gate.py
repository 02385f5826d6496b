from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process


class SaleOrder(models.Model):
    """The gate: no order enters state ``sale`` without a release of exactly its content."""

    _inherit = "sale.order"

    release_id = fields.Many2one(
        "order.review",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The approved review that allows to confirm the order.",
    )
    release_exempt = fields.Boolean(
        string="Exempt from Review", readonly=True, copy=False, groups="base.group_user"
    )
    release_reason = fields.Char(readonly=True, copy=False, groups="base.group_user")

    _sale_needs_release = models.Constraint(
        "CHECK(state != 'sale' OR release_id IS NOT NULL OR release_exempt IS TRUE)",
        "An order can only be confirmed when its review is approved or none is needed.",
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "current_review_id",
            "release_id",
            "release_exempt",
            "release_reason",
            "review_ids",
            "signoff_ids",
        }

    def _prepare_process_vals(self, vals):
        # The database refuses a confirmed order without stamp, so the stamp comes first; the
        # order is judged with all its content as soon as it exists, and falls with its refusal.
        vals = super()._prepare_process_vals(vals)
        if vals.get("state", self.env.context.get("default_state")) == "sale":
            vals |= self._prepare_exemption_vals()
        return vals

    @api.model
    def _prepare_exemption_vals(self):
        return {
            "release_id": False,
            "release_exempt": True,
            "release_reason": self.env._("No review step applied when it was confirmed."),
        }

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state == "sale")._check_gate()
        return orders

    def write(self, vals):
        entering = self.browse()
        if vals.get("state") == "sale":
            entering = self.filtered(lambda order: order.state != "sale")
            entering._pass_gate()
        result = super().write(vals)
        # Again: the same call may have changed what was judged before
        entering._pass_gate()
        if entering:
            entering._close_review_activities()
        if vals.get("state") == "cancel":
            self._void_release()
        elif not self._get_content_fields().isdisjoint(vals):
            self._supersede_changed_reviews()
        return result

    def _create_down_payment_lines_from_base_lines(self, down_payment_base_lines):
        # Odoo's own totals, which no client may write: see sale.order.line._get_computed_fields
        return (
            super(SaleOrder, as_process(self))
            ._create_down_payment_lines_from_base_lines(down_payment_base_lines)
            .with_env(self.env)
        )

    def _pass_gate(self):
        """Check the gate and stamp those that pass without a release."""
        exempt = self._check_gate() if self else self
        if exempt.filtered(lambda order: not order.release_exempt or order.release_id):
            as_process(exempt).write(self._prepare_exemption_vals())

    def _check_gate(self):
        """Let pass the orders that are released as they stand, and those nobody has to review.

        :return: the orders that pass without a release
        :raise UserError: names each order that has to wait, why, and who is next
        """
        released = self.filtered(lambda order: order._is_released())
        unreleased = self - released
        steps_by_order = self.env["order.review.step"]._get_steps_by_order(unreleased)
        blocked = unreleased.filtered(
            lambda order: steps_by_order[order.id]
            or order.sudo().current_review_id.state == "in_progress"
        )
        if blocked:
            raise UserError(
                "\n".join(order._get_gate_message(steps_by_order[order.id]) for order in blocked)
            )
        return unreleased

    def _is_released(self):
        self.ensure_one()
        order = self.sudo()
        release = order.release_id
        return (
            release.state == "approved"
            and release == order.current_review_id
            and release.order_id == order
            and self._has_content_of(release)
        )

    def _get_gate_message(self, steps):
        """Return why this order cannot be confirmed yet and what to do, in one sentence."""
        self.ensure_one()
        review = self.sudo().current_review_id
        if review.state == "in_progress" and self._has_content_of(review):
            pending = review.signoff_ids.filtered(lambda signoff: signoff.state == "pending")
            return self.env._(
                "%(order)s is being reviewed. It can be confirmed when all departments have"
                " signed; waiting for: %(names)s.",
                order=self.name,
                names=", ".join(pending.mapped("name")),
            )
        if review.state == "rejected" and self._has_content_of(review):
            rejection = review.signoff_ids.filtered(lambda signoff: signoff.state == "rejected")[:1]
            return self.env._(
                "%(order)s was rejected by %(department)s: %(reason)s Change the order and"
                " request the review again.",
                order=self.name,
                department=rejection.name,
                reason=rejection.comment,
            )
        if review:
            return self.env._(
                "%(order)s was changed since it was reviewed. Request the review again; it is"
                " signed by: %(names)s.",
                order=self.name,
                names=", ".join(steps.mapped("name")),
            )
        return self.env._(
            "%(order)s has to be reviewed before it is confirmed. Use “Request Review”; it is"
            " signed by: %(names)s.",
            order=self.name,
            names=", ".join(steps.mapped("name")),
        )
