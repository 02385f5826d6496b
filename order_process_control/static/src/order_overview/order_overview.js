import { Component, onWillStart, useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
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

/**
 * Where everything else is, for who has never seen it: the menus that the user has, with nothing
 * folded away.
 */
export class OrderFeatures extends Component {
    static template = "order_process_control.OrderFeatures";
    static props = {};

    setup() {
        this.menu = useService("menu");
    }

    get app() {
        return this.menu.getApps().find((app) => app.xmlid === "order_process_control.menu_root");
    }

    get groups() {
        const menus = this.app ? this.menu.getMenuAsTree(this.app.id).childrenTree : [];
        const others = menus.filter((menu) => menu.xmlid !== "order_process_control.menu_overview");
        const single = others.filter((menu) => !menu.childrenTree.length);
        return [
            { id: 0, name: _t("My Work"), links: single },
            ...others.map(({ id, name, childrenTree }) => ({ id, name, links: childrenTree })),
        ].filter((group) => group.links.length);
    }

    getHref(menu) {
        return `/odoo/${menu.actionPath || "action-" + menu.actionID}`;
    }
}

export class OrderOverviewController extends kanbanView.Controller {
    static template = "order_process_control.OrderOverview";
    static components = { ...kanbanView.Controller.components, TicketTeamCards, OrderFeatures };
}

registry.category("views").add("order_overview", {
    ...kanbanView,
    Controller: OrderOverviewController,
});
