from odoo import api, models
from odoo.tools import SQL


class OrderDeadline(models.Model):
    """Deadlines of reviews: read by whoever signs, owned by everybody who is asked."""

    _name = "order.deadline"
    _inherit = ["order.deadline", "order.signer.mixin"]

    def _get_owner_ids(self):
        owners = super()._get_owner_ids()
        asked = self.filtered(lambda d: d.res_model == "order.signoff" and not d.user_id)
        signers = self.env["order.signoff"].browse(asked.mapped("res_id"))._get_signers()
        return owners | {d.id: tuple(signers[d.res_id].able) for d in asked}


class OrderDeadlineEvent(models.Model):
    _name = "order.deadline.event"
    _inherit = ["order.deadline.event", "order.signer.mixin"]

    @api.model
    def _get_signer_link(self, alias):
        return SQL(
            "own.order_id = (SELECT order_id FROM order_deadline WHERE id = %s)",
            SQL.identifier(alias, "deadline_id"),
        )
