"""The guards that make mutate disables, one at a time, and the tests that should notice.

A guard in Python is the exact text that is replaced, once in its file. One in the database is a
statement; the record rules are found in the addon's own files, each is opened for everybody.
"""

import dataclasses
import re

from toolchain import paths

TESTS = f"{paths.ADDON}/tests"


@dataclasses.dataclass(frozen=True)
class Mutation:
    """One guard, and how it is disabled."""

    name: str
    tests: tuple
    file: str = ""
    old: str = ""
    new: str = ""
    statement: str = ""

    def apply(self, text):
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: {self.file} has its text {text.count(self.old)} times")
        return text.replace(self.old, self.new)


def code(name, file, old, new, *tests):
    return Mutation(name, tuple(tests), f"models/{file}", old, new)


GATE = (
    "review/test_gate.py",
    "review/test_gate_release.py",
    "review/test_exemption.py",
    "review/test_attacks.py",
)
GATE_FILE = "review/sale_order_gate.py"
LEDGER = ("review/test_ledger.py",)
SIGN = ("review/test_signers.py", "review/test_decision_rules.py", "review/test_attacks.py")
SIGNERS_FILE = "review/order_signoff_signers.py"
CHANGE = ("change/test_change_access.py", "change/test_change_apply.py", "change/test_change.py")
GOODS = ("after_sales/test_ticket_goods.py", "after_sales/test_ticket_documents.py")
MONEY = (*GOODS, "after_sales/test_ticket_compensation.py")
FLOW = ("after_sales/test_ticket_flow.py", "after_sales/test_ticket_access.py")
STAFF = ("after_sales/test_attacks_of_staff.py", "after_sales/test_attacks_after_sales.py")
PORTAL = ("after_sales/test_portal_attacks.py", "after_sales/test_portal_rating.py")
CLOCKS = ("after_sales/test_ticket_clocks.py",)
SCAN = ("deadline/test_deadline_scan.py", "deadline/test_deadline.py")
EMERGENCY = ("urgency/test_emergency.py", "urgency/test_emergency_access.py")
EXPEDITE = ("urgency/test_expedite_apply.py", "urgency/test_expedite.py")

