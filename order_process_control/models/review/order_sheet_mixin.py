from odoo import api, models


class OrderSheetMixin(models.AbstractModel):
    """A document whose form in Odoo also reads what some of its readers may not, and fails for
    them: they get a sheet of ours in its place."""

    _name = "order.sheet.mixin"
    _description = "Document Read on a Sheet"

    # The form they get, and the model that Odoo's own form reads besides
    _sheet_view = None
    _sheet_obstacle = None

    @api.model
    def _get_sheet_groups(self):
        """Return the groups that read these documents for nothing but the order process."""
        return []

    @api.model
    def _sees_sheet(self):
        """Tell whether the user reads these documents for the order process alone."""
        return self.env.user.has_groups(",".join(self._get_sheet_groups())) and not self.env[
            self._sheet_obstacle
        ].has_access("read")

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, view_type == "form" and self._sees_sheet())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        if view_type == "form" and self._sees_sheet():
            view_id = self.env.ref(self._sheet_view).id
        return super()._get_view(view_id, view_type, **options)


class SaleOrder(models.Model):
    """The order sheet, for who reads orders only to sign or to audit them: Odoo's own form also
    reads the invoices."""

    _name = "sale.order"
    _inherit = ["sale.order", "order.sheet.mixin"]

    _sheet_view = "order_process_control.sale_order_view_form_sheet"
    _sheet_obstacle = "account.move.line"

    @api.model
    def _get_sheet_groups(self):
        return [
            *super()._get_sheet_groups(),
            "order_process_control.group_order_reviewer",
            "order_process_control.group_order_auditor",
        ]
