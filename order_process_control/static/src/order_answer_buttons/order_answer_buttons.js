import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const LOOKS = {
    pass: { icon: "fa-check", active: "btn-success" },
    fail: { icon: "fa-times", active: "btn-danger" },
    not_applicable: { icon: "fa-minus", active: "btn-secondary" },
};

/**
 * The answer to one question of a checklist, one click away in every row of a list.
 *
 * Unlike Odoo's selection fields it can be clicked before its row is being edited, and a second
 * click takes the answer back.
 */
export class OrderAnswerButtons extends Component {
    static template = "order_process_control.OrderAnswerButtons";
    static props = { ...standardFieldProps };

    get options() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.map(([value, label]) => ({ value, label, ...LOOKS[value] }));
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    choose(value) {
        this.props.record.update({ [this.props.name]: this.value === value ? false : value });
    }

    /** Enter answers, as Space does: the list would take it for the way to the next row. */
    onKeydown(ev, value) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.choose(value);
        }
    }
}

/** The note to an answer, where a card is not edited as a row is: on small screens. */
export class OrderAnswerNote extends Component {
    static template = "order_process_control.OrderAnswerNote";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    change(ev) {
        this.props.record.update({ [this.props.name]: ev.target.value });
    }
}

registry.category("fields").add("order_answer_note", {
    component: OrderAnswerNote,
    displayName: _t("Note to an Answer"),
    supportedTypes: ["char"],
});

registry.category("fields").add("order_answer_buttons", {
    component: OrderAnswerButtons,
    displayName: _t("Answer Buttons"),
    supportedTypes: ["selection"],
});
