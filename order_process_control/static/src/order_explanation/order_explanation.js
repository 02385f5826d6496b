import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";

/** Why an order is gated, who is next, until when: as the server tells it. */
export class OrderExplanationDialog extends Component {
    static template = "order_process_control.OrderExplanationDialog";
    static components = { Dialog };
    static props = { explanation: Object, close: Function };

    get title() {
        const { name, state_label } = this.props.explanation;
        return `${name}: ${state_label}`;
    }
}

/** Return a function that asks the server about an order and shows the answer. */
export function useExplanation() {
    const orm = useService("orm");
    const dialog = useService("dialog");
    return async (orderId) => {
        const explanation = await orm.call("sale.order", "action_explain_gate", [[orderId]]);
        dialog.add(OrderExplanationDialog, { explanation });
    };
}

export class OrderExplanationLink extends Component {
    static template = "order_process_control.OrderExplanationLink";
    static props = { ...standardWidgetProps, label: { type: String, optional: true } };

    setup() {
        this.explain = useExplanation();
    }

    get label() {
        return this.props.label || _t("Why?");
    }
}

registry.category("view_widgets").add("order_explanation", {
    component: OrderExplanationLink,
    extractProps: ({ attrs }) => ({ label: attrs.label }),
});
