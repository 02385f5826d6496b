from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..order.amount_window import has_limit
from ..order.process_token import as_creating, as_process, with_together
from . import activities
from .content import fact_sql


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
    exempt_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Digest of the content that was exempted, or confirmed without review.",
    )

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
            "exempt_fingerprint",
            "content_editor_ids",
            "review_ids",
            "signoff_ids",
            "ledger_ids",
            "event_ids",
        }

    def _prepare_process_vals(self, vals):
        # The database refuses a confirmed order without stamp, so the stamp comes first; the
        # order is judged with all its content as soon as it exists, and falls with its refusal.
        vals = super()._prepare_process_vals(vals)
        if vals.get("state", self.env.context.get("default_state")) == "sale":
            vals |= self._prepare_exemption_vals()
            if not self._may_date_back():
                vals["date_order"] = fields.Datetime.now()
        return vals

    @api.model
    def _prepare_exemption_vals(self):
        return {
            "release_id": False,
            "release_exempt": True,
            "release_reason": self.env._("No review step applied when it was confirmed."),
            "exempt_fingerprint": False,
        }

    @api.model_create_multi
    def create(self, vals_list):
        orders = super(SaleOrder, as_creating(self)).create(vals_list).with_env(self.env)
        confirmed = orders.filtered(lambda order: order.state == "sale")
        confirmed._check_gate()._hold_customers()
        return orders

    def write(self, vals):
        entering = self.browse()
        if vals.get("state") == "sale":
            entering = self.filtered(lambda order: order.state != "sale")
            entering._pass_gate()
        changes_content = not self._get_content_fields().isdisjoint(vals)
        guarded = self._begin_content_change() if changes_content else self.browse()
        result = super().write(vals)
        if entering and changes_content:
            # Again: the same call has changed what was judged before
            entering._pass_gate()
        if entering:
            # Quietly: who confirms sees it, and the bell counts anew when it is opened.
            # sudo: the activities may belong to a colleague
            kinds = self._get_tasks_ended_by_confirmation()
            activities.close_before_tracking(entering.sudo(), kinds)
        if vals.get("state") == "cancel":
            self._void_release()
        else:
            guarded._end_content_change()
        return result

    @api.model
    def _get_tasks_ended_by_confirmation(self):
        """Return the kinds of activities that nobody has to do any more once it is confirmed."""
        return self._get_requester_tasks()

    def _pass_gate(self):
        """Check the gate and stamp those that pass without a release."""
        # Small orders are one large order also when they are confirmed in one call
        exempt = with_together(self)._check_gate().with_env(self.env) if self else self
        exempt._hold_customers()
        # An exemption of what the order was before says nothing about why it passes now.
        # sudo: stamps are judged, whoever confirms
        stale = exempt.sudo().filtered(
            lambda o: not o.release_exempt or o.release_id or o.exempt_fingerprint
        )
        if stale:
            as_process(exempt).write(self._prepare_exemption_vals())

    def _hold_customers(self):
        """Write the customers' rows, with what they hold, where limits on amounts count together
        what a customer orders: of two orders that are confirmed at the same moment the second is
        judged again, with the first. Rows nobody else writes just then, and no key of theirs."""
        # sudo: the customers, whoever confirms
        orders = self.sudo().filtered("company_id.order_split_days")
        if orders and self._has_amount_limits():
            self.env.execute_query(
                SQL(
                    "UPDATE res_partner SET write_date = write_date WHERE id IN ("
                    " SELECT id FROM res_partner WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)"
                    " RETURNING id",
                    tuple(orders.partner_id.commercial_partner_id.ids) or (0,),
                )
            )

    @api.model
    def _has_amount_limits(self):
        steps = self.env["order.review.step"]._get_configuration().values()
        classes = self.env["order.class"]._get_rules() if steps else ()
        rules = [step["rule"] for step in steps] + [rule for *_ids, rule in classes]
        return bool(steps) and any(rule is not None and has_limit(rule) for rule in rules)

    def _check_gate(self):
        """Let pass the orders that are released or exempted as they stand, and those nobody has
        to review.

        :return: the orders that pass because no review step applies
        :raise UserError: names each order that has to wait, why, and who is next
        """
        passing, blocked_steps = self._judge_gate()
        blocked = self.filtered(lambda order: order.id in blocked_steps)
        if blocked:
            raise UserError(
                "\n".join(order._get_gate_message(blocked_steps[order.id]) for order in blocked)
            )
        return passing

    def _judge_gate(self):
        """Tell which of these orders the gate lets pass.

        :return: (orders that need no review, ``{id of an order that has to wait: its steps}``);
            what is in neither is released or exempted
        """
        unreleased = self - self._filter_released()
        steps_by_order = self.env["order.review.step"]._get_steps_by_order(unreleased)
        blocked = {
            order.id: steps_by_order[order.id]
            for order in unreleased
            if steps_by_order[order.id] or order.sudo().current_review_id.state == "in_progress"
        }
        return unreleased.filtered(lambda order: order.id not in blocked), blocked

    def _filter_released(self):
        """Return the orders with a release, or an exemption by the process manager, of exactly
        their content, in one query."""
        # sudo: stamps are judged, whoever asks
        stamped = self.sudo().filtered(lambda o: o.release_id or o.exempt_fingerprint)
        if not stamped:
            return self.browse()
        released = self.browse()
        by_id = dict(zip(self._ids, self, strict=True))
        self.env["order.review"].flush_model(["state", "bound_fingerprint"])
        self.flush_model(["release_id", "current_review_id"])
        for order_id, order_values, lines, *release in stamped._query_content(
            [fact_sql],
            extra=[
                SQL("release.state"),
                SQL("release.id = o.current_review_id AND release.order_id = o.id"),
                SQL("release.decided_at"),
                SQL("jsonb_build_array(release.bound_fingerprint, release.fingerprint)"),
            ],
            joins=SQL("LEFT JOIN order_review AS release ON release.id = o.release_id"),
        ):
            order = by_id[order_id]
            content = self._prepare_content(order_values, lines)
            if order._is_released_as(content, *release):
                released |= order
        return released

    def _is_released_as(self, content, state, is_current, decided_at, digests):
        """Tell whether a release of the gate's query holds for ``content``."""
        self.ensure_one()
        order, fingerprint = self.sudo(), self._get_fingerprint(content)
        if order.release_exempt and order.exempt_fingerprint == fingerprint:
            return True
        if state != "approved" or not is_current or order._has_lapsed(decided_at):
            return False
        if fingerprint in digests:
            return True
        release = order.release_id
        tolerated = release._is_tolerated(content)
        if tolerated:
            release._bind(content)
        return tolerated

    def _has_lapsed(self, decided_at):
        """Tell whether a release is older than the company lets it be."""
        self.ensure_one()
        days = self.company_id.order_release_days
        return bool(days) and decided_at + timedelta(days=days) < fields.Datetime.now()

    def _get_gate_message(self, steps):
        """Return why this order cannot be confirmed yet and what to do, in one sentence."""
        self.ensure_one()
        review = self.sudo().current_review_id
        names = ", ".join(steps.sudo().mapped("name"))
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
        if review.state == "approved" and self.sudo()._has_lapsed(review.decided_at):
            return self.env._(
                "The approval of %(order)s is older than %(days)s days. Request the review again;"
                " it is signed by: %(names)s.",
                order=self.name,
                days=self.sudo().company_id.order_release_days,
                names=names,
            )
        if review:
            return self.env._(
                "%(order)s was changed since it was reviewed. Request the review again; it is"
                " signed by: %(names)s.",
                order=self.name,
                names=names,
            )
        return self.env._(
            "%(order)s has to be reviewed before it is confirmed. Use “Request Review”; it is"
            " signed by: %(names)s.",
            order=self.name,
            names=names,
        )

    # === EXEMPTION ===#

    def action_exempt_review(self, reason):
        """Let quotations be confirmed exactly as they are without the signatures that miss.

        :param str reason: never blank; kept on the order and in its history
        :return: True
        :raise AccessError: for everybody but the process manager, and for their own orders
        :raise UserError: without a reason, or for what is no quotation
        """
        reason = self.env["order.signoff"]._clean_text(reason)
        self.check_access("read")
        self._check_may_exempt()
        if not reason:
            raise UserError(self.env._("Write why these orders need no review."))
        # sudo: process managers need no rights in Sales
        orders = self.sudo()
        self.env["order.ledger"]._lock(orders)
        orders._exempt_clocks(reason)
        entries = []
        closed = orders._end_review("cancelled", entries)
        contents = orders._get_review_contents()
        for order in orders:
            fingerprint = self._get_fingerprint(contents[order.id])
            as_process(order).write(
                {
                    "release_id": False,
                    "release_exempt": True,
                    "release_reason": reason,
                    "exempt_fingerprint": fingerprint,
                }
            )
            entries.append((order, "exempted", {"hash": fingerprint}))
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()
        orders._close_review_activities()
        self._log_review(self.env._("Exempted from review: %s", reason))
        return True

    def _check_may_exempt(self):
        if not (
            self.env.su or self.env.user.has_group("order_process_control.group_order_manager")
        ):
            raise AccessError(self.env._("Only process managers exempt orders from their review."))
        closed = self.filtered(lambda order: order.state not in ("draft", "sent"))
        if closed:
            raise UserError(
                self.env._("%s: only quotations are exempted.", ", ".join(closed.mapped("name")))
            )
        own = self.sudo().filtered(
            lambda o: self.env.user
            in (o.user_id | o.create_uid | o.content_editor_ids | o.current_review_id.requested_by)
        )
        if own and not self.env.su:
            raise AccessError(
                self.env._(
                    "%s: nobody exempts an order of their own, or one they have changed.",
                    ", ".join(own.mapped("name")),
                )
            )
