from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from . import activities


class OrderSignoff(models.Model):
    """Asking sales before signing; the times are kept, so that a clock can stop for them."""

    _inherit = "order.signoff"

    question_ids = fields.One2many("order.signoff.question", "signoff_id", readonly=True)
    asked_at = fields.Datetime(
        string="Last Question On", readonly=True, help="When sales was asked last."
    )
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    open_question_since = fields.Datetime(
        string="Waiting for an Answer since", compute="_compute_open_question_since"
    )

    @api.depends("state", "asked_at", "answered_at")
    def _compute_open_question_since(self):
        for signoff in self:
            is_open = signoff.state == "pending" and signoff._has_open_question()
            signoff.open_question_since = signoff.asked_at if is_open else False

    def _has_open_question(self):
        self.ensure_one()
        return bool(self.asked_at and not self.answered_at)

    def _get_open_question(self):
        """Return what the department asks and nobody has answered yet, for the screen."""
        self.ensure_one()
        if self.state != "pending" or not self._has_open_question():
            return ""
        return self.question_ids.filtered(lambda question: not question.answered_at)[:1].question

    def action_ask(self, question):
        """Ask the requester before deciding; until the answer nobody can approve.

        :param str question: never blank
        :return: True
        :raise UserError: without a question, while one is open, or when the user may not decide
        """
        question = self._clean_text(question)
        if not question:
            raise UserError(self.env._("Write what you want to know."))
        # sudo: rounds are read whole and are not writable for anybody
        signoffs = self.sudo()._load_rounds()
        self.env["order.ledger"]._lock(signoffs.order_id)
        self._check_may_decide(signoffs._get_signers())
        if signoffs.filtered(lambda s: s._has_open_question()):
            raise UserError(self.env._("There is a question already that waits for its answer."))
        now = self._get_decision_time()
        self.env["order.signoff.question"].sudo()._insert_rows(
            [
                {
                    "signoff_id": signoff.id,
                    "question": question,
                    "asked_by": self.env.uid,
                    "asked_at": now,
                }
                for signoff in signoffs
            ]
        )
        signoffs.write({"asked_at": now, "answered_at": False})
        signoffs._stop_clocks_for_answer()
        activities.schedule(self.env, [s._prepare_question_task(question) for s in signoffs])
        self.env["order.ledger"]._append(
            [(signoff.order_id, "asked", {"signoff": signoff.id}) for signoff in signoffs]
        )
        return True

    def _prepare_question_task(self, question):
        self.ensure_one()
        return {
            "record": self.review_id._get_subject(),
            "kind": "question",
            "summary": self.env._("%s asks: please answer", self.name),
            "note": question,
            "user_id": self.review_id._get_addressee().id,
        }

    def _remind_of_questions(self):
        """Ask sales again what these sign-offs wait to know."""
        activities.schedule(
            self.env, [s._prepare_question_task(s.question_ids[:1].question) for s in self]
        )

    def action_answer(self, answer):
        """Answer the open question of these sign-offs, for sales.

        :param str answer: never blank
        :return: True
        :raise AccessError: for whoever may not change the order
        :raise UserError: without an answer, or when nothing was asked
        """
        answer = self._clean_text(answer)
        if not answer:
            raise UserError(self.env._("Write your answer."))
        self._check_may_answer()
        # sudo: the caller may write the order; rounds are not writable for anybody
        signoffs = self.sudo()
        self.env["order.ledger"]._lock(signoffs.order_id)
        if signoffs.filtered(lambda s: s.state != "pending" or not s._has_open_question()):
            raise UserError(self.env._("There is no open question here any more."))
        now = self._get_decision_time()
        questions = signoffs._get_open_questions()
        questions.write({"answer": answer, "answered_by": self.env.uid, "answered_at": now})
        signoffs.write({"answered_at": now})
        questions._stop_deadline()
        signoffs._resume_deadline()
        still_asked = signoffs.review_id.signoff_ids.filtered(lambda s: s._has_open_question())
        still_asked = still_asked.filtered(lambda s: s.state == "pending")
        (signoffs.review_id - still_asked.review_id)._close_questions()
        self.env["order.ledger"]._append(
            [(signoff.order_id, "answered", {"signoff": signoff.id}) for signoff in signoffs]
        )
        return True

    def _check_may_answer(self):
        """Sales answers: who requested the review, or may change the order."""
        self.check_access("read")
        orders = self.order_id.with_user(self.env.user)
        if not self.env.su and self.sudo().requested_by != self.env.user:
            if not orders.has_access("write"):
                raise AccessError(
                    self.env._(
                        "Questions are answered by sales: whoever requested the review, or may"
                        " change the order."
                    )
                )
            orders._check_may_submit()
