from odoo import api, models
from odoo.fields import Domain

from ..order.process_token import as_process


class SaleOrder(models.Model):
    """Orders of companies whose process is switched off.

    Whatever their rounds say, such orders can be confirmed. Rounds that are running stay as they
    are, so that nothing is lost when the process is switched on again; they end when their order
    is confirmed without them. Confirmed orders keep what was released: a change request is the
    way to change it, and needs no signature.
    """

    _inherit = "sale.order"

    def _filter_process_off(self):
        off = self.env["res.company"]._get_ids_without_process()
        # sudo: the company of an order, whoever asks
        return self.filtered(lambda o: o.sudo().company_id.id in off) if off else self.browse()

    # === THE GATE ===#

    def _judge_gate(self):
        passing, blocked = super()._judge_gate()
        off = self._filter_process_off().filtered(lambda order: order.id in blocked)
        return passing | off, {id_: blocked[id_] for id_ in blocked if id_ not in off._ids}

    def _pass_gate(self):
        result = super()._pass_gate()
        off = self._filter_process_off()
        if off:
            off._stamp_process_off()
            off._leave_review()
        return result

    def _stamp_process_off(self):
        """Say on these orders why nobody had to review them."""
        stamped = self.sudo().filtered(lambda o: o.release_exempt and not o.exempt_fingerprint)
        if stamped:
            reason = self.env._("The order process was switched off when it was confirmed.")
            as_process(stamped).write({"release_reason": reason})

    def _leave_review(self):
        """End the running rounds of these orders, which are confirmed without them."""
        # sudo: rounds of all departments, whoever confirms
        running = self.filtered(lambda o: o.sudo().current_review_id.state == "in_progress")
        if not running:
            return
        entries = []
        self.env["order.ledger"]._lock(running)
        closed = running._end_review("cancelled", entries)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()
        running._close_review_activities()
        running._log_review(
            self.env._("The order process is switched off: the review ended without a result.")
        )

    # === WHAT IS SHOWN ===#

    def _get_overview_states(self, rows):
        states = super()._get_overview_states(rows)
        for order in self._filter_process_off():
            is_open = order.state in ("draft", "sent")
            if is_open and states.get(order.id, "approved") != "approved":
                states[order.id] = "not_required"
        return states

    @api.model
    def _get_open_states_domain(self, states):
        domain = super()._get_open_states_domain(states)
        off = self.env["res.company"]._get_ids_without_process()
        if off and "not_required" in states:
            domain |= Domain("company_id", "in", tuple(off))
        return domain
