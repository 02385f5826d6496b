import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class Order extends models.Model {
    _name = "test.explained";
    name = fields.Char();
    _records = [{ id: 1, name: "S1" }];
}

defineMailModels();
defineModels([Order]);

test("the link shows what the server says of the order", async () => {
    onRpc("sale.order", "action_explain_gate", ({ args }) => {
        expect.step(`asked for ${args[0]}`);
        return {
            name: "S1",
            state_label: "In Review",
            sections: [
                { title: "Status", lines: ["It waits."] },
                { title: "Who is Next", lines: ["Finance: <b>Fay</b>", "Production: Pat"] },
            ],
        };
    });
    await mountView({
        type: "form",
        resModel: "test.explained",
        resId: 1,
        arch: `<form><widget name="order_explanation" label="Why is that?"/></form>`,
    });
    expect(".o_order_explanation_link").toHaveText("Why is that?");
    await contains(".o_order_explanation_link").click();
    expect.verifySteps(["asked for 1"]);
    expect(".modal-title").toHaveText("S1: In Review");
    expect(".o_order_explanation section").toHaveCount(2);
    expect(".o_order_explanation p").toHaveText("It waits.");
    // Text, never markup
    expect(".o_order_explanation li:first").toHaveText("Finance: <b>Fay</b>");
    await contains(".modal-footer button").click();
    expect(".modal").toHaveCount(0);
});

test("a new record has nothing to explain", async () => {
    await mountView({
        type: "form",
        resModel: "test.explained",
        arch: `<form><widget name="order_explanation"/></form>`,
    });
    expect(".o_order_explanation_link").toHaveCount(0);
});
