from odoo import api, models, tools


class UtmMedium(models.Model):
    """Which channels are oral is asked for every order and hardly ever changes."""

    _inherit = "utm.medium"

    @api.model
    @tools.ormcache()
    def _get_oral_ids(self):
        """Return the ids of the channels whose orders leave no document of the customer."""
        # sudo: whoever submits; orders of archived channels are there as well
        media = self.sudo().with_context(active_test=False)
        return frozenset(media.search([("is_oral", "=", True)])._ids)

    @api.model_create_multi
    def create(self, vals_list):
        media = super().create(vals_list)
        # Campaigns and visitors make channels all day
        if any(media.mapped("is_oral")):
            self.env.registry.clear_cache()
        return media

    def write(self, vals):
        result = super().write(vals)
        if "is_oral" in vals:
            self.env.registry.clear_cache()
        return result
