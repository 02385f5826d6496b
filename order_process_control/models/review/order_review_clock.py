from odoo import api, models
from odoo.fields import Domain


class OrderReview(models.Model):
    """The clocks of rounds: of their sign-offs, of the questions to sales, of their subjects.

    They look at what has become of the round, at the end of everything that decides or closes
    something, so that no way to the same end can forget one.
    """

    _inherit = "order.review"

    def _follow_clocks(self, closed=None):
        """End the clocks of these rounds that have no reason to run any more (as superuser).

        A decision meets the clock of its sign-off, the approval or rejection of the round that of
        its subject: it is processed (R-157). What ends without anybody's decision is cancelled,
        "not applicable", never met.

        One query finds all of them, and one statement ends those that end alike.

        :param closed: those of these rounds that are not in progress any more, else all
        """
        if not self:
            return
        meeting, ending = self._find_ended_clocks(self if closed is None else closed)
        meeting._stop()
        ending._cancel()

    def _find_ended_clocks(self, closed):
        """Return (the open clocks that are met now, those that do not apply any more)."""
        ended = self.signoff_ids.filtered(lambda s: s.pending_since and s.state != "pending")
        decided = ended.filtered(lambda s: s.state in ("approved", "rejected"))
        met, over = [decided], [ended - decided, ended._get_open_questions()]
        for res_model, reviews in closed.grouped("res_model").items():
            subjects = self.env[res_model]
            for states, found in ((("approved", "rejected"), met), (("cancelled",), over)):
                found.append(subjects.browse(r.res_id for r in reviews if r.state in states))
        deadlines = self._search_open_clocks([*met, *over])
        keys = {(records._name, id_) for records in met for id_ in records._ids}
        meeting = deadlines.filtered(lambda d: (d.res_model, d.res_id) in keys)
        return meeting, deadlines - meeting

    def _search_open_clocks(self, recordsets):
        """Return the open main clocks of these records, whatever their models."""
        return self.env["order.deadline"]._search_with_course(
            Domain("stopped_at", "=", False) & self._get_clocks_domain(recordsets)
        )

    def _get_clocks_domain(self, recordsets):
        """Return which deadlines are the main clocks of these records, as far as a round ends
        them: a ticket goes on whatever becomes of its refund."""
        clocked = self._get_clocked_models()
        return Domain.OR(
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("clock", "=", records._get_deadline_clock())
            for records in recordsets
            if records and records._name in clocked
        )

    @api.model
    def _get_clocked_models(self):
        """Return the models whose clocks belong to reviews."""
        return ["sale.order", "order.signoff", "order.signoff.question"]

    def _reopen_clocks(self, signoffs):
        """Let the clocks run on that had ended with a decision which is taken back.

        :param signoffs: of these rounds, that are pending again
        """
        records = [signoffs, signoffs._get_open_questions()]
        for res_model, reviews in self.grouped("res_model").items():
            records.append(self.env[res_model].browse(reviews.mapped("res_id")))
        domain = self._get_clocks_domain(records)
        latest = {}
        for deadline in self.env["order.deadline"]._search_with_course(domain, order="id"):
            latest[deadline.res_model, deadline.res_id] = deadline
        self.env["order.deadline"].union(*latest.values())._reopen()
