from odoo.fields import Command

from ..common import OrderProcessCommon


class TicketCommon(OrderProcessCommon):
    """A desk with two agents and its leader, a second line, and a delivered order of the
    customer: ten desks and four lamps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["order.ticket.team"].search([]).write({"is_default": False, "active": False})
        cls.agent = cls._create_user("opc_agent", "order_process_control.group_ticket_agent")
        cls.agent2 = cls._create_user("opc_agent2", "order_process_control.group_ticket_agent")
        cls.leader = cls._create_user("opc_leader", "order_process_control.group_ticket_agent")
        cls.expert = cls._create_user("opc_expert", "order_process_control.group_ticket_agent")
        cls.second_line = cls._create_team("Second line", cls.expert)
        cls.team = cls._create_team(
            "Desk",
            cls.agent | cls.agent2,
            is_default=True,
            leader_id=cls.leader.id,
            escalation_team_id=cls.second_line.id,
            sequence=1,
        )
        cls.category = cls.env["order.ticket.category"].create({"name": "Problem"})
        cls.customer.email = "careful@example.com"
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.customer.id, "email": "contact@example.com"}
        )
        cls.lamp = cls.env["product.product"].create(
            {"name": "Lamp", "type": "consu", "is_storable": True, "list_price": 20.0}
        )

    @classmethod
    def _create_team(cls, name, members, **vals):
        return cls.env["order.ticket.team"].create(
            {"name": name, "member_ids": [Command.set(members.ids)], **vals}
        )

    @classmethod
    def _create_ticket(cls, user=None, **vals):
        return (
            cls.env["order.ticket"]
            .with_user(user or cls.agent)
            .create(
                {
                    "subject": "It does not work",
                    "partner_id": cls.customer.id,
                    "category_id": cls.category.id,
                    "channel": "email",
                    **vals,
                }
            )
        )

    @classmethod
    def _deliver(cls, lines=None, order=None, quantities=None):
        """Confirm and deliver an order of the customer's; return it as superuser.

        :param dict quantities: ``{product: quantity}`` that is delivered; empty: everything
        """
        lines = lines or [(cls.product, 10), (cls.lamp, 4)]
        order = order or cls._create_order(lines=lines)
        order = order.sudo()
        if order.state != "sale":
            for product, quantity in lines:
                if product.tracking == "none":
                    cls._stock(product, quantity)
            order.action_confirm()
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = (quantities or {}).get(move.product_id, move.product_uom_qty)
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return order

    @classmethod
    def _portal_user(cls, partner, login="opc_customer"):
        return cls.env["res.users"].create(
            {
                "login": login,
                "partner_id": partner.id,
                "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
            }
        )

    def _resolve(self, ticket, result="Screw tightened", resolution="repair"):
        ticket.with_user(ticket.user_id or self.agent).action_resolve(result, resolution)

    def _customer_says(self, ticket, text="It still does not work"):
        return ticket.sudo().message_post(
            body=text,
            author_id=self.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
