"""A trading company: price, money, supply and delivery (R-090, R-119 .. R-127, R-133)."""

from odoo.tools import LazyTranslate

from ..preset import Preset, PresetStep, Question
from .parts import FINAL, LARGE, REVIEWED, facts

_lt = LazyTranslate(__name__)

SALES = PresetStep(
    "sales",
    _lt("Sales"),
    sequence=10,
    aliases=("Sales Department", "Business", "销售部", "业务部", "国贸部"),
    classes=REVIEWED,
    criteria=(
        *facts("data_complete", "oral_record", "promised_date", "duplicate_order"),
        *facts("pricelist_price", "discount", "gift_lines", "customer_remark"),
        Question(
            "customer",
            _lt("Is the customer a lawful business in good standing?"),
            "compliance",
        ),
        Question(
            "price",
            _lt("Are prices and discounts what we want to sell at?"),
            "compliance",
            _lt("Compare them with the pricelist, the market and the value of the customer."),
        ),
    ),
)

FINANCE = PresetStep(
    "finance",
    _lt("Finance"),
    sequence=20,
    aliases=("Accounting", "Finance Department", "财务部"),
    classes=REVIEWED,
    criteria=(
        *facts("credit_exposure", "overdue_invoices", "margin"),
        *facts("payment_terms", "prepayment", "split_orders"),
        Question(
            "receivables",
            _lt("Can the customer pay, given what is still open?"),
            guidance=_lt("Look at open and overdue invoices and at orders not invoiced yet."),
        ),
    ),
    values={"watched_aspects": "customer,price,class", "tolerance_percent": 2.0},
)

PURCHASING = PresetStep(
    "purchasing",
    _lt("Purchasing"),
    sequence=30,
    aliases=("Procurement", "Purchase", "采购部"),
    classes=REVIEWED,
    criteria=(
        *facts("feasible_date"),
        Question(
            "supply",
            _lt("Do our suppliers deliver what is not in stock in time?"),
            guidance=_lt("If not, say from which day on it is there."),
        ),
    ),
    values={"watched_aspects": "goods,dates"},
)

LOGISTICS = PresetStep(
    "logistics",
    _lt("Logistics"),
    sequence=30,
    aliases=("Shipping", "Warehouse", "Supply Chain", "物流部"),
    classes=REVIEWED,
    criteria=(
        *facts("stock_available", "carrier_available"),
        Question(
            "place",
            _lt("Can we deliver at that place and time, at a reasonable cost?"),
            guidance=_lt("Access, unloading, opening hours, carrier."),
        ),
    ),
    values={"watched_aspects": "addresses,goods,dates", "tolerance_days": 1},
)

TRADING = Preset(
    "trading",
    _lt("Trading company"),
    _lt(
        "Special and large orders are reviewed by Sales, Finance, Purchasing and Logistics; very"
        " large and important ones are approved by the general manager."
    ),
    steps=(SALES, FINANCE, PURCHASING, LOGISTICS, FINAL),
    classes=(LARGE,),
    limits={"review": 10000.0, "final": 50000.0},
)
