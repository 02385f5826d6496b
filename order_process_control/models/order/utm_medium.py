from odoo import api, fields, models
from odoo.exceptions import AccessError

from .process_token import without

PROTECTED_FIELDS = {"family", "is_oral", "is_approved"}


class UtmMedium(models.Model):
    """Odoo's medium is the order's channel (R-001 .. R-006)."""

    _inherit = "utm.medium"

    family = fields.Selection(
        [("online", "Online"), ("offline", "Offline")],
        string="Channel Family",
        help="Offline orders are keyed in by the person who received them (R-002, R-003).",
    )
    is_oral = fields.Boolean(
        string="Oral", help="Orders on this channel leave no document of the customer (R-012)."
    )
    is_approved = fields.Boolean(
        string="Approved Order Channel",
        help="Only orders from an approved channel can be submitted for review (R-004, R-005).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(field) for vals in vals_list for field in PROTECTED_FIELDS):
            self._check_channel_right()
        return super().create([without(vals, PROTECTED_FIELDS) for vals in vals_list])

    def write(self, vals):
        if PROTECTED_FIELDS & vals.keys():
            self._check_channel_right()
        return super().write(vals)

    def _check_channel_right(self):
        """Every employee may write media in Odoo; which of them are channels is a decision.

        :raise AccessError: for anyone but the process manager.
        """
        if self.env.su or self.env.user.has_group("order_process_control.group_order_manager"):
            return
        raise AccessError(
            self.env._(
                "Only an Order Process Manager decides which channels are approved for orders."
            )
        )
