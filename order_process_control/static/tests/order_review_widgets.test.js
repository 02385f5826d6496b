import { expect, test } from "@odoo/hoot";
import { defineModels, contains, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

const signoff = (id, name, state, extra = {}) => ({
    id,
    name,
    state,
    state_label: state,
    who: "",
    when: "",
    comment: "",
    waiting_for: [],
    ...extra,
});

class Order extends models.Model {
    _name = "test.order";
    strip = fields.Json();
    answer = fields.Selection({
        selection: [
            ["pass", "In Order"],
            ["fail", "Not in Order"],
            ["not_applicable", "Not Applicable"],
        ],
    });
    _records = [
        {
            id: 1,
            strip: {
                current: 7,
                rounds: [
                    {
                        id: 7,
                        number: 2,
                        state: "rejected",
                        state_label: "Rejected",
                        requested_by: "Sam",
                        requested_at: "2026-01-02 08:00:00",
                        signoffs: [
                            signoff(1, "Sales", "approved", { who: "Mia", when: "2026-01-02 09:00:00" }),
                            signoff(2, "Finance", "rejected", { who: "Fay", comment: "Too risky" }),
                            signoff(3, "Production", "pending", { waiting_for: ["A", "B", "C", "D", "E"] }),
                        ],
                    },
                    {
                        id: 6,
                        number: 1,
                        state: "superseded",
                        state_label: "Superseded",
                        requested_by: "Sam",
                        requested_at: "2026-01-01 08:00:00",
                        signoffs: [signoff(4, "Sales", "cancelled")],
                    },
                ],
            },
        },
        { id: 2, strip: false },
    ];
}

defineMailModels();
defineModels([Order]);

const mount = (widget, resId = 1) =>
    mountView({
        type: "form",
        resModel: "test.order",
        resId,
        arch: `<form><field name="strip" widget="${widget}"/></form>`,
    });

test("the strip shows the current round, a chip a department", async () => {
    await mount("order_review_strip");
    expect(".o_order_review_chip").toHaveCount(3);
    expect(".o_order_review_chip[data-department=Sales]").toHaveText("Sales · Mia");
    expect(".o_order_review_chip[data-department=Production]").toHaveText(
        "Production · A, B, C and 2 more"
    );
});

test("the reason of a rejection is readable without hovering", async () => {
    await mount("order_review_strip");
    expect(".o_order_review_strip .alert-danger").toHaveText("Fay (Finance): Too risky");
});

test("an order without review shows nothing", async () => {
    await mount("order_review_strip", 2);
    expect(".o_order_review_strip").toHaveCount(0);
});

test("the review page keeps every round", async () => {
    await mount("order_review_rounds");
    expect(".o_order_review_rounds h5").toHaveCount(2);
    expect(".o_order_review_rounds tbody tr").toHaveCount(4);
});

test("an answer is one click, and a second click takes it back", async () => {
    await mountView({
        type: "form",
        resModel: "test.order",
        resId: 1,
        arch: `<form><field name="answer" widget="order_answer_buttons"/></form>`,
    });
    await contains("[data-answer=fail]").click();
    expect("[data-answer=fail]").toHaveAttribute("aria-pressed", "true");
    await contains("[data-answer=pass]").click();
    expect("[data-answer=fail]").toHaveAttribute("aria-pressed", "false");
    await contains("[data-answer=pass]").click();
    expect("[aria-pressed=true]").toHaveCount(0);
});

test("the strip says which department needs a meeting, and explains orders only", async () => {
    const strip = Order._records[0].strip;
    strip.rounds[0].signoffs[2].meeting = { is_held: false, when: "" };
    await mount("order_review_strip");
    expect(".o_order_review_chip[data-department=Production] .fa-users").toHaveCount(1);
    expect(".o_order_review_chip[data-department=Finance] .fa-users").toHaveCount(0);
    expect(".o_order_explanation_link").toHaveCount(0);
});
