from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.order.empty_list import get_empty_help

MAX_DAYS = 366


class OrderProcessSetup(models.TransientModel):
    """What the orders of the last days would have needed, before anything is switched on."""

    _inherit = "order.process.setup"

    days = fields.Integer(string="Orders of the Last (days)", default=30)
    order_count = fields.Integer(readonly=True)
    needed_count = fields.Integer(readonly=True)
    needed_ids = fields.Json(readonly=True)

    def action_preview(self):
        """Show what the orders of the last days would have needed; switches nothing on and
        leaves nothing behind but the figures in this wizard.

        :return: True
        :raise UserError: when nothing is chosen, or an amount or the days make no sense
        """
        self._begin()
        self._check_plan()
        self._check_days()
        # sudo: of the company's orders, figures for a process manager without rights in Sales
        orders = self.env["sale.order"].sudo().search(self._get_preview_domain())
        presets = self.env["order.process.preset"]
        found = presets._preview(self._get_plan(), orders)
        for line in self.line_ids:
            reasons = found.get(line.key, {})
            line.write(
                {
                    "order_count": len(reasons),
                    "order_ids": list(reasons),
                    "reasons": presets._count_reasons(reasons),
                }
            )
        needed = {order_id for reasons in found.values() for order_id in reasons}
        self.write(
            {
                "stage": "preview",
                "order_count": len(orders),
                "needed_count": len(needed),
                "needed_ids": sorted(needed),
            }
        )
        return True

    def _get_preview_domain(self):
        """Return which orders the preview looks at: the company's, by order date."""
        since = fields.Datetime.now() - timedelta(days=self.days)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", ("draft", "sent", "sale"))
            & Domain("date_order", ">=", since)
        )

    def action_open_orders(self):
        """Return the list of the orders that would have needed a review."""
        self._begin()
        return self._get_orders_action(self.env._("Would be Reviewed"), self.needed_ids)

    @api.model
    def _get_orders_action(self, name, order_ids):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", order_ids or [])],
            "context": {"create": False},
            "help": get_empty_help(
                self.env._("No order would have been reviewed"),
                self.env._("Go back, and look at more days or lower the amounts."),
            ),
        }

    def _check_days(self):
        if not 0 < self.days <= MAX_DAYS:
            raise UserError(
                self.env._("Look at the orders of 1 to %s days for the preview.", MAX_DAYS)
            )
