"""The pictures of the documentation: who looks at what, and what they click first.

Paths may name records of the demo data: {sale_order_to_submit} becomes the id of
order_process_control.sale_order_to_submit.
"""

from dataclasses import dataclass

WIDE = (1280, 800)
PHONE = (390, 844)


@dataclass(frozen=True)
class Picture:
    name: str
    login: str
    path: str
    # (selector,) or (selector, text) of what is clicked, one after the other
    clicks: tuple = ()
    size: tuple = WIDE
    # What is scrolled into view last
    show: str = ""


PICTURES = (
    Picture("overview", "admin", "/odoo/order-overview"),
    Picture("orders-in-process", "seller", "/odoo/orders-in-process"),
    Picture("order-intake", "seller", "/odoo/orders-in-process/{sale_order_to_submit}", clicks=(("a.nav-link", "Intake"),)),
    Picture("order-preview", "seller", "/odoo/orders-in-process/{sale_order_to_submit}", clicks=(("button", "What will they Find?"),)),
    Picture("order-strip", "seller", "/odoo/orders-in-process/{sale_order_second_round}"),
    Picture("order-why", "seller", "/odoo/orders-in-process/{sale_order_in_finance}", clicks=(("a, button", "Why"),)),
    Picture("order-change", "seller", "/odoo/order-changes/{order_change_in_review}"),
    Picture("order-expedite", "seller", "/odoo/order-expedites/{order_expedite_emergency}"),
    Picture("my-signoffs", "finance", "/odoo/my-signoffs"),
    Picture("decision", "logistics", "/odoo/my-signoffs", clicks=(("button", "Decide"),)),
    Picture("decision-phone", "finance", "/odoo/my-signoffs", size=PHONE),
    Picture("open-points", "admin", "/odoo/open-points"),
    Picture("set-up", "admin", "/odoo/order-setup"),
    Picture("review-steps", "admin", "/odoo/order-review-steps"),
    Picture("review-step", "admin", "/odoo/order-review-steps/{step_finance}"),
    Picture("health", "admin", "/odoo/order-health"),
    Picture("policies", "admin", "/odoo/deadline-policies"),
    Picture("alert-rules", "admin", "/odoo/alert-rules"),
    Picture("alerts", "admin", "/odoo/alerts"),
    Picture("deadline-analysis", "admin", "/odoo/order-deadline-analysis"),
    Picture("ticket-overview", "service", "/odoo/ticket-overview"),
    Picture("tickets", "service", "/odoo/tickets"),
    Picture("ticket", "service", "/odoo/tickets/{order_ticket_exchange}"),
    Picture("ticket-parts", "production", "/odoo/ticket-parts"),
    Picture("ledgers", "auditor", "/odoo/order-ledgers"),
    Picture("order-summary", "auditor", "/odoo/order-summary"),
    Picture("sheet", "auditor", "/odoo/orders-in-process/{sale_order_second_round}"),
    Picture("portal-tickets", "portal", "/my/tickets"),
    Picture("portal-new", "portal", "/my/tickets/new"),
)
