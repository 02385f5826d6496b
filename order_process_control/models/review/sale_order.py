from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..order.process_token import as_process

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
    """The rounds of review of an order: requested, followed, ended."""

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

    # === STATE OF THE REVIEW ===#

    @api.model
    def _get_review_state_depends(self):
        lines = (f"order_line.{name}" for name in self._get_content_line_fields() - {"order_id"})
        return ["state", "current_review_id.state", *self._get_content_fields(), *lines]

    @api.depends(lambda self: self._get_review_state_depends())
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
        # A search method answers everybody: the groups of the field only guard reading it
        self._check_field_access(self._fields["review_state"], "read")
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

    @api.depends("review_state", "current_review_id.signoff_ids.state")
    def _compute_review_strip(self):
        """What the department strip and the review page show, ready for the screen."""
        # sudo: everybody who submits, signs or audits and reads the order sees who signed it
        rounds = self.sudo().review_ids.grouped("order_id") if self._sees_reviews() else {}
        for order in self:
            reviews = rounds.get(order._origin.sudo(), self.env["order.review"])
            order.review_strip = {
                "current": order.sudo().current_review_id.id,
                "is_outdated": order.review_state == "outdated",
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

    @api.model
    def _sees_reviews(self):
        """Tell whether the user has any part in reviews: Odoo lets also others read orders."""
        return self.env.user.has_groups(
            "order_process_control.group_order_user,"
            "order_process_control.group_order_reviewer,"
            "order_process_control.group_order_auditor"
        )

    # === THE ORDER SHEET ===#

    @api.model
    def _sees_sheet(self):
        """Tell whether the user reads orders only to sign or to audit them.

        Odoo's own form reads the invoices of the order and fails for such a user.
        """
        return self.env.user.has_groups(
            "order_process_control.group_order_reviewer,order_process_control.group_order_auditor"
        ) and not self.env["account.move.line"].has_access("read")

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, view_type == "form" and self._sees_sheet())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        if view_type == "form" and self._sees_sheet():
            view_id = self.env.ref("order_process_control.sale_order_view_form_sheet").id
        return super()._get_view(view_id, view_type, **options)

    # === REQUESTING A REVIEW ===#

    def action_request_review(self):
        """Submit quotations for review: register them and ask the departments (R-076 .. R-093).

        Orders that need no review are left alone. A new request after a rejection or a change
        opens a new round; earlier ones are kept.

        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders
        :raise UserError: when an order is not fit to be reviewed, or none needs a review
        """
        self._check_may_submit()
        self._lock_for_request()
        self._check_submission()
        if not self._submit_for_review():
            raise UserError(
                self.env._("No department has to review this: you can confirm it right away.")
            )
        return True

    def _submit_for_review(self):
        """Register the orders that need a review and open a round for each, in the user's name.

        Who calls it has locked the orders and judged that they are fit.

        :return: the orders that were submitted
        """
        steps_by_order = self.env["order.review.step"]._get_steps_by_order(self)
        orders = self.filtered(lambda order: steps_by_order[order.id])
        if orders:
            orders._mark_registered()
            orders._end_review("superseded")
            orders._close_review_activities()
            self.env["order.review"]._start_rounds(orders, steps_by_order)
            orders._log_review(self.env._("Review requested."))
        return orders

    def _log_review(self, body):
        """Say in the history of the orders what happened, without mailing anybody."""
        if self:
            # sudo: like the sign-offs' own lines, whatever the user may post
            self.sudo()._message_log_batch(
                bodies=dict.fromkeys(self.ids, body), author_id=self.env.user.partner_id.id
            )

    def _lock_for_request(self):
        """Make a second request for the same orders at the same moment fail and be retried.

        See ``order.review._lock_for_decision``.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE sale_order SET write_date = write_date
                     WHERE id IN (
                           SELECT id FROM sale_order WHERE id IN %s ORDER BY id
                              FOR NO KEY UPDATE)
                    """,
                    self._ids,
                )
            )

    def _filter_submitted(self):
        # sudo: rounds of all times count, also those that the user may not read
        return super()._filter_submitted() | self.filtered(lambda order: order.sudo().review_ids)

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

    # === WHAT ENDS A REVIEW ===#

    def _end_review(self, state):
        """Close the rounds of these orders that are in progress as ``state``."""
        # sudo: rounds are not writable for anybody
        self.sudo().current_review_id._close(state)

    def _supersede_changed_reviews(self):
        """End the rounds whose order is not what was submitted any more, and do not ask anybody
        to confirm an order that has changed since its approval."""
        changed = self.filtered(
            lambda order: order.state in ("draft", "sent")
            and order.sudo().current_review_id.state in ("in_progress", "approved")
            and not order._has_content_of(order.current_review_id)
        )
        if changed:
            in_review = changed.filtered(
                lambda o: o.sudo().current_review_id.state == "in_progress"
            )
            changed._end_review("superseded")
            changed._close_review_activities()
            in_review._log_review(
                self.env._("The order was changed: its review ended. Request a review again.")
            )

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
        ).write({"active": False})

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
