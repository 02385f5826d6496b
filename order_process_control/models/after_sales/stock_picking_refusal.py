from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from ..order.process_token import as_process


class StockPicking(models.Model):
    """A delivery that the customer does not take is work for customer service (R-388)."""

    _inherit = "stock.picking"

    can_be_refused = fields.Boolean(compute="_compute_can_be_refused")

    @api.depends("state", "picking_type_code", "sale_id")
    def _compute_can_be_refused(self):
        for picking in self:
            picking.can_be_refused = picking._is_refusable()

    def _is_refusable(self):
        self.ensure_one()
        is_under_way = self.state in ("assigned", "done")
        return is_under_way and self.picking_type_code == "outgoing" and bool(self.sale_id)

    def action_customer_refused(self, reason):
        """Open a ticket because the customer has not taken the goods.

        :param str reason: why, not blank
        :return: the id of the ticket; of the one that is open already, if there is
        :raise UserError: without a reason, or for no delivery to a customer
        """
        self.ensure_one()
        self.check_access("write")
        if not self._is_refusable():
            raise UserError(
                self.env._("%s is no delivery that a customer could refuse.", self.name)
            )
        # sudo: who drives and who packs are no agents
        tickets = self.env["order.ticket"].sudo()
        reason = tickets._get_text(reason, self.env._("Write why the customer has refused it."))
        ticket = tickets.search(
            [
                ("refused_picking_id", "=", self.id),
                ("state", "in", tickets._get_open_states()),
            ],
            limit=1,
        )
        if ticket:
            ticket._log(self.env._("Refused again: %s", reason))
        else:
            # sudo: the order, for who brings the goods
            ticket = tickets.create(self.sudo()._prepare_refusal_vals(reason))
            as_process(ticket).write({"refused_picking_id": self.id})
        self.message_post(body=self.env._("Refused by the customer: %s", reason))
        return ticket.id

    def _prepare_refusal_vals(self, reason):
        order = self.sale_id
        own = order.partner_id.commercial_partner_id
        partner = self.partner_id if self.partner_id.commercial_partner_id == own else False
        return {
            "subject": self.env._("%s was refused by the customer", self.name),
            "description": plaintext2html(reason),
            "partner_id": (partner or order.partner_id).id,
            "company_id": self.company_id.id,
            "category_id": self.env["order.ticket"]._get_delivery_category(self.company_id).id,
            "channel": "delivery",
            "urgency": "3",
            "order_id": order.id,
            "line_ids": [Command.create(vals) for vals in self._prepare_refusal_lines()],
        }

    def _prepare_refusal_lines(self):
        """Return the values of the goods that had left; what never left needs no return."""
        moves = self.move_ids.filtered(
            lambda move: move.state == "done" and move.sale_line_id and move.quantity
        )
        available = moves.sale_line_id._get_reportable_quantities()
        vals_list = []
        for line, of_line in moves.grouped("sale_line_id").items():
            moved = sum(
                move.product_uom._compute_quantity(move.quantity, line.product_uom_id)
                for move in of_line
            )
            quantity = min(moved, available.get(line, 0))
            if quantity > 0:
                vals_list.append(
                    {
                        "order_line_id": line.id,
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "reason": "acceptance",
                        "requested_outcome": "return",
                    }
                )
        return vals_list
