from odoo import api, fields, models


class OrderSignoffDecision(models.TransientModel):
    """The decision screen around the decision: opened where it was left, for whom one signs, what
    is overruled, and a way back from a mis-click."""

    _inherit = "order.signoff.decision"

    overruling = fields.Text(related="signoff_id.overruling", related_sudo=False)
    is_overruling = fields.Boolean(related="signoff_id.is_overruling", related_sudo=False)
    signing_for = fields.Char(related="signoff_id.signing_for", related_sudo=False)
    deadline_text = fields.Char(related="signoff_id.deadline_text", related_sudo=False)
    deadline_status = fields.Selection(related="signoff_id.deadline_status", related_sudo=False)
    deadline_at = fields.Datetime(related="signoff_id.deadline_at", related_sudo=False)
    remarks_summary = fields.Html(
        related="signoff_id.remarks_summary", related_sudo=False, sanitize=False
    )
    has_required = fields.Boolean(compute="_compute_has_required")

    @api.depends("line_ids.is_required")
    def _compute_has_required(self):
        for wizard in self:
            wizard.has_required = any(wizard.line_ids.mapped("is_required"))

    @api.model
    def _get_draft(self, signoff):
        """Return the screen that the user left without deciding, or a new one."""
        # The rules show nobody the screens of others; the superuser is not bound by them
        own = [("signoff_id", "=", signoff.id), ("create_uid", "=", self.env.uid)]
        return self.search(own, order="id desc", limit=1) or self.create({"signoff_id": signoff.id})

    def _get_decided_action(self):
        """Return the action that closes the screen, says what was decided and offers to take it
        back."""
        self.ensure_one()
        signoff = self.signoff_id
        labels = dict(signoff._fields["state"]._description_selection(self.env))
        # A department of which others have to sign as well is not decided yet
        word = self.env._("Signed") if signoff.state == "pending" else labels[signoff.state]
        minutes = signoff._get_undo_minutes()
        return {
            "type": "ir.actions.client",
            "tag": "order_process_control.decided",
            "params": {
                "signoff_id": signoff.id,
                "can_undo": signoff.can_undo,
                "type": "warning" if signoff.state == "rejected" else "success",
                "title": f"{signoff.display_name}: {word}",
                "message": self.env._("You can take it back within %s minutes.", minutes)
                if signoff.can_undo
                else "",
            },
        }
