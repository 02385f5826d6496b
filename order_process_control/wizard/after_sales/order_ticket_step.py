from odoo import api, fields, models


class OrderTicketStep(models.TransientModel):
    """One text before a ticket goes on: a question, a reason, a result."""

    _name = "order.ticket.step"
    _description = "Text for a Step of a Ticket"

    kind = fields.Selection(
        [
            ("answer", "Answer"),
            ("wait_customer", "Ask the Customer"),
            ("wait_internal", "Wait for Us"),
            ("escalate", "Escalate"),
            ("resolve", "Solved"),
            ("confirm", "The Customer Confirmed"),
            ("reopen", "Reopen"),
            ("cancel", "Cancel"),
            ("override", "Grant All the Same"),
            ("follow_up", "Follow-up Call"),
        ],
        required=True,
        readonly=True,
    )
    ticket_ids = fields.Many2many("order.ticket", readonly=True)
    line_ids = fields.Many2many("order.ticket.line", readonly=True)
    hint = fields.Char(compute="_compute_hint")
    text = fields.Text()
    answer_id = fields.Many2one(
        "mail.canned.response",
        string="Ready-made Answer",
        domain="[('id', 'in', possible_answer_ids)]",
        help="Those of the team of the ticket.",
    )
    possible_answer_ids = fields.Many2many(
        "mail.canned.response", compute="_compute_possible_answer_ids"
    )
    resolution = fields.Selection(selection="_get_resolutions")
    follow_up_result = fields.Selection(
        selection="_get_follow_up_results", string="The Customer is"
    )

    @api.model
    def _get_resolutions(self):
        return self.env["order.ticket"]._fields["resolution"]._description_selection(self.env)

    @api.model
    def _get_follow_up_results(self):
        field = self.env["order.ticket"]._fields["follow_up_result"]
        return field._description_selection(self.env)

    @api.depends("kind")
    def _compute_hint(self):
        hints = {
            "answer": self.env._("Sent to the customer."),
            "wait_customer": self.env._(
                "Sent to the customer. The clocks stand still until the answer is here. Leave it"
                " empty when the customer knows what you need."
            ),
            "wait_internal": self.env._(
                "For what, and from whom? The clocks run on: the customer waits for all of us."
            ),
            "escalate": self.env._("What was tried, and what is needed? The second line reads it."),
            "resolve": self.env._(
                "What was found and done, also when it could not be solved. Sent to the customer,"
                " who is asked whether that is all right."
            ),
            "confirm": self.env._("Who confirmed it, and how? For example “by phone, Ms Li”."),
            "reopen": self.env._("Why is the customer not satisfied? That is what we mend."),
            "cancel": self.env._("Why is it cancelled? Nothing more is done about it."),
            "override": self.env._("Why is it granted although it is too late?"),
            "follow_up": self.env._(
                "What did the customer say? Not satisfied: the ticket is opened again. Not reached:"
                " the call is planned for tomorrow."
            ),
        }
        for step in self:
            step.hint = hints.get(step.kind)

    @api.depends("ticket_ids")
    def _compute_possible_answer_ids(self):
        for step in self:
            step.possible_answer_ids = step.ticket_ids.team_id.answer_ids

    @api.onchange("answer_id")
    def _onchange_answer_id(self):
        if self.answer_id:
            self.text = "\n".join(filter(None, [self.text, self.answer_id.substitution]))

    def action_go(self):
        """Do what was asked for, as the user, who is asked for the right to by the ticket."""
        self.ensure_one()
        tickets = self.ticket_ids
        actions = {
            "answer": lambda: tickets.action_answer(self.text),
            "wait_customer": lambda: tickets.action_wait_customer(self.text),
            "wait_internal": lambda: tickets.action_wait_internal(self.text),
            "escalate": lambda: tickets.action_escalate(self.text),
            "resolve": lambda: tickets.action_resolve(self.text, self.resolution),
            "confirm": lambda: tickets.action_confirm_solved(self.text),
            "reopen": lambda: tickets.action_reopen(self.text),
            "cancel": lambda: tickets.action_cancel(self.text),
            "override": lambda: self.line_ids.action_override_window(self.text),
            "follow_up": lambda: tickets.action_record_follow_up(self.follow_up_result, self.text),
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
