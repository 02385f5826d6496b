/** A new administrator sets the process up; the start is in tests/setup/test_setup_tour.py. */
import { registry } from "@web/core/registry";
import { patient } from "./order_tour_utils";

const tours = registry.category("web_tour.tours");

tours.add("order_setup_from_nothing", {
    steps: () => patient([
        { content: "Nothing is set up yet", trigger: ".o_list_view .o_nocontent_help" },
        { trigger: ".o_menu_sections button[data-menu-xmlid='order_process_control.menu_config']", run: "click" },
        { trigger: ".dropdown-item[data-menu-xmlid='order_process_control.menu_config_setup']", run: "click" },
        { content: "A trading company", trigger: ".o_field_widget[name=preset] label:contains(Trading company)", run: "click" },
        { trigger: ".o_field_widget[name=description]:contains(Purchasing)" },
        { trigger: "button[name=action_choose]", run: "click" },
        {
            content: "The department is found by its name",
            trigger: ".o_data_row:contains(Finance) td[name=signer_ids] img, .o_data_row:contains(Finance) td[name=signer_ids] .o_avatar",
        },
        {
            content: "What is missing will be created",
            trigger: ".o_data_row:contains(Purchasing):contains(will be created)",
        },
        {
            content: "Purchasing is not asked here",
            trigger: ".o_data_row:contains(Purchasing) td[name=is_used] input",
            run: "click",
        },
        { trigger: ".o_data_row.text-muted:contains(Purchasing)" },
        { trigger: ".o_field_widget[name=review_limit] input", run: "edit 500 && press Tab" },
        { trigger: "button[name=action_preview]:not(:contains(Again))", run: "click" },
        { content: "What last month would have meant", trigger: ".o_field_widget[name=needed_count]:contains(1)" },
        { trigger: ".o_data_row:contains(Finance) button[name=action_open_orders]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Setup Customer)" },
        { content: "Back to the wizard", trigger: ".breadcrumb-item a:contains(Set Up)", run: "click" },
        { trigger: "button[name=action_switch_on]", run: "click" },
        { trigger: ".o_form_view h2:contains(switched on)" },
        { trigger: "button[name=action_open_steps]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(General Management)" },
        { trigger: ".o_menu_sections button[data-menu-xmlid='order_process_control.menu_config']", run: "click" },
        { trigger: ".dropdown-item[data-menu-xmlid='order_process_control.menu_config_health']", run: "click" },
        { content: "What is still to do", trigger: ".o_data_row:contains(Nobody can sign for “Sales”)" },
    ]),
});

tours.add("order_setup_offered_once", {
    steps: () => patient([
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='order_process_control.menu_root']", run: "click" },
        { content: "The app opens with the set-up", trigger: ".o_form_view .o_field_widget[name=preset]" },
        { trigger: "button:contains(Not Now)", run: "click" },
        {
            content: "The overview leads everywhere",
            trigger: ".o_order_features a[data-feature='order_process_control.menu_reviews']",
        },
        { trigger: ".o_order_features a:contains(Health)", run: "click" },
        { trigger: ".o_form_view button[name=action_check]" },
        { trigger: ".o_main_navbar .o_menu_brand", run: "click" },
        { content: "Next time it is the daily work", trigger: ".o_breadcrumb .active:contains(My Sign-offs)" },
    ]),
});
