from odoo import fields, models


class ResCompany(models.Model):
    """Whether the set-up was offered: it opens by itself once for a company, not every day."""

    _inherit = "res.company"

    order_setup_offered = fields.Boolean(string="Set-up Offered", readonly=True, copy=False)

    def _take_setup_offer(self):
        """Tell whether the set-up is to be offered, which it is once: nobody has opened it by the
        app before, and the company has no review step, archived ones included."""
        self.ensure_one()
        if self.order_setup_offered:
            return False
        # sudo: steps of the company, and a flag that process managers write only this way
        company = self.sudo()
        steps = company.env["order.review.step"].with_context(active_test=False)
        if steps.search_count([("company_id", "in", (False, company.id))], limit=1):
            return False
        company.order_setup_offered = True
        return True
