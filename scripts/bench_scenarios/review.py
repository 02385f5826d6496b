"""From a quotation to a confirmed order: request, all decisions, confirm, one click each."""

from toolchain.benchmark import scenario

from ._orders import get_seller, new_order
from ._reviews import ask_departments, get_reviewers, look_at
from ._tiers import define_tiers, get_validators


def our_flow(count, name="Bench", **options):
    """Our review by ``count`` departments, asked at the same time unless ``options`` say else."""

    def flow(env):
        signers = get_reviewers(env, count)
        ask_departments(env, name, signers, **options)
        order = new_order(env, get_seller(env))

        def sign(number):
            def click():
                signoff, answers = look_at(order, signers[number])
                signoff.action_approve(answers=answers)

            return click

        return [order.action_request_review, *map(sign, range(count)), order.action_confirm]

    return flow


def plain_flow(env):
    """Odoo without us: the same order is simply confirmed."""
    return new_order(env, get_seller(env)).action_confirm


def tier_flow(count):
    """OCA's tier validation with ``count`` tiers, without any notification."""

    def flow(env):
        signers = get_validators(env, count)
        define_tiers(env, signers)
        order = new_order(env, get_seller(env))
        clicks = [order.with_user(signer).validate_tier for signer in signers]
        return [order.request_validation, *clicks, order.action_confirm]

    return flow


def exception_flow(env):
    """OCA's exceptions with one rule that the order passes: no people are asked."""
    rules = env["exception.rule"].sudo()
    if not rules.search_count([("name", "=", "Bench")]):
        rules.search([]).action_archive()
        rules.create(
            {
                "name": "Bench",
                "model": "sale.order",
                "exception_type": "by_domain",
                "domain": "[('amount_total', '>', 1000000000)]",
            }
        )
    return plain_flow(env)


for departments in (1, 3, 5):
    name = f"review.flow_{departments}"
    asked = {"more": 60} if departments == 3 else {}
    scenario(name, "plain", asked=asked)(our_flow(departments)).reference(plain_flow)
    scenario(name, "sale_tier_validation")(our_flow(departments)).reference(tier_flow(departments))
    scenario(name, "sale_exception")(our_flow(departments)).reference(exception_flow)

scenario("review.flow_3_criteria")(our_flow(3, "Asking", criteria=2)).reference(plain_flow)
scenario("review.flow_3_sequential")(our_flow(3, "In turn", sequential=True)).reference(plain_flow)
