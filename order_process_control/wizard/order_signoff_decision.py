from odoo import api, fields, models


class OrderSignoffDecision(models.TransientModel):
    """The screen on which a department decides: facts, checklist, comment, two buttons."""

    _name = "order.signoff.decision"
    _description = "Decide on a Sign-off"
    # Related fields are read with the user's own rights: anybody can point a screen at any sign-off

    signoff_id = fields.Many2one("order.signoff", required=True, readonly=True, ondelete="cascade")
    order_summary = fields.Html(related="signoff_id.order_summary", related_sudo=False)
    previous_rejection = fields.Char(related="signoff_id.previous_rejection", related_sudo=False)
    fact_ids = fields.Many2many(
        "order.signoff.answer", string="Checked by Odoo", compute="_compute_fact_ids"
    )
    line_ids = fields.One2many("order.signoff.decision.line", "wizard_id", string="Questions")
    comment = fields.Text()

    @api.depends("signoff_id")
    def _compute_fact_ids(self):
        for wizard in self:
            wizard.fact_ids = wizard.signoff_id.answer_ids.filtered(
                lambda answer: answer.kind == "automatic"
            )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.signoff_id.check_access("read")
        self.env["order.signoff.decision.line"].create(
            [
                {"wizard_id": wizard.id, "answer_id": answer.id}
                for wizard in wizards
                for answer in wizard.signoff_id.answer_ids
                if answer.kind == "manual"
            ]
        )
        return wizards

    def action_approve(self):
        """Sign with the answers on the screen; see ``order.signoff.action_approve``."""
        self.ensure_one()
        self.signoff_id.action_approve(self.comment, self._get_answers())
        return {"type": "ir.actions.act_window_close"}

    def action_reject(self):
        """Reject with the comment as reason; see ``order.signoff.action_reject``."""
        self.ensure_one()
        self.signoff_id.action_reject(self.comment, self._get_answers())
        return {"type": "ir.actions.act_window_close"}

    def _get_answers(self):
        return [
            {"id": line.answer_id.id, "result": line.result, "note": line.note}
            for line in self.line_ids
        ]


class OrderSignoffDecisionLine(models.TransientModel):
    _name = "order.signoff.decision.line"
    _description = "Question of a Sign-off Decision"
    _order = "id"

    wizard_id = fields.Many2one("order.signoff.decision", required=True, ondelete="cascade")
    answer_id = fields.Many2one(
        "order.signoff.answer", string="Copied Question", required=True, ondelete="cascade"
    )
    name = fields.Char(related="answer_id.name", related_sudo=False)
    guidance = fields.Text(related="answer_id.guidance", related_sudo=False)
    is_required = fields.Boolean(related="answer_id.is_required", related_sudo=False)
    result = fields.Selection(
        [("pass", "In Order"), ("fail", "Not in Order"), ("not_applicable", "Not Applicable")],
        string="Your Answer",
    )
    note = fields.Char()
