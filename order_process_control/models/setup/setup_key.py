from odoo import fields, models


class OrderReviewStep(models.Model):
    """Steps know which part of a preset they came from: setting up twice makes no doubles."""

    _inherit = "order.review.step"

    setup_key = fields.Char(readonly=True, copy=False, help="Part of a preset it was set up from.")

    _setup_key_uniq = models.UniqueIndex(
        "(company_id, setup_key) WHERE setup_key IS NOT NULL AND company_id IS NOT NULL",
        "This part of the preset is set up already.",
    )


class OrderReviewCriterion(models.Model):
    _inherit = "order.review.criterion"

    setup_key = fields.Char(readonly=True, copy=False, help="Part of a preset it was set up from.")


class OrderClass(models.Model):
    _inherit = "order.class"

    setup_key = fields.Char(readonly=True, copy=False, help="Part of a preset it was set up from.")
