import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class OrderClass extends models.Model {
    _name = "order.class";
    rows = fields.Json();
    _records = [
        {
            id: 1,
            rows: [
                { name: "a", label: "Material", type: "char", options: "", mandatory: false },
                { name: "b", label: "Sample", type: "selection", options: "Yes, No", mandatory: true },
            ],
        },
    ];
}

defineMailModels();
defineModels([OrderClass]);

test("requirements are added, moved, removed and made mandatory", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1].rows.map((row) => `${row.label}/${row.type}/${row.mandatory}`).join(" "));
    });
    await mountView({
        type: "form",
        resModel: "order.class",
        resId: 1,
        arch: `<form><field name="rows" widget="order_requirement_editor"/></form>`,
    });
    expect(".o_order_requirement_editor tbody tr").toHaveCount(2);
    expect("input[aria-label=Choices]").toHaveCount(1);
    await contains("tbody tr:first input[type=checkbox]").click();
    await contains(".o_order_requirement_editor button:contains(Add)").click();
    await contains("tbody tr:last input[aria-label=Requirement]").edit("Colour");
    await contains("tbody tr:last select").select("boolean");
    await contains("tbody tr:last button[title='Move up']").click();
    await animationFrame();
    expect(queryAll("input[aria-label=Requirement]").map((input) => input.value)).toEqual([
        "Material",
        "Colour",
        "Sample",
    ]);
    await contains("tbody tr:last button[title=Remove]").click();
    await contains(".o_form_button_save").click();
    expect.verifySteps(["Material/char/true Colour/boolean/false"]);
});
