import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..order.process_token import as_process
from .content import get_facts

REVIEW_STATES = [
    ("not_required", "No Review Needed"),
    ("to_submit", "To Submit"),
    ("in_review", "In Review"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("outdated", "Changed since Review"),
]
# What a round's own state means for its order; an approved round may be outdated as well
STATE_BY_ROUND = {
    "in_progress": "in_review",
    "approved": "approved",
    "rejected": "rejected",
    "superseded": "outdated",
}


class SaleOrder(models.Model):
    """The gate: no order enters state ``sale`` without a release of exactly its content."""

    _inherit = "sale.order"

    review_ids = fields.One2many(
        "order.review", "order_id", string="Reviews", readonly=True, groups="base.group_user"
    )
    signoff_ids = fields.One2many(
        "order.signoff", "order_id", string="Sign-offs", readonly=True, groups="base.group_user"
    )
    current_review_id = fields.Many2one(
        "order.review",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    review_state = fields.Selection(
        REVIEW_STATES,
        string="Review",
        compute="_compute_review_state",
        search="_search_review_state",
        groups="base.group_user",
    )
    review_strip = fields.Json(compute="_compute_review_strip", groups="base.group_user")
    review_waiting_for = fields.Char(
        string="Waiting for", compute="_compute_review_waiting_for", groups="base.group_user"
    )
    review_count = fields.Integer(compute="_compute_review_count", groups="base.group_user")
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

    # === STATE OF THE REVIEW ===#

    @api.depends("state", "current_review_id.state", "class_id")
    def _compute_review_state(self):
        open_orders = self.filtered(lambda order: order.state in ("draft", "sent"))
        # sudo: who reads the order may know its state, without a right on each round
        undecided = open_orders.filtered(
            lambda order: order.sudo().current_review_id.state not in STATE_BY_ROUND
        )
        steps = self.env["order.review.step"]._get_steps_by_order(undecided)
        for order in self:
            review = order.sudo().current_review_id
            if order in undecided:
                order.review_state = "to_submit" if steps[order.id] else "not_required"
            elif review.state in ("in_progress", "approved") and (
                order in open_orders and not order._has_content_of(review)
            ):
                order.review_state = "outdated"
            else:
                order.review_state = STATE_BY_ROUND.get(review.state, "not_required")

    def _search_review_state(self, operator, value):
        """Narrow down to the orders that can be in these states, then ask each of them."""
        if operator != "in":
            return NotImplemented
        orders = self.sudo().search(self._get_review_state_domain(value))
        return Domain("id", "in", orders.filtered(lambda o: o.review_state in value).ids)

    @api.model
    def _get_review_state_domain(self, states):
        is_open = Domain("state", "in", ("draft", "sent"))
        rounds = {
            "in_review": ("in_progress",),
            "approved": ("approved",),
            "rejected": ("rejected",),
            "outdated": ("superseded", "in_progress", "approved"),
        }
        domain = Domain.OR(
            Domain("current_review_id.state", "in", rounds[state])
            for state in states
            if state in rounds
        )
        if {"to_submit", "not_required"} & set(states):
            domain |= is_open & Domain("current_review_id", "=", False)
        if "not_required" in states:
            domain |= ~is_open & Domain("current_review_id", "=", False)
        return domain

    @api.depends("review_ids")
    def _compute_review_count(self):
        # sudo: counting reveals nothing that the strip does not show anyway
        counts = dict(
            self.env["order.review"]
            .sudo()
            ._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"])
        )
        for order in self:
            order.review_count = counts.get(order._origin.sudo(), 0)

    @api.depends("current_review_id.signoff_ids.state")
    def _compute_review_strip(self):
        """What the department strip and the review page show, ready for the screen."""
        # sudo: everybody who works on the order sees who signed it
        rounds = self.sudo().review_ids.grouped("order_id")
        for order in self:
            reviews = rounds.get(order._origin.sudo(), self.env["order.review"])
            order.review_strip = {
                "current": order.sudo().current_review_id.id,
                "rounds": [review._get_strip() for review in reviews.sorted("id desc")],
            }

    @api.depends("current_review_id.signoff_ids.state")
    def _compute_review_waiting_for(self):
        for order in self:
            # sudo: see _compute_review_state
            pending = order.sudo().current_review_id.signoff_ids.filtered(
                lambda signoff: signoff.state == "pending"
            )
            order.review_waiting_for = ", ".join(pending.mapped("name"))

    # === REQUESTING A REVIEW ===#

    def action_request_review(self):
        """Submit quotations for review: register them and ask the departments (R-076 .. R-093).

        Orders that need no review are left alone. A new request after a rejection or a change
        opens a new round; earlier ones are kept.

        :return: True
        :raise AccessError: without write access to the orders
        :raise UserError: when an order is not fit to be reviewed, or none needs a review
        """
        self.check_access("write")
        self._check_submission()
        steps_by_order = self.env["order.review.step"]._get_steps_by_order(self)
        orders = self.filtered(lambda order: steps_by_order[order.id])
        if not orders:
            raise UserError(
                self.env._("No department has to review this: you can confirm it right away.")
            )
        orders._mark_registered()
        orders._end_review("superseded")
        orders._close_review_activities()
        self.env["order.review"]._start_rounds(orders, steps_by_order)
        return True

    def _check_submission(self):
        """:raise UserError: one line an order with everything that has to be mended first."""
        problems = {order: order._get_submission_problems() for order in self}
        lines = [
            self.env._("%(order)s: %(problems)s", order=order.name, problems=" ".join(texts))
            for order, texts in problems.items()
            if texts
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_submission_problems(self):
        problems = super()._get_submission_problems()
        review = self.sudo().current_review_id
        if review.state in ("in_progress", "approved") and self._has_content_of(review):
            problems.append(
                self.env._("It is being reviewed already.")
                if review.state == "in_progress"
                else self.env._("It is approved already: you can confirm it.")
            )
        return problems

    # === CONTENT ===#

    @api.model
    def _get_watched_fields(self):
        """Return what counts as content: ``{aspect: (fields of the order, fields of its lines)}``.

        The one place to extend when another field must not change without a new review.
        """
        return {
            "customer": (["partner_id"], []),
            "addresses": (["partner_invoice_id", "partner_shipping_id"], []),
            "goods": (
                [],
                [
                    "product_id",
                    "product_uom_qty",
                    "product_uom_id",
                    "name",
                    "product_no_variant_attribute_value_ids",
                ],
            ),
            "price": (
                ["currency_id", "pricelist_id", "payment_term_id", "fiscal_position_id"],
                ["price_unit", "discount", "tax_ids"],
            ),
            "dates": (["commitment_date"], ["customer_lead"]),
            "class": (["class_id", "medium_id", "user_id"], []),
        }

    def _get_watched_lines(self):
        """Return the lines that are content: neither sections and notes nor down payments."""
        return self.order_line.filtered(
            lambda line: not line.display_type
            and not (line.is_downpayment and not line.product_uom_qty)
        )

    def _get_review_contents(self):
        """Return ``{order id: {aspect: facts}}`` of ids and figures, comparable between times."""
        watched = self._get_watched_fields()
        return {
            # sudo: whoever compares, it is the whole order that is compared
            order.id: {
                aspect: {
                    "order": get_facts(order, order_fields),
                    "lines": {
                        str(line.id): get_facts(line, line_fields)
                        for line in (order._get_watched_lines() if line_fields else ())
                    },
                }
                for aspect, (order_fields, line_fields) in watched.items()
            }
            for order in self.sudo()
        }

    @api.model
    def _get_fingerprint(self, content):
        """Return the digest of one content of :meth:`_get_review_contents`."""
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _has_content_of(self, review):
        """Tell whether this order is still what was submitted in ``review``."""
        self.ensure_one()
        content = self._get_review_contents()[self.id]
        return self._get_fingerprint(content) == review.sudo().fingerprint

    def _get_review_snapshot(self):
        """Return what is submitted in words and with its currency, readable for ever."""
        self.ensure_one()
        order = self.sudo()
        return {
            "order": order.name,
            "customer": order.partner_id.display_name,
            "shipping_address": order.partner_shipping_id.with_context(
                show_address=True
            ).display_name,
            "promised": order.commitment_date and format_date(self.env, order.commitment_date),
            "payment_term": order.payment_term_id.display_name,
            "class": order.class_id.display_name,
            "channel": order.medium_id.display_name,
            "salesperson": order.user_id.name,
            "reasons": order.special_reason_ids.mapped("name"),
            "urgent": order.priority == "1",
            "important": order.is_important,
            "currency": order.currency_id.name,
            "amount_untaxed": order.currency_id.format(order.amount_untaxed),
            "amount_total": order.currency_id.format(order.amount_total),
            "lines": [line._get_review_snapshot() for line in order._get_watched_lines()],
        }

    # === THE GATE ===#

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
            exempt = entering._check_gate()
            if exempt:
                as_process(exempt).write(self._prepare_exemption_vals())
        result = super().write(vals)
        if entering and not self._get_content_fields().isdisjoint(vals):
            entering._check_gate()
        if entering:
            entering._close_review_activities()
        if vals.get("state") == "cancel":
            self._void_release()
        elif not self._get_content_fields().isdisjoint(vals):
            self._supersede_changed_reviews()
        return result

    @api.model
    def _get_content_fields(self):
        """Return the fields of the order through which its content can change."""
        return {"order_line"}.union(
            *(names for names, _lines in self._get_watched_fields().values())
        )

    @api.model
    def _get_content_line_fields(self):
        """Return the fields of a line through which the content of its order can change."""
        return {"order_id", "display_type", "is_downpayment"}.union(
            *(names for _order, names in self._get_watched_fields().values())
        )

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
        release = self.sudo().release_id
        return release.state == "approved" and self._has_content_of(release)

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

    # === WHAT ENDS A REVIEW ===#

    def _end_review(self, state):
        """Close the rounds of these orders that are in progress as ``state``."""
        # sudo: rounds are not writable for anybody
        self.sudo().current_review_id._close(state)

    def _supersede_changed_reviews(self):
        """End the rounds whose order is not what was submitted any more."""
        changed = self.filtered(
            lambda order: order.sudo().current_review_id.state == "in_progress"
            and not order._has_content_of(order.current_review_id)
        )
        changed._end_review("superseded")

    def _void_release(self):
        """A cancelled order starts from the beginning when it becomes a quotation again."""
        stamped = self.sudo().filtered(
            lambda order: order.current_review_id or order.release_id or order.release_exempt
        )
        if stamped:
            stamped._end_review("cancelled")
            stamped._close_review_activities()
            as_process(stamped).write(
                {
                    "current_review_id": False,
                    "release_id": False,
                    "release_exempt": False,
                    "release_reason": False,
                }
            )

    def _on_review_decided(self, reviews):
        """Called by ``order.review`` when rounds of these orders are closed.

        :param reviews: the closed rounds, in state approved, rejected, cancelled or superseded
        """
        for review in reviews.filtered(lambda review: review.state == "approved"):
            as_process(review.order_id).release_id = review
        reviews.filtered(lambda r: r.state in ("approved", "rejected"))._tell_requesters()

    def _close_review_activities(self):
        """Take back what the last decision asked the requester to do."""
        # sudo: the activity may belong to a colleague
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", self.env["order.review"]._get_result_type_ids()),
            ]
        ).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reviewed(self):
        reviewed = self.sudo().review_ids.order_id
        if reviewed:
            raise UserError(
                self.env._(
                    "%s was submitted for review. Cancel it instead of deleting it: its reviews"
                    " are kept.",
                    ", ".join(reviewed.mapped("name")),
                )
            )

    # === STOCK ===#

    def _get_stock_needs(self):
        """Return ``{order id: {product: quantity in the product's unit}}`` of storable goods."""
        needs = {}
        for order in self:
            need = needs.setdefault(order.id, {})
            for line in order._get_watched_lines():
                product = line.product_id
                if product.is_storable:
                    quantity = line.product_uom_id._compute_quantity(
                        line.product_uom_qty, product.uom_id
                    )
                    need[product] = need.get(product, 0.0) + quantity
        return needs
