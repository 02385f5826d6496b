/** Emergency shipments; the data they start from is in tests/urgency/test_emergency_tours.py. */
import { registry } from "@web/core/registry";
import { patient, press } from "./order_tour_utils";

const tours = registry.category("web_tour.tours");

function open(part) {
    return [
        { content: "Open the form of the step", trigger: "button[name=action_open_confirmation]", run: "click" },
        { content: "It tells what is needed", trigger: `.modal .alert:contains(${part})` },
    ];
}

function write(name, text, tag = "textarea") {
    return { trigger: `.modal .o_field_widget[name=${name}] ${tag}`, run: `edit ${text}` };
}

function pickMoment(scope, name, moment) {
    const field = `${scope} .o_field_widget[name=${name}]`;
    return [
        { trigger: `${field} button, ${field} input`, run: "click" },
        { trigger: `${field} input`, run: `edit ${moment} && press Tab` },
    ];
}

function waitFor(state) {
    return {
        content: `Wait until it is ${state}`,
        trigger: `body:not(:has(.modal)) .o_statusbar_status button[data-value=${state}][aria-checked=true]`,
    };
}

tours.add("order_emergency_is_requested", {
    steps: () => patient([
        { content: "A confirmed order", trigger: "button[name=action_request_expedite]", run: "click" },
        { trigger: ".o_order_expedite_form .o_field_widget[name=kind] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(Emergency Shipment)", run: "click" },
        { trigger: ".o_field_widget[name=supply_department_id] input" },
        ...pickMoment(".o_order_expedite_form", "needed_by", "12/31/2098 14:00:00"),
        { trigger: ".o_field_widget[name=reason] textarea", run: "edit Their line stands still" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "Sales is asked first", trigger: ".o_kanban_record:contains(Customer's Need):contains(Asked)" },
        ...open("Their line stands still"),
        {
            content: "What is still to be delivered is proposed",
            trigger: ".modal .o_field_widget[name=goods] textarea:value(Desk)",
        },
        press("action_confirm"),
        waitFor("supply"),
    ]),
});

tours.add("order_emergency_supply_is_confirmed", {
    steps: () => patient([
        ...open("Their line stands still"),
        { trigger: ".modal label:contains(Supplier has Agreed)", run: "click" },
        ...pickMoment(".modal", "ready_at", "12/30/2098 08:00:00"),
        write("note", "They bring it on Tuesday"),
        press("action_confirm"),
        waitFor("shipment"),
        { trigger: ".o_kanban_record:contains(They bring it on Tuesday)" },
    ]),
});

tours.add("order_emergency_shipment_is_confirmed", {
    steps: () => patient([
        ...open("They bring it on Tuesday"),
        { trigger: ".modal label:contains(Air)", run: "click" },
        write("route", "Airport, then by van", "input"),
        ...pickMoment(".modal", "arrives_at", "12/31/2098 10:00:00"),
        press("action_confirm"),
        waitFor("confirmed"),
        { trigger: ".o_kanban_record:contains(Air: Airport, then by van)" },
    ]),
});

tours.add("order_emergency_is_declined", {
    steps: () => patient([
        ...open("Their line stands still"),
        { content: "Without a reason", trigger: ".modal button[name=action_decline]", run: "click" },
        { trigger: ".o_error_dialog:contains(Write why it cannot be met)" },
        { trigger: ".o_error_dialog button:contains(Close)", run: "click" },
        write("note", "Line 2 is broken"),
        press("action_decline"),
        { trigger: "body:not(:has(.modal)) .alert:contains(cannot be met):contains(Line 2 is broken)" },
    ]),
});

tours.add("order_emergency_is_closed", {
    steps: () => patient([
        { trigger: ".alert:contains(Line 2 is broken)" },
        { trigger: "button[name=action_open_customer_told]", run: "click" },
        write("note", "Mr Wu, by phone"),
        press("action_confirm"),
        { trigger: "body:not(:has(.modal)) button[name=action_open_close]", run: "click" },
        write("note", "A rental machine until Friday"),
        press("action_confirm"),
        waitFor("closed"),
        { trigger: ".o_field_widget[name=remedy]:contains(A rental machine)" },
    ]),
});
