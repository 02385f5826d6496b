from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderProcessRequest(models.TransientModel):
    """One question before an action: a reason, a question, an answer, a delegate."""

    _name = "order.process.request"
    _description = "Text for an Action of the Order Process"

    kind = fields.Selection(
        [
            ("ask", "Ask Sales"),
            ("answer", "Answer"),
            ("delegate", "Delegate"),
            ("escalate", "Ask the Final Approver"),
            ("exempt", "Exempt from Review"),
            ("close_point", "Close Open Point"),
        ],
        required=True,
        readonly=True,
    )
    signoff_ids = fields.Many2many("order.signoff", readonly=True)
    order_ids = fields.Many2many("sale.order", readonly=True)
    point_ids = fields.Many2many("order.signoff.point", readonly=True)
    hint = fields.Text(compute="_compute_hint")
    text = fields.Text()
    delegate_ids = fields.Many2many(
        "res.users", string="Possible Delegates", compute="_compute_delegate_ids"
    )
    user_id = fields.Many2one(
        "res.users", string="Colleague", domain="[('id', 'in', delegate_ids)]"
    )
    until = fields.Date(default=lambda self: fields.Date.context_today(self))

    @api.depends("kind")
    def _compute_hint(self):
        hints = {
            "ask": self.env._("What do you want to know? Nobody can approve before the answer."),
            "delegate": self.env._(
                "Your colleague can sign as well, until the end of that day. You still can, too."
            ),
            "escalate": self.env._(
                "Why does the customer refuse the change? The final approver decides with a reason;"
                " the rejection stays visible."
            ),
            "exempt": self.env._(
                "Why may this be confirmed as it is, without the missing signatures?"
            ),
            "close_point": self.env._("How was it solved?"),
        }
        for wizard in self:
            wizard.hint = hints.get(wizard.kind) or wizard._get_open_questions()

    @api.depends("kind", "signoff_ids")
    def _compute_delegate_ids(self):
        for wizard in self:
            signoffs = wizard.signoff_ids._origin if wizard.kind == "delegate" else False
            wizard.delegate_ids = signoffs and signoffs._get_possible_delegates()

    def _get_open_questions(self):
        return "\n".join(
            f"{question.signoff_id.name}: {question.question}"
            for question in self.signoff_ids.question_ids
            if not question.answered_at
        )

    @api.model
    def _get_record_fields(self):
        """Return ``{model: field that holds its records}``."""
        return {
            "sale.order": "order_ids",
            "order.signoff": "signoff_ids",
            "order.signoff.point": "point_ids",
        }

    @api.model
    def _open(self, kind, records, title):
        """Return the action that asks what the action ``kind`` on ``records`` needs to know."""
        field = self._get_record_fields()[records._name]
        wizard = self.create({"kind": kind, field: records.ids})
        return wizard._get_records_action(name=title, target="new")

    def action_run(self):
        """Carry out the action with what was entered; it judges by itself who may."""
        if len(self.ids) != 1:
            raise UserError(self.env._("Begin again with the button of the order or sign-off."))
        if self.kind == "delegate" and not self.user_id:
            raise UserError(self.env._("Choose a colleague who shall sign."))
        getattr(self, f"_run_{self.kind}")()
        return {"type": "ir.actions.act_window_close"}

    def _run_ask(self):
        self.signoff_ids.action_ask(self.text)

    def _run_answer(self):
        self.signoff_ids.action_answer(self.text)

    def _run_delegate(self):
        self.signoff_ids.action_delegate(self.user_id.id, fields.Date.to_string(self.until))

    def _run_escalate(self):
        self.order_ids.action_escalate_decision(self.text)

    def _run_exempt(self):
        return self.order_ids.action_exempt_review(self.text)

    def _run_close_point(self):
        self.point_ids.action_close(self.text)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_open_escalation(self):
        """Ask for the reason, then for the final approver's decision."""
        return self._open_process_request("escalate", self.env._("Ask the Final Approver"))

    def action_open_exemption(self):
        """Ask for the reason, then exempt."""
        return self._open_process_request("exempt", self.env._("Exempt from Review"))

    def action_open_answer(self):
        """Ask for the answer to the questions of departments on this order."""
        if len(self) != 1:
            raise UserError(self.env._("Choose one order."))
        # sudo: who reads the order sees the strip with the questions
        asked = self.sudo().current_review_id.signoff_ids.filtered(
            lambda s: s.state == "pending" and s._has_open_question()
        )
        if not asked:
            raise UserError(self.env._("There is no open question here any more."))
        return self.env["order.process.request"]._open(
            "answer", asked.sudo(False), self.env._("Answer")
        )

    def _open_process_request(self, kind, title):
        return self.env["order.process.request"]._open(kind, self, title)


class OrderSignoff(models.Model):
    _inherit = "order.signoff"

    def action_open_question(self):
        """Ask for the question, then ask sales."""
        return self.env["order.process.request"]._open("ask", self, self.env._("Ask Sales"))

    def action_open_delegation(self):
        """Ask for the colleague, then delegate."""
        return self.env["order.process.request"]._open("delegate", self, self.env._("Delegate"))


class OrderSignoffPoint(models.Model):
    _inherit = "order.signoff.point"

    def action_open_close(self):
        """Ask how it was solved, then close."""
        return self.env["order.process.request"]._open(
            "close_point", self, self.env._("Close Open Point")
        )
