"""From a quotation to a confirmed order: request, all decisions, confirm, one click each."""

from toolchain.benchmark import scenario

from ._orders import get_seller, get_user, new_order


def reviewers(env, count, group):
    return [get_user(env, f"bench_reviewer_{number}", group) for number in range(count)]


def our_flow(count):
    """Our review by ``count`` departments that are asked at the same time."""

    def flow(env):
        signers = reviewers(env, count, "order_process_control.group_order_reviewer")
        ask_departments(env, signers)
        order = new_order(env, get_seller(env))

        def sign(number):
            def click():
                signoff = order.sudo().current_review_id.signoff_ids[number]
                signoff.with_user(signers[number]).action_approve()

            return click

        return [order.action_request_review, *map(sign, range(count)), order.action_confirm]

    return flow


def ask_departments(env, signers):
    """Make the steps at the first call; those of the demo data do not take part."""
    steps = env["order.review.step"]
    if steps.search_count([]) == len(signers) == steps.search_count([("name", "like", "Bench")]):
        return
    steps.search([]).action_archive()
    steps.create(
        [
            {"name": f"Bench {number}", "reviewer_ids": [(6, 0, signer.ids)]}
            for number, signer in enumerate(signers)
        ]
    )


def plain_flow(env):
    """Odoo without us: the same order is simply confirmed."""
    return new_order(env, get_seller(env)).action_confirm


def tier_flow(count):
    """OCA's tier validation with ``count`` tiers, without any notification."""

    def flow(env):
        signers = reviewers(env, count, "sales_team.group_sale_manager")
        define_tiers(env, signers)
        order = new_order(env, get_seller(env))
        clicks = [order.with_user(signer).validate_tier for signer in signers]
        return [order.request_validation, *clicks, order.action_confirm]

    return flow


def define_tiers(env, signers):
    tiers = env["tier.definition"]
    if tiers.search_count([]) == len(signers):
        return
    tiers.search([]).action_archive()
    tiers.create(
        [
            {
                "name": f"Bench {number}",
                "model_id": env.ref("sale.model_sale_order").id,
                "review_type": "individual",
                "reviewer_id": signer.id,
                "definition_domain": "[]",
                "approve_sequence": False,
            }
            for number, signer in enumerate(signers)
        ]
    )


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
    scenario(name, "plain")(our_flow(departments)).reference(plain_flow)
    scenario(name, "sale_tier_validation")(our_flow(departments)).reference(tier_flow(departments))
    scenario(name, "sale_exception")(our_flow(departments)).reference(exception_flow)
