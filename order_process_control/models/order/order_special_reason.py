from odoo import fields, models


class OrderSpecialReason(models.Model):
    """Why an order is not a regular one (R-046, R-048, R-053)."""

    _name = "order.special.reason"
    _description = "Special Order Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()

    _name_uniq = models.Constraint("UNIQUE(name)", "This reason exists already.")
