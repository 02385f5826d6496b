from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_change import OPEN_STATES


class SaleOrder(models.Model):
    """Changes of a confirmed order: requested here, and what they make of its deliveries."""

    _inherit = "sale.order"

    change_ids = fields.One2many(
        "order.change", "order_id", string="Changes", readonly=True, groups="base.group_user"
    )
    change_count = fields.Integer(compute="_compute_change_count", groups="base.group_user")
    has_open_change = fields.Boolean(compute="_compute_change_count", groups="base.group_user")

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"change_ids"}

    @api.depends("change_ids.state")
    def _compute_change_count(self):
        if len(self) == 1:
            self.mapped("review_state")  # reads them as well
        for order in self:
            # sudo: counting reveals nothing
            states = order._origin.sudo().change_ids.mapped("state")
            order.change_count = len(states)
            order.has_open_change = not set(OPEN_STATES).isdisjoint(states)

    def _get_overview_queries(self, with_rounds):
        queries = super()._get_overview_queries(with_rounds)
        if with_rounds:
            queries.append(self._get_rows_query("change", self.env["order.change"], ["state"]))
        return queries

    def _cache_rounds(self, rows):
        result = super()._cache_rounds(rows)
        self._cache_rows(rows["change"], self.env["order.change"], "change_ids", ["state"])
        return result

    def action_request_change(self):
        """Open the form in which a change of this confirmed order is written, or the open one.

        :return: a window action
        :raise AccessError: for whoever may not write the order, or is no user of the process
        :raise UserError: when the order is not confirmed
        """
        self._check_one_to_change()
        changes = self.env["order.change"]
        changes._check_may_request(self)
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Change"),
            "res_model": changes._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }
        open_change = changes.search(
            [("order_id", "=", self.id), ("state", "in", OPEN_STATES)], limit=1
        )
        return {**action, "res_id": open_change.id} if open_change else action

    def _check_one_to_change(self):
        """:raise UserError: unless it is exactly one order"""
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one order."))

    def action_view_changes(self):
        """Return the action that shows the changes of this order."""
        self._check_one_to_change()
        return self.change_ids._get_records_action(name=self.env._("Changes"))

    # === THE CHANGE IS APPLIED (as superuser, as the process) ===#

    def _write_agreed_header(self, vals):
        """Write agreed values of this order, and let its open deliveries follow.

        Odoo itself moves the deadline of the deliveries and, for another address, only asks
        somebody to look at them.
        """
        self.ensure_one()
        moves, promised = self._get_open_delivery_moves(), self.commitment_date
        closed = (self.picking_ids - moves.picking_id).filtered("partner_id")
        addresses = {picking: picking.partner_id for picking in closed}
        # Odoo's own flag moves all deliveries, those that have left long ago as well
        self.with_context(update_delivery_shipping_partner=True).write(vals)
        if "partner_shipping_id" in vals:
            for picking, partner in addresses.items():
                picking.partner_id = partner
            moves.partner_id = self.partner_shipping_id
        if "commitment_date" in vals and self.commitment_date:
            self._reschedule_deliveries(moves, promised)

    def _reschedule_deliveries(self, moves, promised):
        """Plan ``moves`` for the date that is promised now.

        :param promised: the date that was promised before
        """
        last = moves.filtered(lambda move: move.location_dest_id.usage == "customer")
        last.date = self.commitment_date - timedelta(days=self.company_id.security_lead)
        # Odoo itself tells the last leg of a delivery only
        earlier = moves - last
        earlier.date_deadline = self.commitment_date
        for move in earlier if promised else ():
            move.date += self.commitment_date - promised

    def _get_open_delivery_moves(self):
        """Return the moves of this order that have still to bring something to the customer."""
        return self.order_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
            and move.picking_type_id.code != "incoming"
            and not move.origin_returned_move_id
        )

    # === THE ORDER GOES ANOTHER WAY ===#

    def _void_release(self):
        # sudo: whoever cancels the order
        changes = self.sudo().change_ids.filtered(
            lambda change: change.state in (*OPEN_STATES, "refused")
        )
        if changes:
            changes._withdraw()
        return super()._void_release()

    def _forget_review_state(self):
        result = super()._forget_review_state()
        self.env["order.change"].invalidate_model(
            ["review_strip", "review_count", "review_waiting_for", "has_open_question"], flush=False
        )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_changed(self):
        # sudo: also changes that the user may not read
        changed = self.sudo().change_ids.order_id
        if changed:
            raise UserError(
                self.env._(
                    "%s has changes, which are kept: leave the order cancelled instead of deleting"
                    " it.",
                    ", ".join(changed.mapped("name")),
                )
            )
