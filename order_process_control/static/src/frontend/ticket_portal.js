import { PortalHomeCounters } from "@portal/interactions/portal_home_counters";
import { patch } from "@web/core/utils/patch";

patch(PortalHomeCounters.prototype, {
    /**
     * Who has no ticket yet needs the card to open the first one.
     *
     * @override
     */
    getCountersAlwaysDisplayed() {
        return super.getCountersAlwaysDisplayed(...arguments).concat(["ticket_count"]);
    },
});
