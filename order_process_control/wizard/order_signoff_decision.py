from odoo import api, fields, models


class OrderSignoffDecision(models.TransientModel):
    """The screen on which a department decides: facts, checklist, comment, two buttons."""

    _name = "order.signoff.decision"
    _description = "Decide on a Sign-off"
    # What was typed is kept for a week: an answer from sales may take days
    _transient_max_hours = 7 * 24.0
    # Related fields are read with the user's own rights: anybody can point a screen at any sign-off

    signoff_id = fields.Many2one("order.signoff", required=True, readonly=True, ondelete="cascade")
    order_summary = fields.Html(related="signoff_id.order_summary", related_sudo=False)
    previous_rejection = fields.Char(related="signoff_id.previous_rejection", related_sudo=False)
    fact_ids = fields.Many2many(
        "order.signoff.answer", string="Checked by Odoo", compute="_compute_fact_ids"
    )
    line_ids = fields.One2many("order.signoff.decision.line", "wizard_id", string="Questions")
    comment = fields.Text()
    diff_summary = fields.Html(compute="_compute_diff_summary", sanitize=False)
    open_question = fields.Text(compute="_compute_open_question")
    lead_time_days = fields.Float(
        string="Time Needed (days)", help="Working days your department needs for its own part."
    )
    proposed_date = fields.Date(
        string="Date Offered", help="If the promised date is not possible: which one is."
    )
    point_ids = fields.One2many(
        "order.signoff.decision.point", "wizard_id", string="Approve on Condition"
    )

    @api.depends("signoff_id")
    def _compute_diff_summary(self):
        for wizard in self:
            rows = wizard.signoff_id.diff
            wizard.diff_summary = rows and self.env["ir.qweb"]._render(
                "order_process_control.order_review_diff",
                {"rows": rows, "title": wizard.signoff_id._get_diff_title()},
            )

    @api.depends("signoff_id")
    def _compute_open_question(self):
        for wizard in self:
            question = wizard.signoff_id.question_ids[:1]
            wizard.open_question = bool(question) and self.env._(
                "%(person)s asked: %(question)s\nAnswer: %(answer)s",
                # sudo: the name of a colleague
                person=question.asked_by.sudo().name,
                question=question.question,
                answer=question.answer or self.env._("none yet, so nobody can approve"),
            )

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
        self.signoff_id.action_approve(self.comment, self._get_answers(), self._get_details())
        return self._get_decided_action()

    def action_reject(self):
        """Reject with the comment as reason; see ``order.signoff.action_reject``."""
        self.ensure_one()
        self.signoff_id.action_reject(self.comment, self._get_answers(), self._get_details())
        return self._get_decided_action()

    def action_ask(self):
        """Ask sales first; what was typed so far is kept."""
        return self.signoff_id.action_open_question()

    def action_delegate(self):
        """Let a colleague sign; what was typed so far is kept."""
        return self.signoff_id.action_open_delegation()

    def action_later(self):
        """Close the screen and keep what was typed, for the same person."""
        return {"type": "ir.actions.act_window_close"}

    def _get_details(self):
        return {
            "lead_time_days": self.lead_time_days,
            "proposed_date": fields.Date.to_string(self.proposed_date),
            "open_points": [
                {
                    "name": point.name,
                    "user_id": point.user_id.id,
                    "date_deadline": fields.Date.to_string(point.date_deadline),
                }
                for point in self.point_ids
            ],
        }

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
    label = fields.Char(compute="_compute_label")
    guidance = fields.Text(related="answer_id.guidance", related_sudo=False)
    is_required = fields.Boolean(related="answer_id.is_required", related_sudo=False)
    result = fields.Selection(
        [("pass", "In Order"), ("fail", "Not in Order"), ("not_applicable", "Not Applicable")],
        string="Your Answer",
    )
    note = fields.Char()

    @api.depends("name", "is_required")
    def _compute_label(self):
        """Mark what has to be answered, as Odoo's own forms do it with an asterisk elsewhere."""
        for line in self:
            line.label = f"{line.name} *" if line.is_required else line.name


class OrderSignoffDecisionPoint(models.TransientModel):
    _name = "order.signoff.decision.point"
    _description = "Open Point of a Sign-off Decision"
    _order = "id"

    wizard_id = fields.Many2one("order.signoff.decision", required=True, ondelete="cascade")
    name = fields.Char(string="To Do", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        help="Empty: whoever requested the review.",
    )
    date_deadline = fields.Date(string="Due")
