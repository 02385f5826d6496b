from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

# Proposed; the colleague signs as a delegate, and delegations end
DAYS = 30


class OrderProcessReassign(models.TransientModel):
    """Hands open sign-offs that nobody is left to sign to a colleague, all in one go."""

    _name = "order.process.reassign"
    _description = "Reassign Sign-offs"

    health_id = fields.Many2one(
        "order.process.health", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="health_id.company_id", store=True)
    signoff_ids = fields.Many2many(
        "order.signoff", "order_process_reassign_signoff_rel", string="Sign-offs"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    until = fields.Date(
        default=lambda self: fields.Date.context_today(self) + timedelta(days=DAYS),
        help="The colleague may sign until the end of this day.",
    )

    @api.model
    def _open(self, line):
        """Return the dialog for the sign-offs of a line of the health page."""
        wizard = self.create(
            {"health_id": line.health_id.id, "signoff_ids": [Command.set(line.res_ids or [])]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reassign Sign-offs"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_reassign(self):
        """Reassign the sign-offs and look at the health page again.

        :return: an action that closes the dialog
        :raise UserError: see ``order.signoff.action_reassign``
        """
        self.ensure_one()
        pending = self.signoff_ids.filtered(lambda signoff: signoff.state == "pending")
        until = fields.Date.to_string(self.until) if self.until else None
        pending.action_reassign(self.user_id.id, until)
        self.health_id.action_check()
        return {"type": "ir.actions.act_window_close"}
