/** Who is on the phone, by the keyboard alone: see tests/after_sales/test_ticket_callers.py. */
import { registry } from "@web/core/registry";
import { patient } from "./order_tour_utils";

registry.category("web_tour.tours").add("order_ticket_caller", {
    steps: () => patient([
        { trigger: ".o_menu_sections button:contains(Tickets)", run: "click" },
        { trigger: ".o-dropdown--menu .dropdown-item:contains(Who Is Calling)", run: "click" },
        { trigger: ".modal div[name=query] input", run: "edit Tour Caller Ltd" },
        { trigger: ".modal div[name=query] input", run: "press Enter" },
        { trigger: ".modal .o_data_row:contains(Tour Caller Ltd) button:contains(New Ticket)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Tour Caller Ltd)" },
        { trigger: ".o_field_widget[name=subject] textarea, .o_field_widget[name=subject] input", run: "edit It hums" },
        { trigger: ".o_field_widget[name=category_id] input", run: "edit Tour Category" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Category)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ]),
});
