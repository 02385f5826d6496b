from datetime import timedelta

from .base import WalkBase

ENDED = ("closed", "cancelled")
STILL = ("waiting_customer", "resolved")
EPSILON = 1e-6


class TicketInvariants(WalkBase):
    """What holds for tickets, clocks and activities whatever anybody has tried."""

    def tickets_end_by_the_customer(self):
        for ticket in self._mine("order.ticket"):
            before = self.story.ticket_states.get(ticket.id)
            self.story.ticket_states[ticket.id] = ticket.state
            name = f"{ticket.name} {before} -> {ticket.state}"
            assert bool(ticket.confirmation) == (ticket.state == "closed"), name
            assert bool(ticket.closed_at) == (ticket.state in ENDED), name
            assert ticket.active or ticket.state in ENDED, f"{name}: archived"
            if ticket.state in ("resolved", "closed"):
                assert (ticket.result or "").strip() and ticket.resolution, f"{name}: no result"
                assert ticket.resolved_at and ticket.resolved_by, name
            if ticket.state == "closed" and before != "closed":
                self._check_closed(ticket, before, name)

    def _check_closed(self, ticket, before, name):
        assert before == "resolved", f"{name}: nobody could confirm it"
        if ticket.confirmation == "customer":
            customer = ticket.confirmed_by.commercial_partner_id
            assert customer == ticket.commercial_partner_id, f"{name} by {customer.name}"
        if ticket.confirmation == "silence":
            days = ticket.team_id.close_after_days
            waited = ticket.closed_at - ticket.resolved_at
            assert days and waited >= timedelta(days=days), f"{name} after {waited}"

    def quantities_are_within_what_was_delivered(self):
        lines = self._mine("order.ticket.line", ("order_line_id", "!=", False))
        for order_line, claims in lines.grouped("order_line_id").items():
            moves = order_line.move_ids.filtered(lambda m: m.state != "cancel")
            brought = moves.filtered(
                lambda m: m.state == "done" and m.location_dest_id.usage == "customer"
            )
            got = sum(brought.mapped("quantity"))
            back = moves.filtered(lambda m: m.location_id.usage == "customer")
            back = sum(m.quantity if m.state == "done" else m.product_uom_qty for m in back)
            name = f"{order_line.order_id.name} {order_line.name}"
            assert back <= got + EPSILON, f"{name}: {back} of {got} come back"
            wanted = sum(c.quantity for c in claims if c.ticket_id.state not in ENDED)
            assert wanted <= got + EPSILON, f"{name}: {wanted} of {got} are claimed"
            self._check_money(order_line, claims, name)
        for line in lines:
            assert line.inspected_quantity <= line.received_quantity + EPSILON, line.display_name

    def _check_money(self, order_line, claims, name):
        rows = claims.refund_line_ids.filtered(
            lambda r: r.parent_state != "cancel" and r.display_type == "product"
        )
        invoiced = order_line.invoice_lines.filtered(
            lambda r: r.move_id.move_type == "out_invoice" and r.parent_state == "posted"
        )
        for field in ("quantity", "price_total"):
            given, had = sum(rows.mapped(field)), sum(invoiced.mapped(field))
            assert given <= had + 0.01, f"{name}: {field} {given} of {had} is refunded"
        self._check_refund_limit(rows, sum(rows.mapped("price_total")), name)

    def _check_refund_limit(self, rows, total, name):
        """Above the limit of the company somebody has signed."""
        if total > self.world.company.ticket_refund_limit + 0.01:
            tickets = rows.ticket_line_id.ticket_id
            reviews = self.env["order.review"].search(
                [("res_model", "=", "order.ticket"), ("subject", "=", "refund")]
            )
            order = rows.ticket_line_id.order_id
            signed = reviews.filtered(lambda r: r.state == "approved" and r.order_id in order)
            assert signed, f"{name}: {total} without signature, {tickets.mapped('name')}"

    # === CLOCKS ===#

    def clocks_run_where_they_have_to(self):
        open_ = self._mine("order.deadline", ("stopped_at", "=", False))
        by_record = {}
        for deadline in open_:
            key = (deadline.res_model, deadline.res_id)
            clocks = by_record.setdefault(key, {})
            assert deadline.clock not in clocks, f"two {deadline.clock} of {deadline.name}"
            clocks[deadline.clock] = deadline
        for ticket in self._mine("order.ticket"):
            self._check_ticket_clocks(ticket, by_record.pop(("order.ticket", ticket.id), {}))
        for part in self._mine("order.ticket.part"):
            clocks = by_record.pop(("order.ticket.part", part.id), {})
            assert bool(clocks) == (part.state == "asked"), f"{part.display_name}: {part.state}"
        for signoff in self._mine("order.signoff"):
            clocks = by_record.pop(("order.signoff", signoff.id), {})
            name = f"{signoff.display_name} {signoff.state}"
            assert bool(clocks) == (signoff.state == "pending"), name
            asked = signoff.state == "pending" and signoff._has_open_question()
            for deadline in clocks.values():
                assert bool(deadline.paused_at) == asked, f"{name}, asked: {asked}"
        for question in self._mine("order.signoff.question"):
            clocks = by_record.pop(("order.signoff.question", question.id), {})
            is_open = question.signoff_id.state == "pending" and not question.answered_at
            assert bool(clocks) == is_open, f"question on {question.signoff_id.display_name}"
        for order in self._mine("sale.order"):
            self._check_order_clock(order, by_record.pop(("sale.order", order.id), {}))
        for change in self._mine("order.change"):
            clocks = by_record.pop(("order.change", change.id), {})
            running = change.review_id.state == "in_progress"
            assert not running or clocks, f"{change.name} in review without clock"
            assert not clocks or change.state in ("draft", "submitted"), (change.name, change.state)
        assert not by_record, by_record

    def _check_order_clock(self, order, clocks):
        name = f"{order.name} {order.state}"
        if clocks:
            assert order.state in ("draft", "sent"), name
            assert order.current_review_id.state not in ("approved", "rejected"), name
        if order.current_review_id.state == "in_progress":
            assert clocks, f"{name} in review without clock"

    def _check_ticket_clocks(self, ticket, clocks):
        name = f"{ticket.name} {ticket.state}: {sorted(clocks)}"
        if ticket.state in ENDED:
            assert not clocks, name
            return
        assert "resolution" in clocks, name
        assert ("first_response" in clocks) == (not ticket.first_response_at), name
        waits = bool(ticket.first_response_at and ticket.customer_waits_since)
        assert ("next_response" in clocks) == waits, f"{name} {ticket.customer_waits_since}"
        for deadline in clocks.values():
            assert bool(deadline.paused_at) == (ticket.state in STILL), f"{name}: {deadline.clock}"

    # === LISTS OF PEOPLE ===#

    def nobody_is_asked_for_what_has_ended(self):
        activities = self._mine("mail.activity", ("res_model", "like", "order"))
        gone = {
            (model, id_)
            for model, of_model in activities.grouped("res_model").items()
            for id_ in set(of_model.mapped("res_id"))
            - set(self.env[model].browse(of_model.mapped("res_id")).exists()._ids)
        }
        for activity in activities:
            record = self.env[activity.res_model].browse(activity.res_id)
            assert (record._name, record.id) not in gone, f"{activity.summary}: it is gone"
            kind = self.world.kinds.get(activity.activity_type_id.id)
            name = f"{activity.summary} ({kind}) for {activity.user_id.login}"
            if record._name == "order.signoff":
                assert record.state == "pending", f"{name}: {record.state}"
            elif record._name == "order.ticket.part":
                assert record.state == "asked", f"{name}: {record.state}"
            elif record._name == "sale.order":
                self._check_order_task(record, kind, name)
            elif record._name in ("order.change", "order.expedite") and kind == "question":
                assert record.state == "submitted", f"{name}: {record.state}"
            assert activity.user_id.active, name

    def _check_order_task(self, order, kind, name):
        review = order.current_review_id
        if kind == "question":
            pending = review.signoff_ids.filtered(lambda s: s.state == "pending")
            assert any(s._has_open_question() for s in pending), name
        if kind in ("released", "rejected", "changed"):
            assert order.state in ("draft", "sent"), f"{name}: {order.state}"
            assert review.state != "in_progress", f"{name}: submitted again"

    def whoever_has_to_sign_is_asked(self):
        """No pending sign-off without somebody who can sign and knows of it."""
        pending = self._mine("order.signoff", ("state", "=", "pending"))
        signers = pending._get_signers()
        asked = {}
        for activity in self._mine("mail.activity", ("res_model", "=", "order.signoff")):
            asked.setdefault(activity.res_id, set()).add(activity.user_id.id)
        for signoff in pending:
            able = set(signers[signoff.id].able)
            assert asked.get(signoff.id, set()) <= able, f"{signoff.display_name}: asked in vain"
            assert able, f"{signoff.display_name}: nobody can sign"
            assert asked.get(signoff.id), f"{signoff.display_name}: nobody is asked"
