/** Absences and reminders; the data they start from is in tests/review/test_people_tours.py. */
import { registry } from "@web/core/registry";
import { openRow, patient } from "./order_tour_utils";

const tours = registry.category("web_tour.tours");

tours.add("order_people_enters_absence", {
    steps: () => patient([
        { trigger: ".o_list_view" },
        { content: "Enter an absence", trigger: ".o_list_button_add", run: "click" },
        {
            content: "It is one's own, whatever is typed",
            trigger: ".o_field_widget[name=user_id]:not(:has(input)):contains(Fiona Laurent)",
        },
        { trigger: ".o_field_widget[name=deputy_id] input", run: "edit Lena" },
        { trigger: "ul.ui-autocomplete a:contains(Lena Janssens)", run: "click" },
        { trigger: "button[data-field=date_to], .o_field_widget[name=date_to] input", run: "click" },
        { trigger: ".o_field_widget[name=date_to] input", run: "edit 12/31/2099" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_breadcrumb:contains(12/31/2099)" },
    ]),
});

tours.add("order_people_reminds", {
    steps: () => patient([
        ...openRow("Impatient Customer"),
        { content: "Remind", trigger: "button[name=action_remind]", run: "click" },
        { trigger: ".o_notification:contains(Reminded):contains(Board: Fiona Laurent)" },
        { content: "Not twice", trigger: "button[name=action_remind]", run: "click" },
        { trigger: ".o_error_dialog:contains(less than an hour ago)" },
        { trigger: ".o_error_dialog button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ]),
});
