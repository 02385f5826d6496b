from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...models.review import snapshot as snapshots

RESULTS = {"approved": "OK", "rejected": "NG"}


class ReportOrderReviewForm(models.AbstractModel):
    """Contract/Order Review Form: all rounds of orders, as they were (R-081, R-113, R-482)."""

    _name = "report.order_process_control.order_review_form"
    _description = "Contract/Order Review Form"
    _inherit = "order.record.mixin"

    @api.model
    def _get_form_number(self):
        return "JCH-QR7.2-02"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one form for each order, in the language and time zone of the reader.

        :param list docids: ids of orders
        :raise AccessError: for whoever may not read these orders or their rounds
        """
        self._check_reader()
        orders = self.env["sale.order"].browse(docids)
        orders.check_access("read")
        reviews = self._get_readable_rounds(orders)
        return self._prepare_form_values(orders, self._prepare_forms(orders, reviews))

    @api.model
    def _prepare_form_values(self, records, forms):
        pairs = [(form["order"].company_id, form) for form in forms]
        return {
            **self._prepare_values(records._name, records),
            "forms": forms,
            "companies": self._group_by_company(pairs),
        }

    @api.model
    def _get_readable_rounds(self, orders):
        """Return the rounds of these orders that the reader may read.

        :raise AccessError: when an order has rounds and the reader may read none of them
        """
        reviews = self.env["order.review"].search(Domain("order_id", "in", orders.ids))
        # sudo: whether there are any; nothing of them is shown
        hidden = reviews.sudo().search(Domain("order_id", "in", orders.ids)) - reviews.sudo()
        refused = hidden.order_id - reviews.sudo().order_id
        if refused:
            raise AccessError(
                self.env._(
                    "You may not read the reviews of %s, so you cannot print them. Ask its"
                    " salesperson for the form.",
                    ", ".join(refused.mapped("name")),
                )
            )
        return reviews

    @api.model
    def _prepare_forms(self, orders, reviews):
        by_order = reviews.sorted("id").grouped("order_id")
        exemptions = self._get_exemptions(orders)
        unreviewed = orders.filtered(lambda order: order not in by_order)
        today = unreviewed._get_review_snapshots()
        none = reviews.browse()
        return [
            {
                **self._prepare_order(order),
                **self._prepare_submitted(by_order.get(order, none), today.get(order.id)),
                "exemption": exemptions.get(order.id),
                "rounds": [self._prepare_round(r) for r in by_order.get(order, none)],
            }
            for order in orders
        ]

    # === THE ORDER ===#

    @api.model
    def _prepare_order(self, order):
        """Return what identifies the order; its content is that of the rounds."""
        facts = [
            (order, "client_order_ref", order.client_order_ref),
            (order, "document_type", self._get_label(order, "document_type")),
            (order, "document_date", self._format_day(order.document_date)),
            (order, "received_at", self._format_time(order.received_at)),
            (order, "received_by", self._get_name(order.received_by)),
            (order, "registered_at", self._format_time(order.registered_at)),
            (order, "state", self._get_label(order, "state")),
        ]
        return {
            "order": order,
            "facts": [
                (record._fields[name].get_description(self.env, ["string"])["string"], value)
                for record, name, value in facts
                if value
            ],
        }

    @api.model
    def _prepare_submitted(self, reviews, today):
        """Return the content of the last of these rounds, or of today where there is none."""
        review = reviews[-1:]
        submitted = review.snapshot if review else today and today[1]
        untaxed, taxes, total = snapshots.get_amounts(self.env, submitted)
        summary = snapshots.get_summary(self.env, submitted)
        required = [(row["label"], row["value"]) for row in summary.get("requirements", ())]
        return {
            "last_round": review.name or "",
            "urgent": (submitted or {}).get("urgent"),
            "terms": snapshots.get_terms(self.env["sale.order"], submitted) + required,
            "lines": summary.get("lines", []),
            "untaxed": untaxed,
            "taxes": taxes,
            "total": total,
        }

    @api.model
    def _get_exemptions(self, orders):
        """Return ``{order id: who exempted it when and why}`` of the exempt orders."""
        exempt = orders.filtered("release_exempt")
        events = self.env["order.event"].search(
            Domain("order_id", "in", exempt.ids) & Domain("kind", "=", "exempted")
        )
        last = {event.order_id.id: event for event in events.sorted("number")}
        return {
            order.id: {
                "reason": order.release_reason,
                "who": self._get_name(last[order.id].user_id) if order.id in last else "",
                "when": self._format_time(last[order.id].at) if order.id in last else "",
            }
            for order in exempt
        }

    # === ROUNDS ===#

    @api.model
    def _prepare_round(self, review):
        signoffs = review.signoff_ids.sorted(lambda s: (s.is_final, s.sequence, s.id))
        return {
            "name": review.name,
            "subject": self._get_label(review, "subject"),
            "state": review.state,
            "state_label": review.outcome,
            "result": RESULTS.get(review.state, ""),
            "is_void": review.is_void,
            "requested_by": self._get_name(review.requested_by),
            "requested_at": self._format_time(review.requested_at),
            "decided_at": self._format_time(review.decided_at),
            # sudo: an earlier round of the same order
            "overrules": review.overrules_id.sudo().name or "",
            "reason": review.reason or "",
            "diff": review.diff or [],
            "signoffs": [self._prepare_signoff(signoff) for signoff in signoffs],
        }

    @api.model
    def _prepare_signoff(self, signoff):
        # A signature that was carried over is that of the earlier round, with what was found then
        signed = signoff.carried_from_id or signoff
        doubts = signed.answer_ids.filtered(lambda a: a.result in ("fail", "unknown"))
        return {
            "name": signoff.name,
            "department": signoff.department_id.name or "",
            "state": signoff.state,
            "opinion": self.env._("Overruled")
            if signoff.state == "skipped"
            else self._get_label(signoff, "state"),
            "is_final": signoff.is_final,
            "carried_from": signoff.carried_from_id.review_id.name or "",
            "signatures": self._prepare_signatures(signoff, signed),
            "comment": signoff.comment or "",
            "is_against_checks": bool(doubts) and signoff.state == "approved",
            "answers": [self._prepare_answer(answer) for answer in signed.answer_ids],
            "lead_time_days": signoff.lead_time_days,
            "proposed_date": self._format_day(signoff.proposed_date),
            "points": [self._prepare_point(point) for point in signed.open_point_ids],
            "questions": [self._prepare_question(q) for q in signed.question_ids.sorted("id")],
        }

    @api.model
    def _prepare_signatures(self, signoff, signed):
        """Return who decided by which right, those who took it back included."""
        rows = [
            {
                "who": self._get_name(vote.user_id),
                "right": self._get_label(vote, "entitlement"),
                "decision": self._get_label(vote, "decision"),
                "when": self._format_time(vote.voted_at),
                "comment": vote.comment or "",
                "undone": self._format_time(vote.undone_at),
            }
            for vote in signed.vote_ids.sorted("id")
        ]
        if not rows and signoff.state == "approved":
            # Nobody has voted: Odoo itself has signed
            rows.append(
                {
                    "who": self.env._("Odoo"),
                    "right": self.env._("Signed by the system"),
                    "decision": self._get_label(signoff, "state"),
                    "when": self._format_time(signoff.decided_at),
                    "comment": signoff.comment or "",
                    "undone": "",
                }
            )
        return rows

    @api.model
    def _prepare_answer(self, answer):
        return {
            "name": answer.name,
            "aspect": self._get_label(answer, "aspect"),
            "kind": answer.kind,
            "result": answer.result or "",
            "result_label": self._get_label(answer, "result"),
            # As this reader: what was found is not for everybody
            "evidence": answer.evidence or "",
            "note": answer.note or "",
        }

    @api.model
    def _prepare_point(self, point):
        return {
            "name": point.name,
            "who": self._get_name(point.user_id),
            "due": self._format_day(point.date_deadline),
            "state": point.state,
            "state_label": self._get_label(point, "state"),
            "result": point.result or "",
            "closed_by": self._get_name(point.closed_by),
            "closed_at": self._format_time(point.closed_at),
        }

    @api.model
    def _prepare_question(self, question):
        return {
            "question": question.question,
            "asked_by": self._get_name(question.asked_by),
            "asked_at": self._format_time(question.asked_at),
            "answer": question.answer or "",
            "answered_by": self._get_name(question.answered_by),
            "answered_at": self._format_time(question.answered_at),
        }


class ReportOrderReviewFormRound(models.AbstractModel):
    """The same form for single rounds."""

    _name = "report.order_process_control.order_review_form_round"
    _description = "Contract/Order Review Form of One Round"
    _inherit = "report.order_process_control.order_review_form"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one form for each round.

        :param list docids: ids of rounds
        :raise AccessError: for whoever may not read these rounds or their orders
        """
        self._check_reader()
        reviews = self.env["order.review"].browse(docids)
        reviews.check_access("read")
        reviews.order_id.check_access("read")
        forms = [
            form for review in reviews for form in self._prepare_forms(review.order_id, review)
        ]
        return self._prepare_form_values(reviews, forms)
