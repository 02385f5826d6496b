from odoo import api, fields, models, tools


class HrDepartment(models.Model):
    _inherit = "hr.department"

    order_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours for Deadlines",
        check_company=True,
        help="In which hours this department keeps its promises; empty: those of the company.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "order_calendar_id" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        if any(vals.get("order_calendar_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return departments

    @api.model
    @tools.ormcache()
    def _get_order_calendar_ids(self):
        """Return ``{department id: calendar id}`` of those that have working hours of their own."""
        # sudo: which hours count does not depend on who asks
        departments = self.sudo().with_context(active_test=False)
        departments = departments.search_fetch(
            [("order_calendar_id", "!=", False)], ["order_calendar_id"]
        )
        return {department.id: department.order_calendar_id.id for department in departments}
