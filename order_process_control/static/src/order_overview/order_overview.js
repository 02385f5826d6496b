import { Component, onWillStart, useSubEnv } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { getDefaultConfig, View } from "@web/views/view";

/**
 * The cards of the ticket teams below those of the departments, for who may see tickets.
 */
export class TicketTeamCards extends Component {
    static template = "order_process_control.TicketTeamCards";
    static components = { View };
    static props = {};

    setup() {
        // A view inside a view: what it is called and how it is searched is its own
        useSubEnv({ config: getDefaultConfig() });
        onWillStart(async () => {
            this.isShown = await user.checkAccessRight("order.ticket", "read");
        });
    }

    get viewProps() {
        return {
            type: "kanban",
            resModel: "order.ticket.team",
            views: [
                [false, "kanban"],
                [false, "search"],
            ],
            display: { controlPanel: false },
            loadActionMenus: false,
            loadIrFilters: false,
            className: "o_order_overview_teams",
        };
    }
}

export class OrderOverviewController extends kanbanView.Controller {
    static template = "order_process_control.OrderOverview";
    static components = { ...kanbanView.Controller.components, TicketTeamCards };
}

registry.category("views").add("order_overview", {
    ...kanbanView,
    Controller: OrderOverviewController,
});
