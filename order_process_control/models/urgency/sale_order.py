from odoo import api, models
from odoo.fields import Domain

from ..order.sale_order_priority import URGENT


class SaleOrder(models.Model):
    """The priority of an order travels to the transfers and purchases that serve it, those that
    exist and those to come, and back (R-172)."""

    _inherit = "sale.order"

    @api.model
    def _get_urgent_domain(self):
        """Return which orders hurry what serves them: urgent ones that still wait for goods."""
        return (
            Domain("priority", "=", URGENT)
            & Domain("state", "=", "sale")
            & Domain("delivery_status", "!=", "full")
        )

    def _filter_urgent(self):
        """Return the open orders of these, as superuser, that are urgent."""
        # sudo: the warehouse need not read orders to know what is urgent
        return self.sudo().filtered(
            lambda order: order.priority == URGENT and order.state == "sale"
        )

    def _on_priority_changed(self):
        result = super()._on_priority_changed()
        # sudo: documents of the warehouse and of purchasing, whoever writes the order
        self.sudo().filtered(lambda order: order.state == "sale")._propagate_priority()
        return result

    def _propagate_priority(self):
        """Let all that serves these orders be as urgent as the orders it serves are now."""
        for documents in self._get_serving():
            documents._sync_priority_with_orders()

    def _get_serving(self):
        """Return the open transfers and the purchases, as superuser, that serve these orders."""
        models = ("stock.picking", "purchase.order") if self else ()
        return [self.env[name]._search_serving(Domain("id", "in", self.ids)) for name in models]

    def _action_confirm(self):
        # First come, first served with what is in stock: who is urgent comes first
        # sudo: a fact of the order, whoever confirms it
        orders = self.sorted(lambda order: order.sudo().priority != URGENT)
        result = super(SaleOrder, orders)._action_confirm()
        self._filter_urgent()._propagate_priority()
        return result

    def _action_cancel(self):
        # Cancelled transfers serve nobody any more
        serving = self._filter_urgent()._get_serving()
        result = super()._action_cancel()
        for documents in serving:
            documents._sync_priority_with_orders()
        return result
