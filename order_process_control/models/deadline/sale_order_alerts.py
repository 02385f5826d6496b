from odoo import fields, models


class SaleOrder(models.Model):
    """What is alarming about an order, one click away."""

    _inherit = "sale.order"

    open_alert_count = fields.Integer(
        compute="_compute_open_alert_count",
        groups="base.group_user",
        export_string_translation=False,
    )

    def _compute_open_alert_count(self):
        """Of the alerts that the user may read, one query however many orders there are."""
        counts = dict(
            self.env["order.alert"]._read_group(
                [("order_id", "in", self.ids), ("state", "!=", "resolved")],
                ["order_id"],
                ["__count"],
            )
        )
        for order in self:
            order.open_alert_count = counts.get(order._origin, 0)

    def action_view_alerts(self):
        """Return the action that lists the alerts of these orders, the open ones first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_alert_action"
        )
        return {
            **action,
            "domain": [("order_id", "in", self.ids)],
            "context": {"search_default_open": 1},
        }
