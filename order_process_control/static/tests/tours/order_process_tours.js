/**
 * The way of one special order through the departments, a tour for each role. The order of the
 * tours and the data they start from are in tests/review/test_tours.py.
 */
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import saleTourUtils from "@sale/js/tours/tour_utils";
import {
    answerAll,
    comment,
    openDecision,
    openRow,
    patient,
    press,
    waitForChip,
    waitForSignoff,
} from "./order_tour_utils";

const CUSTOMER = "Tour Customer";
const tours = registry.category("web_tour.tours");

tours.add("order_process_seller_submits", {
    steps: () => patient([
        { trigger: ".o_list_view" },
        { content: "Create an order", trigger: ".o_list_button_add", run: "click" },
        ...saleTourUtils.selectCustomer(CUSTOMER),
        ...saleTourUtils.addProduct("Tour Desk"),
        { content: "Odoo has filled in the line", trigger: ".o_field_widget[name=price_unit] input:value(900.00)" },
        { trigger: ".o_field_widget[name=product_uom_qty] input", run: "edit 5" },
        { content: "Say how it arrived", trigger: "a[name=intake]", run: "click" },
        { trigger: ".o_field_widget[name=medium_id] input", run: "edit Email" },
        { trigger: "ul.ui-autocomplete a:contains(Email)", run: "click" },
        { trigger: ".o_field_widget[name=special_reason_ids] input", run: "edit Customised" },
        { trigger: "ul.ui-autocomplete a:contains(Customised product)", run: "click" },
        {
            content: "It became a special order",
            trigger: ".o_field_widget[name=class_id] input:value(Special)",
        },
        ...stepUtils.saveForm(),
        {
            content: "It cannot be confirmed yet",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_confirm]:visible))",
        },
        { trigger: "button[name=action_request_review]", run: "click" },
        waitForChip("Sales", "pending"),
        waitForChip("Finance", "waiting"),
    ]),
});

tours.add("order_process_sales_manager_approves", {
    steps: () => patient([
        ...openRow(CUSTOMER),
        ...openDecision(),
        {
            content: "Approving without an answer is refused in words",
            trigger: ".modal button[name=action_approve]",
            run: "click",
        },
        { trigger: ".o_error_dialog:contains(please answer first)" },
        { trigger: ".o_error_dialog button:contains(Close)", run: "click" },
        answerAll(),
        press("action_approve"),
        waitForSignoff("approved"),
    ]),
});

tours.add("order_process_finance_rejects", {
    steps: () => patient([
        ...openRow(CUSTOMER),
        ...openDecision(),
        press("action_reject"),
        { trigger: ".o_error_dialog:contains(Give the reason)" },
        { trigger: ".o_error_dialog button:contains(Close)", run: "click" },
        comment("Five desks are above the credit limit"),
        press("action_reject"),
        waitForSignoff("rejected"),
    ]),
});

tours.add("order_process_seller_resubmits", {
    steps: () => patient([
        ...openRow(CUSTOMER),
        { trigger: ".o_order_review_strip .alert-danger:contains(above the credit limit)" },
        waitForChip("Finance", "rejected"),
        { trigger: ".o_field_widget[name=order_line] td[name=product_uom_qty]", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=product_uom_qty] input", run: "edit 3" },
        ...stepUtils.saveForm(),
        { trigger: "button[name=action_request_review]", run: "click" },
        { trigger: ".o_order_review_strip:contains(round 2)" },
        waitForChip("Sales", "pending"),
        { content: "Both rounds are kept", trigger: "a[name=review]", run: "click" },
        { trigger: ".o_order_review_rounds:contains(Round 1):contains(above the credit limit)" },
    ]),
});

for (const role of ["sales_manager", "finance", "production", "logistics"]) {
    tours.add(`order_process_${role}_signs`, {
        steps: () => patient([
            ...openRow(CUSTOMER),
            ...openDecision(),
            answerAll(),
            press("action_approve"),
            waitForSignoff("approved"),
        ]),
    });
}

tours.add("order_process_seller_confirms", {
    steps: () => patient([
        ...openRow(CUSTOMER),
        waitForChip("Logistics", "approved"),
        { trigger: "button[name=action_confirm]:visible", run: "click" },
        { trigger: ".o_statusbar_status button[data-value=sale][aria-checked=true]" },
    ]),
});

tours.add("order_process_warehouse_delivers", {
    steps: () => patient([
        ...openRow(CUSTOMER),
        { trigger: "button[name=button_validate]:visible", run: "click" },
        { trigger: ".o_statusbar_status button[data-value=done][aria-checked=true]" },
    ]),
});
