from odoo import api, fields, models


class OrderReviewPreview(models.TransientModel):
    """ "What will they find?": the facts of an order, before it is submitted."""

    _name = "order.review.preview"
    _description = "Preview of a Review"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("order.review.preview.line", "preview_id", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        previews = super().create(vals_list)
        previews.order_id.check_access("read")
        self.env["order.review.preview.line"].create(
            [
                {"preview_id": preview.id, **row}
                for preview in previews
                for row in preview.order_id._preview_facts()
            ]
        )
        return previews


class OrderReviewPreviewLine(models.TransientModel):
    _name = "order.review.preview.line"
    _description = "Fact in the Preview of a Review"
    _order = "id"

    preview_id = fields.Many2one("order.review.preview", required=True, ondelete="cascade")
    step = fields.Char(string="Department", readonly=True)
    name = fields.Char(string="Checked by Odoo", readonly=True)
    check_code = fields.Char(readonly=True)
    blocking = fields.Boolean(string="Must be in Order", readonly=True)
    result = fields.Selection(
        [
            ("pass", "In Order"),
            ("warn", "Warning"),
            ("fail", "Not in Order"),
            ("unknown", "Could not be Checked"),
        ],
        readonly=True,
    )
    evidence = fields.Text(readonly=True)
