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
    note = fields.Char();
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
        {
            id: 4,
            strip: {
                current: 9,
                clock: { text: "2 h left", status: "due_soon", due: "2026-01-02 10:00:00" },
                rounds: [
                    {
                        id: 9,
                        number: 1,
                        state: "in_progress",
                        state_label: "In Review",
                        requested_by: "Sam",
                        requested_at: "2026-01-01 08:00:00",
                        signoffs: [
                            signoff(6, "Sales", "pending", {
                                clock: { text: "late by 1 d 3 h", status: "overdue", due: "2026-01-01 10:00:00" },
                            }),
                            signoff(7, "Finance", "pending", {
                                clock: { text: "paused, 3 h left", status: "paused", due: "2026-01-01 10:00:00" },
                            }),
                            signoff(8, "Production", "waiting"),
                        ],
                    },
                ],
            },
        },
        {
            id: 3,
            strip: {
                current: 8,
                exemption: { who: "Grace", reason: "The board decided", when: "", holds: true },
                rounds: [
                    {
                        id: 8,
                        number: 1,
                        subject: "change",
                        subject_name: "S1/C1",
                        state: "approved",
                        state_label: "Approved",
                        requested_by: "Sam",
                        requested_at: "2026-01-02 08:00:00",
                        signoffs: [
                            signoff(1, "Sales", "skipped", { who: "Fay", comment: "Too risky" }),
                            signoff(2, "Production", "approved", {
                                who: "Pit",
                                points: [
                                    { id: 1, name: "Order steel", who: "Sam", due: "", state: "open" },
                                    { id: 2, name: "Ask the forge", who: "Sam", due: "", state: "done", result: "Done" },
                                ],
                                questions: [
                                    {
                                        id: 1,
                                        question: "Which colour?",
                                        asked_by: "Pit",
                                        asked_at: "2026-01-02 08:00:00",
                                        answer: "Blue",
                                        answered_by: "Sam",
                                        answered_at: "2026-01-02 09:00:00",
                                    },
                                ],
                            }),
                        ],
                    },
                ],
            },
        },
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

test("an exemption, a change and what is still open are told above the order", async () => {
    await mount("order_review_strip", 3);
    expect(".o_order_exemption").toHaveText("Exempted by Grace: The board decided");
    expect(".o_order_review_strip > span").toHaveText("S1/C1, round 1: Approved");
    expect(".o_order_review_strip .alert-warning li").toHaveCount(1);
    expect(".o_order_review_strip .alert-warning li").toHaveText("Production: Order steel · Sam");
    expect(".o_order_review_chip[data-department=Sales]").toHaveText("Sales · Fay");
    expect(".o_order_review_chip[data-department=Sales] .fa-gavel").toHaveCount(1);
});

test("the review page shows questions with answers and all points", async () => {
    await mount("order_review_rounds", 3);
    expect(".o_order_review_rounds").toHaveText(/Which colour\?/);
    expect(".o_order_review_rounds").toHaveText(/Blue/);
    expect(".o_order_review_rounds .fa-check-square-o").toHaveCount(1);
    expect(".o_order_review_rounds .fa-square-o").toHaveCount(1);
});

test("a note is written on a card", async () => {
    await mountView({
        type: "form",
        resModel: "test.order",
        resId: 1,
        arch: `<form><field name="note" widget="order_answer_note"/></form>`,
    });
    await contains(".o_field_widget[name=note] input").edit("Not by road");
    expect(".o_field_widget[name=note] input").toHaveValue("Not by road");
    expect(".o_form_status_indicator_buttons").not.toHaveClass("invisible");
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
    await contains("[data-answer=pass]").press("Enter");
    expect("[data-answer=pass]").toHaveAttribute("aria-pressed", "true");
});

test("the strip says which department needs a meeting, and explains orders only", async () => {
    const strip = Order._records[0].strip;
    strip.rounds[0].signoffs[2].meeting = { is_held: false, when: "" };
    await mount("order_review_strip");
    expect(".o_order_review_chip[data-department=Production] .fa-users").toHaveCount(1);
    expect(".o_order_review_chip[data-department=Finance] .fa-users").toHaveCount(0);
    expect(".o_order_explanation_link").toHaveCount(0);
});

test("how much time is left is said on the strip and on each chip", async () => {
    await mount("order_review_strip", 4);
    expect(".o_order_review_strip > span").toHaveText("Review round 1: In Review · 2 h left");
    expect(".o_order_review_strip > span .o_order_clock").toHaveClass("text-warning-emphasis");
    const chip = (name) => `.o_order_review_chip[data-department=${name}]`;
    expect(chip("Sales")).toHaveText("Sales · late by 1 d 3 h");
    expect(`${chip("Sales")} .o_order_clock`).toHaveClass("text-danger");
    expect(chip("Finance")).toHaveText("Finance · paused, 3 h left");
    expect(`${chip("Finance")} .o_order_clock`).toHaveClass("text-muted");
    expect(`${chip("Production")} .o_order_clock`).toHaveCount(0);
});
