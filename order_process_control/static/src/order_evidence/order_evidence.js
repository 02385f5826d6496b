import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * What was found, and the way to the records behind the figures: in a tab of their own, because
 * they are looked at in the middle of a decision.
 */
export class OrderEvidence extends Component {
    static template = "order_process_control.OrderEvidence";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get sources() {
        return this.props.record.data.source_names || [];
    }

    async open(number) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_source", [[resId], number]);
        this.action.doAction(action, { newWindow: true });
    }
}

registry.category("fields").add("order_evidence", {
    component: OrderEvidence,
    displayName: _t("Evidence with its Sources"),
    supportedTypes: ["text"],
    fieldDependencies: [{ name: "source_names", type: "json" }],
});
