from odoo import api, models

from ..review.fact import FAIL, PASS, WARN, Fact, Source
from .wording import name_few


class OrderReviewCriterion(models.Model):
    """Do we know who the customer is and where the goods go? (R-094, R-099)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "data_complete": (
                self.env._("Customer and delivery data complete"),
                self.env._(
                    "Name, address, and phone or e-mail of the customer and of the delivery"
                    " address; the tax ID of companies. The limit means nothing here."
                ),
            )
        }

    def _check_data_complete(self, orders):
        """Look for what is missing at the invoice address and, for goods that are shipped, at
        the delivery address: red. Without the tax ID of a company, or with a contact that was
        archived: yellow."""
        shipped = self._filter_shipped(orders)
        # All together: an address at a time would be a query each
        partners = orders.partner_id | orders.partner_invoice_id | shipped.partner_shipping_id
        partners.commercial_partner_id.mapped("name")
        partners.country_id.mapped("zip_required")
        return {order.id: self._judge_data(order, order in shipped) for order in orders}

    @api.model
    def _filter_shipped(self, orders):
        """Return the orders with goods that are brought to the customer."""
        goods = {
            line.order_id
            for line in self._get_supply(orders).lines
            if line.product_type != "service"
        }
        return orders.filtered(lambda order: order.id in goods and not self._is_picked_up(order))

    @api.model
    def _is_picked_up(self, order):
        """Tell whether the customer collects the goods at a pickup point or in a shop."""
        return bool(order.pickup_location_data) or order.carrier_id.delivery_type == "in_store"

    @api.model
    def _judge_data(self, order, is_shipped):
        addresses = order.partner_invoice_id
        if is_shipped:
            addresses |= order.partner_shipping_id
        rows = [(address, self._get_missing_data(address)) for address in addresses]
        texts = [self._describe_missing(address, missing) for address, missing in rows if missing]
        doubts = self._get_data_doubts(order, addresses)
        result = FAIL if texts else WARN if doubts else PASS
        contacts = addresses | order.partner_id.commercial_partner_id
        evidence = (
            name_few(self.env, texts + doubts, "; ") + "."
            if texts or doubts
            else self.env._("The data of %s are complete.", order.partner_id.display_name)
        )
        figures = {"missing": {str(address.id): missing for address, missing in rows if missing}}
        source = Source(self.env._("Contacts"), "res.partner", [["id", "in", contacts.ids]])
        return Fact(result, evidence, figures, (source,))

    @api.model
    def _describe_missing(self, address, missing):
        labels = [
            self.env._("phone or e-mail")
            if name == "contact"
            else address._fields[name].get_description(self.env, ["string"])["string"]
            for name in missing
        ]
        return self.env._(
            "%(contact)s: %(fields)s missing",
            contact=address.display_name,
            fields=", ".join(labels),
        )

    @api.model
    def _get_address_fields(self, address):
        """Return the fields that an address must have, as Odoo's own portal asks for them."""
        country = address.country_id
        names = ["street", "city", "country_id"]
        if country.zip_required or not country:
            names.insert(2, "zip")
        if country.state_required:
            names.append("state_id")
        return names

    @api.model
    def _get_missing_data(self, address):
        """Return the names of what is missing, ``contact`` for neither phone nor e-mail."""
        missing = [name for name in self._get_address_fields(address) if not address[name]]
        company = address.commercial_partner_id
        if not (address.name or company.name):
            missing.insert(0, "name")
        if not (address.phone or address.email or company.phone or company.email):
            missing.append("contact")
        return missing

    @api.model
    def _get_data_doubts(self, order, addresses):
        """Return in sentences what is no obstacle, but should be mended."""
        company = order.partner_id.commercial_partner_id
        doubts = []
        if company.is_company and not company.vat:
            doubts.append(
                self.env._("%s: the tax ID of the company is missing", company.display_name)
            )
        doubts += [
            self.env._("%s is archived", address.display_name)
            for address in addresses | order.partner_id
            if not address.active
        ]
        return doubts
