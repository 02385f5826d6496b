from odoo import api, fields, models
from odoo.exceptions import UserError

from ..review import activities
from ..review.proposal import Proposal
from .order_ticket_refund import REFUND_OUTCOMES


class OrderTicket(models.Model):
    """A refund above the company's limit: signed in a round before a credit note exists."""

    _inherit = "order.ticket"

    refund_plan = fields.Json(readonly=True, copy=False)
    refund_review_id = fields.Many2one("order.review", readonly=True, copy=False)
    refund_review_state = fields.Selection(
        related="refund_review_id.state", related_sudo=True, string="Refund Signed"
    )
    refund_waiting_for = fields.Char(compute="_compute_refund_waiting_for")

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"refund_plan", "refund_review_id"}

    @api.depends("refund_review_id.state")
    def _compute_refund_waiting_for(self):
        for ticket in self:
            # sudo: which departments are asked
            review = ticket.sudo().refund_review_id
            waiting = review.signoff_ids.filtered(lambda s: s.state == "pending")
            ticket.refund_waiting_for = review.state == "in_progress" and ", ".join(
                waiting.mapped("name")
            )

    # === ASKING (as superuser) ===#

    def _open_refund_round(self, plan):
        """Ask those who sign refunds, or the process manager where nobody was named.

        :raise UserError: when a round is running
        """
        self.ensure_one()
        if self.refund_review_id.state == "in_progress":
            raise UserError(
                self.env._(
                    "%(ticket)s: the refund waits for %(departments)s already.",
                    ticket=self.name,
                    departments=self.refund_waiting_for or "",
                )
            )
        self._set_process_vals(refund_plan=plan)
        order = self._get_refund_order()
        steps = self.env["order.review.step"]._get_steps_for("refund", order)
        reviews = self.env["order.review"]
        proposal = Proposal(
            self,
            order,
            self._prepare_refund_content(),
            {
                **order._get_review_snapshots()[order.id][1],
                "refund": self._get_refund_sentence(),
            },
            steps._ids or (False,),
            subject="refund",
            outcomes=order._run_review_checks({order.id: steps})[order.id],
        )
        entries = [(order, "refund_submitted", self._get_refund_payload())]
        self._set_state("waiting_internal")
        _reviews, closed = reviews._open_and_advance(
            [proposal], reviews._read_history(order), entries
        )
        self.env["order.ledger"]._append(entries)
        self._log(
            self.env._(
                "A refund of %(amount)s waits for %(departments)s.",
                amount=self._format_amount(self._get_plan_amount()),
                departments=self.refund_waiting_for or "",
            )
        )
        closed._tell_subjects()

    def _get_refund_order(self):
        """Return the order in whose ledger the refund stands: the first that it is about."""
        lines = self.env["order.ticket.line"].browse(row[0] for row in self.refund_plan or ())
        return lines.order_id.sorted("id")[:1]

    def _get_plan_amount(self):
        return sum(amount for _line, _quantity, amount in self.refund_plan or ())

    def _prepare_refund_content(self):
        """Return what is signed, in ids and figures."""
        facts = {"ticket": self.id, "plan": self.refund_plan, "amount": self._get_plan_amount()}
        return {"refund": {"order": facts, "lines": {}}}

    def _get_refund_payload(self):
        return {
            "ticket": self.id,
            "review": self.refund_review_id.id,
            "amount": self._get_plan_amount(),
        }

    def _get_refund_sentence(self):
        """Return what is to be refunded and why, as a signer reads it."""
        self.ensure_one()
        lines = {line.id: line for line in self.line_ids}
        goods = ", ".join(
            lines[line_id]._get_refund_words(quantity)
            for line_id, quantity, _amount in self.refund_plan or ()
            if line_id in lines
        )
        return self.env._(
            "%(ticket)s, %(customer)s: %(amount)s for %(goods)s. %(subject)s",
            ticket=self.name,
            customer=self.commercial_partner_id.name or "",
            amount=self._format_amount(self._get_plan_amount()),
            goods=goods,
            subject=self.subject,
        )

    # === WHAT BECOMES OF IT (as superuser) ===#

    def _on_review_opened(self, review):
        """Called by ``order.review`` as soon as a round of this refund exists."""
        self._set_process_vals(refund_review_id=review.id)

    def _filter_drifted_reviews(self, reviews):
        """Return those of ``reviews`` whose refund would be another one than what is signed;
        called before the last signature counts."""
        drifted = reviews.browse()
        for ticket in self:
            for review in reviews.filtered(lambda r, t=ticket: r.res_id == t.id):
                if ticket.refund_review_id != review or ticket._get_current_plan() != (
                    ticket.refund_plan
                ):
                    drifted |= review
        return drifted

    def _get_current_plan(self):
        lines = self.line_ids.with_company(self.company_id)
        lines = lines.filtered(lambda line: line._get_outcome() in REFUND_OUTCOMES)
        return lines._get_refund_plan()

    def _on_review_decided(self, reviews):
        """Called by ``order.review`` when rounds of these refunds are closed and on record.

        :param reviews: the closed rounds, in state approved, rejected, cancelled or superseded
        """
        for review in reviews:
            ticket = review._get_ticket().filtered(
                lambda t, review=review: t.refund_review_id == review
            )
            if ticket and review.state != "cancelled":
                ticket._follow_refund(review)

    def _follow_refund(self, review):
        """Make the credit note that was signed, or tell the agent why there is none."""
        self.ensure_one()
        if review.state == "approved":
            self.line_ids._lock()
            self._log_refund("refund_approved")
            self._create_refund(self.refund_plan)
            text = self.env._("Refund approved: the credit note is there")
        elif review.state == "rejected":
            self._log_refund("refund_refused")
            refusal = review.signoff_ids.filtered(lambda s: s.state == "rejected")[:1]
            text = self.env._(
                "Refund refused by %(department)s: %(reason)s",
                department=refusal.name,
                reason=refusal.comment,
            )
        else:
            text = self.env._(
                "What is to be refunded has changed meanwhile: create the refund again"
            )
        if self.state == "waiting_internal":
            self._set_state("in_progress")
        self._log(text)
        self._tell_of_refund(review, text)

    def _log_refund(self, kind):
        order = self._get_refund_order()
        self.env["order.ledger"]._append([(order, kind, self._get_refund_payload())])

    def _tell_of_refund(self, review, text):
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": "ticket",
                    "summary": f"{self.name}: {text}",
                    "user_id": (self.user_id or review.requested_by).id,
                }
            ],
        )

    def action_withdraw_refund(self):
        """Take back a refund that waits for signatures.

        :return: True
        :raise UserError: when none does
        """
        self.ensure_one()
        self._check_may_act()
        # sudo: rounds, for an agent who may act on the ticket
        ticket = self.sudo()
        review = ticket.refund_review_id
        if review.state != "in_progress":
            raise UserError(self.env._("No refund of this ticket waits for signatures."))
        self.env["order.ledger"]._lock(review.order_id)
        entries = []
        review._close("cancelled", entries)
        review._follow_clocks()
        self.env["order.ledger"]._append(entries)
        if ticket.state == "waiting_internal":
            ticket._set_state("in_progress")
        ticket._log(self.env._("The refund was withdrawn."))
        return True

    def _check_documents(self):
        result = super()._check_documents()
        # sudo: whether a round is running, whoever may read it
        waiting = self.sudo().filtered(lambda t: t.refund_review_id.state == "in_progress")
        if waiting:
            raise UserError(
                self.env._(
                    "%s: a refund waits for signatures. Wait for them or withdraw it.",
                    ", ".join(waiting.mapped("name")),
                )
            )
        return result
