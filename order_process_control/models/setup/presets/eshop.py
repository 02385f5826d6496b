"""A shop on the internet: few questions, mostly facts; what is green signs itself."""

from odoo.tools import LazyTranslate

from ..preset import Preset, PresetStep, Question
from .parts import FINAL, LARGE, REVIEWED, facts

_lt = LazyTranslate(__name__)

SERVICE = PresetStep(
    "service",
    _lt("Customer Service"),
    sequence=10,
    aliases=("Sales", "Support", "Service", "客服部"),
    classes=REVIEWED,
    criteria=(
        *facts("data_complete", "duplicate_order", "customer_remark", "gift_lines"),
        Question(
            "wish",
            _lt("Do we give the customer what they want, remarks included?"),
            "accuracy",
            is_required=False,
        ),
    ),
    values={"auto_approve": True},
)

FINANCE = PresetStep(
    "finance",
    _lt("Finance"),
    sequence=10,
    aliases=("Accounting", "Finance Department", "财务部"),
    classes=REVIEWED,
    criteria=(
        *facts("identity_verified", "prepayment", "overdue_invoices"),
        *facts("split_orders", "discount"),
        Question(
            "fraud",
            _lt("Is the payment safe, without signs of fraud?"),
            "compliance",
            _lt("New account, unusual amount, delivery address far from the billing address."),
            is_required=False,
        ),
    ),
    values={"auto_approve": True, "watched_aspects": "customer,addresses,price"},
)

LOGISTICS = PresetStep(
    "logistics",
    _lt("Logistics"),
    sequence=20,
    aliases=("Warehouse", "Shipping", "物流部", "仓库"),
    classes=REVIEWED,
    criteria=facts("stock_available", "carrier_available", "promised_date"),
    values={"auto_approve": True, "watched_aspects": "addresses,goods,dates"},
)

ESHOP = Preset(
    "eshop",
    _lt("Online shop"),
    _lt(
        "Usual orders go through; special and large ones are checked for payment, fraud, stock and"
        " carrier. Very large and important ones are approved by the general manager."
    ),
    steps=(SERVICE, FINANCE, LOGISTICS, FINAL),
    classes=(LARGE,),
    limits={"review": 1000.0, "final": 10000.0},
)
