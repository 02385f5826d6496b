from odoo import api, fields, models
from odoo.tools import SQL

from ..order.process_token import as_process


class OrderReview(models.Model):
    """Rounds whose subject is an order that shall jump the queue."""

    _inherit = "order.review"

    subject = fields.Selection(
        selection_add=[("expedite", "Expedite")], ondelete={"expedite": "cascade"}
    )

    def _get_expedite(self):
        """Return the expedites that these rounds review, none for other subjects."""
        ids = [review.res_id for review in self if review.subject == "expedite"]
        # sudo: who reads the round may know of which expedite it is
        return self.env["order.expedite"].sudo().browse(ids)
