"""What several presets have in common: the facts that Odoo looks up, the large order and the
final approval."""

from odoo.tools import LazyTranslate

from ..preset import Fact, PresetClass, PresetStep, Question, Rule

_lt = LazyTranslate(__name__)

# Figures on customers' money are not for everybody on the order
_FOR_DEPARTMENT = {"visibility": "department"}

FACTS = {
    fact.code: fact
    for fact in (
        Fact(
            "credit_exposure",
            _lt("Credit limit of the customer"),
            "compliance",
            _lt("Receivable, confirmed and not invoiced, in review and this order together."),
            _FOR_DEPARTMENT,
        ),
        Fact(
            "overdue_invoices",
            _lt("Overdue invoices of the customer"),
            "compliance",
            values=_FOR_DEPARTMENT,
        ),
        Fact("stock_available", _lt("Goods available by the promised date"), "executability"),
        Fact("feasible_date", _lt("Promised date against the earliest feasible"), "executability"),
        Fact("pricelist_price", _lt("Prices as in the pricelist"), "compliance"),
        Fact("margin", _lt("Margin"), "compliance", values=_FOR_DEPARTMENT),
        Fact("discount", _lt("Discounts"), "compliance"),
        Fact("gift_lines", _lt("Gifts marked and approved"), "compliance"),
        Fact("data_complete", _lt("Customer and delivery data complete")),
        Fact("identity_verified", _lt("Identity of the customer verified"), "compliance"),
        Fact("duplicate_order", _lt("Not ordered twice")),
        Fact("split_orders", _lt("Not split to stay under a limit"), "compliance"),
        Fact("payment_terms", _lt("Payment terms allowed for the customer"), "compliance"),
        Fact("prepayment", _lt("Prepayment agrees with lines and total")),
        Fact("carrier_available", _lt("A carrier serves the address"), "executability"),
        # an oral order without it is not submitted
        Fact("oral_record", _lt("Oral order confirmed"), "compliance", values={"blocking": True}),
        Fact("promised_date", _lt("Promised date present and not past")),
        Fact("customer_remark", _lt("Remark of the customer read")),
    )
}


def facts(*codes):
    return tuple(FACTS[code] for code in codes)


# what is large is reviewed although it is regular
LARGE = PresetClass(
    "large",
    _lt("Large"),
    sequence=20,
    rule=Rule(_lt("large amount"), "[('amount_untaxed', '>=', {review})]"),
    description=_lt("Regular orders of an amount that the departments review."),
)
REVIEWED = ("special", "large")

# By facts and not by classes: another class chosen by hand does not get an order
# past the general manager.
FINAL = PresetStep(
    "final",
    _lt("General Management"),
    sequence=90,
    aliases=("Management", "General Manager", "Administration", "总经理"),
    rules=(
        Rule(_lt("important"), "[('is_important', '=', True)]"),
        Rule(_lt("must be accepted"), "[('is_must_accept', '=', True)]"),
        Rule(_lt("special reason"), "[('special_reason_ids', '!=', False)]"),
        Rule(_lt("very large amount"), "[('amount_untaxed', '>=', {final})]"),
    ),
    criteria=(
        Question(
            "fit",
            _lt("Does the order fit our plans, and is it worth its risk?"),
            "compliance",
            _lt("Read what the departments before you have found."),
        ),
    ),
    values={"is_final": True},
)
