from odoo import api, models
from odoo.exceptions import UserError

from .fact import FAIL


class SaleOrder(models.Model):
    """What Odoo looks up for the departments of an order."""

    _inherit = "sale.order"

    def _get_automatic_criteria(self, steps):
        """Return ``[values of automatic criteria]`` of the steps of these orders.

        :param dict steps: ``{order id: steps}``
        """
        configuration = self.env["order.review.step"]._get_configuration()
        step_ids = dict.fromkeys(id_ for order in self for id_ in steps[order.id]._ids)
        return [
            criterion
            for step_id in step_ids
            for criterion in configuration[step_id]["criteria"]
            if criterion["kind"] == "automatic"
        ]

    def _run_review_checks(self, steps):
        """Return ``{order id: {criterion id: Fact}}`` for the steps of each order."""
        values_list = self._get_automatic_criteria(steps)
        if not (self and values_list):
            return {order.id: {} for order in self}
        # sudo: facts are the same whoever asks; who reads them is each criterion's visibility
        criteria = self.env["order.review.criterion"].sudo()._browse_configured(values_list)
        facts = criteria._run_checks(self.sudo())
        return {
            order.id: {criterion_id: found[order.id] for criterion_id, found in facts.items()}
            for order in self
        }

    def _check_blocking(self, steps, outcomes):
        """
        :param dict steps: ``{order id: steps}``
        :param dict outcomes: of :meth:`_run_review_checks`
        :raise UserError: one line an order with each fact that has to be in order first
        """
        lines = [
            self.env._("%(order)s: %(problems)s", order=order.name, problems=" ".join(texts))
            for order in self
            if (texts := order._get_blocking_texts(steps[order.id], outcomes[order.id]))
        ]
        if lines:
            raise UserError("\n".join(lines))

    def _get_blocking_texts(self, steps, facts):
        return [
            self.env._("%(check)s: %(evidence)s", check=row["name"], evidence=row["evidence"])
            for row in self._prepare_fact_rows(steps, facts)
            if row["blocking"] and row["result"] == FAIL
        ]

    def _prepare_fact_rows(self, steps, facts):
        """Return what was found as plain values for a screen, one dict a check, department by
        department.

        :param steps: of this order
        :param dict facts: ``{criterion id: Fact}``
        """
        configuration = self.env["order.review.step"]._get_configuration()
        return [
            {
                "step": configuration[step.id]["copy"]["name"],
                "name": criterion["name"],
                "check_code": criterion["check_code"],
                "blocking": criterion["blocking"],
                "result": facts[criterion["criterion_id"]].result,
                "evidence": self._get_visible_evidence(step, criterion, facts),
            }
            for step in steps
            for criterion in configuration[step.id]["criteria"]
            if criterion["kind"] == "automatic"
        ]

    @api.model
    def _get_visible_evidence(self, step, criterion, facts):
        if criterion["visibility"] == "department" and not step._is_open_to(self.env.user):
            return self.env._(
                "Only %s sees the figures.",
                self.env["order.review.step"]._get_configuration()[step.id]["copy"]["name"],
            )
        return facts[criterion["criterion_id"]].evidence

    def action_preview_review(self):
        """Show what the departments would find, before anything is submitted.

        :return: a window action
        :raise UserError: when nothing is checked automatically for this order
        """
        self.ensure_one()
        self.check_access("read")
        preview = self.env["order.review.preview"].create({"order_id": self.id})
        return preview._get_records_action(name=self.env._("What will they Find?"), target="new")

    def _preview_facts(self):
        """Return the rows of :meth:`_prepare_fact_rows` for the steps that this order needs."""
        self.ensure_one()
        steps = self.env["order.review.step"]._get_steps_by_order(self)
        return self._prepare_fact_rows(steps[self.id], self._run_review_checks(steps)[self.id])
