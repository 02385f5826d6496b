from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_time

from ..order.process_token import as_process
from ..review.sale_order_reminder import REMINDER_INTERVAL


class OrderChange(models.Model):
    """Who waits for the review of a change can remind whoever holds it up."""

    _inherit = "order.change"

    def action_remind(self):
        """Send everybody who can sign this change now one message, at most once an hour.

        :return: a notification that names who was reminded
        :raise AccessError: without the right to submit, or without write access to the change
        :raise UserError: when nobody can be reminded now, with the reason
        """
        if len(self.ids) != 1:
            raise UserError(self.env._("Choose one change."))
        self._check_may_act()
        pending = self._get_pending_signoffs()
        candidates = pending._get_candidates()
        # sudo: colleagues who are sent a message
        signers = {s: (candidates[s.id] - self.env.user).sudo() for s in pending}
        problem = self._get_reminder_problem(signers)
        if problem:
            raise UserError(
                self.env._("%(change)s: %(problem)s", change=self.name, problem=problem)
            )
        # sudo: rounds are not writable for anybody. A second reminder at the same moment fails
        # on this row, is tried again by Odoo and is refused then.
        as_process(self.sudo().review_id).write({"reminded_at": fields.Datetime.now()})
        self.env.flush_all()
        order = self.order_id
        order._notify_signers(signers)
        sentence = order._get_reminder_sentence(signers)
        # sudo: as the order's own lines, whatever the user may post
        self.sudo()._log(self.env._("Reminded: %s", sentence))
        return order._prepare_reminder_notification({self: sentence})

    def _get_reminder_problem(self, signers):
        """Return why nobody can be reminded now, with what to do, or False.

        :param dict signers: ``{pending sign-off: users}``
        """
        self.ensure_one()
        # sudo: who reads the change may know when its signers were reminded
        reminded_at = self.sudo().review_id.reminded_at
        if self.state != "submitted":
            return self.env._("Nobody is signing it now. Submit it first.")
        if reminded_at and reminded_at > fields.Datetime.now() - REMINDER_INTERVAL:
            return self.env._(
                "The signers were reminded less than an hour ago. You can remind them again at %s.",
                format_time(self.env, reminded_at + REMINDER_INTERVAL, self.env.user.tz, "short"),
            )
        if not any(signers.values()):
            return self.env._(
                "There is nobody to remind but yourself, or nobody at all who can sign. Ask a"
                " process manager who is to sign for: %s.",
                self.review_waiting_for,
            )
        return False
