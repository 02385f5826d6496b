from odoo import api, fields, models


class SaleOrder(models.Model):
    """What the screens show of the reviews of an order."""

    _inherit = "sale.order"

    review_strip = fields.Json(compute="_compute_review_strip", groups="base.group_user")
    review_waiting_for = fields.Char(
        string="Waiting for", compute="_compute_review_waiting_for", groups="base.group_user"
    )
    has_open_question = fields.Boolean(
        compute="_compute_review_waiting_for", groups="base.group_user"
    )
    is_promise_fixed = fields.Boolean(
        compute="_compute_is_promise_fixed",
        help="Confirmed with a release: what was promised only changes by a change request.",
    )
    review_count = fields.Integer(compute="_compute_review_count", groups="base.group_user")

    @api.depends("review_ids")
    def _compute_review_count(self):
        if len(self) == 1:
            self.mapped("review_state")  # reads them as well
        for order in self:
            # sudo: counting reveals nothing that the strip does not show anyway
            order.review_count = len(order._origin.sudo().review_ids)

    @api.depends_context("uid")
    @api.depends("state", "release_id")
    def _compute_is_promise_fixed(self):
        """Without groups, as what it makes read-only has none; no business of customers."""
        is_internal = self.env.user._is_internal()
        for order in self:
            # sudo: the stamp, whoever reads the order
            is_fixed = order.state == "sale" and bool(order.sudo().release_id)
            order.is_promise_fixed = is_internal and is_fixed

    @api.depends("review_state")
    @api.depends_context("lang", "tz")
    def _compute_review_strip(self):
        """What the department strip and the review page show, ready for the screen."""
        self._cache_strip(self._origin._read_overview(with_rounds=True))

    def _cache_strip(self, rows):
        """Put the strips of these orders into the cache.

        :param rows: of ``_read_overview``
        """
        # sudo: everybody who submits, signs or audits and reads the order sees who signed it
        reviews = self.env["order.review"].sudo()
        if self._sees_reviews():
            reviews = self._origin.sudo().review_ids
        signers = self._origin._get_overview_signers(rows)
        strips = dict(zip(reviews.ids, reviews._get_strips(signers), strict=True))
        states = self._origin._get_overview_states(rows)
        for order in self:
            own = reviews.filtered(lambda r, order=order: r.order_id.id == order._origin.id)
            rounds = [strips[review.id] for review in own.sorted("id desc")]
            strip = order._prepare_strip(rows, states.get(order._origin.id), rounds)
            self._fields["review_strip"]._update_cache(order, strip)

    def _prepare_strip(self, rows, state, rounds):
        """Return what the department strip and the review page show of this order.

        :param rows: of ``_read_overview``
        :param str state: of its review
        :param list rounds: of ``order.review._get_strips``, the newest first
        """
        self.ensure_one()
        return {
            "current": self.sudo().current_review_id.id,
            "is_outdated": state == "outdated",
            "rounds": rounds,
        }

    @api.depends("current_review_id")
    def _compute_review_waiting_for(self):
        for order in self:
            # sudo: see _compute_review_state
            pending = order.sudo().current_review_id.signoff_ids.filtered(
                lambda signoff: signoff.state == "pending"
            )
            order.review_waiting_for = ", ".join(pending.mapped("name"))
            order.has_open_question = any(s._has_open_question() for s in pending)

    def _forget_review_state(self):
        """Let what is shown of these orders be computed anew.

        Called where rounds and sign-offs change, instead of dependencies through them: those
        make Odoo read the orders at every signature.
        """
        self.invalidate_recordset(
            [
                "review_state",
                "review_strip",
                "review_waiting_for",
                "review_count",
                "has_open_question",
                "offered_date",
            ],
            flush=False,
        )

    @api.model
    def _sees_reviews(self):
        """Tell whether the user has any part in reviews: Odoo lets also others read orders."""
        return self.env.user.has_groups(
            "order_process_control.group_order_user,"
            "order_process_control.group_order_reviewer,"
            "order_process_control.group_order_auditor"
        )
