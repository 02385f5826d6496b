from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Until when orders are entered, and who agrees to another time (R-031 .. R-034)."""

    _inherit = "res.company"

    order_director_id = fields.Many2one(
        "res.users",
        string="Deputy Sales Director",
        domain=[("share", "=", False)],
        help="Agrees to exceptions to the daily cut-off; empty: any sales manager does.",
    )
    order_unit_manager_id = fields.Many2one(
        "res.users",
        string="Business-Unit Manager",
        domain=[("share", "=", False)],
        help="Agrees to exceptions to the daily cut-off as well; empty: any process manager does.",
    )
    order_finance_department_id = fields.Many2one(
        "hr.department",
        string="Finance Department",
        help="Is told of exceptions to the daily cut-off; empty: the process manager is.",
    )
    order_closing_day = fields.Integer(
        string="Monthly Closing Day",
        default=31,
        help="Day of the month on which all its documents are entered; 31: its last day.",
    )

    @api.constrains("order_closing_day")
    def _check_order_closing_day(self):
        """:raise ValidationError: for what is no day of a month"""
        if any(not 1 <= company.order_closing_day <= 31 for company in self):
            raise ValidationError(
                self.env._("The closing day is a day of the month: 1 to 31, 31 for its last day.")
            )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    order_director_id = fields.Many2one(related="company_id.order_director_id", readonly=False)
    order_unit_manager_id = fields.Many2one(
        related="company_id.order_unit_manager_id", readonly=False
    )
    order_finance_department_id = fields.Many2one(
        related="company_id.order_finance_department_id", readonly=False
    )
    order_closing_day = fields.Integer(related="company_id.order_closing_day", readonly=False)
