"""What happens in the demo database before its pictures are taken: none shows an empty page.

It is played in a copy that is thrown away, with the rights of the person who would do it.
"""

from datetime import timedelta

ADDON = "order_process_control"
# The smallest PNG there is
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
JOBS = ("ir_cron_order_deadline_scan", "ir_cron_order_alert_rule_check")


class Scene:
    """:param env: environment of the superuser"""

    def __init__(self, env):
        self.env = env
        # Ids by the names that the paths of pictures use, beside those of the demo data
        self.ids = {}

    def play(self):
        self.approve_on_condition()
        self.expedite()
        self.accept_online()
        self.receive_return()
        self.sign_shipping_notice()
        self.solve_ticket_of_portal()
        self.look_at_the_clock()
        return self.ids

    def ref(self, name):
        return self.env.ref(name if "." in name else f"{ADDON}.{name}")

    def as_user(self, name, record):
        return record.with_user(self.ref(f"user_demo_{name}"))

    def days(self, days):
        return self.env.cr.now().replace(microsecond=0) + timedelta(days=days)

    def approve_on_condition(self):
        """Production signs what it can keep if the drawing comes in time."""
        order = self.ref("sale_order_in_production")
        signoff = order.signoff_ids.filtered(lambda signoff: signoff.state == "pending")
        answers = [
            {"id": answer.id, "result": "pass"}
            for answer in signoff.answer_ids
            if answer.kind == "manual"
        ]
        point = {
            "name": "Drawing with all measures, signed by the customer",
            "user_id": self.ref("user_demo_salesperson").id,
            "date_deadline": self.days(4).date(),
        }
        self.as_user("production", signoff).action_approve(
            "We start as soon as we have the drawing.", answers, {"open_points": [point]}
        )

    def expedite(self):
        """Ten desks are reserved for two orders, ten more come later; one order needs six now."""
        desk = self.env["product.product"].create(
            {
                "name": "Height-adjustable Desk",
                "type": "consu",
                "is_storable": True,
                "list_price": 420.0,
                "standard_price": 260.0,
            }
        )
        warehouse = self.env["stock.warehouse"].search([], order="id", limit=1)
        self.env["stock.quant"]._update_available_quantity(desk, warehouse.lot_stock_id, 10)
        for partner, quantity, days in (
            ("base.res_partner_4", 5, 20),
            ("base.res_partner_6", 5, 6),
        ):
            self.confirm_order(partner, desk, quantity, days)
        self.plan_receipt(desk, 10, 8, warehouse)
        order = self.confirm_order("base.res_partner_12", desk, 6, 11)
        expedite = self.as_user("salesperson", self.env["order.expedite"]).create(
            {
                "order_id": order.id,
                "reason": "The customer's move is brought forward: the desks are needed on Monday.",
                "needed_by": self.days(3),
            }
        )
        expedite.action_simulate()
        self.ids["scene_expedite"] = expedite.id

    def confirm_order(self, partner, product, quantity, days):
        order = self.create_order(partner, product, quantity, days)
        order.action_confirm()
        order.sudo().picking_ids.action_assign()
        return order

    def create_order(self, partner, product, quantity, days, **values):
        return self.as_user("salesperson", self.env["sale.order"]).create(
            {
                "partner_id": self.ref(partner).id,
                "medium_id": self.ref("utm.utm_medium_email").id,
                "intake_form": "written",
                "commitment_date": self.days(days),
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": quantity})],
                **values,
            }
        )

    def plan_receipt(self, product, quantity, days, warehouse):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": self.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
                "company_id": warehouse.company_id.id,
                "date": self.days(days),
            }
        )
        move._action_confirm(merge=False)
        move.date = self.days(days)

    def accept_online(self):
        """A customer signs online what the departments still have to sign."""
        order = self.create_order(
            "base.partner_demo_portal",
            self.ref("product_counter"),
            1,
            40,
            client_order_ref="JW-12",
            require_signature=True,
            require_payment=False,
            special_reason_ids=[(6, 0, self.ref("special_reason_custom").ids)],
        ).sudo()
        order.action_quotation_sent()
        order.write(
            {"signed_by": "Joel Willis", "signed_on": self.env.cr.now(), "signature": SIGNATURE}
        )
        order._validate_order()
        self.ids["scene_accepted"] = order.id

    def receive_return(self):
        """The goods of the exchange have come back; nobody has looked at them yet."""
        receipt = self.ref("order_ticket_exchange").transfer_ids[:1]
        self.ship(receipt)
        self.ids["scene_return"] = receipt.id

    def ship(self, picking):
        picking = self.as_user("warehouse", picking)
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()

    def sign_shipping_notice(self):
        order = self.ref("sale_order_partly_delivered")
        self.as_user("salesperson", order).action_sign_shipping_notice()
        waiting = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        self.ids["scene_delivery"] = waiting[:1].id

    def solve_ticket_of_portal(self):
        partner = self.ref("base.partner_demo_portal")
        ticket = self.as_user("service_engineer", self.env["order.ticket"]).create(
            {
                "subject": "A drawer of the cabinet cannot be locked",
                "description": "<p>The key turns, but the upper drawer stays open.</p>",
                "partner_id": partner.id,
                "category_id": self.ref("order_ticket_category_technical").id,
                "channel": "portal",
            }
        )
        ticket.action_take()
        ticket.message_post(
            body="Please push the bar behind the lower drawer upwards until it clicks.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        ticket.action_resolve("The bar behind the drawer had come loose.", "advice")
        self.ids["scene_ticket"] = ticket.id

    def look_at_the_clock(self):
        """What the scheduled actions would find within the hour."""
        self.env.flush_all()
        for job in JOBS:
            self.ref(job).method_direct_trigger()
