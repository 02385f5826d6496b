from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.order.contact import CONTACT_METHODS


class OrderCustomerContact(models.TransientModel):
    """How we spoke with the customer, and with whom: asked before what they said is noted."""

    _name = "order.customer.contact"
    _description = "Contact with the Customer"

    order_ids = fields.Many2many("sale.order", readonly=True)
    record_id = fields.Many2one("order.oral.record", readonly=True, ondelete="cascade")
    person = fields.Char(string="Who at the Customer")
    method = fields.Selection(CONTACT_METHODS, string="How", required=True, default="phone")
    content = fields.Text(related="record_id.content", related_sudo=False)

    @api.model
    def _open(self, title, **vals):
        """Return the action that asks what ``vals`` are to be noted with."""
        return self.create(vals)._get_records_action(name=title, target="new")

    def action_run(self):
        """Note what the customer said; the record or the orders judge who may."""
        if len(self) != 1:
            raise UserError(self.env._("Begin again with the button of the order."))
        if self.record_id:
            self.record_id.action_confirm_customer(self.person or "", self.method)
        else:
            self.order_ids.action_check_with_customer(self.method)
        return {"type": "ir.actions.act_window_close"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_open_customer_check(self):
        """Ask how the orders were gone through with the customer, then note it."""
        return self.env["order.customer.contact"]._open(
            self.env._("Checked with the Customer"), order_ids=self.ids
        )


class OrderOralRecord(models.Model):
    _inherit = "order.oral.record"

    def action_open_customer_confirmation(self):
        """Ask who confirms for the customer and how, then note it."""
        if len(self) != 1:
            raise UserError(self.env._("Choose one Oral/Phone Order Record."))
        return self.env["order.customer.contact"]._open(
            self.env._("The Customer Confirms"), record_id=self.id, person=self.caller_name
        )
