from odoo import models
from odoo.exceptions import AccessError, UserError


class OrderSignoff(models.Model):
    """Many sign-offs at once, with a result for each."""

    _inherit = "order.signoff"

    def action_decide_many(self, decision, comment=None, all_in_order=False):
        """Decide on each of these sign-offs for itself, and say what became of it.

        :param str decision: ``approved`` or ``rejected``
        :param str comment: as for a single decision, the same for all
        :param bool all_in_order: answer the open questions of the approved ones with "in order"
        :return: list of dicts ``id``, ``name``, ``done`` (bool) and ``message``
        :raise AccessError: when the user may not read the sign-offs
        """
        self = self.browse(dict.fromkeys(self._ids))  # each once
        self._check_known(self)
        self.check_access("read")
        if decision not in ("approved", "rejected"):
            raise UserError(self.env._("Choose whether to approve or to reject."))
        self._filtered_access("read")._refresh_facts()
        messages = self._get_obstacles(decision, self._clean_text(comment), all_in_order)
        ready = self.filtered(lambda signoff: not messages[signoff.id])
        self._decide_ready(ready, decision, comment, all_in_order)
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "id": signoff.id,
                "name": signoff.display_name,
                "done": not messages[signoff.id],
                "message": messages[signoff.id] or labels[decision],
            }
            for signoff in self
        ]

    def _get_obstacles(self, decision, comment, all_in_order):
        """Return ``{sign-off id: why it cannot be decided this way, or False}``."""
        reasons = self._get_cannot_decide_reasons()
        reviews = set()
        for signoff in self.sudo():
            if reasons[signoff.id]:
                continue
            if signoff.review_id in reviews and not signoff.allow_requester:
                reasons[signoff.id] = self.env._(
                    "%s: one person signs for one department of an order. Choose one.",
                    signoff.display_name,
                )
                continue
            reviews.add(signoff.review_id)
            if decision == "rejected":
                reasons[signoff.id] = not comment and self.env._(
                    "%s: give the reason for the rejection.", signoff.display_name
                )
            else:
                reasons[signoff.id] = signoff._get_mass_problem(comment, all_in_order)
        return reasons

    def _get_mass_problem(self, comment, all_in_order):
        """Return what keeps this sign-off from being approved together with others, or False.

        What is not in order is looked at one by one, with a comment of its own.
        """
        self.ensure_one()
        doubts = self.answer_ids.filtered(
            lambda answer: answer.kind == "automatic" and answer.result != "pass"
        )
        if doubts:
            return self.env._(
                "%(signoff)s: look at it yourself, this is not in order: %(facts)s",
                signoff=self.display_name,
                facts=", ".join(doubts.mapped("name")),
            )
        return self._get_approval_problem(comment, all_in_order)

    def _decide_ready(self, signoffs, decision, comment, all_in_order):
        """Decide on sign-offs that nothing stands against, all in one go."""
        if not signoffs:
            return
        answers = []
        if decision == "approved" and all_in_order:
            answers = [
                {"id": answer.id, "result": "pass", "note": answer.note}
                # sudo: the questions of what the user may sign
                for answer in signoffs.sudo().answer_ids
                if answer.kind == "manual" and not answer.result
            ]
        signoffs._decide(decision, comment, answers)

    def action_open_mass_decision(self):
        """Open the screen on which several sign-offs are decided together.

        :return: a window action
        """
        if not self.env["order.signoff.decision.many"].has_access("create"):
            raise AccessError(self.env._("You do not sign for any department."))
        self._filtered_access("read")._refresh_facts()
        wizard = self.env["order.signoff.decision.many"].create({"signoff_ids": self.ids})
        return wizard._get_records_action(name=self.env._("Sign Together"), target="new")
