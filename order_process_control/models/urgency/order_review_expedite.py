from odoo import api, fields, models

from ..order.process_token import as_process


class OrderReview(models.Model):
    """Rounds whose subject is an order that shall go before others."""

    _inherit = "order.review"

    subject = fields.Selection(
        selection_add=[("expedite", "Expedite")], ondelete={"expedite": "cascade"}
    )

    def _get_expedite(self):
        """Return the expedites that these rounds review, none for other subjects."""
        ids = [review.res_id for review in self if review.subject == "expedite"]
        # sudo: who reads the round may know of which expedite it is
        return self.env["order.expedite"].sudo().browse(ids)

    @api.model
    def _get_withdrawal_kinds(self):
        return (*super()._get_withdrawal_kinds(), "expedite_cancelled")

    def _get_subject_name(self):
        expedite = self._get_expedite()
        if expedite:
            return f"{expedite.order_id.name} ({expedite.name})"
        return super()._get_subject_name()

    def _is_acted_upon(self):
        expedite = self._get_expedite()
        if expedite:
            return expedite.state not in ("submitted", "refused")
        return super()._is_acted_upon()

    def _on_reopened(self):
        expedites = self._get_expedite()
        if expedites:
            as_process(expedites).write({"state": "submitted"})
            expedites._close_tasks()
        return super(OrderReview, self.filtered(lambda r: r.subject != "expedite"))._on_reopened()

    @api.model
    def _get_proposal_diff(self, proposal, previous):
        if proposal.subject == "expedite":
            return proposal.record._get_impact_rows()
        return super()._get_proposal_diff(proposal, previous)

    @api.model
    def _prepare_history(self, orders, rows):
        """What a department says of an expedite is no signature on the order, and the other way
        round: each round of an expedite is asked afresh."""
        own = [row for row in rows if row[1][3] == "expedite"]
        history = super()._prepare_history(orders, [row for row in rows if row not in own])
        for order_id, (_id, model, res_id, subject, number, *_facts) in own:
            if order_id in history:
                numbers, key = history[order_id].numbers, (model, res_id, subject)
                numbers[key] = max(number, numbers.get(key, 0))
        return history
