from odoo import api, models


class OrderConfigurationMixin(models.AbstractModel):
    """Configuration that every order is judged by, so that it is read once and kept.

    What is kept by ``ormcache`` is forgotten as soon as any record of it changes.
    """

    _name = "order.configuration.mixin"
    _description = "Configuration Read Once"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        if self:
            self.env.registry.clear_cache()
        return result
