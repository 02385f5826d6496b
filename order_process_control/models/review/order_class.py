from odoo import api, fields, models, tools


class OrderClass(models.Model):
    _inherit = "order.class"

    needs_customer_check = fields.Boolean(
        string="Check with the Customer",
        help="Orders of this class are submitted only after somebody has gone through them with"
        " the customer: goods, quantities, prices, addresses and dates (R-015).",
    )

    @api.model
    @tools.ormcache()
    def _get_customer_check_ids(self):
        """Return the ids of the classes whose orders are gone through with the customer."""
        # sudo: whoever submits; archived classes still have orders
        classes = self.sudo().with_context(active_test=False)
        return frozenset(classes.search([("needs_customer_check", "=", True)])._ids)
