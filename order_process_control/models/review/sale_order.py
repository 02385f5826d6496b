from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..order.process_token import as_process
from . import activities
from .proposal import Proposal

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
NO_ROUND = "none"


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

    # === STATE OF THE REVIEW ===#

    @api.model
    def _get_review_state_depends(self):
        lines = (f"order_line.{name}" for name in self._get_content_line_fields() - {"order_id"})
        stamps = ("current_review_id", "release_exempt", "exempt_fingerprint")
        return ["state", *stamps, *self._get_content_fields(), *lines]

    @api.depends(lambda self: self._get_review_state_depends())
    def _compute_review_state(self):
        # What is being edited is judged when it is saved
        saved = self._origin
        # A form shows everything of one order: read in the same statement
        is_form = len(saved) == 1
        rows = saved._read_overview(with_rounds=is_form)
        states = saved._get_overview_states(rows)
        for order in self:
            order.review_state = states.get(order._origin.id, "not_required")
        if is_form:
            self._cache_strip(rows)

    def _search_review_state(self, operator, value):
        """Narrow down to the orders that can be in these states, then ask each of them."""
        if operator != "in":
            return NotImplemented
        # A search method answers everybody: the groups of the field only guard reading it
        self._check_field_access(self._fields["review_state"], "read")
        is_open = Domain("state", "in", ("draft", "sent"))
        orders = self.sudo().search(is_open & self._get_open_states_domain(value))
        orders = orders.filtered(lambda order: order.review_state in value)
        return Domain("id", "in", orders.ids) | self._get_closed_states_domain(value)

    @api.model
    def _get_open_states_domain(self, states):
        """Return which quotations can be in one of these states: each of them is then asked."""
        rounds = {
            "in_review": ("in_progress",),
            "approved": ("approved",),
            "rejected": ("rejected",),
            "outdated": ("superseded", "in_progress", "approved"),
        }
        wanted = {name for state in states for name in rounds.get(state, ())}
        domain = Domain("current_review_id.state", "in", sorted(wanted)) if wanted else Domain.FALSE
        if "approved" in states:
            domain |= Domain("release_exempt", "=", True)
        if {"to_submit", "not_required"} & set(states):
            domain |= Domain("current_review_id", "=", False)
            domain |= Domain("current_review_id.state", "=", "cancelled")
        return domain

    @api.model
    def _get_closed_states_domain(self, states):
        """Return which other orders are in one of these states.

        They only follow their round, so that none of them is asked. In SQL, because it is the
        cheap condition that has to come first: there are ever more of them.
        """
        wanted = [name for name, state in STATE_BY_ROUND.items() if state in states]
        if "not_required" in states:
            wanted += [False, "cancelled"]
        if not wanted:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda orders, alias, _query: SQL(
                """(%s NOT IN ('draft', 'sent') AND coalesce((
                    SELECT review.state FROM order_review AS review WHERE review.id = %s
                       AND (review.state = 'approved' OR %s IS NOT TRUE)), %s)
                    IN %s)""",
                *(
                    SQL.identifier(alias, name, to_flush=orders._fields[name])
                    for name in ("state", "current_review_id", "release_exempt")
                ),
                NO_ROUND,
                tuple(name or NO_ROUND for name in wanted),
            )
        )

    def _filter_changed(self):
        """Return the orders that are not what their current round was signed for any more."""
        # sudo: whoever compares, it is the whole order that is compared
        contents = self._get_review_contents()
        return self.filtered(
            lambda order: not order.sudo().current_review_id._is_bound_to(
                self._get_fingerprint(contents[order.id])
            )
        )

    def _has_content_of(self, review):
        """Tell whether this order is still what the signatures of ``review`` hold for."""
        self.ensure_one()
        content = self._get_review_contents()[self.id]
        return review.sudo()._is_bound_to(self._get_fingerprint(content))

    # === REQUESTING A REVIEW ===#

    def action_request_review(self):
        """Submit quotations for review: register them and ask the departments (R-076 .. R-093).

        Orders that need no review are left alone. A new request after a rejection or a change
        opens a new round; earlier ones are kept, and signatures that still hold are carried over.

        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders
        :raise UserError: when an order is not fit to be reviewed, or none needs a review
        """
        self._check_may_submit()
        self.env["order.ledger"]._lock(self)
        self._check_submission()
        if not self._submit_for_review(must_pass=True):
            raise UserError(
                self.env._("No department has to review this: you can confirm it right away.")
            )
        return True

    def _submit_for_review(self, must_pass=False):
        """Open a round for those of these orders that need one, in the name of the user.

        :param bool must_pass: refuse orders that fail a blocking check
        :return: the orders that were submitted
        :raise UserError: names what is not in order
        """
        history, matched = self._read_requirements()
        steps = self.env["order.review.step"]._get_steps_by_order(self, history, matched)
        orders = self.filtered(lambda order: steps[order.id])
        if not orders:
            return orders
        orders._make_urgent_by_class(self.env["order.review.step"]._apply_rules(self, matched)[0])
        contents = orders._get_review_snapshots()
        outcomes = orders._run_review_checks(steps)
        if must_pass:
            orders._check_blocking(steps, outcomes)
        proposals = [
            Proposal(order, order, *contents[order.id], steps[order.id]._ids, outcomes=outcome)
            for order in orders
            for outcome in [outcomes[order.id]]
        ]
        orders._open_rounds(proposals, history)
        return orders

    def _open_rounds(self, proposals, history, kind="requested", reason=False):
        """Register these orders, end what was open and open the proposed rounds."""
        # sudo: rounds are not writable for anybody
        ledger, rounds = self.env["order.ledger"], self.env["order.review"].sudo()
        if self.filtered(lambda order: not order.sudo().ledger_ids):
            ledger._lock(self)
        entries = [(order, "registered", {}) for order in self._stamp_registration()]
        closed = self._end_review("superseded", entries)
        self.filtered(lambda o: history[o.id].last_round_id)._close_review_activities()
        rounds.flush_model(["state"])
        reviews, settled = rounds._open_and_advance(proposals, history, entries, kind, reason)
        closed |= settled
        ledger._append(entries)
        closed._tell_subjects()
        return reviews

    def _on_review_opened(self, review):
        """Called by ``order.review`` as soon as a round of this order exists."""
        vals = {"current_review_id": review.id}
        if self.release_exempt and self.state != "sale":
            # What is submitted after all is decided by those who are asked now
            vals |= {"release_exempt": False, "release_reason": False, "exempt_fingerprint": False}
        as_process(self).write(vals)

    def _log_review(self, body):
        """Say in the history of the orders what happened, without mailing anybody."""
        if self:
            # sudo: like the sign-offs' own lines, whatever the user may post
            self.sudo()._message_log_batch(
                bodies=dict.fromkeys(self.ids, body), author_id=self.env.user.partner_id.id
            )

    def _filter_submitted(self):
        # sudo: rounds of all times count, also those that the user may not read
        return super()._filter_submitted() | self.filtered(lambda order: order.sudo().review_ids)

    def _filter_without_ledger(self):
        return super()._filter_without_ledger() | self.filtered(
            lambda order: order.review_ids and not order.ledger_ids
        )

    def _check_submission(self):
        """:raise UserError: one line an order with everything that has to be mended first."""
        lines = [
            self.env._("%(order)s: %(problems)s", order=order.name, problems=" ".join(texts))
            for order, texts in self._get_submission_problems().items()
            if texts
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_submission_problems(self):
        problems = super()._get_submission_problems()
        reviewed = self.filtered(
            lambda o: o.sudo().current_review_id.state in ("in_progress", "approved")
        )
        for order in reviewed - reviewed._filter_changed():
            problems[order].append(
                self.env._("It is being reviewed already.")
                if order.sudo().current_review_id.state == "in_progress"
                else self.env._("It is approved already: you can confirm it.")
            )
        return problems

    # === WHAT ENDS A REVIEW ===#

    def action_withdraw_review(self):
        """Take the running review back, so that nobody spends time on it; the order can be
        submitted again, and what was signed still holds where nothing changes.

        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders
        :raise UserError: when no review is running
        """
        self._check_may_submit()
        self.env["order.ledger"]._lock(self)
        idle = self.filtered(lambda o: o.sudo().current_review_id.state != "in_progress")
        if idle:
            raise UserError(
                self.env._("%s: there is no review to withdraw.", ", ".join(idle.mapped("name")))
            )
        entries = [
            (order, "withdrawn", {"review": order.sudo().current_review_id.id}) for order in self
        ]
        closed = self._end_review("cancelled", entries)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()
        self._close_review_activities()
        closed._tell_requesters_of_end(self.env._("Review withdrawn by %s", self.env.user.name))
        self._log_review(self.env._("The review was withdrawn."))
        return True

    def _end_review(self, state, entries):
        """Close the rounds of these orders that are in progress as ``state``.

        :param list entries: of the ledger, to which the ends are added
        :return: the closed rounds, whose subjects are still to be told
        """
        # sudo: rounds are not writable for anybody
        running = self.sudo().current_review_id.filtered(lambda r: r.state == "in_progress")
        running._close(state, entries)
        return running

    def _supersede_changed_reviews(self):
        """End the rounds whose order is not what was submitted any more, unless every department
        tolerates the change, and do not ask anybody to confirm an order that has changed."""
        reviewed = self.filtered(
            lambda order: order.state in ("draft", "sent")
            and order.sudo().current_review_id.state in ("in_progress", "approved")
        )
        changed = reviewed._filter_intolerable() if reviewed else reviewed
        if changed:
            entries = []
            self.env["order.ledger"]._lock(changed)
            closed = changed._end_review("superseded", entries)
            self.env["order.ledger"]._append(entries)
            closed._tell_subjects()
            changed._close_review_activities()
            closed._tell_requesters_of_end(
                self.env._("Changed by %s: submit it again", self.env.user.name)
            )
            closed.order_id.sudo(False)._log_review(
                self.env._("The order was changed: its review ended. Request a review again.")
            )

    def _filter_intolerable(self):
        """Return the orders that changed beyond what the signatures of their current round hold
        for; smaller changes are bound to it and logged."""
        contents = self._get_review_contents()
        intolerable, bound = self.browse(), self.env["order.review"].sudo()
        for order in self:
            content, review = contents[order.id], order.sudo().current_review_id
            if review._is_bound_to(self._get_fingerprint(content)):
                continue
            if review._is_tolerated(content):
                review._bind(content)
                bound |= review
            else:
                intolerable |= order
        pending = bound.signoff_ids.filtered(lambda s: s.state == "pending")
        if pending:
            # Who wrote it does not sign it any more
            pending._refresh_bells(pending._get_signers())
            pending._refresh_facts()
        return intolerable

    def _filter_drifted_reviews(self, reviews):
        """Return those of ``reviews``, which have these orders as subjects, whose order is not
        what is signed; called before the last signature counts."""
        drifted = self.filtered(lambda o: o.current_review_id in reviews)._filter_intolerable()
        return reviews.filtered(
            lambda r: r.order_id in drifted or r != r.order_id.current_review_id
        )

    def _void_release(self):
        """A cancelled order starts from the beginning when it becomes a quotation again."""
        stamped = self.sudo().filtered(
            lambda order: order.current_review_id or order.release_id or order.release_exempt
        )
        if stamped:
            entries = []
            self.env["order.ledger"]._lock(stamped)
            closed = stamped._end_review("cancelled", entries)
            self.env["order.ledger"]._append(entries)
            closed._tell_subjects()
            stamped._close_review_activities()
            stamped.signoff_ids.open_point_ids.filtered(lambda p: p.state == "open")._end(
                "cancelled"
            )
            stamped.review_ids.filtered(lambda r: not r.is_void).write({"is_void": True})
            as_process(stamped).write(self._prepare_void_vals())

    @api.model
    def _prepare_void_vals(self):
        return {
            "current_review_id": False,
            "release_id": False,
            "release_exempt": False,
            "release_reason": False,
            "exempt_fingerprint": False,
        }

    def _on_review_decided(self, reviews):
        """Called by ``order.review`` when rounds of these orders are closed and it is on record.

        :param reviews: the closed rounds, in state approved, rejected, cancelled or superseded
        """
        approved = reviews.filtered(lambda review: review.state == "approved")
        for review in approved:
            as_process(review.order_id).release_id = review
        decided = reviews.filtered(lambda r: r.state in ("approved", "rejected"))
        decided.signoff_ids.filtered(lambda s: s._has_open_question()).review_id._close_questions()
        decided._tell_requesters()
        decided._log_results()

    def _close_review_activities(self):
        """Take back what the last decision asked the requester to do."""
        # sudo: the activity may belong to a colleague
        activities.close(self.sudo(), kinds=self._get_requester_tasks())

    @api.model
    def _get_requester_tasks(self):
        """Return the kinds of activities that end when the review goes on or the order does."""
        return ["released", "rejected", "changed", "question"]

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
