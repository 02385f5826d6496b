import { _t } from "@web/core/l10n/translation";
import {
    deserializeDate,
    deserializeDateTime,
    toLocaleDateString,
    toLocaleDateTimeString,
} from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";
import { useExplanation } from "@order_process_control/order_explanation/order_explanation";
import { Component } from "@odoo/owl";

const ICONS = {
    approved: "fa-check-circle",
    skipped: "fa-gavel",
    rejected: "fa-times-circle",
    pending: "fa-hourglass-half",
    waiting: "fa-circle-o",
    cancelled: "fa-ban",
};

const CLOCK_CLASSES = {
    overdue: "text-danger fw-bold",
    due_soon: "text-warning-emphasis fw-bold",
    paused: "text-muted",
};

/** What both widgets share: a sign-off in words. Times come in UTC and are shown in the reader's zone. */
class OrderReviewField extends Component {
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.explain = useExplanation();
    }

    get value() {
        return this.props.record.data[this.props.name] || { rounds: [] };
    }

    icon(signoff) {
        return ICONS[signoff.state] || "fa-circle-o";
    }

    formatTime(time) {
        return time ? toLocaleDateTimeString(deserializeDateTime(time)) : "";
    }

    formatDate(date) {
        return date ? toLocaleDateString(deserializeDate(date)) : "";
    }

    /** Red when late, amber when due soon. */
    clockClass(clock) {
        return CLOCK_CLASSES[clock.status] || "";
    }

    clockTitle(clock) {
        return clock.status === "paused" ? "" : _t("due %s", this.formatTime(clock.due));
    }

    /** What a department says besides its comment. */
    remark(signoff) {
        const remarks = [];
        if (signoff.meeting) {
            remarks.push(this.meeting(signoff.meeting));
        }
        if (signoff.carried) {
            remarks.push(_t("carried over from round %s", signoff.carried));
        }
        if (signoff.lead_time_days) {
            remarks.push(_t("needs %s working days", signoff.lead_time_days));
        }
        if (signoff.proposed_date) {
            remarks.push(_t("can keep %s", this.formatDate(signoff.proposed_date)));
        }
        return remarks.join(", ");
    }

    meeting(meeting) {
        if (meeting.is_held) {
            return _t("meeting held %s", this.formatTime(meeting.when));
        }
        return meeting.when
            ? _t("meeting planned %s", this.formatTime(meeting.when))
            : _t("needs a review meeting");
    }

    /** Rounds of a change have numbers of their own. */
    title(round) {
        const subject = !round.subject || round.subject === "order" ? "" : round.subject_name;
        return subject
            ? _t("%(subject)s, round %(number)s", { subject, number: round.number })
            : _t("Review round %s", round.number);
    }

    /** What is still to be done, by whom and until when. */
    pointWords(point) {
        return [point.name, point.who, point.due && _t("due %s", this.formatDate(point.due))]
            .filter(Boolean)
            .join(" · ");
    }

    openPoint(point) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "order.signoff.point",
            res_id: point.id,
            views: [[false, "form"]],
        });
    }

    /** Who signed, or who is asked: names are cut after three, a department may be large. */
    people(signoff) {
        if (signoff.who) {
            return signoff.who;
        }
        const names = signoff.waiting_for;
        if (names.length > 3) {
            return _t("%(names)s and %(count)s more", {
                names: names.slice(0, 3).join(", "),
                count: names.length - 3,
            });
        }
        return names.join(", ");
    }

    tooltip(signoff) {
        return [signoff.state_label, this.people(signoff), this.formatTime(signoff.when), signoff.clock && this.clockTitle(signoff.clock), signoff.comment, this.remark(signoff)]
            .filter(Boolean)
            .join("\n");
    }

    openSignoff(signoff) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "order.signoff",
            res_id: signoff.id,
            views: [[false, "form"]],
        });
    }
}

export class OrderReviewStrip extends OrderReviewField {
    static template = "order_process_control.OrderReviewStrip";

    get round() {
        return this.value.rounds.find((round) => round.id === this.value.current);
    }

    /** A change of a confirmed order says itself why it is reviewed. */
    get canExplain() {
        return this.props.record.resModel === "sale.order" && this.props.record.resId;
    }

    get questions() {
        return this.round.signoffs.filter((signoff) => signoff.question);
    }

    /** Dates offered instead, until one is taken: then the order has changed since. */
    get offers() {
        return this.value.is_outdated
            ? []
            : this.round.signoffs.filter((signoff) => signoff.proposed_date);
    }

    /** The reason is what sales has to act on: it must not hide in a tooltip. */
    get rejections() {
        return this.exemption?.holds
            ? []
            : this.round.signoffs.filter((signoff) => signoff.state === "rejected");
    }

    /** What departments have signed on condition: whoever confirms has to know. */
    get openPoints() {
        return this.round.signoffs.flatMap((signoff) =>
            (signoff.points || [])
                .filter((point) => point.state === "open")
                .map((point) => ({ ...point, department: signoff.name }))
        );
    }

    get exemption() {
        return this.value.exemption;
    }
}

export class OrderReviewRounds extends OrderReviewField {
    static template = "order_process_control.OrderReviewRounds";
}

registry.category("fields").add("order_review_strip", {
    component: OrderReviewStrip,
    displayName: _t("Department Strip"),
    supportedTypes: ["json"],
});
registry.category("fields").add("order_review_rounds", {
    component: OrderReviewRounds,
    displayName: _t("Review Rounds"),
    supportedTypes: ["json"],
});
