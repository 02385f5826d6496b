from odoo import api, fields, models


class ProductProduct(models.Model):
    """The tickets about a product: its failures (R-391)."""

    _inherit = "product.product"

    ticket_count = fields.Integer(compute="_compute_ticket_count", groups="base.group_user")

    @api.depends_context("uid")
    def _compute_ticket_count(self):
        lines = self.env["order.ticket.line"]
        if not lines.has_access("read"):
            self.ticket_count = 0
            return
        rows = lines._read_group(
            [("product_id", "in", self.ids)], ["product_id"], ["ticket_id:count_distinct"]
        )
        counts = dict(rows)
        for product in self:
            product.ticket_count = counts.get(product._origin, 0)

    @api.readonly
    def action_view_tickets(self):
        """Return the action that shows the tickets about these products."""
        return self.env["order.ticket"]._get_list_action(
            [("line_ids.product_id", "in", self.ids)],
            self.env._("Tickets"),
            {"active_test": False},
        )
