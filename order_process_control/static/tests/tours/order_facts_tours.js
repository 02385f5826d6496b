/** Deciding from what Odoo has looked up: see tests/review/test_facts_tours.py. */
import { registry } from "@web/core/registry";
import { answerAll, comment, openDecision, openRow, patient, press, waitForSignoff } from "./order_tour_utils";

const tours = registry.category("web_tour.tours");

const fact = (name, label) => ({
    content: `${name}: ${label}`,
    trigger: `.modal tr:contains("${name}"):has(.badge:contains("${label}"))`,
});

const backToList = () => [
    { content: "Back to the list", trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
    { trigger: ".o_list_view" },
];

tours.add("order_facts_finance_decides", {
    steps: () => patient([
        // In order: signed at a glance
        ...openRow("Solid Customer"),
        ...openDecision(),
        fact("Within the credit limit", "In Order"),
        answerAll(),
        press("action_approve"),
        waitForSignoff("approved"),
        ...backToList(),
        // Above the limit: refused without a reason, signed with one
        ...openRow("Growing Customer"),
        ...openDecision(),
        fact("Within the credit limit", "Not in Order"),
        { trigger: ".modal .o_order_evidence:contains(this order):contains(limit)" },
        answerAll(),
        press("action_approve"),
        { trigger: ".o_error_dialog:contains(write in the comment why)" },
        { trigger: ".o_error_dialog button:contains(Close)", run: "click" },
        comment("A deposit came in this morning"),
        press("action_approve"),
        waitForSignoff("approved"),
        ...backToList(),
        // Owes and does not pay: rejected with the figures
        ...openRow("Late Customer"),
        ...openDecision(),
        fact("Pays in time", "Not in Order"),
        {
            content: "The invoices are one click away",
            trigger: ".modal tr:contains(Pays in time) .o_order_evidence button:contains(Overdue)",
        },
        comment("Pay what is overdue first"),
        press("action_reject"),
        waitForSignoff("rejected"),
    ]),
});

tours.add("order_facts_manager_signs_on_a_phone", {
    steps: () => patient([
        {
            content: "A card, not a row",
            trigger: ".o_kanban_record:contains(Solid Customer)",
            run: "click",
        },
        { trigger: ".o_form_view" },
        {
            content: "Decide",
            trigger: "button[name=action_open_decision]:visible",
            run: "click",
        },
        { trigger: ".modal .o_order_snapshot" },
        {
            content: "Facts are cards",
            trigger: ".modal .o_kanban_record:contains(Within the credit limit):contains(In Order)",
        },
        answerAll(),
        comment("Go ahead"),
        press("action_approve"),
        {
            content: "Signed",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_open_decision]:visible))",
        },
    ]),
});
