from odoo import fields, models
from odoo.tools import SQL, LazyTranslate

from ..indicator import alerts_when

_lt = LazyTranslate(__name__)


class OrderAlertRule(models.Model):
    _inherit = "order.alert.rule"

    indicator = fields.Selection(
        selection_add=[("contact_missing", "Delivery address or contact missing")],
        ondelete={"contact_missing": "cascade"},
    )

    @alerts_when(
        _lt(
            "An order that is under way has no street, city or country to deliver to, or neither a"
            " phone number nor an e-mail address of the customer."
        )
    )
    def _find_contact_missing(self):
        """R-303: a part of the information without which nobody can deliver."""
        rows = self._fetch_orders(
            where=SQL(
                """%s AND (COALESCE(TRIM(shipping.street), '') = ''
                           OR COALESCE(TRIM(shipping.city), '') = ''
                           OR shipping.country_id IS NULL
                           OR %s)""",
                self._is_underway(),
                self._has_no_contact(),
            ),
            urgency=SQL("COALESCE(so.commitment_date, so.create_date)"),
            columns=SQL(
                """COALESCE(TRIM(shipping.street), '') = '' AS no_street,
                   COALESCE(TRIM(shipping.city), '') = '' AS no_city,
                   shipping.country_id IS NULL AS no_country,
                   %s AS no_contact""",
                self._has_no_contact(),
            ),
            joins=SQL(
                """JOIN res_partner AS customer ON customer.id = so.partner_id
                   JOIN res_partner AS shipping ON shipping.id = so.partner_shipping_id
                   JOIN res_partner AS firm ON firm.id = customer.commercial_partner_id"""
            ),
        )
        return [self._prepare_cause(row, self._say_missing(row)) for row in rows]

    def _has_no_contact(self):
        return SQL(
            """COALESCE(NULLIF(TRIM(shipping.phone), ''), NULLIF(TRIM(shipping.email), ''),
                        NULLIF(TRIM(customer.phone), ''), NULLIF(TRIM(customer.email), ''),
                        NULLIF(TRIM(firm.phone), ''), NULLIF(TRIM(firm.email), '')) IS NULL"""
        )

    def _say_missing(self, row):
        missing = [
            (row["no_street"], self.env._("street")),
            (row["no_city"], self.env._("city")),
            (row["no_country"], self.env._("country")),
            (row["no_contact"], self.env._("phone and e-mail")),
        ]
        return self.env._("missing: %s", ", ".join(word for is_so, word in missing if is_so))
