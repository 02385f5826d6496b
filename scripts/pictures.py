"""The pictures of the documentation: who looks at what, and what they click first.

Paths may name records of the demo data ({sale_order_to_submit} becomes the id of
order_process_control.sale_order_to_submit) and those of picture_scene.py.
"""

from dataclasses import dataclass

WIDE = (1280, 800)
LOW = (1280, 520)
PHONE = (390, 780)


@dataclass(frozen=True)
class Picture:
    name: str
    login: str
    path: str
    # (selector,) or (selector, text) of what is clicked, one after the other
    clicks: tuple = ()
    size: tuple = WIDE
    # Selector of what is scrolled into view last
    show: str = ""
    # Also on the page of the app
    is_for_app: bool = False

    @property
    def is_phone(self):
        return self.size == PHONE


PICTURES = (
    # Salespersons
    Picture("orders-in-process", "seller", "/odoo/orders-in-process", size=LOW, is_for_app=True),
    Picture(
        "order-intake",
        "seller",
        "/odoo/orders-in-process/{sale_order_to_submit}",
        clicks=(("a.nav-link", "Intake"),),
        size=(1280, 1000),
    ),
    Picture(
        "order-preview",
        "seller",
        "/odoo/orders-in-process/{sale_order_to_submit}",
        clicks=(("button", "What will they Find?"),),
        is_for_app=True,
    ),
    Picture(
        "order-review",
        "seller",
        "/odoo/orders-in-process/{sale_order_second_round}",
        is_for_app=True,
    ),
    Picture(
        "order-why",
        "seller",
        "/odoo/orders-in-process/{sale_order_in_finance}",
        clicks=(("a, button", "Why?"),),
        size=(1280, 660),
    ),
    Picture(
        "order-rejected",
        "seller",
        "/odoo/orders-in-process/{sale_order_rejected}",
        clicks=(("a.nav-link", "Review"),),
        size=(1280, 960),
    ),
    Picture("order-change", "seller", "/odoo/order-changes/{order_change_in_review}"),
    Picture(
        "order-expedite",
        "seller",
        "/odoo/order-expedites/{scene_expedite}",
        size=(1280, 1000),
        is_for_app=True,
    ),
    # Reviewers
    Picture("overview", "finance", "/odoo/order-overview", size=(1280, 880)),
    Picture("my-signoffs", "finance", "/odoo/my-signoffs", size=(1280, 320)),
    Picture(
        "decision",
        "finance",
        "/odoo/my-signoffs",
        clicks=(("button", "Decide"),),
        size=(1280, 1460),
        is_for_app=True,
    ),
    Picture(
        "decision-phone",
        "logistics",
        "/odoo/my-signoffs",
        clicks=((".o_kanban_record", "S000"), ("button", "Decide")),
        size=PHONE,
    ),
    Picture("open-points", "seller", "/odoo/open-points", size=(1280, 320)),
    # Process managers
    Picture("set-up", "admin", "/odoo/order-setup", size=LOW),
    Picture(
        "set-up-preview",
        "admin",
        "/odoo/order-setup",
        clicks=(("button", "Next: Departments"), ("button", "Next: Preview")),
    ),
    Picture("review-steps", "admin", "/odoo/order-review-steps", size=(1280, 360)),
    Picture("review-step", "admin", "/odoo/order-review-steps/{step_finance}", size=(1280, 1000)),
    Picture("health", "admin", "/odoo/order-health", size=LOW),
    Picture("deadline-policies", "admin", "/odoo/deadline-policies", size=(1280, 640)),
    Picture("alert-rules", "admin", "/odoo/alert-rules", size=(1280, 760)),
    Picture("alerts", "admin", "/odoo/alerts", size=(1280, 640), is_for_app=True),
    # Service desk
    Picture("ticket-overview", "service", "/odoo/ticket-overview", size=(1280, 300)),
    Picture("tickets", "service", "/odoo/tickets", size=(1280, 560), is_for_app=True),
    Picture(
        "ticket",
        "service",
        "/odoo/tickets/{order_ticket_exchange}",
        clicks=(("a.nav-link", "Goods"),),
    ),
    Picture(
        "ticket-parts",
        "service",
        "/odoo/tickets/{order_ticket_exchange}",
        clicks=(("a.nav-link", "Departments"),),
    ),
    Picture("part-answer", "production", "/odoo/ticket-parts", size=(1280, 320)),
    # Warehouse
    Picture("delivery-notice", "warehouse", "/odoo/m-stock.picking/{scene_delivery}"),
    Picture(
        "return-inspect",
        "warehouse",
        "/odoo/m-stock.picking/{scene_return}",
        clicks=(("button", "Inspect Returned Goods"),),
    ),
    Picture(
        "emergency",
        "production",
        "/odoo/order-expedites/{order_expedite_emergency}",
        clicks=(("button", "Confirm Supply"),),
    ),
    # Auditors
    Picture("order-summary", "auditor", "/odoo/order-summary", size=(1280, 560)),
    Picture(
        "order-sheet",
        "auditor",
        "/odoo/orders-in-process/{sale_order_second_round}",
        clicks=(("a.nav-link", "Review"),),
        size=(1280, 1000),
    ),
    Picture(
        "ledger",
        "auditor",
        "/odoo/order-ledgers",
        clicks=((".o_data_cell", "S00035"), ("button", "Verify")),
    ),
    # Customers
    Picture("portal-order", "portal", "/my/orders/{scene_accepted}"),
    Picture("portal-tickets", "portal", "/my/tickets", size=(1280, 360)),
    Picture("portal-ticket", "portal", "/my/tickets/{scene_ticket}", is_for_app=True),
    Picture("portal-report", "portal", "/my/tickets/new", size=(1280, 760)),
)
