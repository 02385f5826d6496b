/** An order goes before others; the data it starts from is in tests/urgency/test_expedite_tours.py. */
import { registry } from "@web/core/registry";
import { comment, openDecision, openRow, patient, press, waitForSignoff } from "./order_tour_utils";

const inTwoDays = () => luxon.DateTime.now().plus({ days: 2 }).toFormat("MM/dd/yyyy HH:mm:ss");
const tours = registry.category("web_tour.tours");

tours.add("order_expedite_seller_requests", {
    steps: () => patient([
        { trigger: ".o_form_view button[name=action_request_expedite]", run: "click" },
        {
            content: "Say why",
            trigger: ".o_order_expedite_form .o_field_widget[name=reason] textarea",
            run: "edit Their line stands still",
        },
        { trigger: ".o_field_widget[name=needed_by] button, .o_field_widget[name=needed_by] input", run: "click" },
        { trigger: ".o_field_widget[name=needed_by] input", run: `edit ${inTwoDays()}` },
        { content: "See what it costs", trigger: "button[name=action_simulate]", run: "click" },
        { trigger: ".o_order_expedite_card[data-scenario=take]:contains(Recommended)" },
        { content: "Somebody becomes late", trigger: ".o_order_expedite_timeline .o_expedite_row_late:contains(late by)" },
        { content: "Choose another way", trigger: "button[data-choose=wait]", run: "click" },
        { trigger: ".o_order_expedite_card.o_chosen[data-scenario=wait]" },
        { trigger: ".o_order_expedite_timeline:contains(No other order is delayed)" },
        { content: "Back to the recommended one", trigger: "button[data-choose=take]", run: "click" },
        { trigger: ".o_order_expedite_card.o_chosen[data-scenario=take]" },
        { content: "Submit", trigger: "button[name=action_submit]", run: "click" },
        { trigger: ".o_statusbar_status button[data-value=submitted][aria-checked=true]" },
    ]),
});

tours.add("order_expedite_department_approves", {
    steps: () => patient([
        ...openRow("Urgent Customer"),
        ...openDecision(),
        { content: "The reason", trigger: ".modal .alert:contains(Their line stands still)" },
        { content: "The price", trigger: ".modal .o_order_expedite_timeline .o_expedite_row_late" },
        comment("Their line matters more"),
        press("action_approve"),
        waitForSignoff("approved"),
    ]),
});

tours.add("order_expedite_seller_sees_result", {
    steps: () => patient([
        { trigger: ".o_form_view button[name=action_view_expedites]", run: "click" },
        { trigger: ".o_order_expedite_form .o_statusbar_status button[data-value=applied][aria-checked=true]" },
        { trigger: ".o_order_expedite_timeline .o_expedite_row_late" },
        { content: "Who was told", trigger: ".o_field_widget[name=impact_ids] .o_data_row:contains(Patient Customer)" },
    ]),
});
