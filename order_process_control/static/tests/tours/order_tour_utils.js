/** Steps that several roles share on their way through an order. */

/** Give every step half a minute: two processors may be busy with other tests. */
export function patient(steps) {
    return steps.map((step) => ({ timeout: 30000, ...step }));
}

export function openRow(text) {
    return [
        {
            content: `Open the row of ${text}`,
            trigger: `.o_data_row:contains("${text}") .o_data_cell:contains("${text}")`,
            run: "click",
        },
        { trigger: ".o_form_view" },
    ];
}

export function openDecision() {
    return [
        { content: "Decide", trigger: "button[name=action_open_decision]", run: "click" },
        { trigger: ".modal .o_order_snapshot" },
    ];
}

/** Answer every question of the checklist that is still open with "In Order". */
export function answerAll() {
    return {
        content: "Answer the checklist",
        trigger: ".modal .o_form_view",
        async run() {
            const open = () =>
                document.querySelector(".modal .btn-group:not(:has([aria-pressed=true])) [data-answer=pass]");
            for (let button = open(); button; button = open()) {
                button.click();
                await new Promise((resolve) => setTimeout(resolve, 150));
            }
        },
    };
}

export function comment(text) {
    return {
        content: "Write the comment",
        trigger: ".modal .o_field_widget[name=comment] textarea",
        run: `edit ${text}`,
    };
}

export function press(name) {
    return { trigger: `.modal button[name=${name}]`, run: "click" };
}

export function waitForSignoff(state) {
    return {
        content: `The sign-off is ${state}`,
        trigger: `body:not(:has(.modal)) .o_statusbar_status button[data-value=${state}][aria-checked=true]`,
    };
}

export function waitForChip(department, state) {
    return {
        content: `${department} is ${state}`,
        trigger: `.o_order_review_chip[data-department="${department}"][data-state=${state}]`,
    };
}