GUARDS = (
    # === The gate ===
    code(
        "gate_write",
        GATE_FILE,
        "entering._pass_gate()\n        changes",
        "pass\n        changes",
        *GATE,
    ),
    code(
        "gate_write_twice",
        GATE_FILE,
        "            # Again: the same call has changed what was judged before\n"
        "            entering._pass_gate()",
        "            pass",
        *GATE,
    ),
    code(
        "gate_create",
        GATE_FILE,
        "confirmed._check_gate()._hold_customers()",
        "confirmed._hold_customers()",
        *GATE,
    ),
    code("gate_blocked", GATE_FILE, "        if blocked:\n", "        if False:\n", *GATE),
    code(
        "gate_in_progress",
        GATE_FILE,
        ' or order.sudo().current_review_id.state == "in_progress"',
        "",
        *GATE,
        "review/test_review_round.py",
    ),
    code(
        "gate_other_content",
        GATE_FILE,
        "        if fingerprint in digests:\n            return True\n        release =",
        "        return True\n        release =",
        *GATE,
        "review/test_tolerance.py",
    ),
    code(
        "gate_release_not_approved",
        GATE_FILE,
        'state != "approved" or not is_current',
        "not is_current",
        *GATE,
    ),
    code(
        "gate_release_not_the_latest",
        GATE_FILE,
        'state != "approved" or not is_current',
        'state != "approved"',
        *GATE,
    ),
    code(
        "gate_release_of_another",
        GATE_FILE,
        "release.id = o.current_review_id AND release.order_id = o.id",
        "release.id = o.current_review_id",
        *GATE,
    ),
    code("gate_lapsed", GATE_FILE, " or order._has_lapsed(decided_at)", "", *GATE),
    code(
        "gate_exempt_as_other",
        GATE_FILE,
        "if order.release_exempt and order.exempt_fingerprint == fingerprint:",
        "if order.release_exempt:",
        *GATE,
    ),
    code(
        "gate_stale_exemption",
        GATE_FILE,
        " or o.release_id or o.exempt_fingerprint\n",
        " or o.release_id\n",
        *GATE,
    ),
    code(
        "gate_exempt_role",
        GATE_FILE,
        "        self._check_may_exempt()\n",
        "",
        "review/test_exemption.py",
    ),
    code(
        "gate_exempt_own",
        GATE_FILE,
        "        if own and not self.env.su:\n",
        "        if False:\n",
        "review/test_exemption.py",
    ),
    Mutation(
        "gate_check_constraint",
        ("review/test_gate.py", "review/test_attacks.py"),
        statement="ALTER TABLE sale_order DROP CONSTRAINT sale_order_sale_needs_release",
    ),
    code(
        "gate_process_fields_write",
        "order/sale_order.py",
        "            self._check_process_fields(self._get_process_fields() & vals.keys())\n",
        "            pass\n",
        *GATE,
    ),
    code(
        "gate_client_amounts",
        "review/sale_order_line.py",
        "        return {name: value for name, value in vals.items() if name not in computed}",
        "        return vals",
        *GATE,
        "review/test_attacks_more.py",
        "review/test_hostile_input.py",
    ),
    # === Confirmed orders ===
    code(
        "confirmed_edited",
        "review/sale_order_guard.py",
        "        if refused:\n            raise",
        "        if False:\n            raise",
        "review/test_confirmed_content.py",
        "review/test_attacks.py",
        "change/test_change.py",
    ),
    code(
        "confirmed_company_fixed",
        "review/sale_order_guard.py",
        "            if fixed:\n",
        "            if False:\n",
        "review/test_attacks.py",
        "review/test_attacks_more.py",
        "facts/test_attacks_facts.py",
    ),
    code(
        "confirmed_lines_written",
        "review/sale_order_line.py",
        "        result = super().write(vals)\n        guarded._end_content_change()",
        "        result = super().write(vals)",
        "review/test_gate.py",
        "review/test_attacks.py",
        "review/test_review_round.py",
    ),
    # === The ledger ===
    code(
        "ledger_numbers",
        "order/order_ledger.py",
        "if event.number != number:",
        "if False:",
        *LEDGER,
    ),
    code(
        "ledger_previous",
        "order/order_ledger.py",
        "if (event.previous_hash or None) != previous:",
        "if False:",
        *LEDGER,
    ),
    code(
        "ledger_hash",
        "order/order_ledger.py",
        "if chain_hash(event.previous_hash, event._get_facts()) != event.hash:",
        "if False:",
        *LEDGER,
    ),
    code(
        "ledger_other_order",
        "order/order_ledger.py",
        "if not self._is_own_event(event):",
        "if False:",
        *LEDGER,
    ),
    code(
        "ledger_tail",
        "order/order_ledger.py",
        "if len(events) != self.last_number or (self.last_hash or None) != previous:",
        "if False:",
        *LEDGER,
    ),
    code(
        "ledger_kept",
        "order/kept_rows.py",
        "    def _unlink_never(self):\n        raise AccessError(",
        "    def _unlink_never(self):\n        AccessError(",
        *LEDGER,
        "review/test_access.py",
        "review/test_attacks.py",
    ),
    # === Signing ===
    code(
        "sign_requester",
        SIGNERS_FILE,
        "VALUES (review.requested_by),\n",
        "VALUES (NULL::int),\n",
        *SIGN,
    ),
    code("sign_seller", SIGNERS_FILE, "(sale_order.user_id),\n", "(NULL::int),\n", *SIGN),
    code("sign_creator", SIGNERS_FILE, "(sale_order.create_uid))", "(NULL::int))", *SIGN),
    code(
        "sign_editor",
        SIGNERS_FILE,
        "ON editor.order_id = asked.order_id\n",
        "ON editor.order_id = asked.order_id AND FALSE\n",
        *SIGN,
        "review/test_review_round.py",
    ),
    code(
        "sign_two_departments",
        SIGNERS_FILE,
        "AND vote.signoff_id != asked.id\n",
        "AND vote.signoff_id != asked.id AND FALSE\n",
        *SIGN,
    ),
    code(
        "sign_right",
        SIGNERS_FILE,
        "            elif self._has_signing_right(users.browse(user_id)):\n",
        "            elif True:\n",
        *SIGN,
        "review/test_access.py",
        "review/test_delegation.py",
    ),
    code(
        "sign_candidates",
        "review/order_signoff_decision.py",
        '        if reasons:\n            raise UserError("\\n".join(reasons))',
        "        if False:\n            raise UserError()",
        *SIGN,
        "review/test_delegation.py",
    ),
    code(
        "sign_question_open",
        "review/order_signoff_decision.py",
        "        if self._has_open_question():\n            return",
        "        if False:\n            return",
        "review/test_questions.py",
    ),
    code(
        "sign_doubts",
        "review/order_signoff_decision.py",
        "if doubts and not comment:",
        "if False:",
        "review/test_checks.py",
        "review/test_decision_rules.py",
        "review/test_facts.py",
    ),
    code(
        "sign_drift",
        "review/order_review.py",
        "        drifted = approved._filter_drifted()\n",
        "        drifted = self.browse()\n",
        "review/test_review_round.py",
        "review/test_attacks.py",
        "change/test_change.py",
        "urgency/test_expedite.py",
    ),
    code(
        "sign_carried_own",
        "review/order_signoff_carry.py",
        'and (vals["allow_requester"] or not (self._get_votes().user_id & barred))',
        "",
        "review/test_carry_over.py",
        "change/test_change_access.py",
    ),
    code(
        "sign_undo_late",
        "review/order_signoff_delegation.py",
        "        if vote.voted_at < limit:\n",
        "        if False:\n",
        "review/test_undo.py",
    ),
    code(
        "sign_undo_acted_on",
        "review/order_signoff_delegation.py",
        "if self._is_over() or self._was_acted_on(vote):",
        "if False:",
        "review/test_undo.py",
    ),
    code(
        "sign_answers_mandatory",
        "review/order_signoff_decision.py",
        "if missing and not all_in_order:",
        "if False:",
        "review/test_checks.py",
    ),
    code(
        "sign_fact_answered_by_hand",
        "review/order_signoff_answer.py",
        ' for answer in self if answer.kind == "manual"}',
        " for answer in self}",
        "review/test_checks.py",
    ),
    code(
        "sign_overruled_without_reason",
        "review/order_signoff_decision.py",
        "if self.is_final and self.review_id.overrules_id and not comment:",
        "if False:",
        "review/test_escalation.py",
        "review/test_mass.py",
    ),
    code(
        "sign_rejected_without_reason",
        "review/order_signoff_decision.py",
        "            if not comment:\n",
        "            if False:\n",
        "review/test_review_round.py",
        "review/test_attacks.py",
    ),
    code(
        "sign_two_in_one_call",
        "review/order_signoff_decision.py",
        'if len(signoffs) > 1 and not all(signoffs.mapped("allow_requester")):',
        "if False:",
        "review/test_attacks.py",
        "review/test_mass.py",
    ),
    code(
        "sign_delegate_who_may_not",
        "review/order_signoff_delegation.py",
        "        if unable:\n",
        "        if False:\n",
        "review/test_delegation.py",
    ),
    code(
        "sign_delegated_further",
        "review/order_signoff_delegation.py",
        "        if lent:\n",
        "        if False:\n",
        "review/test_delegation.py",
        "review/test_deputies.py",
    ),
    code(
        "sign_asked_twice",
        "review/order_signoff_talk.py",
        "        if signoffs.filtered(lambda s: s._has_open_question()):\n",
        "        if False:\n",
        "review/test_questions.py",
    ),
    code(
        "sign_answered_by_others",
        "review/order_signoff_talk.py",
        "        self._check_may_answer()\n        # sudo: the caller may write",
        "        # sudo: the caller may write",
        "review/test_questions.py",
    ),
    code(
        "sign_point_closed_by_others",
        "review/order_signoff_point.py",
        "if strangers and not (manager or self.env.su):",
        "if False:",
        "review/test_open_points.py",
    ),
    code(
        "sign_minutes_before_the_meeting",
        "review/order_signoff_meeting_minutes.py",
        "if meeting.start > fields.Datetime.now():",
        "if False:",
        "review/test_meeting.py",
    ),
    code(
        "sign_bell_taken_away",
        "review/mail_activity.py",
        "        if pending:\n",
        "        if False:\n",
        "review/test_attacks.py",
        "review/test_attacks_more.py",
        "review/test_access.py",
    ),
    code(
        "sign_bell_given",
        "review/mail_activity.py",
        'if not self.env.su and "order.signoff" in self.sudo().mapped("res_model"):',
        "if False:",
        "review/test_attacks_more.py",
        "urgency/test_attacks_urgency.py",
    ),
    code(
        "sign_rejected_content_escalated",
        "review/sale_order_escalation.py",
        "if not self._has_content_of(rejected):",
        "if False:",
        "review/test_escalation.py",
    ),
    code(
        "sign_final_rejection_escalated",
        "review/sale_order_escalation.py",
        'if rejected.signoff_ids.filtered(lambda s: s.state == "rejected" and s.is_final):',
        "if False:",
        "review/test_escalation.py",
    ),
    # === Submitting ===
    code(
        "submit_role",
        "order/sale_order.py",
        'self.env.user.has_group("order_process_control.group_order_user")',
        "True",
        "review/test_attacks.py",
        "review/test_access.py",
    ),
    code(
        "submit_blocking_fact",
        "review/sale_order_facts.py",
        "        if lines:\n",
        "        if False:\n",
        "review/test_facts.py",
        "facts/test_credit.py",
    ),
    code(
        "submit_reviewed_deleted",
        "review/sale_order.py",
        "        if reviewed:\n",
        "        if False:\n",
        "review/test_review_round.py",
        "review/test_access.py",
        "review/test_attacks.py",
    ),
    code(
        "submit_sent_early",
        "review/sale_order_sending.py",
        "        if early:\n",
        "        if False:\n",
        "review/test_customer.py",
    ),
    code(
        "submit_payment_lost",
        "review/sale_order_customer_release.py",
        "if self._has_lost_payment():",
        "if False:",
        "review/test_customer.py",
    ),
    # === Changes ===
    code(
        "change_seller_signs",
        "change/order_signoff.py",
        "AND %(user)s IS NOT NULL",
        "AND %(user)s IS NULL",
        "change/test_change_access.py",
    ),
    code(
        "change_other_result",
        "change/order_change_apply.py",
        "        if fingerprint != agreed and not (",
        "        if False and not (",
        *CHANGE,
        "change/test_change_attacks.py",
    ),
    code(
        "change_drift",
        "change/order_change_round.py",
        "                if change._get_drift(review):\n",
        "                if False:\n",
        *CHANGE,
        "change/test_change_attacks.py",
    ),
    code(
        "change_unconfirmed",
        "change/order_change_apply.py",
        "        if problems:\n            raise",
        "        if False:\n            raise",
        *CHANGE,
        "change/test_change_attacks.py",
    ),
    code(
        "request_not_approved",
        "review/order_request_round.py",
        "        if waiting:\n            raise",
        "        if False:\n            raise",
        *CHANGE,
    ),
    code(
        "request_process_fields",
        "review/order_request_mixin.py",
        '            self._check_process_fields(vals)\n            if "order_id"',
        '            if "order_id"',
        "change/test_change_access.py",
    ),
    code(
        "request_edited_when_submitted",
        "review/order_request_mixin.py",
        "                self._check_editable()\n",
        "                pass\n",
        "change/test_change_access.py",
    ),
    code(
        "change_line_of_another_order",
        "change/order_change_line.py",
        "order_line.order_id != line.change_id.order_id",
        "False",
        *CHANGE,
    ),
    code(
        "change_line_product",
        "change/order_change_line.py",
        "order_line.product_id != line.product_id\n                or order_line.product_uom_id",
        "order_line.product_uom_id",
        *CHANGE,
    ),
    code(
        "change_line_moved",
        "change/order_change_line.py",
        'if "change_id" in vals and any(line.change_id.id != vals["change_id"] for line in self):',
        "if False:",
        "change/test_change_access.py",
    ),
    code(
        "change_line_edited_when_submitted",
        "change/order_change_line.py",
        "            self.change_id._check_editable()\n        return super().write(vals)",
        "        return super().write(vals)",
        *CHANGE,
    ),
    code(
        "change_line_deleted_when_submitted",
        "change/order_change_line.py",
        "    def _unlink_only_of_drafts(self):\n        self.change_id._check_editable()",
        "    def _unlink_only_of_drafts(self):\n        pass",
        *CHANGE,
    ),
    code(
        "change_below_delivered",
        "change/order_change_line.py",
        "if quantity < line.product_uom_qty and uom.compare(quantity, done) < 0:",
        "if False:",
        *CHANGE,
    ),
    code(
        "change_invoiced_price",
        "change/order_change_line.py",
        "if not prices and not self.is_removed and line.qty_invoiced:",
        "if False:",
        *CHANGE,
    ),
    code(
        "change_withdrawn_when_applied",
        "change/order_change_round.py",
        'if self.filtered(lambda change: change.state in ("applied", "withdrawn")):',
        "if False:",
        *CHANGE,
    ),
    code(
        "change_order_deleted",
        "change/sale_order.py",
        "        if changed:\n            raise",
        "        if False:\n            raise",
        "change/test_change_access.py",
    ),
    code(
        "request_unconfirmed",
        "review/order_request_mixin.py",
        "        if unconfirmed:\n",
        "        if False:\n",
        *CHANGE,
        *EXPEDITE,
    ),
    code(
        "request_role",
        "review/order_request_mixin.py",
        '        self.check_access("write")\n        self.order_id._check_may_submit()\n',
        '        self.check_access("write")\n',
        *CHANGE,
        *EXPEDITE,
    ),
    code(
        "request_of_another_order",
        "review/order_request_mixin.py",
        'if "order_id" in vals and any(r.order_id.id != vals["order_id"] for r in self):',
        "if False:",
        "urgency/test_expedite.py",
        "change/test_change_access.py",
    ),
    code(
        "request_deleted_when_submitted",
        "review/order_request_mixin.py",
        "        if kept:\n",
        "        if False:\n",
        "change/test_change_access.py",
        "urgency/test_expedite.py",
    ),
    code(
        "request_corrected_unrefused",
        "review/order_request_round.py",
        'if self.filtered(lambda request: request.state != "refused"):',
        "if False:",
        *CHANGE,
        *EXPEDITE,
    ),
    # === Expedites ===
    code(
        "expedite_world_is_worse",
        "urgency/order_expedite_apply.py",
        "        if worse:\n",
        "        if False:\n",
        *EXPEDITE,
        "urgency/test_attacks_urgency.py",
    ),
    code(
        "expedite_later_than_signed",
        "urgency/order_expedite_compare.py",
        'self._get_later_words(approved["impacts"], outcome.impacts)',
        "[]",
        *EXPEDITE,
        "urgency/test_attacks_urgency.py",
    ),
    code(
        "expedite_equality",
        "urgency/order_expedite_apply.py",
        "if difference < 0 or (difference > 0 and not is_own):",
        "if False:",
        *EXPEDITE,
        "urgency/test_attacks_urgency.py",
    ),
    code(
        "expedite_reverted_when_shipped",
        "urgency/order_expedite_revert.py",
        "        self._check_nothing_shipped()\n",
        "",
        *EXPEDITE,
    ),
    code(
        "expedite_simulated_when_submitted",
        "urgency/order_expedite_simulation.py",
        "        if fixed:\n",
        "        if False:\n",
        *EXPEDITE,
        "urgency/test_attacks_urgency.py",
    ),
    code(
        "expedite_unapplied_reverted",
        "urgency/order_expedite_revert.py",
        'if self.filtered(lambda expedite: expedite.state != "applied"):',
        "if False:",
        *EXPEDITE,
    ),
    code(
        "expedite_applied_cancelled",
        "urgency/order_expedite_round.py",
        'if self.filtered(lambda e: e.state in ("applied", "reverted", "not_met", "cancelled")):',
        "if False:",
        *EXPEDITE,
    ),
    code(
        "expedite_order_deleted",
        "urgency/sale_order_expedite.py",
        "        if expedited:\n",
        "        if False:\n",
        *EXPEDITE,
    ),
    code(
        "emergency_edited",
        "urgency/order_expedite_emergency.py",
        "            if late:\n",
        "            if False:\n",
        *EMERGENCY,
    ),
    code(
        "emergency_departments",
        "urgency/order_expedite_emergency.py",
        "            if wrong:\n",
        "            if False:\n",
        *EMERGENCY,
    ),
    code(
        "emergency_role",
        "urgency/order_expedite_emergency_answer.py",
        "elif self.env.user not in row._get_people():",
        "elif False:",
        *EMERGENCY,
    ),
    code(
        "emergency_turn",
        "urgency/order_expedite_emergency_answer.py",
        'if not row or expedite.emergency_state != part or row.state != "asked":',
        "if not row:",
        *EMERGENCY,
    ),
    code(
        "emergency_too_late",
        "urgency/order_expedite_emergency_answer.py",
        "        if moment > needed_by:\n",
        "        if False:\n",
        *EMERGENCY,
    ),
    code(
        "emergency_closed_untold",
        "urgency/order_expedite_emergency_end.py",
        "if not self.customer_told_at:",
        "if False:",
        *EMERGENCY,
    ),
    code(
        "emergency_deleted",
        "urgency/order_expedite_emergency_end.py",
        "        if begun:\n            raise",
        "        if False:\n            raise",
        *EMERGENCY,
    ),
    # === Tickets: goods and money ===
    code(
        "goods_more_than_delivered",
        "after_sales/order_ticket_line_quantity.py",
        "if order_line.product_uom_id.compare(left, 0.0) < 0:",
        "if False:",
        *GOODS,
    ),
    code(
        "goods_one_delivery_twice",
        "after_sales/order_ticket_line_quantity.py",
        "        problems += lines._get_part_problems()\n",
        "",
        *GOODS,
        "after_sales/test_attacks_after_sales.py",
    ),
    code(
        "goods_inspected_more",
        "after_sales/order_ticket_line_return.py",
        "if amount <= 0 or line.uom_id.compare(amount, left) > 0:",
        "if amount <= 0:",
        *GOODS,
    ),
    code(
        "goods_inspect_role",
        "after_sales/order_ticket_line_return.py",
        "        self._check_may_inspect()\n",
        "",
        *GOODS,
        "after_sales/test_attacks_after_sales.py",
        "after_sales/test_ticket_screens.py",
    ),
    code(
        "goods_out_of_time",
        "after_sales/order_ticket_line_window.py",
        "        if problems:\n",
        "        if False:\n",
        *GOODS,
    ),
    code(
        "goods_override_role",
        "after_sales/order_ticket_line_window.py",
        "            ticket.team_id.leader_id != user for ticket in self.ticket_id\n",
        "            False for ticket in self.ticket_id\n",
        *GOODS,
    ),
    code(
        "money_without_inspection",
        "after_sales/order_ticket_line_refund.py",
        "basis = min(self.inspected_quantity, self.quantity) if is_return else self.quantity",
        "basis = self.quantity",
        *MONEY,
    ),
    code(
        "money_twice",
        "after_sales/order_ticket_line_refund.py",
        "settled = self.refunded_quantity + self.sent_quantity",
        "settled = 0.0",
        *MONEY,
    ),
    code(
        "money_more_than_invoiced",
        "after_sales/order_ticket_line_refund.py",
        "self.uom_id.round(min(basis - settled, left))",
        "self.uom_id.round(basis - settled)",
        *MONEY,
        "after_sales/test_attacks_after_sales.py",
    ),
    code(
        "money_above_the_limit",
        "after_sales/order_ticket_refund.py",
        "return bool(limit) and self._get_refund_total(plan) > limit",
        "return False",
        *MONEY,
    ),
    code(
        "money_limit_in_parts",
        "after_sales/order_ticket_refund.py",
        "return before + sum(",
        "return sum(",
        *MONEY,
    ),
    code(
        "money_other_than_signed",
        "after_sales/order_ticket_refund_round.py",
        "if ticket.refund_review_id != review or ticket._get_current_plan() != (",
        "if ticket.refund_review_id != review or ticket.refund_plan != (",
        *MONEY,
    ),
    code(
        "goods_with_documents",
        "after_sales/order_ticket_line_quantity.py",
        'if other_goods or vals.get("quantity", line.quantity) < moved:',
        "if False:",
        *GOODS,
        "after_sales/test_ticket_screens.py",
    ),
    code(
        "goods_moved",
        "after_sales/order_ticket_line.py",
        'if "ticket_id" in vals and any(line.ticket_id.id != vals["ticket_id"] for line in self):',
        "if False:",
        *GOODS,
        "after_sales/test_attacks_after_sales.py",
        "after_sales/test_attacks_of_staff.py",
        "after_sales/test_ticket_access.py",
    ),
    code(
        "goods_of_others",
        "after_sales/order_ticket_line.py",
        "            if problem:\n",
        "            if False:\n",
        *GOODS,
    ),
    code(
        "goods_edited_when_solved",
        "after_sales/order_ticket_line.py",
        "        if fixed:\n",
        "        if False:\n",
        *GOODS,
        "after_sales/test_ticket_access.py",
    ),
    code(
        "goods_granted_by_hand",
        "after_sales/order_ticket_line_window.py",
        "if any(vals.get(name) for name in STAMPS):",
        "if False:",
        *GOODS,
        "after_sales/test_attacks_of_staff.py",
    ),
    code(
        "money_compensation_above",
        "after_sales/order_ticket_line_refund.py",
        "if currency.compare_amounts(money, money_left) > 0:",
        "if False:",
        *MONEY,
    ),
    code(
        "money_asked_twice",
        "after_sales/order_ticket_refund_round.py",
        'if self.refund_review_id.state == "in_progress":',
        "if False:",
        *MONEY,
    ),
    # === Tickets: their end ===
    code(
        "end_without_result",
        "after_sales/order_ticket_flow.py",
        "        if not text:\n",
        "        if False:\n",
        *FLOW,
    ),
    code(
        "end_unsolved",
        "after_sales/order_ticket_customer.py",
        'self._check_state(["resolved"], self.env._("is not solved yet',
        'self._check_state([self.state], self.env._("is not solved yet',
        *FLOW,
    ),
    code(
        "end_who_speaks",
        "after_sales/order_ticket_customer.py",
        "        if self._is_own_ticket():\n",
        "        if self.env.user.share:\n",
        *FLOW,
        *PORTAL,
        "after_sales/test_portal_pages.py",
    ),
    code(
        "end_by_silence",
        "after_sales/order_ticket_customer.py",
        '& Domain("resolved_at", "<=", limit)',
        "",
        *FLOW,
    ),
    code(
        "end_goods_on_their_way",
        "after_sales/order_ticket_return.py",
        "        if coming:\n",
        "        if False:\n",
        *GOODS,
    ),
    code(
        "end_edited",
        "after_sales/order_ticket.py",
        "        if ended:\n            raise",
        "        if False:\n            raise",
        *FLOW,
    ),
    code(
        "ticket_process_fields",
        "after_sales/order_ticket.py",
        "            self._check_process_fields(vals)\n            self._check_editable(vals)\n",
        "            self._check_editable(vals)\n",
        *FLOW,
    ),
    code(
        "ticket_auditor_writes",
        "after_sales/order_ticket.py",
        'if message_operation == "create" and self._is_reading_only():',
        "if False:",
        "after_sales/test_ticket_access.py",
    ),
    code(
        "ticket_order_of_another",
        "after_sales/order_ticket.py",
        "            if owner != ticket.partner_id.commercial_partner_id:\n",
        "            if False:\n",
        *FLOW,
    ),
    code(
        "archive_kept",
        "after_sales/order_ticket_archive.py",
        "            ticket._check_retention_over()\n",
        "            pass\n",
        "after_sales/test_ticket_archive.py",
    ),
    code(
        "clock_on_ended",
        "after_sales/order_ticket_clock.py",
        " and t.state not in ENDED_STATES",
        "",
        *CLOCKS,
    ),
    code(
        "clock_of_refund",
        "review/order_review_clock.py",
        "if records and records._name in clocked",
        'if records and "deadline_ids" in records._fields',
        "after_sales/test_ticket_documents.py",
    ),
    code(
        "ticket_message_author",
        "after_sales/mail_message.py",
        "if any(message.author_id != own for message in self._filter_of_tickets()):",
        "if False:",
        *STAFF,
    ),
    code(
        "ticket_message_way",
        "after_sales/mail_message.py",
        'if written and not self.env["order.ticket"]._is_posting():',
        "if False:",
        *STAFF,
    ),
    code(
        "ticket_message_deleted",
        "after_sales/mail_message.py",
        "if not self.env.su and not self.env.user._is_system() and self._filter_of_tickets():",
        "if False:",
        *STAFF,
    ),
    code(
        "ticket_deleted",
        "after_sales/order_ticket.py",
        'if self.filtered(lambda ticket: ticket.state not in ("new", "cancelled")):',
        "if False:",
        *FLOW,
    ),
    code(
        "ticket_result_changed",
        "after_sales/order_ticket.py",
        'if solved and not {"result", "resolution", "line_ids", "partner_id"}.isdisjoint(vals):',
        "if False:",
        *FLOW,
    ),
    code(
        "ticket_agent_without_right",
        "after_sales/order_ticket.py",
        'if user.share or not user.has_group("order_process_control.group_ticket_agent"):',
        "if False:",
        *FLOW,
        "after_sales/test_ticket_screens.py",
    ),
    code(
        "ticket_orders_unreadable",
        "after_sales/order_ticket.py",
        '(self.order_id | self.line_ids.order_line_id.order_id).check_access("read")',
        "pass",
        "after_sales/test_ticket_access.py",
        "after_sales/test_attacks_after_sales.py",
    ),
    code(
        "ticket_part_role",
        "after_sales/order_ticket_part.py",
        "        if others:\n",
        "        if False:\n",
        "after_sales/test_ticket_parts.py",
    ),
    code(
        "ticket_part_ended",
        "after_sales/order_ticket_part.py",
        "        if ended:\n",
        "        if False:\n",
        "after_sales/test_ticket_parts.py",
    ),
    code(
        "ticket_merge_other_customer",
        "after_sales/order_ticket_merge.py",
        "if self.commercial_partner_id != target.commercial_partner_id:",
        "if False:",
        "after_sales/test_ticket_screens.py",
    ),
    code(
        "ticket_merge_other_company",
        "after_sales/order_ticket_merge.py",
        "if self.company_id != target.company_id:",
        "if False:",
        "after_sales/test_ticket_screens.py",
    ),
    code(
        "ticket_visit_signed",
        "after_sales/order_ticket_visit.py",
        "        if signed:\n            raise",
        "        if False:\n            raise",
        "after_sales/test_visit_signature.py",
    ),
    code(
        "ticket_visit_moved",
        "after_sales/order_ticket_visit.py",
        'if "ticket_id" in vals and any(v.ticket_id.id != vals["ticket_id"] for v in self):',
        "if False:",
        "after_sales/test_attacks_of_staff.py",
        "after_sales/test_visit_signature.py",
    ),
    code(
        "ticket_visit_signed_unread",
        "after_sales/order_ticket_visit_signature.py",
        "if read_hash != self._get_report_hash():",
        "if False:",
        "after_sales/test_portal_visit.py",
    ),
    code(
        "ticket_handler_role",
        "after_sales/order_ticket_handler.py",
        "if not self._is_handler(self.env.user):",
        "if False:",
        *PORTAL,
        "after_sales/test_portal_pages.py",
    ),
    code(
        "ticket_handler_twice",
        "after_sales/order_ticket_handler.py",
        'if self.handler_state != "asked":',
        "if False:",
        *PORTAL,
        "after_sales/test_portal_pages.py",
    ),
    code(
        "ticket_rated_by_staff",
        "after_sales/rating_rating.py",
        'if not self.env.su and "order.ticket" in self.sudo().mapped("res_model"):',
        "if False:",
        *PORTAL,
    ),
    code(
        "ticket_rated_twice",
        "after_sales/order_ticket_rating.py",
        "if not is_own or not self.env.su or not self._is_rateable():",
        "if not is_own or not self.env.su:",
        *PORTAL,
    ),
    code(
        "end_parts_open",
        "after_sales/order_ticket_ask.py",
        "        self._check_no_open_parts()\n        return super().action_resolve",
        "        return super().action_resolve",
        "after_sales/test_ticket_parts.py",
    ),
    code(
        "end_refund_waiting",
        "after_sales/order_ticket_refund_round.py",
        "        if waiting:\n",
        "        if False:\n",
        *GOODS,
    ),
    code(
        "archive_edited",
        "after_sales/order_ticket_archive.py",
        "        if archived:\n",
        "        if False:\n",
        "after_sales/test_ticket_archive.py",
    ),
    code(
        "archive_role",
        "after_sales/order_ticket_archive.py",
        '            "order_process_control.group_order_manager"\n        ):\n',
        '            "base.group_user"\n        ):\n',
        "after_sales/test_ticket_archive.py",
    ),
    # === The portal ===
    Mutation(
        "portal_role",
        tuple(PORTAL),
        "controllers/after_sales/ticket_page.py",
        "        if role not in roles:\n",
        "        if False:\n",
    ),
    Mutation(
        "portal_token",
        tuple(PORTAL),
        "controllers/after_sales/ticket_access.py",
        "        return self._document_check_access(model, document_id, access_token=token)",
        "        return request.env[model].sudo().browse(document_id)",
    ),
    code(
        "portal_key_is_secret",
        "after_sales/order_ticket_key.py",
        '            if field.name == "access_token":\n                return False\n',
        "",
        *PORTAL,
    ),
    code(
        "portal_internal_fields",
        "after_sales/order_ticket_key.py",
        "if field.name in self._get_internal_fields() and self.env.user.share:",
        "if False:",
        *PORTAL,
    ),
    # === Deadlines ===
    code(
        "deadline_exempt_role",
        "deadline/order_deadline_course.py",
        'if not self.env.user.has_group("order_process_control.group_order_manager"):',
        "if False:",
        "deadline/test_deadline_access.py",
        "deadline/test_deadline.py",
    ),
    code(
        "deadline_paused_alerts",
        "deadline/order_deadline_course.py",
        '"remaining_minutes": left,\n                    "next_alert_at": False,\n',
        '"remaining_minutes": left,\n',
        *SCAN,
    ),
    code(
        "deadline_skip_locked",
        "deadline/order_deadline_scan.py",
        " FOR UPDATE SKIP LOCKED",
        "",
        *SCAN,
        "deadline/test_deadline_survival.py",
    ),
    code(
        "deadline_ended_exempted",
        "deadline/order_deadline_course.py",
        "if any(deadline.stopped_at for deadline in self):",
        "if False:",
        "deadline/test_deadline.py",
        "deadline/test_deadline_access.py",
    ),
)

