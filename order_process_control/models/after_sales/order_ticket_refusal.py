from odoo import api, fields, models


class OrderTicket(models.Model):
    """Tickets about deliveries that the customer has not taken."""

    _inherit = "order.ticket"

    refused_picking_id = fields.Many2one(
        "stock.picking",
        string="Refused Delivery",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    @api.model
    def _get_process_fields(self):
        # Whoever chose it would keep the next refusal of that delivery from being heard
        return super()._get_process_fields() | {"refused_picking_id"}

    @api.model
    def _get_delivery_category(self, company):
        categories = self._get_customer_categories(company)
        of_kind = categories.filtered(lambda category: category.kind == "delivery")
        team = self.env["order.ticket.team"]
        return of_kind[:1] or categories[:1] or self._get_mail_category(team, company)
