from collections import Counter

from odoo import models


class SaleOrderLine(models.Model):
    """What a customer is offered to report."""

    _inherit = "sale.order.line"

    def _get_reportable_quantities(self):
        """Return ``{line: quantity}`` that a customer can still report: what was delivered and
        neither came back nor is claimed on a ticket. In the unit of the line; only lines of which
        there is any. The limit itself is kept by the goods of tickets."""
        # sudo: counts claims on tickets, of which nothing else is told
        goods = self.sudo().filtered(lambda line: line.product_id and not line.display_type)
        claims = Counter()
        for claiming in (
            self.env["order.ticket.line"].sudo().search([("order_line_id", "in", goods.ids)])
        ):
            claims[claiming.order_line_id.id] += claiming._get_claim()
        quantities = {}
        for line in goods:
            delivered, returned = line._get_ticket_quantities()
            left = delivered - returned - claims[line.id]
            if line.product_uom_id.compare(left, 0) > 0:
                quantities[line] = left
        return quantities