# Which tests look at the record rules of a room
RULE_TESTS = {
    "": ("review/test_access.py", "review/test_attacks.py", "review/test_attacks_more.py"),
    "review": ("review/test_access.py", "review/test_meeting.py", "review/test_attacks_more.py"),
    "order": ("order/test_oral_record.py", "review/test_access.py"),
    "facts": ("facts/test_attacks_facts.py", "facts/test_shipping_notice.py"),
    "change": ("change/test_change_access.py", "urgency/test_expedite.py"),
    "deadline": ("deadline/test_deadline_access.py", "deadline/test_alert_access.py"),
    "setup": ("setup/test_setup.py", "setup/test_transfer.py"),
    "urgency": ("urgency/test_expedite.py", "urgency/test_emergency_access.py"),
    "after_sales": (
        "after_sales/test_ticket_access.py",
        "after_sales/test_attacks_after_sales.py",
        "after_sales/test_portal_attacks.py",
    ),
}
RULE = re.compile(r'<record id="(\w+)" model="ir\.rule">(.*?)</record>', re.DOTALL)
DOMAIN = re.compile(r'<field name="domain_force">(.*?)</field>', re.DOTALL)
OPEN = "[(1, '=', 1)]"


def rules(folder=paths.ADDON_DIR):
    """A mutation for each record rule that lets not everything through: it does."""
    security = folder / "security"
    for file in sorted(security.rglob("*rules.xml")):
        room = file.parent.name if file.parent != security else ""
        for name, body in RULE.findall(file.read_text(encoding="utf-8")):
            if DOMAIN.search(body).group(1) != OPEN:
                yield Mutation(f"rule_{name}", RULE_TESTS[room], statement=open_rule(name))


def open_rule(name):
    domain = OPEN.replace("'", "''")
    return (
        f"UPDATE ir_rule SET domain_force = '{domain}' WHERE id = (SELECT res_id FROM ir_model_data"
        f" WHERE module = '{paths.ADDON}' AND name = '{name}')"
    )


def all_mutations():
    return [*GUARDS, *rules()]
