from odoo import fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from ..review.proposal import Proposal
from .stock_queue import Take
from .stock_world import read_world


class OrderExpedite(models.Model):
    """The round of an expedite: submitted with its price, decided, cancelled (R-177 .. R-181)."""

    _inherit = "order.expedite"

    # === SUBMITTING ===#

    def _get_submission_problems(self):
        """Return what keeps this expedite from being submitted, in sentences."""
        self.ensure_one()
        if self.state != "draft":
            return [self.env._("Only a draft is submitted.")]
        problems = []
        # sudo: the state of the order, whoever goes on with the expedite
        if self.sudo().order_id.state != "sale":
            problems.append(self.env._("%s is not confirmed any more.", self.order_id.name))
        if not self.env["order.signoff"]._clean_text(self.reason):
            problems.append(self.env._("Write why the order cannot wait."))
        day = fields.Datetime.context_timestamp(self, self.needed_by).date()
        if day < fields.Date.context_today(self):
            problems.append(self.env._("The day it is needed by is past: say another one."))
        if not self.scenario:
            problems.append(self.env._("Simulate it first, so that everybody sees the price."))
        return problems

    def _submit(self):
        """Open the round of this expedite, in the name of the user."""
        self.ensure_one()
        # sudo: rounds, stamps and the stock as a whole, for an expedite that the user may submit
        expedite = self.sudo()
        scenario = expedite.scenario
        expedite._simulate()
        if expedite.scenario != scenario:
            raise UserError(
                self.env._(
                    "%s: the stock has changed, so that the way you chose is not there any more."
                    " Simulate again and choose.",
                    self.name,
                )
            )
        order = expedite.order_id
        as_process(expedite).write(
            {
                "state": "submitted",
                "requested_by": self.env.uid,
                "requested_at": fields.Datetime.now(),
                "review_id": False,
            }
        )
        editors = [(4, id_) for id_ in expedite.editor_ids.ids]
        as_process(order).write({"content_editor_ids": editors})
        expedite._close_tasks()
        expedite._log(self.env._("Submitted: %s", self.reason))
        expedite._open_round()

    def _open_round(self):
        order, steps = self.order_id, self.env["order.review.step"]
        steps = steps._get_steps_for("expedite", order)
        history = self.env["order.review"]._read_history(order)
        outcomes = order._run_review_checks({order.id: steps})[order.id]
        words = order._get_review_snapshots()[order.id][1]
        proposal = Proposal(
            self,
            order,
            self._prepare_content(),
            {**words, "expedite": self._prepare_words()},
            steps._ids or (False,),
            subject="expedite",
            outcomes=outcomes,
        )
        entries = [(order, "expedite_submitted", self._get_payload())]
        _reviews, closed = self.env["order.review"]._open_and_advance([proposal], history, entries)
        self.env["order.ledger"]._append(entries)
        closed._tell_subjects()

    # === WHAT BECOMES OF ITS ROUND (as superuser) ===#

    def _filter_drifted_reviews(self, reviews):
        """Return those of ``reviews`` whose price is worse than what is signed; called before the
        last signature counts."""
        drifted = reviews.browse()
        for expedite in self:
            for review in reviews.filtered(lambda r, e=expedite: r.res_id == e.id):
                if expedite.review_id != review or expedite._get_worse_words():
                    drifted |= review
        return drifted

    def _get_worse_words(self):
        """Return in sentences what is worse now than when it was submitted, or an empty list."""
        self.ensure_one()
        if self.order_id.state != "sale":
            return [self.env._("%s is not confirmed any more.", self.order_id.name)]
        world = read_world(self.order_id, fields.Datetime.now())
        return self._compare_world(world)

    def _get_takes(self):
        """Return the :class:`Take` of the way that is asked for."""
        self.ensure_one()
        return [Take(*take) for take in (self._get_scenario(self.scenario) or {})["takes"]]

    def _get_outdated_words(self):
        return (
            self.env._(
                "The stock has changed for the worse meanwhile: %s Simulate and submit it again.",
                " ".join(self._get_worse_words()),
            ),
            self.env._("The stock has changed: simulate and submit again"),
        )

    # === CANCELLING ===#

    def action_cancel(self):
        """Take expedites back that are not applied; nobody need look at them any more.

        :return: True
        :raise UserError: for what is applied, reverted or cancelled already
        """
        self._check_may_act()
        if self.filtered(lambda e: e.state in ("applied", "reverted", "not_met", "cancelled")):
            raise UserError(
                self.env._("What was applied is reverted, not cancelled; what is over stays so.")
            )
        # sudo: rounds and stamps, for expedites that the user may cancel
        self.sudo()._cancel()
        return True

    def _cancel(self):
        """End these expedites and their running rounds, whoever asks."""
        self._take_back("cancelled", self.env._("Cancelled"))

    def _get_order_sentence(self, text):
        return self.env._("Expedite %(name)s: %(text)s", name=self.name, text=text)
