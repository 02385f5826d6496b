from odoo import api, fields, models


class OrderTicket(models.Model):
    """What else the customer has asked, and what else happened to the same goods: each one click
    away from a ticket."""

    _inherit = "order.ticket"

    # As the user: how many of them they may read
    customer_ticket_count = fields.Integer(
        string="Tickets of the Customer", related="partner_id.ticket_count", related_sudo=False
    )
    product_ticket_count = fields.Integer(
        string="Tickets about the Same Goods",
        compute="_compute_product_ticket_count",
        groups="base.group_user",
    )

    @api.depends("line_ids.product_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_product_ticket_count(self):
        rows = self.env["order.ticket.line"]._read_group(
            [("product_id", "in", self.line_ids.product_id.ids)],
            ["product_id"],
            ["ticket_id:recordset"],
        )
        tickets_by_product = dict(rows)
        for ticket in self:
            found = [tickets_by_product.get(p, ()) for p in ticket.line_ids.product_id._origin]
            ticket.product_ticket_count = len({other.id for tickets in found for other in tickets})

    @api.model
    def _get_list_action(self, domain, name, context=None):
        """Return the action that lists tickets; where there are none it says how one is made."""
        tickets = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.order_ticket_action"
        )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": context or {},
            "help": tickets["help"],
        }

    @api.readonly
    def action_view_customer_tickets(self):
        """Return the action that shows all tickets of the customer."""
        self.ensure_one()
        return self.partner_id.action_view_tickets()

    @api.readonly
    def action_view_product_tickets(self):
        """Return the action that shows all tickets about the goods of this one."""
        self.ensure_one()
        return self.line_ids.product_id.action_view_tickets()
