import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, toLocaleDateString } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
import { formatMonetary } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";
import { Component } from "@odoo/owl";

const DAY = 24 * 3600 * 1000;
const ROWS = 25;
const TICKS = 6;

/** Days in the reader's time zone; the server speaks UTC. */
function formatDay(time) {
    return time ? toLocaleDateString(deserializeDateTime(time)) : "";
}

/** The ways that were simulated, as cards: what each costs, which is recommended, which is chosen. */
export class OrderExpediteScenarios extends Component {
    static template = "order_process_control.OrderExpediteScenarios";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.formatDay = formatDay;
    }

    get scenarios() {
        return this.props.record.data[this.props.name] || [];
    }

    get chosen() {
        return this.props.record.data.scenario;
    }

    get canChoose() {
        return this.props.record.data.state === "draft" && Boolean(this.props.record.resId);
    }

    get lines() {
        const scenario = this.scenarios.find((each) => each.code === this.chosen);
        return scenario ? scenario.lines : [];
    }

    /** What lies ready of a line before everything else comes. */
    quantity(value) {
        return formatFloat(value, { trailingZeros: false });
    }

    amount(scenario) {
        const currency = this.props.record.data.currency_id;
        return formatMonetary(scenario.late_amount, { currencyId: currency && currency.id });
    }

    async choose(scenario) {
        const record = this.props.record;
        if (await record.save()) {
            await this.orm.call("order.expedite", "action_choose_scenario", [
                [record.resId],
                scenario.code,
            ]);
            await record.load();
        }
    }
}

/** When everybody leaves before and after: one bar a delivery, red where a promise is broken. */
export class OrderExpediteTimeline extends Component {
    static template = "order_process_control.OrderExpediteTimeline";
    static props = { ...standardFieldProps };

    setup() {
        this.formatDay = formatDay;
    }

    get value() {
        return this.props.record.data[this.props.name] || false;
    }

    get rows() {
        return this.value.rows.slice(0, ROWS);
    }

    get hidden() {
        return Math.max(this.value.rows.length - ROWS, 0);
    }

    get range() {
        const { now, own, rows } = this.value;
        const times = [now, own.needed, own.before, own.after];
        for (const row of rows) {
            times.push(row.promised, row.before, row.after);
        }
        const days = times.filter(Boolean).map((time) => deserializeDateTime(time).toMillis());
        // What has no date reaches over the end
        return { start: Math.min(...days) - DAY / 2, end: Math.max(...days) + DAY };
    }

    /** Where a moment is, as percent of the width. */
    position(time) {
        const { start, end } = this.range;
        const moment = time ? deserializeDateTime(time).toMillis() : end;
        return (100 * (moment - start)) / (end - start);
    }

    bar(row) {
        const from = this.position(row.before || this.value.now);
        const to = this.position(row.after);
        return `left: ${Math.min(from, to)}%; width: ${Math.abs(to - from)}%`;
    }

    get ticks() {
        const { start, end } = this.range;
        const step = Math.max(Math.ceil((end - start) / DAY / TICKS), 1) * DAY;
        const ticks = [];
        for (let at = luxon.DateTime.fromMillis(start).endOf("day").toMillis() + 1; at < end; at += step) {
            const day = luxon.DateTime.fromMillis(at);
            ticks.push({ left: (100 * (at - start)) / (end - start), label: day.toLocaleString({ month: "short", day: "numeric" }) });
        }
        return ticks;
    }

    /** The row in words, for who reads no picture. */
    sentence(row) {
        const after = row.after ? formatDay(row.after) : _t("no receipt planned");
        return _t("%(before)s → %(after)s, promised %(promised)s", {
            before: formatDay(row.before) || _t("no date"),
            after,
            promised: formatDay(row.promised),
        });
    }

    shift(row) {
        if (!row.after) {
            return _t("no date");
        }
        if (row.late) {
            return _t("late by %s d", row.delay);
        }
        return row.days ? _t("+%s d, in time", row.days) : _t("in time");
    }
}

registry.category("fields").add("order_expedite_scenarios", {
    component: OrderExpediteScenarios,
    displayName: _t("Ways of an Expedite"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "scenario", type: "selection" },
        { name: "state", type: "selection" },
        { name: "currency_id", type: "many2one", relation: "res.currency" },
    ],
});
registry.category("fields").add("order_expedite_timeline", {
    component: OrderExpediteTimeline,
    displayName: _t("Shift of Dates"),
    supportedTypes: ["json"],
});
