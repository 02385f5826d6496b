import { _t } from "@web/core/l10n/translation";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { registry } from "@web/core/registry";
import { useExternalListener } from "@odoo/owl";
import { CharField, charField } from "@web/views/fields/char/char_field";

/**
 * A text whose Enter key presses a button of the same screen: who is on the phone types and goes
 * on. Option ``button``: the name of the button's method.
 */
export class OrderSearchField extends CharField {
    static props = { ...CharField.props, button: { type: String, optional: true } };

    setup() {
        super.setup();
        useExternalListener(window, "keydown", (ev) => this.onEnter(ev));
    }

    onEnter(ev) {
        const input = this.input.el;
        if (!input || ev.target !== input || getActiveHotkey(ev) !== "enter") {
            return;
        }
        ev.preventDefault();
        // What was typed is saved by the button, as with the mouse
        input
            .closest(".o_form_view")
            ?.querySelector(`button[name="${this.props.button}"]`)
            ?.click();
    }
}

export const orderSearchField = {
    ...charField,
    component: OrderSearchField,
    displayName: _t("Search on Enter"),
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...charField.extractProps(fieldInfo, dynamicInfo),
        button: fieldInfo.options.button,
    }),
};

registry.category("fields").add("order_search", orderSearchField);
