from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

COMMENT_LIMIT = 10_000


class OrderSignoff(models.Model):
    """What one department says in one round (R-090 .. R-093, R-113).

    Nobody has write access: ``action_approve`` and ``action_reject`` check who calls and then
    write as superuser.
    """

    _name = "order.signoff"
    _description = "Department Sign-off"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "review_id desc, sequence, id"

    review_id = fields.Many2one(
        "order.review", required=True, readonly=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    amount_total = fields.Monetary(related="order_id.amount_total")
    currency_id = fields.Many2one(related="order_id.currency_id")
    commitment_date = fields.Datetime(related="order_id.commitment_date", string="Promised Date")
    salesperson_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    requested_by = fields.Many2one(related="review_id.requested_by")
    requested_at = fields.Datetime(related="review_id.requested_at")
    previous_rejection = fields.Char(compute="_compute_previous_rejection")
    order_summary = fields.Html(compute="_compute_order_summary", sanitize=False)

    # Copied from the step: a running round keeps its configuration
    step_id = fields.Many2one("order.review.step", readonly=True, ondelete="set null")
    name = fields.Char(string="Sign-off", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict", index=True)
    reviewer_ids = fields.Many2many("res.users", string="Named Reviewers", readonly=True)
    allow_requester = fields.Boolean(readonly=True)

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
    comment = fields.Text(readonly=True)
    vote_ids = fields.One2many("order.signoff.vote", "signoff_id", readonly=True)
    answer_ids = fields.One2many("order.signoff.answer", "signoff_id", readonly=True)

    _open_idx = models.Index("(company_id) WHERE state = 'pending'")
    _rejection_has_reason = models.Constraint(
        "CHECK(state != 'rejected' OR btrim(coalesce(comment, '')) != '')",
        "A rejection needs a reason.",
    )

    @api.depends("order_id.name", "name", "review_id.number")
    def _compute_display_name(self):
        for signoff in self:
            name, number = (
                f"{signoff.order_id.name or ''}: {signoff.name}",
                signoff.review_id.number,
            )
            signoff.display_name = (
                self.env._("%(name)s, round %(number)s", name=name, number=number)
                if number > 1
                else name
            )

    @api.depends("review_id")
    def _compute_previous_rejection(self):
        """Say who rejected the round before, and why: that is what has to be mended now."""
        for signoff in self:
            earlier = signoff.order_id.signoff_ids.filtered(
                lambda other, review=signoff.review_id: other.state == "rejected"
                and other.review_id.number == review.number - 1
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
    def _compute_order_summary(self):
        for signoff in self:
            signoff.order_summary = self.env["ir.qweb"]._render(
                "order_process_control.order_review_snapshot",
                {"snapshot": signoff.review_id.snapshot or {}},
            )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """A sign-off has no followers: its activity is all that a signer gets of it."""
        return True

    # === DECIDING ===#

    def action_open_decision(self):
        """Open the decision screen of one sign-off.

        :return: a window action
        :raise UserError: when the user may not decide, with who may.
        """
        self.ensure_one()
        reason = self._get_cannot_decide_reasons()[self.id]
        if reason:
            raise UserError(reason)
        wizard = self.env["order.signoff.decision"].create({"signoff_id": self.id})
        return wizard._get_records_action(name=self.display_name, target="new")

    def action_approve(self, comment=None, answers=None):
        """Sign for the department: it can keep what the order promises.

        :param str comment: free text; required where a check failed or could not be made
        :param list answers: one dict for each answered criterion: ``id`` of the
            ``order.signoff.answer``, ``result`` (``pass`` / ``fail`` / ``not_applicable``) and
            optionally ``note``
        :return: True
        :raise AccessError: when the user may not read the sign-offs
        :raise UserError: when the user may not decide, a mandatory answer or a required comment
            is missing, or the order was changed since it was submitted
        """
        return self._decide("approved", comment, answers)

    def action_reject(self, comment, answers=None):
        """Refuse for the department; the round is rejected and goes back to sales (R-092).

        :param str comment: the reason, never blank
        :param list answers: as for :meth:`action_approve`
        :return: True
        :raise UserError: without a reason, or as for :meth:`action_approve`
        """
        return self._decide("rejected", comment, answers)

    def _decide(self, decision, comment, answers):
        self = self.browse(dict.fromkeys(self._ids))  # each once
        self.check_access("read")
        comment = self._clean_comment(comment)
        # sudo: rounds are not writable for anybody
        self.sudo().review_id._lock_for_decision()
        self._check_may_decide()
        self._check_unchanged()
        # sudo: from here on the caller is entitled; sign-offs are not writable for anybody
        signoffs = self.sudo()
        signoffs.answer_ids._record(answers or [])
        signoffs._check_decision(decision, comment)
        self._record_decision(decision, comment)
        return True

    @api.model
    def _clean_comment(self, comment):
        """Return the comment as text; what shows nothing on a screen is no comment."""
        if comment and not isinstance(comment, str):
            raise UserError(self.env._("Write the comment as text."))
        comment = (comment or "").replace("\0", "").strip()
        if len(comment) > COMMENT_LIMIT:
            raise UserError(
                self.env._("The comment is too long: at most %s characters.", COMMENT_LIMIT)
            )
        visible = any(char.isprintable() and not char.isspace() for char in comment)
        return comment if visible else ""

    def _check_may_decide(self):
        reasons = [reason for reason in self._get_cannot_decide_reasons().values() if reason]
        for signoffs in self.grouped("review_id").values():
            if len(signoffs) > 1 and not all(signoffs.mapped("allow_requester")):
                reasons.append(
                    self.env._(
                        "%s: one person signs for one department of an order. Choose one.",
                        ", ".join(signoffs.mapped("display_name")),
                    )
                )
        if reasons:
            raise UserError("\n".join(reasons))

    def _check_unchanged(self):
        """Nobody signs what is not there any more."""
        # sudo: the whole order counts, also what the reviewer does not see of it
        for signoff in self.sudo():
            if not signoff.order_id._has_content_of(signoff.review_id):
                raise UserError(
                    self.env._(
                        "%s was changed after it was submitted. It has to be submitted again"
                        " before anybody can sign.",
                        signoff.order_id.name,
                    )
                )

    def _check_decision(self, decision, comment):
        if decision == "rejected":
            if not comment:
                raise UserError(
                    self.env._(
                        "Give the reason for the rejection in the comment, so that sales can act"
                        " on it."
                    )
                )
            return
        for signoff in self:
            missing = signoff.answer_ids.filtered(lambda a: a.is_required and not a.result)
            if missing:
                raise UserError(
                    self.env._(
                        "%(signoff)s: please answer first:%(questions)s",
                        signoff=signoff.display_name,
                        questions="".join(f"\n- {name}" for name in missing.mapped("name")),
                    )
                )
            doubts = signoff.answer_ids.filtered(lambda a: a.result in ("fail", "unknown"))
            if doubts and not comment:
                raise UserError(
                    self.env._(
                        "%(signoff)s: write in the comment why you approve although this is not"
                        " in order:%(questions)s",
                        signoff=signoff.display_name,
                        questions="".join(f"\n- {name}" for name in doubts.mapped("name")),
                    )
                )

    def _record_decision(self, decision, comment):
        candidates = self._get_candidates()
        now = fields.Datetime.now()
        # sudo: the caller was found entitled; sign-offs and votes are not writable for anybody
        signoffs = self.sudo()
        self.env["order.signoff.vote"].sudo().create(
            [
                {
                    "signoff_id": signoff.id,
                    "user_id": self.env.uid,
                    "decision": decision,
                    "comment": comment,
                    "voted_at": now,
                    "entitlement": candidates[signoff.id][1],
                }
                for signoff in signoffs
            ]
        )
        signoffs.write(
            {
                "state": decision,
                "comment": comment,
                "decided_by": self.env.uid,
                "decided_at": now,
            }
        )
        signoffs._close_activities()
        signoffs._log_decisions()
        signoffs.review_id._advance()

    def _log_decisions(self):
        """Say on the orders who signed what, without mailing anybody."""
        bodies = {}
        for signoff in self:
            sentence = self._get_decision_sentence(signoff)
            bodies[signoff.order_id.id] = (
                f"{bodies[signoff.order_id.id]} {sentence}"
                if signoff.order_id.id in bodies
                else sentence
            )
        self.order_id._message_log_batch(bodies=bodies)

    @api.model
    def _get_decision_sentence(self, signoff):
        values = {"department": signoff.name, "comment": signoff.comment}
        if signoff.state == "rejected":
            return self.env._("%(department)s rejected the order: %(comment)s", **values)
        if signoff.comment:
            return self.env._("%(department)s approved the order: %(comment)s", **values)
        return self.env._("%s approved the order.", signoff.name)

    # === LIFE OF A SIGN-OFF (always as superuser) ===#

    @api.model
    def _create_for_rounds(self, reviews, steps_by_order):
        """Copy the steps and their criteria into the rounds, with the answers of the checks."""
        steps = self.env["order.review.step"].sudo().concat(*steps_by_order.values())
        criteria = steps.criterion_ids
        outcomes = criteria._run_checks(reviews.order_id)
        quiet = self.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        pairs = [
            (review, step)
            for review in reviews
            for step in steps_by_order[review.order_id.id].sudo()
        ]
        signoffs = quiet.create([self._prepare_signoff_vals(*pair) for pair in pairs])
        self.env["order.signoff.answer"].create(
            [
                answer_vals
                for signoff, (_review, step) in zip(signoffs, pairs, strict=True)
                for answer_vals in step.criterion_ids._prepare_answer_vals_list(signoff, outcomes)
            ]
        )
        return signoffs.with_env(self.env)

    @api.model
    def _prepare_signoff_vals(self, review, step):
        return {
            "review_id": review.id,
            "order_id": review.order_id.id,
            "company_id": review.company_id.id,
            "step_id": step.id,
            "name": step.name,
            "sequence": step.sequence,
            "department_id": step.department_id.id,
            "reviewer_ids": [fields.Command.set(step.reviewer_ids.ids)],
            "allow_requester": step.allow_requester,
            # Explicit, so that no default of the user's own gets in
            "state": "waiting",
            "pending_since": False,
            "decided_by": False,
            "decided_at": False,
            "comment": False,
        }

    def _open_next(self):
        """Ask the departments whose turn it is: in each round the lowest sequence that is not
        decided yet, unless it is asked already."""
        to_open = self.browse()
        for signoffs in self.grouped("review_id").values():
            undecided = signoffs.filtered(lambda s: s.state in ("waiting", "pending"))
            turn = min(undecided.mapped("sequence"), default=None)
            to_open |= undecided.filtered(
                lambda s, turn=turn: s.state == "waiting" and s.sequence == turn
            )
        if to_open:
            to_open.write({"state": "pending", "pending_since": fields.Datetime.now()})
            to_open._schedule_activities()

    def _cancel(self):
        """Close what is still open because its round is over."""
        self.write({"state": "cancelled"})
        self._close_activities()

    def _schedule_activities(self):
        """Put each sign-off into the bell of everyone who can sign it, without a mail each."""
        candidates = self._get_candidates()
        # As OdooBot: the requester must not be able to take the activity back
        activities = self.env["mail.activity"].with_user(SUPERUSER_ID)
        activities.with_context(mail_activity_quick_update=True).create(
            [
                signoff._prepare_activity_vals(user)
                for signoff in self
                for user in candidates[signoff.id][0]
            ]
        )

    def _prepare_activity_vals(self, user):
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env["order.review"]._get_activity_type_id("signoff"),
            "summary": self.env._("Sign %s", self.order_id.name),
            "user_id": user.id,
            "date_deadline": fields.Date.context_today(self),
            "automated": True,
        }

    def _close_activities(self):
        """The decision ends the activity of everybody, whoever took it; the vote is its record.

        Archived, as Odoo keeps what is done; deleting would also empty the record cache.
        """
        self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).write({"active": False})

    # === FOR THE SCREEN ===#

    def _get_chips(self):
        """Return each sign-off as a chip of the department strip: plain values, times in UTC."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        pending = self.filtered(lambda signoff: signoff.state == "pending")
        candidates = pending._get_candidates()
        return [
            {
                "id": signoff.id,
                "name": signoff.name,
                "state": signoff.state,
                "state_label": labels[signoff.state],
                "who": signoff.decided_by.name or "",
                "when": fields.Datetime.to_string(signoff.decided_at or signoff.pending_since)
                or "",
                "comment": signoff.comment or "",
                "waiting_for": candidates[signoff.id][0].sudo().mapped("name")
                if signoff in pending
                else [],
            }
            for signoff in self
        ]

    # === NEVER DELETED, NEVER EDITED ===#

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("Sign-offs are kept for ever; they cannot be deleted."))
