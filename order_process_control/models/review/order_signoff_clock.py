from odoo import api, fields, models
from odoo.fields import Domain


class OrderSignoff(models.Model):
    """The clock of a sign-off: from being asked to the decision, in the working time of its
    department (R-098, R-157).

    What nobody is asked for has none: a signature that is carried over, a rejection that is to be
    overruled, and what the system signs on facts. A question to sales lets it stand still and
    starts the clock of the answer. A decision that is taken back lets it run on, as if there had
    been none.
    """

    _name = "order.signoff"
    _inherit = ["order.signoff", "order.deadline.mixin"]

    policy_id = fields.Many2one(
        "order.deadline.policy",
        string="Time Allowed",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="As the step said when the round began; empty: what holds for the department.",
    )

    @api.model
    def _get_deadline_clock(self):
        return "signoff"

    def _prepare_deadline_vals(self, policy=None):
        self.ensure_one()
        order = self.order_id
        return {
            "name": self.env._(
                "%(order)s: sign-off of %(department)s",
                order=self.review_id._get_subject_name(),
                department=self.name,
            ),
            "policy_id": self.policy_id.id,
            "order_id": order.id,
            "department_id": self.department_id.id,
            "company_id": self.company_id.id,
            "user_id": self.reviewer_ids.id if len(self.reviewer_ids) == 1 else False,
            "class_id": order.class_id.id,
            "priority": order.priority,
        }

    def _prepare_starts(self, policy=None, clock=None, **vals):
        off = self.env["res.company"]._get_ids_without_process()
        timed = self.filtered(lambda s: s.company_id.id not in off) if off else self
        return super(OrderSignoff, timed)._prepare_starts(policy, clock, **vals)

    def _get_deadline_owners(self):
        """Everybody who can sign keeps the promise."""
        signers = self._get_signers()
        return {id_: self.env["res.users"].browse(signers[id_].able) for id_ in self._ids}

    # === RUNNING ===#

    def _start_clocks_of_rounds(self, pairs):
        """Start the clocks of these sign-offs, which are asked first in new rounds, and those of
        the subjects that have none yet, with one statement.

        :param list pairs: (order.review, Proposal)
        """
        starts = self._prepare_starts()
        for _review, proposal in pairs:
            if proposal.starts_clock:
                starts += proposal.record._prepare_starts()
        self.env["order.deadline"]._start_many(starts)

    @api.model
    def _start_missing_clocks(self, domain):
        """Start the clocks of the open sign-offs of ``domain`` that have none, from now."""
        pending = self.search(Domain("state", "=", "pending") & Domain(domain))
        running = set(pending._get_open_deadlines().mapped("res_id"))
        pending = pending.filtered(lambda signoff: signoff.id not in running)
        pending._start_deadline()
        pending._stop_clocks_for_answer()

    def _stop_clocks_for_answer(self):
        """Let the clocks of these sign-offs stand still as long as their questions are open, and
        start those of the answers."""
        questions = self._get_open_questions()
        if questions:
            questions.signoff_id._pause_deadline(self.env._("Sales was asked"))
            questions._start_deadline()

    def _get_open_questions(self):
        """Return the questions of these sign-offs that nobody has answered yet."""
        return self.filtered(lambda s: s._has_open_question()).question_ids.filtered(
            lambda question: not question.answered_at
        )

    # === FOR THE SCREEN ===#

    def _prepare_chip_details(self):
        details = super()._prepare_chip_details()
        if self.state == "pending":
            details["clock"] = self._get_deadline_chip()
        return details
