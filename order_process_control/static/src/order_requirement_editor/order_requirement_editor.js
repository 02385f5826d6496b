import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const KINDS = {
    char: _t("Text"),
    text: _t("Long Text"),
    boolean: _t("Check Box"),
    selection: _t("Choice"),
    integer: _t("Whole Number"),
    float: _t("Number"),
    date: _t("Date"),
};

/**
 * What orders of a class are asked, one row a requirement: name, kind, choices, mandatory or not.
 *
 * Edits the rows of `order.class.requirement_rows`; the server makes properties of them.
 */
export class OrderRequirementEditor extends Component {
    static template = "order_process_control.OrderRequirementEditor";
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    get kinds() {
        return Object.entries(KINDS).map(([value, label]) => ({ value, label }));
    }

    getKind(row) {
        return KINDS[row.type] || row.type;
    }

    save(rows) {
        this.props.record.update({ [this.props.name]: rows });
    }

    change(index, values) {
        this.save(this.rows.map((row, at) => (at === index ? { ...row, ...values } : row)));
    }

    remove(index) {
        this.save(this.rows.filter((_row, at) => at !== index));
    }

    moveUp(index) {
        const rows = [...this.rows];
        rows.splice(index - 1, 2, rows[index], rows[index - 1]);
        this.save(rows);
    }

    add() {
        this.save([...this.rows, { label: "", type: "char", options: "", mandatory: false }]);
    }
}

registry.category("fields").add("order_requirement_editor", {
    component: OrderRequirementEditor,
    displayName: _t("Requirements of an Order Class"),
    supportedTypes: ["json"],
});
