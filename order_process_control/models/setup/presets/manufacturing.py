"""The contract review of a manufacturer: the nine factors of R-080, asked of the departments of
R-119 .. R-143 in the order of R-090."""

from odoo.tools import LazyTranslate

from ..preset import Preset, PresetStep, Question
from .parts import FINAL, LARGE, REVIEWED, facts

_lt = LazyTranslate(__name__)

SALES = PresetStep(
    "sales",
    _lt("Sales"),
    sequence=10,
    aliases=("Sales Department", "Business", "销售部", "业务部", "供销部", "国贸部"),
    classes=REVIEWED,
    criteria=(
        *facts("data_complete", "oral_record", "promised_date", "duplicate_order"),
        *facts("pricelist_price", "discount", "gift_lines", "customer_remark"),
        Question(
            "customer",
            _lt("Is the customer a lawful business in good standing?"),
            "compliance",
            _lt("Registered business, good credit, no major bad record with us or others."),
        ),
        Question(
            "amount",
            _lt("Is the amount clear, reasonable and in line with our pricing?"),
            "accuracy",
            _lt("Compare prices and discounts with the pricelist and with the market."),
        ),
        Question(  # factor 9
            "unstated",
            _lt("What does the intended use need that the customer has not stated?"),
            "compliance",
            _lt("Norms, safety, packaging, documents, service: ask the customer where in doubt."),
        ),
        Question(
            "risk", _lt("Is the order feasible and its risk under control?"), is_required=False
        ),
    ),
)

FINANCE = PresetStep(
    "finance",
    _lt("Finance"),
    sequence=20,
    aliases=("Accounting", "Finance Department", "Controlling", "财务部"),
    classes=REVIEWED,
    criteria=(
        *facts("credit_exposure", "overdue_invoices", "margin"),
        *facts("payment_terms", "prepayment", "split_orders"),
        Question("amount", _lt("Are prices, discounts, taxes and the total right?"), "accuracy"),
        Question(
            "payment",
            _lt("Do the payment terms follow our rules?"),
            "compliance",
            _lt("The money is safe and comes in on time."),
        ),
        Question(
            "receivables",
            _lt("Can the customer pay, given what is still open?"),
            guidance=_lt("Look at open and overdue invoices and at orders not invoiced yet."),
        ),
    ),
    values={"watched_aspects": "customer,price,class", "tolerance_percent": 2.0},
)

ENGINEERING = PresetStep(
    "engineering",
    _lt("Engineering"),
    sequence=30,
    aliases=(
        "Technical",
        "R&D",
        "Research & Development",
        "技术部",
        "工程部",
        "研发部",
        "技术中心",
    ),
    classes=("special",),
    criteria=(
        Question(  # factor 1
            "samples",
            _lt("Do samples, process drawings and product tests meet the requirements?"),
            "compliance",
            _lt("What is missing, who makes it, and by when?"),
        ),
        Question(
            "capability",
            _lt("Can we make the product technically?"),
            guidance=_lt("Specification, reliability tests and safety norms that it has to meet."),
        ),
        Question(
            "customer_property",
            _lt("Are the customer's moulds, drawings and files verified and under control?"),
            "compliance",
            is_required=False,
        ),
    ),
    values={"watched_aspects": "goods"},
)

QUALITY = PresetStep(
    "quality",
    _lt("Quality"),
    sequence=30,
    aliases=("Quality Control", "Quality Assurance", "QA", "品质部", "质控部", "技术质量部"),
    classes=("special",),
    criteria=(
        Question(  # factor 3
            "control_flow",
            _lt("Is the quality control of the process laid down for this product?"),
            "compliance",
            _lt("Control plan, inspection points, acceptance criteria."),
        ),
        Question("inspection", _lt("Can we inspect and test what the customer asks for?")),
        Question(
            "equipment",
            _lt("Is the measuring equipment there and calibrated?"),
            is_required=False,
        ),
    ),
    values={"watched_aspects": "goods"},
)

PURCHASING = PresetStep(
    "purchasing",
    _lt("Purchasing"),
    sequence=30,
    aliases=("Procurement", "Purchase", "采购部"),
    classes=REVIEWED,
    criteria=(
        Question(  # factor 2, suppliers
            "suppliers",
            _lt("Do our suppliers have the capacity for it?"),
            guidance=_lt("New suppliers or purchase contracts that are needed first."),
        ),
        Question(  # factor 8
            "material",
            _lt("Is the material there, or ordered in time?"),
            guidance=_lt("If not, say from which day on it is."),
        ),
    ),
    values={"watched_aspects": "goods,dates"},
)

PRODUCTION = PresetStep(
    "production",
    _lt("Production"),
    sequence=40,
    aliases=("Manufacturing", "PMC", "Workshop", "生产部", "制造部", "PMC部"),
    classes=REVIEWED,
    criteria=(
        *facts("feasible_date"),
        Question(  # factor 2, ourselves
            "capability",
            _lt("Can we make it by the promised date and to the quality asked for?"),
            guidance=_lt("If not, say which date is possible: Sales agrees on it."),
        ),
        Question(  # factor 4
            "load",
            _lt("Does it fit into the load of the workshops?"),
            guidance=_lt("Which other orders become late?"),
        ),
        Question(  # factor 5
            "tooling",
            _lt("Do facilities, machines and tooling do for it?"),
        ),
        Question(  # factor 6
            "date",
            _lt("Is the delivery date that the customer requires met?"),
            "compliance",
        ),
        Question(
            "people",
            _lt("Are there enough trained people, and is their safety at work ensured?"),
            "compliance",
            is_required=False,
        ),
    ),
    values={"watched_aspects": "goods,dates"},
)

LOGISTICS = PresetStep(
    "logistics",
    _lt("Logistics"),
    sequence=50,
    aliases=("Shipping", "Warehouse", "Supply Chain", "物流部", "物流部门"),
    classes=REVIEWED,
    criteria=(
        *facts("stock_available", "carrier_available"),
        Question(  # factor 7
            "place",
            _lt("Can we deliver at that place and time, the way the customer wants it?"),
            guidance=_lt("Access, unloading, opening hours, carrier, packaging."),
        ),
        Question(
            "cost", _lt("Is the cost of transport under control?"), "compliance", is_required=False
        ),
    ),
    values={"watched_aspects": "addresses,goods,dates", "tolerance_days": 1},
)

MANUFACTURING = Preset(
    "manufacturing",
    _lt("Manufacturer: contract review"),
    _lt(
        "Special and large orders are reviewed for the nine factors of a contract review: samples"
        " and drawings, suppliers, quality control, load, tooling, date, delivery, material and"
        " what the customer has not stated. Special, important and very large ones are approved by"
        " the general manager."
    ),
    steps=(SALES, FINANCE, ENGINEERING, QUALITY, PURCHASING, PRODUCTION, LOGISTICS, FINAL),
    classes=(LARGE,),
    limits={"review": 20000.0, "final": 100000.0},
)
