from odoo.fields import Domain
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class OrderPortal(CustomerPortal):
    """What the customer has accepted is an order to them, also while it is being reviewed."""

    def _prepare_quotations_domain(self, partner):
        domain = Domain(super()._prepare_quotations_domain(partner))
        return domain & ~self._prepare_accepted_domain(partner)

    def _prepare_orders_domain(self, partner):
        domain = Domain(super()._prepare_orders_domain(partner))
        return domain | self._prepare_accepted_domain(partner)

    def _prepare_accepted_domain(self, partner):
        """Return the domain of what this customer accepted online and is not confirmed yet."""
        domain = [
            ("partner_id", "child_of", [partner.commercial_partner_id.id]),
            ("state", "=", "sent"),
            ("customer_accepted", "=", True),
        ]
        # sudo: the field is internal; who looks finds the same orders with their own rights
        return Domain("id", "in", request.env["sale.order"].sudo()._search(domain))
