from odoo import api, fields, models


class SaleOrder(models.Model):
    """The tickets about an order."""

    _inherit = "sale.order"

    ticket_count = fields.Integer(compute="_compute_ticket_count", groups="base.group_user")

    @api.model
    def _get_ticket_domain(self, order_ids):
        return ["|", ("order_id", "in", order_ids), ("line_ids.order_id", "in", order_ids)]

    @api.depends_context("uid")
    def _compute_ticket_count(self):
        # Archived ones belong to the history
        tickets = self.env["order.ticket"].with_context(active_test=False)
        if not tickets.has_access("read"):
            self.ticket_count = 0
            return
        found = tickets.search(self._get_ticket_domain(self.ids))
        for order in self:
            order.ticket_count = len(
                found.filtered(
                    lambda t, order=order: order._origin in (t.order_id | t.line_ids.order_id)
                )
            )

    @api.readonly
    def action_view_tickets(self):
        """Return the action that shows the tickets about this order, and creates others for it."""
        self.ensure_one()
        return self.env["order.ticket"]._get_list_action(
            self._get_ticket_domain(self.ids),
            self.env._("Tickets"),
            {
                "active_test": False,
                "default_partner_id": self.partner_id.id,
                "default_order_id": self.id,
                "default_company_id": self.company_id.id,
            },
        )

    @api.model
    def _get_sheet_groups(self):
        return [*super()._get_sheet_groups(), "order_process_control.group_ticket_agent"]
