/** A customer reports a problem and says what became of it; tests/after_sales/test_portal_tour.py. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("order_ticket_portal_report", {
    steps: () => [
        { trigger: "a[name=report_problem]", run: "click", expectUnloadPage: true },
        { trigger: "#category_id", run: "selectByLabel Tour Category" },
        { trigger: "#subject", run: "edit It wobbles" },
        { trigger: "#description", run: "edit As soon as one leans on it" },
        { trigger: "input[name^=quantity_]", run: "edit 1" },
        { trigger: "#reason", run: "selectByLabel Defective" },
        { trigger: "#outcome", run: "selectByLabel Exchange" },
        { trigger: "button[name=create_ticket]", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_done" },
        { content: "Until when is said", trigger: ".o_ticket_notice:contains(at the latest)" },
        { trigger: "#message", run: "edit The left one" },
        { trigger: "button[name=send_message]", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_message:contains(The left one)" },
        { trigger: ".breadcrumb a:contains(My Tickets)", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_row:contains(It wobbles):contains(Received)" },
    ],
});

tours.add("order_ticket_portal_end", {
    steps: () => [
        { trigger: ".o_ticket_row a:contains(It wobbles)", run: "click", expectUnloadPage: true },
        { trigger: "summary[name=not_solved]", run: "click" },
        { trigger: "#reason", run: "edit Only a little less" },
        { trigger: "button[name=reopen]", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_message:contains(Only a little less)" },
    ],
});

tours.add("order_ticket_portal_satisfied", {
    steps: () => [
        { trigger: ".o_ticket_row a:contains(It wobbles)", run: "click", expectUnloadPage: true },
        { trigger: "button[name=confirm_solved]", run: "click", expectUnloadPage: true },
        { trigger: "label[for=rate_5]", run: "click" },
        { trigger: "button[name=submit_rating]", run: "click", expectUnloadPage: true },
        { trigger: ".o_ticket_done:contains(rating)" },
        { trigger: "[data-ticket-state]:contains(Closed)" },
    ],
});
