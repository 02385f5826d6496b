import re

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

LIMIT = 10
# Fewer digits than that are no telephone number
DIGITS = 5


class OrderTicketCaller(models.TransientModel):
    """Somebody is on the phone: who, with which order, by whatever number they can tell."""

    _name = "order.ticket.caller"
    _description = "Who Is Calling"

    query = fields.Char(
        string="Phone, Serial Number, Order or Name",
        help="What the caller can tell you: any of these will do.",
    )
    is_searched = fields.Boolean(readonly=True)
    match_ids = fields.One2many("order.ticket.caller.match", "caller_id", readonly=True)
    new_name = fields.Char(string="Name")
    new_phone = fields.Char(string="Phone")
    new_email = fields.Char(string="Email")

    def _check_agent(self):
        """:raise AccessError: for whoever opens no tickets"""
        self.env["order.ticket"].check_access("create")

    def action_search(self):
        """Look for the caller and show what was found on the same screen."""
        self.ensure_one()
        self._check_agent()
        query = self.env["order.ticket"]._get_customer_text(self.query, 100)
        if len(query) < 2:
            raise UserError(self.env._("Enter at least two characters of what the caller says."))
        # S00025 is no telephone number
        digits = "" if re.search(r"[^\d\s()+./-]", query) else re.sub(r"\D", "", query)
        self.write(
            {
                "is_searched": True,
                "new_phone": self.new_phone or (query if len(digits) >= DIGITS else False),
                "match_ids": [
                    Command.clear(),
                    *(Command.create(vals) for vals in self._find_matches(query, digits)),
                ],
            }
        )
        return self._get_screen()

    def _get_screen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Is Calling"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _find_matches(self, query, digits):
        """Return the values of what fits, the most telling first, each customer's order once."""
        found = {}
        for match in (
            *self._find_by_lot(query),
            *self._find_by_order(query),
            *self._find_by_partner(query, digits),
        ):
            found.setdefault((match["partner_id"], match.get("order_id")), match)
        return list(found.values())[: 2 * LIMIT]

    def _find_by_lot(self, query):
        lots = self.env["stock.lot"].search([("name", "=ilike", query)], limit=LIMIT)
        moves = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
            ],
            order="id desc",
            limit=LIMIT,
        )
        for line in moves:
            # sudo: of an order that is confirmed, whose it is
            order = line.move_id.sudo().sale_line_id.order_id
            partner = order.partner_id or line.picking_id.sudo().partner_id
            if partner:
                yield {
                    "partner_id": partner.id,
                    "order_id": order.id,
                    "lot_id": line.lot_id.id,
                    "order_line_id": line.move_id.sudo().sale_line_id.id,
                }

    def _find_by_order(self, query):
        domain = (
            Domain("name", "=ilike", query) | Domain("client_order_ref", "=ilike", query)
        ) & Domain("state", "=", "sale")
        for order in self.env["sale.order"].search(domain, limit=LIMIT):
            yield {"partner_id": order.partner_id.id, "order_id": order.id}

    def _find_by_partner(self, query, digits):
        domain = Domain("name", "ilike", query) | Domain("email", "ilike", query)
        if len(digits) >= DIGITS:
            domain |= Domain("id", "in", self._find_phones(digits))
        for partner in self.env["res.partner"].search(domain, limit=LIMIT):
            yield {"partner_id": partner.id}

    def _find_phones(self, digits):
        """Return the ids of contacts whose number ends so, however it is written."""
        ending = digits.lstrip("0")[-9:] or digits
        self.env["res.partner"].flush_model(["phone"])
        rows = self.env.execute_query(
            SQL(
                r"SELECT id FROM res_partner WHERE regexp_replace(phone, '\D', '', 'g') LIKE %s"
                " LIMIT 100",
                f"%{ending}",
            )
        )
        return [id_ for (id_,) in rows]

    def action_new_contact(self):
        """Enter the caller as a new contact, and open their ticket."""
        self.ensure_one()
        self._check_agent()
        tickets = self.env["order.ticket"]
        name = tickets._get_customer_text(self.new_name, 200)
        if not name:
            raise UserError(self.env._("Enter the name of the caller."))
        # sudo: agents enter callers, and nothing else of contacts
        partner = (
            self.env["res.partner"]
            .sudo()
            .create({"name": name, "phone": self.new_phone, "email": self.new_email})
        )
        return self._get_ticket_action({"default_partner_id": partner.id})

    def _get_ticket_action(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Ticket"),
            "res_model": "order.ticket",
            "views": [(False, "form")],
            "context": {"default_channel": "phone", **context},
        }
