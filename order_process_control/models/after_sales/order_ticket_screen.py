from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_ticket_refund import REFUND_OUTCOMES

RESOLUTION_OF_OUTCOME = {
    "advice": "advice",
    "return": "return_refund",
    "exchange": "exchange",
    "repair": "repair",
    "resupply": "resupply",
    "compensation": "compensation",
}


class OrderTicket(models.Model):
    """What the buttons of the screen need."""

    _inherit = "order.ticket"

    can_return = fields.Boolean(compute="_compute_possible")
    can_inspect = fields.Boolean(compute="_compute_possible")
    can_exchange = fields.Boolean(compute="_compute_possible")
    can_refund = fields.Boolean(compute="_compute_possible")
    can_repair = fields.Boolean(compute="_compute_possible")
    can_send_back = fields.Boolean(compute="_compute_possible")
    can_undo = fields.Boolean(compute="_compute_possible")
    has_compensation = fields.Boolean(compute="_compute_has_compensation")

    @api.depends("line_ids.requested_outcome", "line_ids.decided_outcome")
    def _compute_has_compensation(self):
        """For the screen only: the amount takes no place where nobody asks for it."""
        for ticket in self:
            ticket.has_compensation = any(
                "compensation" in (line.requested_outcome, line.decided_outcome)
                for line in ticket.line_ids
            )

    @api.depends(
        "state",
        "line_ids.quantity",
        "line_ids.requested_outcome",
        "line_ids.decided_outcome",
        "line_ids.compensation_amount",
        "line_ids.transfer_move_ids.state",
        "line_ids.inspection_ids",
        "line_ids.repair_ids.state",
    )
    def _compute_possible(self):
        """For the screen only: which document is next. Every method asks again."""
        # sudo: figures of documents that the agent may not open
        for ticket, known in zip(self, self.sudo(), strict=True):
            is_open = ticket.state in ticket._get_open_states()
            lines = known.line_ids if is_open else known.line_ids.browse()
            moves = lines.transfer_move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
            drafts = lines._get_refund_lines().filtered(lambda row: row.parent_state == "draft")
            ticket.can_return = any(
                line._get_outcome() in ("return", "exchange", "repair")
                and line.quantity > line._get_returned_total()
                for line in lines
            )
            ticket.can_inspect = any(
                line.received_quantity > line.inspected_quantity for line in lines
            )
            ticket.can_exchange = any(
                line._get_outcome() in ("exchange", "resupply") and line._get_sendable_quantity()
                for line in lines
            )
            refundable = lines.filtered(lambda line: line._get_outcome() in REFUND_OUTCOMES)
            # Too large a compensation is told why there is none
            ticket.can_refund = bool(refundable._get_refund_plan()) or any(
                line._get_compensation_money() for line in refundable
            )
            ticket.can_repair = any(
                line._get_outcome() == "repair"
                and line._get_repairable_quantity()
                and (line.inspected_quantity or not line._get_returned_total())
                for line in lines
            )
            ticket.can_send_back = any(
                line._get_outcome() == "repair" and line._get_ready_quantity() for line in lines
            )
            ticket.can_undo = bool(moves or drafts)

    def action_open_step(self):
        """Return the screen that asks for the text of a step; which, the button says in its
        context as ``ticket_step``."""
        kind = self.env.context.get("ticket_step")
        steps = self.env["order.ticket.step"]
        if kind not in dict(steps._fields["kind"].selection):
            raise UserError(self.env._("Use the buttons of the ticket."))
        self.check_access("read")
        vals = {"kind": kind, "ticket_ids": self.ids}
        if kind == "resolve" and len(self) == 1:
            vals |= {
                "text": self.result,
                "resolution": self.resolution or self._get_likely_resolution(),
            }
        step = steps.create(vals)
        return step._get_screen()

    def action_open_cancel(self):
        """Return the screen that asks why tickets are cancelled.

        :raise UserError: for one that has ended: nobody types a reason in vain
        """
        self._check_may_act()
        self._check_state((*self._get_open_states(), "resolved"), self.env._("has ended already."))
        return self.with_context(ticket_step="cancel").action_open_step()

    def _get_likely_resolution(self):
        """Return how it was settled, when all goods had the same outcome; or False."""
        outcomes = {line._get_outcome() for line in self.line_ids}
        return RESOLUTION_OF_OUTCOME.get(outcomes.pop()) if len(outcomes) == 1 else False

    def action_inspect(self):
        """Return the screen on which what has come back is inspected."""
        self.ensure_one()
        return self.env["order.ticket.inspect"]._open(self.line_ids)
