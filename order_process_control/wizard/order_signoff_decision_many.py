from odoo import api, fields, models


class OrderSignoffDecisionMany(models.TransientModel):
    """Several sign-offs decided together: "approve all green, show me the rest"."""

    _name = "order.signoff.decision.many"
    _description = "Decide on Several Sign-offs"

    signoff_ids = fields.Many2many("order.signoff", string="Sign-offs")
    all_in_order = fields.Boolean(
        string="All Questions are in Order",
        help="Answers the questions of what you approve with “In Order”.",
    )
    comment = fields.Text()
    question_count = fields.Integer(compute="_compute_counts")
    green_count = fields.Integer(string="Can be Approved", compute="_compute_counts")
    rest = fields.Text(string="Look at these Yourself", compute="_compute_counts")

    @api.depends("signoff_ids", "all_in_order", "comment")
    def _compute_counts(self):
        for wizard in self:
            signoffs = wizard.signoff_ids._origin
            obstacles = signoffs._get_obstacles(
                "approved", wizard.comment or "", wizard.all_in_order
            )
            rest = [obstacles[signoff.id] for signoff in signoffs if obstacles[signoff.id]]
            # sudo: the questions of what the user may read
            answers = signoffs.sudo().answer_ids
            wizard.question_count = len(answers.filtered(lambda a: a.kind == "manual"))
            wizard.green_count = len(signoffs) - len(rest)
            wizard.rest = "\n".join(rest)

    def action_approve(self):
        """Approve what is green and show what is left."""
        return self._decide("approved")

    def action_reject(self):
        """Reject all of them with the comment as reason."""
        return self._decide("rejected")

    def _decide(self, decision):
        self.ensure_one()
        signoffs = self.signoff_ids
        results = signoffs.action_decide_many(decision, self.comment, self.all_in_order)
        return self.env["order.process.result"]._show(
            self.env._("Signed Together"), signoffs, results
        )
