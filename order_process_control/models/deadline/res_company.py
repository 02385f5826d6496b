from odoo import api, fields, models, tools


class ResCompany(models.Model):
    _inherit = "res.company"

    order_process_manager_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Signs where a department has nobody who can, so that no order gets stuck, and is told"
        " of alerts for which nobody else is left.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_order_calendar_ids(self):
        """Return ``{company id: calendar id}`` of all companies."""
        # sudo: which hours count does not depend on who asks
        companies = self.sudo().with_context(active_test=False)
        companies = companies.search_fetch([], ["resource_calendar_id"])
        return {company.id: company.resource_calendar_id.id for company in companies}

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        return companies
