from odoo import models
from odoo.exceptions import UserError

from .proposal import Proposal


class SaleOrder(models.Model):
    """When the customer refuses what a rejection asks for, the general manager decides (R-082)."""

    _inherit = "sale.order"

    def action_escalate_decision(self, reason):
        """Ask the final approver to overrule the rejection of this unchanged order.

        A new round of the same content: what was approved is carried over, the rejection stays
        visible as overruled, departments that were not asked yet are asked, and the final
        approver signs last, with a reason.

        :param str reason: what the customer says; never blank
        :return: True
        :raise AccessError: without the right to submit, or without write access to the order
        :raise UserError: without a reason, or when the order is not rejected as it stands
        """
        if len(self) != 1:
            raise UserError(self.env._("Choose one order."))
        self._check_may_submit()
        reason = self.env["order.signoff"]._clean_text(reason)
        if not reason:
            raise UserError(self.env._("Write why the customer does not agree to the change."))
        self.env["order.ledger"]._lock(self)
        # sudo: rounds are read whole
        rejected = self.sudo().current_review_id
        if rejected.state != "rejected" or self.state not in ("draft", "sent"):
            raise UserError(
                self.env._("%s is not rejected: there is nothing to decide.", self.name)
            )
        if not self._has_content_of(rejected):
            raise UserError(
                self.env._(
                    "%s was changed since it was rejected. Request the review again instead.",
                    self.name,
                )
            )
        if rejected.signoff_ids.filtered(lambda s: s.state == "rejected" and s.is_final):
            raise UserError(
                self.env._(
                    "%s was rejected by the final approver: change the order, or request the"
                    " review again.",
                    self.name,
                )
            )
        self._open_overruling_round(rejected, reason)
        self._log_review(self.env._("The final approver is asked to decide: %s", reason))
        return True

    def _open_overruling_round(self, rejected, reason):
        steps = self.env["order.review.step"]
        history = self.env["order.review"]._read_history(self)
        chosen = steps._get_steps_by_order(self, history)[self.id]
        final = self._get_overruling_steps(chosen)
        step_ids = [id_ for id_ in steps._get_configuration() if id_ in (chosen | final)._ids]
        content, snapshot = self._get_review_snapshots()[self.id]
        asked = steps.browse(step_ids)
        proposal = Proposal(
            self,
            self,
            content,
            snapshot,
            tuple(step_ids),
            overrules=rejected,
            outcomes=self._run_review_checks({self.id: asked})[self.id],
        )
        self._open_rounds([proposal], history, kind="escalated", reason=reason)

    def _get_overruling_steps(self, steps):
        """Return who decides: the final approval of this order, else any of its company.

        :raise UserError: when the company has none
        """
        configuration = self.env["order.review.step"]._get_configuration()
        final = steps.browse(
            step_id for step_id in steps._ids if configuration[step_id]["copy"]["is_final"]
        ) or steps.browse(
            step_id
            for step_id, values in configuration.items()
            if values["copy"]["is_final"] and values["company_id"] in (False, self.company_id.id)
        )
        if not final:
            raise UserError(
                self.env._(
                    "No step of the review is marked as final approval, so nobody can overrule a"
                    " rejection. Ask a process manager to mark the general manager's step."
                )
            )
        return final
