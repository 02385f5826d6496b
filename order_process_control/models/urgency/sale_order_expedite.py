from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_expedite import OPEN_STATES


class SaleOrder(models.Model):
    """Expedites of a confirmed order, requested here."""

    _inherit = "sale.order"

    expedite_ids = fields.One2many(
        "order.expedite",
        "order_id",
        string="Expedites",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    expedite_count = fields.Integer(compute="_compute_expedite_count", groups="base.group_user")
    has_open_expedite = fields.Boolean(compute="_compute_expedite_count", groups="base.group_user")

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"expedite_ids"}

    @api.depends("expedite_ids.state")
    def _compute_expedite_count(self):
        for order in self:
            # sudo: counting reveals nothing
            states = order._origin.sudo().expedite_ids.mapped("state")
            order.expedite_count = len(states)
            order.has_open_expedite = not set(OPEN_STATES).isdisjoint(states)

    def action_request_expedite(self):
        """Open the form in which an expedite of this confirmed order is requested, or the open one.

        :return: a window action
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when the order is not confirmed
        """
        self._check_one_to_expedite()
        expedites = self.env["order.expedite"]
        expedites._check_may_request(self)
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Expedite"),
            "res_model": expedites._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }
        open_one = expedites.search(
            [("order_id", "=", self.id), ("state", "in", OPEN_STATES)], limit=1
        )
        return {**action, "res_id": open_one.id} if open_one else action

    @api.readonly
    def action_view_expedites(self):
        """Return the action that shows the expedites of this order."""
        self._check_one_to_expedite()
        return self.expedite_ids._get_records_action(name=self.env._("Expedites"))

    def _check_one_to_expedite(self):
        """:raise UserError: unless it is exactly one order"""
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one order."))

    def _void_release(self):
        # sudo: whoever cancels the order
        expedites = self.sudo().expedite_ids.filtered(
            lambda expedite: expedite.state in (*OPEN_STATES, "refused")
        )
        if expedites:
            expedites._cancel()
        return super()._void_release()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_expedited(self):
        # sudo: also expedites that the user may not read
        expedited = self.sudo().expedite_ids.order_id
        if expedited:
            raise UserError(
                self.env._(
                    "%s has expedites, which are kept: leave the order cancelled instead of"
                    " deleting it.",
                    ", ".join(expedited.mapped("name")),
                )
            )
