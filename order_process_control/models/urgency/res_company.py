from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    order_supply_department_ids = fields.Many2many(
        "hr.department",
        "order_supply_department_rel",
        string="Goods Confirmed by",
        help="Production and purchasing: one of them says whether the goods of an emergency"
        " shipment can be ready in time. Without any the process manager is asked.",
    )
    order_shipping_department_ids = fields.Many2many(
        "hr.department",
        "order_shipping_department_rel",
        string="Shipment Confirmed by",
        help="Logistics: chooses transport and route of an emergency shipment. Without any the"
        " process manager is asked.",
    )

    @api.constrains("order_supply_department_ids", "order_shipping_department_ids")
    def _check_emergency_departments(self):
        """:raise ValidationError: for departments of other companies"""
        for company in self:
            departments = (
                company.order_supply_department_ids | company.order_shipping_department_ids
            )
            strange = departments.filtered(lambda d, c=company: d.company_id - c)
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(department)s belongs to another company than %(company)s.",
                        department=strange[0].name,
                        company=company.name,
                    )
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    order_supply_department_ids = fields.Many2many(
        related="company_id.order_supply_department_ids", readonly=False
    )
    order_shipping_department_ids = fields.Many2many(
        related="company_id.order_shipping_department_ids", readonly=False
    )
