from odoo import api, fields, models, tools


class OrderClass(models.Model):
    """Which payment terms orders of a class may have (R-125)."""

    _inherit = "order.class"

    allowed_payment_term_ids = fields.Many2many(
        "account.payment.term",
        string="Allowed Payment Terms",
        check_company=True,
        help="Beside the customer's own terms. Empty: only the customer's own.",
    )

    @api.model
    @tools.ormcache()
    def _get_allowed_payment_terms(self):
        """Return ``{class id: frozenset of the ids of the terms}`` of the classes that name any."""
        # sudo: a portal customer or a reviewer has orders checked without reading classes
        classes = self.sudo().with_context(active_test=False)
        return {
            order_class.id: frozenset(order_class.allowed_payment_term_ids._ids)
            for order_class in classes.search([("allowed_payment_term_ids", "!=", False)])
        }
