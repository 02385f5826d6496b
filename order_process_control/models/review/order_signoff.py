from odoo import api, fields, models

from ..order.sale_order_priority import NORMAL, PRIORITIES
from . import activities, snapshot, tolerance
from .fact import Fact
from .order_review_step import DECISION_RULES


class OrderSignoff(models.Model):
    """What one department says in one round (R-090 .. R-093, R-113).

    Nobody has write access: the methods that decide check who calls and then write as superuser.
    """

    _name = "order.signoff"
    _description = "Department Sign-off"
    _inherit = ["order.kept.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "review_id desc, is_final, sequence, id"

    review_id = fields.Many2one(
        "order.review", required=True, readonly=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    subject = fields.Selection(related="review_id.subject")
    # Not tracked, as they are on the order: a signature would read the order for it
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer", tracking=False)
    amount_total = fields.Monetary(related="order_id.amount_total", tracking=False)
    currency_id = fields.Many2one(related="order_id.currency_id", tracking=False)
    commitment_date = fields.Datetime(
        related="order_id.commitment_date", string="Promised Date", tracking=False
    )
    salesperson_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", tracking=False
    )
    # Copies of what the queues are sorted by: sorting by the order would read them all
    priority = fields.Selection(PRIORITIES, default=NORMAL, readonly=True)
    ordered_at = fields.Datetime(
        string="Order Created On", readonly=True, help="When the order came into the queue."
    )
    requested_by = fields.Many2one(related="review_id.requested_by")
    requested_at = fields.Datetime(related="review_id.requested_at")
    previous_rejection = fields.Char(compute="_compute_previous_rejection")
    order_summary = fields.Html(compute="_compute_order_summary", sanitize=False)

    # Copied from the step: a running round keeps its configuration
    step_id = fields.Many2one(
        "order.review.step", readonly=True, ondelete="set null", index="btree_not_null"
    )
    name = fields.Char(string="Sign-off", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict", index=True)
    reviewer_ids = fields.Many2many("res.users", string="Named Reviewers", readonly=True)
    allow_requester = fields.Boolean(readonly=True)
    decision_rule = fields.Selection(DECISION_RULES, string="Signed by", readonly=True)
    required_count = fields.Integer(string="Signatures", readonly=True)
    is_final = fields.Boolean(string="Final Approval", readonly=True)
    auto_approve = fields.Boolean(string="Signs Itself", readonly=True)
    watched_aspects = fields.Char(
        readonly=True, help="What this department answers for; the last one also for the rest."
    )
    limits = fields.Json(readonly=True, help="What it tolerates, in the order's currency.")
    configuration = fields.Char(readonly=True, help="Digest of the questions and rules.")

    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("pending", "To Sign"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("skipped", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="waiting",
        required=True,
        readonly=True,
    )
    pending_since = fields.Datetime(string="Asked On", readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    signed_by_system = fields.Boolean(
        readonly=True, help="Nobody was asked, because every fact was in order."
    )
    comment = fields.Text(readonly=True)
    fingerprint = fields.Char(
        readonly=True, help="Digest of what this department watches, as it was submitted."
    )
    carried_from_id = fields.Many2one(
        "order.signoff",
        string="Carried over from",
        readonly=True,
        index="btree_not_null",
        help="The signature that still holds, because nothing this department watches has changed.",
    )
    basis_id = fields.Many2one(
        "order.signoff",
        string="Last Decision",
        readonly=True,
        help="What this department decided the last time it was asked.",
    )
    vote_ids = fields.One2many("order.signoff.vote", "signoff_id", readonly=True)
    answer_ids = fields.One2many("order.signoff.answer", "signoff_id", readonly=True)
    lead_time_days = fields.Float(
        string="Time Needed (days)",
        readonly=True,
        help="How long the department needs for its own part, in working days (R-111).",
    )
    proposed_date = fields.Date(
        string="Date Offered", readonly=True, help="The date it can keep instead."
    )
    diff = fields.Json(compute="_compute_diff")

    _open_idx = models.Index("(company_id) WHERE state = 'pending'")
    _queue_idx = models.Index("(priority DESC, ordered_at, id)")
    _rejection_has_reason = models.Constraint(
        "CHECK(state != 'rejected' OR btrim(coalesce(comment, '')) != '')",
        "A rejection needs a reason.",
    )

    @api.depends("order_id.name", "name", "review_id.number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for signoff in self:
            name, number = (
                f"{signoff.review_id._get_subject_name()}: {signoff.name}",
                signoff.review_id.number,
            )
            signoff.display_name = (
                self.env._("%(name)s, round %(number)s", name=name, number=number)
                if number > 1
                else name
            )

    @api.depends("review_id")
    @api.depends_context("lang")
    def _compute_previous_rejection(self):
        """Say who rejected the round before, and why: that is what has to be mended now."""
        for signoff in self:
            earlier = signoff.order_id.signoff_ids.filtered(
                lambda other, review=signoff.review_id: other.state == "rejected"
                and other.review_id.number == review.number - 1
                and other.review_id.res_model == review.res_model
                and other.review_id.res_id == review.res_id
            )[:1]
            signoff.previous_rejection = bool(earlier) and self.env._(
                "Round %(number)s was rejected by %(person)s (%(department)s): %(reason)s",
                number=earlier.review_id.number,
                # sudo: the name of a colleague, also of one who has left
                person=earlier.decided_by.sudo().name,
                department=earlier.name,
                reason=earlier.comment,
            )

    @api.depends("review_id")
    @api.depends_context("lang", "tz")
    def _compute_order_summary(self):
        for signoff in self:
            signoff.order_summary = self.env["ir.qweb"]._render(
                "order_process_control.order_review_snapshot",
                {"snapshot": snapshot.get_summary(self.env, signoff.review_id.snapshot)},
            )

    @api.depends("basis_id", "review_id")
    @api.depends_context("lang", "tz")
    def _compute_diff(self):
        """Compare what is submitted now with what the department decided on before."""
        for signoff in self:
            # sudo: the earlier round of the same order
            before = signoff.sudo()._get_diff_basis()
            review = signoff.sudo().review_id
            watched = signoff._get_aspects()
            signoff.diff = [
                {**row, "is_watched": row["aspect"] in watched}
                for row in snapshot.get_diff(
                    self.env["sale.order"].sudo(), before, (review.content, review.snapshot)
                )
            ]

    def _get_diff_basis(self):
        """Return (content, snapshot) of what the department compares with."""
        self.ensure_one()
        before = self.basis_id.review_id
        return before.content, before.snapshot

    def _get_diff_title(self):
        """Return the heading of the comparison."""
        self.ensure_one()
        return self.env._("Changed since your last decision")

    def write(self, vals):
        result = super().write(vals)
        self.order_id._forget_review_state()
        return result

    def _update_rows(self, vals_list):
        records = super()._update_rows(vals_list)
        self.order_id._forget_review_state()
        return records

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """A sign-off has no followers: its activity is all that a signer gets of it."""
        return True

    def _get_aspects(self):
        self.ensure_one()
        return (self.watched_aspects or "").split(",")

    def _tolerates(self, content):
        """Tell whether this department need not be asked about ``content``.

        Compared with what a person signed, not with what was carried over since.
        """
        self.ensure_one()
        signed = (self.carried_from_id or self).review_id.content
        # Facts hold for just what they were found for
        limits = tolerance.NONE if self.signed_by_system else self.limits or tolerance.NONE
        return bool(signed) and tolerance.is_within(signed, content, self._get_aspects(), limits)

    # === LIFE OF A SIGN-OFF (always as superuser) ===#

    @api.model
    def _open_rounds(self, pairs, history):
        """Copy the steps and their criteria into new rounds, carry over the signatures that
        still hold, and ask the departments whose turn it is.

        :param list pairs: (order.review, Proposal)
        :param dict history: see ``order.review._read_history``
        """
        configuration = self._get_round_configuration(pairs)
        bases = [
            signoff_id
            for _review, proposal in pairs
            for _state, signoff_id in history[proposal.order.id].decisions.values()
        ]
        self = self.with_prefetch(bases)
        rows = [
            vals
            for review, proposal in pairs
            for vals in self._prepare_round(review, proposal, configuration, history)
        ]
        signoffs = self._insert_rows(rows)
        self.env["order.signer.mixin"]._forget_signers()
        self.env["order.signoff.answer"]._insert_rows(
            [
                answer
                for signoff, (_review, proposal) in signoffs._iter_with_proposals(pairs)
                if not signoff.carried_from_id and signoff.state != "skipped"
                for answer in signoff._prepare_answers(
                    configuration[signoff.step_id.id]["criteria"], proposal.outcomes
                )
            ]
        )
        asked = signoffs.filtered(lambda s: s.state == "pending" and not s._signs_itself())
        asked._ask()
        asked._start_clocks_of_rounds(pairs)
        return signoffs

    @api.model
    def _get_round_configuration(self, pairs):
        """Return ``{step id: values}`` that new rounds are made of.

        Where no step signs a subject that must be signed, its only step has no id and the
        company's process manager is asked (principle 9).

        :param list pairs: (order.review, Proposal)
        """
        steps = self.env["order.review.step"]
        configuration = steps._get_configuration()
        if all(any(proposal.step_ids) for _review, proposal in pairs):
            return configuration
        fallback = steps.new({"name": self.env._("Process Manager")})._prepare_configuration()
        return {
            **configuration,
            False: {**fallback, "copy": {**fallback["copy"], "step_id": False}},
        }

    def _iter_with_proposals(self, pairs):
        by_review = {review: (review, proposal) for review, proposal in pairs}
        for signoff in self:
            yield signoff, by_review[signoff.review_id]

    @api.model
    def _prepare_round(self, review, proposal, configuration, history):
        """Return the values of all sign-offs of one new round."""
        steps = {step_id: configuration[step_id] for step_id in proposal.step_ids}
        watched = {aspect for values in steps.values() for aspect in values["aspects"]}
        decisions = history[proposal.order.id].decisions
        rows, carried = [], self.env["res.users"]
        for position, (step_id, values) in enumerate(steps.items(), start=1):
            aspects = list(values["aspects"])
            if position == len(steps):
                aspects += [aspect for aspect in proposal.content if aspect not in watched]
            vals = {
                **values["copy"],
                **self._prepare_signoff_vals(review, proposal, aspects, values),
            }
            decision, signoff_id = decisions.get(step_id, (False, False))
            basis = self.browse(signoff_id).with_prefetch(self._prefetch_ids)
            vals["basis_id"] = basis.id
            signed = basis if decision == "approved" else self.browse()
            signed |= self._find_released(history[proposal.order.id], proposal, step_id)
            held = signed._find_held(review, proposal, vals, carried)
            if basis._is_overruled(proposal, vals):
                vals["state"] = "skipped"
            elif held:
                vals |= held._prepare_carried_vals()
                carried |= held._get_votes().user_id
            rows.append(vals)
        self._mark_first_turn(rows)
        return rows

    @api.model
    def _find_released(self, history, proposal, step_id):
        """Return the signature of a step that the order was released with.

        What a department said of a change that never came about does not outlive it.
        """
        if proposal.subject == "order":
            return self.browse()
        return self.browse(history.released.get(step_id, ()))

    def _find_held(self, review, proposal, vals, carried):
        """Return the first of these signatures that also holds for the new round, or None.

        :param carried: the people whose signature for another department was carried over
        """
        for signoff in self:
            voters = signoff._get_votes().user_id
            is_free = vals["allow_requester"] or not voters & carried
            if is_free and signoff._can_be_carried(review, proposal, vals):
                return signoff
        return None

    @api.model
    def _prepare_signoff_vals(self, review, proposal, aspects, values):
        order = proposal.order.sudo()
        limits = dict(values["limits"])
        # Orders are compared in their own currency
        limits["amount"] *= order.currency_rate or 1.0
        return {
            "review_id": review.id,
            "order_id": order.id,
            "company_id": order.company_id.id,
            "priority": order.priority or NORMAL,
            "ordered_at": order.create_date,
            "watched_aspects": ",".join(aspects),
            "limits": limits,
            "configuration": values["digest"],
            "fingerprint": order._get_fingerprint(
                {aspect: proposal.content.get(aspect) for aspect in aspects}
            ),
            "state": "waiting",
        }

    @api.model
    def _mark_first_turn(self, rows):
        turns = [(row["is_final"], row["sequence"]) for row in rows if row["state"] == "waiting"]
        for row in rows:
            if row["state"] == "waiting" and (row["is_final"], row["sequence"]) == min(turns):
                row |= {"state": "pending", "pending_since": fields.Datetime.now()}

    def _prepare_answers(self, criteria, outcomes):
        """Return the answers of this sign-off: questions blank, checks with what they found."""
        self.ensure_one()
        for criterion in criteria:
            is_fact = criterion["kind"] == "automatic"
            fact = outcomes[criterion["criterion_id"]] if is_fact else Fact(False, False)
            vals = self.env["order.signoff.answer"]._prepare_fact_vals(fact)
            yield {
                **criterion,
                **vals,
                "signoff_id": self.id,
                "checked_at": is_fact and vals["checked_at"],
                "note": False,
            }

    def _open_next(self, signers=None):
        """Ask the departments whose turn it is: in each round the lowest sequence that is not
        decided yet, unless it is asked already.

        :return: those that nobody is asked for, because they sign themselves
        """
        to_open = self.browse()
        for signoffs in self.grouped("review_id").values():
            undecided = signoffs.filtered(lambda s: s.state in ("waiting", "pending"))
            turn = min(((s.is_final, s.sequence) for s in undecided), default=None)
            to_open |= undecided.filtered(
                lambda s, turn=turn: s.state == "waiting" and (s.is_final, s.sequence) == turn
            )
        if to_open:
            to_open.write({"state": "pending", "pending_since": fields.Datetime.now()})
        # What was found when the round began may be long ago
        to_open.filtered(lambda s: s._may_sign_itself())._refresh_facts()
        automatic = to_open.filtered(lambda s: s._signs_itself())
        (to_open - automatic)._ask(signers)
        (to_open - automatic)._start_deadline()
        return automatic

    def _ask(self, signers=None):
        """Put each sign-off into the bell of everyone who can sign it, without a mail each."""
        if not self:
            return
        signers = signers or self._get_signers()
        activities.schedule(
            self.env,
            [
                signoff._prepare_task(user_id)
                for signoff in self
                for user_id in signers[signoff.id].able
            ],
        )

    def _prepare_task(self, user_id):
        self.ensure_one()
        return {
            "record": self,
            "kind": "signoff",
            "summary": self.env._("Sign %s", self.review_id._get_subject_name()),
            "user_id": user_id,
        }

    def _cancel(self):
        """Close what is still open because its round is over."""
        self.write({"state": "cancelled"})
        activities.close(self)

    # === FOR THE SCREEN ===#

    def _get_signer_name(self):
        self.ensure_one()
        if self.signed_by_system:
            return self.env._("the system")
        return self.decided_by.name or ""

    def _get_chips(self, signers=None):
        """Return ``{id: chip of the department strip}``: plain values, times in UTC."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        pending = self.filtered(lambda signoff: signoff.state == "pending")
        signers = signers or pending._get_signers()
        return {
            signoff.id: {
                "id": signoff.id,
                "name": signoff.name,
                "state": signoff.state,
                "state_label": labels[signoff.state],
                "who": signoff._get_signer_name(),
                "when": fields.Datetime.to_string(signoff.decided_at or signoff.pending_since)
                or "",
                "comment": signoff.comment or "",
                "carried": signoff.carried_from_id.review_id.number,
                "lead_time_days": signoff.lead_time_days,
                "proposed_date": fields.Date.to_string(signoff.proposed_date) or "",
                "question": signoff._get_open_question(),
                "waiting_for": self.env["res.users"]
                .sudo()
                .browse(signers[signoff.id].able)
                .mapped("name")
                if signoff in pending
                else [],
                **signoff._prepare_chip_details(),
            }
            for signoff in self
        }
