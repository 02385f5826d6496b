from odoo import api, fields, models


class OrderTicketPartStep(models.TransientModel):
    """A department is asked, answers, or need not answer any more."""

    _name = "order.ticket.part.step"
    _description = "Text for a Department's Part"

    kind = fields.Selection(
        [("ask", "Ask a Department"), ("answer", "Answer"), ("withdraw", "Withdraw")],
        required=True,
        readonly=True,
    )
    ticket_ids = fields.Many2many("order.ticket", readonly=True)
    part_ids = fields.Many2many("order.ticket.part", readonly=True)
    question = fields.Text(compute="_compute_question")
    department_id = fields.Many2one("hr.department", check_company=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    user_id = fields.Many2one("res.users", string="Person", help="Empty: the whole department.")
    possible_user_ids = fields.Many2many("res.users", compute="_compute_possible_user_ids")
    text = fields.Text()

    @api.depends("part_ids")
    def _compute_question(self):
        for step in self:
            step.question = "\n".join(step.part_ids.mapped("question"))

    @api.depends("ticket_ids")
    def _compute_company_id(self):
        for step in self:
            step.company_id = step.ticket_ids[:1].company_id

    @api.depends("department_id")
    def _compute_possible_user_ids(self):
        for step in self:
            step.possible_user_ids = step.ticket_ids._get_askable_users(step.department_id._origin)

    @api.onchange("department_id")
    def _onchange_department_id(self):
        if self.user_id not in self.possible_user_ids:
            self.user_id = False

    def action_go(self):
        """Do what was asked for, as the user, who is asked for the right to by the ticket or by
        its part."""
        self.ensure_one()
        actions = {
            "ask": lambda: self.ticket_ids.action_ask_department(
                self.department_id.id, self.text, self.user_id.id
            ),
            "answer": lambda: self.part_ids.action_answer(self.text),
            "withdraw": lambda: self.part_ids.action_withdraw(self.text),
        }
        actions[self.kind]()
        return {"type": "ir.actions.act_window_close"}

    def _get_screen(self):
        """Return the action that opens this."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": kinds[self.kind],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
