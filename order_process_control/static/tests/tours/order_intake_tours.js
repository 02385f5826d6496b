import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { openRow, patient, waitForChip } from "./order_tour_utils";

registry.category("web_tour.tours").add("order_process_seller_records_phone_order", {
    steps: () => patient([
        ...openRow("Phone Customer"),
        { trigger: "button[name=action_request_review]", run: "click" },
        { trigger: ".o_error_dialog:contains(word of mouth):contains(Requirements page: Material)" },
        { trigger: ".o_error_dialog button:contains(Close)", run: "click" },
        { trigger: "a[name=requirements]", run: "click" },
        {
            trigger: ".o_property_field:contains(Material) input",
            run: "edit Oak && click body",
        },
        ...stepUtils.saveForm(),
        { trigger: "a[name=oral_record]", run: "click" },
        { trigger: "button[name=action_write_oral_record]", run: "click" },
        { trigger: ".o_field_widget[name=caller_name] input", run: "edit Ms Caller" },
        { trigger: ".o_field_widget[name=content] textarea", run: "edit Two desks in oak" },
        { trigger: "button[name=action_confirm_ours]", run: "click" },
        { trigger: "button[name=action_open_customer_confirmation]", run: "click" },
        { trigger: ".modal .o_field_widget[name=person] input:value(Ms Caller)" },
        { trigger: ".modal input[data-value=email]", run: "click" },
        { trigger: ".modal button[name=action_run]:visible", run: "click" },
        { trigger: ".alert-success:contains(deemed a signed contract)" },
        { trigger: ".breadcrumb-item:contains(S0) a", run: "click" },
        { trigger: "a[name=oral_record]", run: "click" },
        { trigger: ".o_field_widget[name=oral_record_ids]:contains(Contract)" },
        { trigger: "button[name=action_request_review]", run: "click" },
        waitForChip("Sales", "pending"),
    ]),
});
