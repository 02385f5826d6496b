"""What make mutate takes away, one at a time, and which tests have to notice.

A guard in Python answers at once what it answers when all is well; a record rule lets everything
pass; a check of the database is dropped. Tests are named below order_process_control/tests.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Guard:
    """A method, or a function, that refuses: it returns ``answer`` instead."""

    file: str
    method: str
    tests: str
    answer: str = "None"

    @property
    def name(self):
        return f"{self.file.removesuffix('.py')}.{self.method}"


@dataclasses.dataclass(frozen=True)
class Rule:
    """A record rule of the addon: it lets everything pass."""

    xmlid: str
    tests: str

    @property
    def name(self):
        return f"rule.{self.xmlid}"

    sql = """
        UPDATE ir_rule SET domain_force = '[(1, ''='', 1)]' WHERE id =
            (SELECT res_id FROM ir_model_data
              WHERE module = 'order_process_control' AND name = %s AND model = 'ir.rule')"""


@dataclasses.dataclass(frozen=True)
class Check:
    """A constraint of the database: it is not there."""

    table: str
    constraint: str
    tests: str

    @property
    def name(self):
        return f"check.{self.constraint}"


TICKET_ATTACKS = "after_sales/test_attacks_of_staff.py after_sales/test_attacks_after_sales.py"

MUTATIONS = (
    # The gate
    Guard(
        "models/review/sale_order_gate.py", "_check_gate", "review/test_gate.py", "self.browse()"
    ),
    Guard("models/review/sale_order_gate.py", "_is_released_as", "review/test_gate.py", "True"),
    Guard("models/review/sale_order_guard.py", "_end_content_change", "review/test_gate.py"),
    Guard(
        "models/review/sale_order_guard.py",
        "_check_fixed_when_confirmed",
        "review/test_gate.py review/test_attacks.py review/test_attacks_more.py",
    ),
    Guard("models/order/process_token.py", "is_process", "review/test_attacks.py", "True"),
    Check(
        "sale_order", "sale_order_sale_needs_release", "review/test_gate.py review/test_attacks.py"
    ),
    # The ledger
    Guard("models/order/order_ledger.py", "_get_problems", "review/test_ledger.py", "[]"),
    # Who signs, and what
    Guard(
        "models/review/order_signoff_decision.py",
        "_check_may_decide",
        "review/test_signers.py review/test_access.py review/test_review_round.py",
    ),
    Guard(
        "models/review/order_signoff_decision.py", "_check_decision", "review/test_review_round.py"
    ),
    Guard(
        "models/change/order_signoff.py", "_get_own_sources", "change", "super()._get_own_sources()"
    ),
    # A change and an expedite do what was signed
    Guard("models/change/order_change_apply.py", "_check_result", "change/test_change_apply.py"),
    Guard(
        "models/urgency/order_expedite_apply.py", "_check_result", "urgency/test_expedite_apply.py"
    ),
    # Tickets
    Guard("models/after_sales/order_ticket.py", "_check_process_fields", TICKET_ATTACKS),
    Guard("models/after_sales/order_ticket.py", "_check_editable", "after_sales"),
    Guard(
        "models/after_sales/order_ticket.py", "_check_may_act", "after_sales/test_ticket_access.py"
    ),
    Guard("models/after_sales/order_ticket.py", "_check_orders_readable", "after_sales"),
    Guard("models/after_sales/order_ticket.py", "_check_sources_readable", TICKET_ATTACKS),
    Guard("models/after_sales/order_ticket.py", "_check_order", "after_sales"),
    Guard("models/after_sales/order_ticket.py", "_check_user", "after_sales"),
    Guard(
        "models/after_sales/order_ticket_line_quantity.py",
        "_check_quantities",
        "after_sales/test_ticket_documents.py after_sales/test_ticket_goods.py",
    ),
    Guard("models/after_sales/order_ticket_line_quantity.py", "_check_untouched", "after_sales"),
    Guard(
        "models/after_sales/order_ticket_flow.py",
        "_check_resolution",
        "after_sales/test_ticket_flow.py",
    ),
    Guard("models/after_sales/order_ticket_flow.py", "_check_documents", "after_sales"),
    Guard("models/after_sales/order_ticket_refund_round.py", "_check_documents", "after_sales"),
    Guard("models/after_sales/mail_message.py", "_check_ticket_author", TICKET_ATTACKS),
    Guard("models/after_sales/mail_message.py", "_check_ticket_way", TICKET_ATTACKS),
    Guard(
        "models/after_sales/rating_rating.py",
        "_check_ticket_rating",
        "after_sales/test_portal_rating.py",
    ),
    # The portal
    Guard(
        "controllers/after_sales/ticket_access.py",
        "is_stranger",
        "after_sales/test_portal_attacks.py after_sales/test_portal_rating.py",
        "False",
    ),
    Guard(
        "models/after_sales/order_ticket_limits.py",
        "_check_files",
        "after_sales/test_portal_attacks.py",
    ),
    Guard(
        "models/after_sales/order_ticket_limits.py",
        "_check_ticket_flood",
        "after_sales/test_portal_attacks.py",
    ),
    Guard(
        "models/after_sales/order_ticket_limits.py",
        "_check_message_flood",
        "after_sales/test_portal_attacks.py",
    ),
    # Who reads
    Rule("order_review_rule_company", "review/test_access.py"),
    Rule("order_signoff_rule_company", "review/test_access.py"),
    Rule("sale_order_rule_reviewer", "review/test_access.py"),
    Rule("order_signoff_rule_reviewer", "review/test_access.py"),
    Rule("order_review_rule_user", "review/test_access.py"),
    Rule("order_ledger_rule_reviewer", "review/test_access.py review/test_ledger.py"),
)
