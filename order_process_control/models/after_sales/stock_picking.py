from odoo import api, fields, models


class StockPicking(models.Model):
    """For which tickets goods come and go."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "order.sheet.mixin"]

    # Odoo's own form also reads carriers
    _sheet_view = "order_process_control.stock_picking_view_form_sheet"
    _sheet_obstacle = "delivery.carrier"

    ticket_ids = fields.Many2many(
        "order.ticket",
        string="Tickets",
        compute="_compute_ticket_ids",
        compute_sudo=True,
        context={"active_test": False},
    )
    ticket_count = fields.Integer(compute="_compute_ticket_ids", compute_sudo=True)
    # sudo: the warehouse does not read tickets; their references alone say to what the goods belong
    ticket_names = fields.Char(
        string="For Ticket", compute="_compute_ticket_ids", compute_sudo=True
    )
    can_inspect_returned = fields.Boolean(
        compute="_compute_can_inspect_returned", compute_sudo=True
    )

    @api.depends("move_ids.ticket_line_id")
    def _compute_ticket_ids(self):
        for picking in self:
            picking.ticket_ids = picking.move_ids.ticket_line_id.ticket_id
            picking.ticket_count = len(picking.ticket_ids)
            picking.ticket_names = ", ".join(picking.ticket_ids.mapped("name"))

    @api.depends("state", "move_ids.ticket_line_id.inspection_ids")
    def _compute_can_inspect_returned(self):
        """For the screen only: what has come back with it is not inspected yet."""
        for picking in self:
            arrived = picking.state == "done" and picking.picking_type_code != "outgoing"
            lines = picking.move_ids.ticket_line_id
            picking.can_inspect_returned = arrived and bool(lines._filter_to_inspect())

    @api.readonly
    def action_view_tickets(self):
        """Return the action that shows the tickets that these goods move for."""
        self.ensure_one()
        return self.ticket_ids.sudo(False)._get_records_action(
            name=self.env._("Tickets"), context={"active_test": False}
        )

    def action_inspect_returned(self):
        """Return the screen on which the warehouse says what it found when goods came back.

        :raise AccessError: for who may not write the transfer
        :raise UserError: when there is nothing to inspect
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: goods of tickets, for who has received them
        lines = self.sudo().move_ids.ticket_line_id
        return self.env["order.ticket.inspect"]._open(lines)

    @api.model
    def _get_sheet_groups(self):
        return [*super()._get_sheet_groups(), "order_process_control.group_ticket_agent"]
