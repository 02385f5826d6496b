from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from . import activities, snapshot, tolerance
from .proposal import History


class OrderReview(models.Model):
    """One round of review of one subject, kept for ever (R-076 .. R-118).

    Nobody has write access: rounds are opened by the subject and closed by its sign-offs.
    """

    _name = "order.review"
    _description = "Order Review"
    _inherit = "order.kept.mixin"
    _order = "id desc"
    _rec_names_search = ["order_id"]

    name = fields.Char(compute="_compute_name")
    res_model = fields.Char(string="Subject Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Subject Record", model_field="res_model", required=True, readonly=True
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    subject = fields.Selection([("order", "Order")], default="order", required=True, readonly=True)
    number = fields.Integer(string="Round", required=True, readonly=True)
    state = fields.Selection(
        [
            ("in_progress", "In Review"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
            ("superseded", "Superseded"),
        ],
        string="Status",
        default="in_progress",
        required=True,
        readonly=True,
        index=True,
    )
    requested_by = fields.Many2one("res.users", string="Requested by", required=True, readonly=True)
    requested_at = fields.Datetime(string="Requested On", required=True, readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    fingerprint = fields.Char(
        readonly=True, help="Digest of the content that was submitted and is being signed."
    )
    bound_fingerprint = fields.Char(
        readonly=True,
        help="Digest of the content that the signatures hold for: what was submitted, or what it"
        " became by changes that every department tolerates.",
    )
    content = fields.Json(readonly=True, help="What was submitted, in ids and figures.")
    snapshot = fields.Json(readonly=True, help="What was submitted, in words.")
    diff = fields.Json(readonly=True, help="What had changed since the round before.")
    overrules_id = fields.Many2one(
        "order.review",
        readonly=True,
        help="The rejected round that the final approver was asked to overrule (R-082).",
    )
    reason = fields.Text(
        readonly=True, help="Why the final approver was asked, or it was withdrawn."
    )
    is_void = fields.Boolean(
        readonly=True, help="The order was cancelled later: nothing of this round counts any more."
    )
    signoff_ids = fields.One2many("order.signoff", "review_id", string="Sign-offs", readonly=True)

    _subject_number_uniq = models.UniqueIndex(
        "(res_model, res_id, subject, number)", "This round exists already."
    )
    _subject_open_uniq = models.UniqueIndex(
        "(res_model, res_id, subject) WHERE state = 'in_progress'",
        "A review of this document is already in progress.",
    )

    @api.depends("order_id.name", "number")
    @api.depends_context("lang")
    def _compute_name(self):
        for review in self:
            review.name = self.env._(
                "%(order)s, round %(number)s",
                order=review._get_subject_name(),
                number=review.number,
            )

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.name

    def write(self, vals):
        result = super().write(vals)
        self.order_id._forget_review_state()
        return result

    def _update_rows(self, vals_list):
        records = super()._update_rows(vals_list)
        self.order_id._forget_review_state()
        return records

    # === THE SUBJECT ===#

    def _get_subject(self):
        """Return the document that is reviewed."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _get_subject_name(self):
        """Return what people call the document that is reviewed."""
        self.ensure_one()
        return self.order_id.name or ""

    def _is_acted_upon(self):
        """Tell whether the subject has gone on since, so that no decision is taken back."""
        self.ensure_one()
        order = self.order_id
        return (
            order.state not in ("draft", "sent")
            or order.current_review_id != self
            # Sales has changed it because of the rejection: that is another order
            or (self.state == "rejected" and not order._has_content_of(self))
        )

    def _close_questions(self):
        """End the requesters' activities that ask for an answer."""
        for res_model, reviews in self.grouped("res_model").items():
            subjects = self.env[res_model].browse(reviews.mapped("res_id"))
            activities.close(subjects, kinds=["question"])

    # === WHAT WAS BEFORE ===#

    @api.model
    def _read_history(self, orders):
        """Return ``{order id: History}`` of these orders, in one query."""
        saved = tuple(id_ for id_ in orders._ids if isinstance(id_, int))
        rows = self.env.execute_query(self._get_history_query(saved)) if saved else ()
        return self._prepare_history(orders, rows)

    @api.model
    def _get_history_query(self, order_ids):
        """Return the query of (order id, facts of a sign-off and of its round as JSON)."""
        self.env["order.review"].flush_model(["state", "is_void"])
        self.env["order.signoff"].flush_model(["state"])
        return SQL(
            """
            SELECT review.order_id, jsonb_build_array(
                   review.id, review.res_model, review.res_id,
                   review.subject, review.number, review.state, review.is_void,
                   signoff.id, signoff.step_id, signoff.state, signoff.carried_from_id) AS facts
              FROM order_review AS review
              LEFT JOIN order_signoff AS signoff ON signoff.review_id = review.id
             WHERE review.order_id IN %s
            """,
            order_ids,
        )

    @api.model
    def _get_content_subjects(self):
        """Return the subjects whose rounds sign the content of the order.

        What a department says of anything else is no signature on the order, and the other way
        round: such a round is asked afresh, and people answer.
        """
        return {"order"}

    @api.model
    def _prepare_history(self, orders, rows):
        """Return ``{order id: History}``.

        :param rows: of :meth:`_get_history_query`
        """
        history = {order_id: History() for order_id in orders._ids}
        subjects = self._get_content_subjects()
        for order_id, facts in sorted(rows, key=lambda row: (row[1][0], row[1][7] or 0)):
            review_id, model, res_id, subject, number, state, is_void, *signoff = facts
            if order_id not in history:
                continue
            known = history[order_id]
            known.numbers[model, res_id, subject] = number
            if subject not in subjects:
                continue
            signoff_id, step_id, decision, carried_from = signoff
            if subject == "order" or (subject == "change" and state == "approved" and not is_void):
                if review_id != known.last_round_id:
                    known.last_round_id, known.last_steps = review_id, set()
                    known.released = {}
                known.last_steps.add(step_id)
                if state == decision == "approved" and not is_void:
                    known.released[step_id] = carried_from or signoff_id
            if is_void:
                known.decisions.pop(step_id, None)
            elif step_id and decision in ("approved", "rejected"):
                known.decisions[step_id] = (decision, carried_from or signoff_id)
        return history

    # === OPENING ROUNDS (always as superuser) ===#

    @api.model
    def _open(self, proposals, history, reason=False):
        """Open a round for each proposal and ask its first departments.

        :param list proposals: :class:`Proposal` with at least one step each
        :param dict history: of :meth:`_read_history`
        :return: the new rounds; those whose signatures could all be carried over are approved
        """
        now = fields.Datetime.now()
        last = self.browse(
            history[proposal.order.id].last_round_id
            for proposal in proposals
            if history[proposal.order.id].last_round_id
        )
        reviews = self._insert_rows(
            [
                {
                    **self._prepare_review_vals(proposal, history[proposal.order.id], last, now),
                    "reason": reason,
                }
                for proposal in proposals
            ]
        )
        for review, proposal in zip(reviews, proposals, strict=True):
            proposal.record._on_review_opened(review)
        pairs = list(zip(reviews, proposals, strict=True))
        self.env["order.signoff"]._open_rounds(pairs, history)
        return reviews

    @api.model
    def _prepare_review_vals(self, proposal, history, last, now):
        fingerprint = proposal.order._get_fingerprint(proposal.content)
        previous = last.filtered(lambda review: review.id == history.last_round_id)
        return {
            "res_model": proposal.record._name,
            "res_id": proposal.record.id,
            "order_id": proposal.order.id,
            "company_id": proposal.order.company_id.id,
            "subject": proposal.subject,
            "number": history.numbers.get(proposal.key, 0) + 1,
            "state": "in_progress",
            "requested_by": self.env.uid,
            "requested_at": now,
            "fingerprint": fingerprint,
            "bound_fingerprint": fingerprint,
            "content": proposal.content,
            "snapshot": proposal.snapshot,
            "diff": self._get_proposal_diff(proposal, previous) or None,
            "overrules_id": proposal.overrules and proposal.overrules.id,
        }

    @api.model
    def _open_and_advance(self, proposals, history, entries, kind="requested", reason=False):
        """Open rounds as :meth:`_open` does, and close those that nobody has to sign any more.

        :param list entries: of the ledger, to which what happens is added
        :return: (the new rounds, those of them that are closed)
        """
        reviews = self._open(proposals, history, reason)
        entries += [
            (review.order_id, kind, {"review": review.id, "hash": review.fingerprint})
            for review in reviews
        ]
        automatic = reviews.signoff_ids.filtered(lambda s: s._signs_itself())
        automatic._sign_by_system(entries)
        settled = reviews.filtered(
            lambda r: all(s.state in ("approved", "skipped") for s in r.signoff_ids)
        )
        closed = (settled | automatic.review_id)._advance(entries)
        closed._follow_clocks()
        return reviews, closed

    @api.model
    def _get_proposal_diff(self, proposal, previous):
        """Return what differs from before, in words; see :func:`snapshot.get_diff`."""
        before = proposal.before or (previous.content, previous.snapshot)
        after = (proposal.content, proposal.snapshot)
        return snapshot.get_diff(self.env["sale.order"], before, after)

    # === CLOSING ROUNDS (always as superuser) ===#

    def _advance(self, entries, signers=None):
        """Close the rounds whose last department has signed or where one has rejected, and ask
        the next departments of the others.

        :param list entries: of the ledger, to which what happens is added
        :param signers: see ``order.signoff._open_next``
        :return: the rounds that were closed
        """
        rejected = self.filtered(lambda r: "rejected" in r.signoff_ids.mapped("state"))
        approved = (self - rejected).filtered(
            lambda r: all(
                state in ("approved", "skipped") for state in r.signoff_ids.mapped("state")
            )
        )
        drifted = approved._filter_drifted()
        rejected._close("rejected", entries)
        drifted._close("superseded", entries)
        drifted._tell_requesters_of_drift()
        (approved - drifted)._close("approved", entries)
        automatic = (self - approved - rejected).signoff_ids._open_next(signers)
        closed = approved | rejected
        if automatic:
            automatic._sign_by_system(entries)
            closed |= automatic.review_id._advance(entries, signers)
        return closed

    def _filter_drifted(self):
        """Return the rounds whose subject is not what was signed any more, however it changed:
        recomputation passes through no ``write``. The last signature finds out."""
        drifted = self.browse()
        for res_model, reviews in self.grouped("res_model").items():
            subjects = self.env[res_model].browse(reviews.mapped("res_id"))
            drifted |= subjects._filter_drifted_reviews(reviews)
        return drifted

    def _close(self, state, entries):
        """Close rounds that are in progress as ``state``; see :meth:`_tell_subjects`."""
        reviews = self.filtered(lambda review: review.state == "in_progress")
        if not reviews:
            return
        vals = {"state": state, "decided_at": fields.Datetime.now()}
        reviews._update_rows([vals] * len(reviews))
        reviews.signoff_ids.filtered(lambda s: s.state in ("waiting", "pending"))._cancel()
        entries += [
            (review.order_id, f"round_{state}", {"review": review.id, "hash": review.fingerprint})
            for review in reviews
        ]

    def _tell_subjects(self):
        """Let the subjects of closed rounds act on the result."""
        for res_model, reviews in self.grouped("res_model").items():
            self.env[res_model].browse(reviews.mapped("res_id"))._on_review_decided(reviews)

    # === BOUND CONTENT ===#

    def _is_tolerated(self, content):
        """Tell whether every signature of this round also holds for ``content``.

        Compared with what each department's last signer saw, so that many small changes do not
        add up unnoticed.
        """
        self.ensure_one()
        return all(signoff._tolerates(content) for signoff in self.signoff_ids)

    def _bind(self, content):
        """Let the signatures hold for a tolerated change, and keep what it was in the ledger."""
        self.ensure_one()
        fingerprint = self.order_id._get_fingerprint(content)
        aspects = sorted(tolerance.get_changed_aspects(self.content or {}, content))
        self.write({"bound_fingerprint": fingerprint})
        self.order_id._log_events(
            "tolerated", {"review": self.id, "aspects": aspects, "hash": fingerprint}
        )

    def _is_bound_to(self, fingerprint):
        self.ensure_one()
        return fingerprint in (self.bound_fingerprint or self.fingerprint, self.fingerprint)

    # === TELLING THE REQUESTER ===#

    def _tell_requesters(self):
        """Put the result on the requester's list, without a mail."""
        activities.schedule(self.env, [review._prepare_result_task() for review in self])

    def _prepare_result_task(self):
        self.ensure_one()
        if self.state == "approved":
            kind, summary = "released", self.env._("Approved: confirm the order")
        else:
            rejection = self.signoff_ids.filtered(lambda s: s.state == "rejected")[:1]
            kind = "rejected"
            summary = self.env._("%s rejected: change it and submit it again", rejection.name)
        return {
            "record": self.order_id,
            "kind": kind,
            "summary": summary,
            "user_id": self._get_addressee().id,
        }

    def _tell_requesters_of_end(self, summary):
        """Tell who requested a review that somebody else has ended it."""
        activities.schedule(
            self.env,
            [
                {
                    "record": review.order_id,
                    "kind": "changed",
                    "summary": summary,
                    "user_id": review._get_addressee().id,
                }
                for review in self
                if review.requested_by != self.env.user
            ],
        )

    def _log_results(self):
        """Say in the history of the orders who signed what, without mailing anybody."""
        if self:
            bodies = {review.order_id.id: review._get_result_sentence() for review in self}
            author_id = self.env["res.users"]._get_partner_id_of(self.env.uid)
            self.order_id._message_log_batch(bodies, author_id=author_id)

    def _get_result_sentence(self):
        self.ensure_one()
        signed = self.signoff_ids.filtered(lambda s: s.state in ("approved", "rejected"))
        names = ", ".join(
            f"{signoff.name}: {said}" if said else signoff.name
            for signoff in signed
            if signoff.state == self.state
            for said in [self.env._("the system") if signoff.signed_by_system else signoff.comment]
        )
        if self.state == "rejected":
            return self.env._("Review rejected by %s", names)
        return self.env._("Review approved by %s", names)

    # === FOR THE SCREEN ===#

    def _get_strips(self, signers=None):
        """Return these rounds as the department strip shows them: plain values, times in UTC.

        :param signers: of the pending sign-offs, see ``order.signoff._get_signers``
        """
        chips = self.signoff_ids._get_chips(signers)
        by_review = defaultdict(list)
        for signoff in self.signoff_ids.sorted(lambda s: (s.is_final, s.sequence, s.id)):
            by_review[signoff.review_id.id].append(chips[signoff.id])
        return [
            {
                "id": review.id,
                "number": review.number,
                "subject": review.subject,
                "subject_name": review._get_subject_name(),
                "state": review.state,
                "state_label": review.outcome,
                "requested_by": review.requested_by.name,
                "requested_at": fields.Datetime.to_string(review.requested_at),
                "overrules": review.overrules_id.number,
                "reason": review.reason or "",
                "diff": review.diff or [],
                "signoffs": by_review[review.id],
            }
            for review in self
        ]
