from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..order.process_token import as_process


class OrderTicket(models.Model):
    """What the customer says: answers, confirms that it is solved, or is not satisfied (R-356).

    Pages for customers check who asks, then call ``_confirm_solved`` and ``_reopen``.
    """

    _inherit = "order.ticket"

    def _is_own_ticket(self):
        """Tell whether the user is the customer of all these tickets."""
        own = self.env.user.partner_id.commercial_partner_id
        # sudo: yes or no about one's own company
        return self.env.user.share and self.sudo().commercial_partner_id == own

    def _check_may_speak(self):
        """Let the customer, or an agent for the customer, say whether it is solved.

        :return: whether it is the customer
        :raise AccessError: for anybody else
        """
        self.check_access("read")
        if self._is_own_ticket():
            return True
        if self.env.user.share:
            raise AccessError(self.env._("This ticket belongs to somebody else."))
        self._check_may_act()
        return False

    def action_confirm_solved(self, note=None):
        """Close solved tickets because their customer says that they are solved: the only way
        but the customer's silence, where the team allows that (R-354).

        :param str note: who said so and how; needed from an agent, not from the customer
        :return: True
        :raise UserError: for tickets that are not solved, or an agent without a note
        """
        is_customer = self._check_may_speak()
        self._check_state(["resolved"], self.env._("is not solved yet, write the result first."))
        if is_customer:
            self._confirm_solved(self.env.user.partner_id, note)
            return True
        note = self._get_text(
            note, self.env._("Write who confirmed it and how, for example “by phone, Ms Li”.")
        )
        self._close("told", False, self.env._("Confirmed by the customer: %s", note))
        return True

    def _confirm_solved(self, partner, note=None):
        """Close these solved tickets in the name of their customer; the caller knows that it is.

        :param partner: the res.partner who says so
        """
        note = self.env["order.signoff"]._clean_text(note)
        text = self.env._("%s confirmed that it is solved.", partner.name)
        self._close("customer", partner, " ".join(filter(None, [text, note])))

    def _close(self, confirmation, partner, text):
        self._set_state(
            "closed",
            closed_at=fields.Datetime.now(),
            confirmation=confirmation,
            confirmed_by=partner and partner.id,
        )
        self._log(text)
        # sudo: the lists of all agents
        self.sudo()._close_tasks()

    def action_reopen(self, reason):
        """Go on with tickets whose customer is not satisfied, or that were closed by mistake.

        :param str reason: why the customer is not satisfied, not blank
        :return: True
        :raise UserError: for tickets that are open
        """
        self._check_may_speak()
        reason = self._get_text(
            reason, self.env._("Write why the customer is not satisfied: that is what we mend.")
        )
        self._check_state(["resolved", "closed", "cancelled"], self.env._("is open already."))
        self._reopen(reason)
        return True

    def _reopen(self, reason):
        """Open these tickets again; the caller has checked who asks."""
        # sudo: the customer writes no ticket; the caller has checked
        tickets = self.sudo()
        tickets._set_each(lambda ticket: ticket._prepare_reopen_vals(reason))
        # What was free meanwhile may be claimed elsewhere
        tickets.line_ids._check_quantities()
        self._log(self.env._("Reopened: %s", reason))
        tickets._tell_agents()

    def _prepare_reopen_vals(self, reason):
        self.ensure_one()
        return {
            "state": "in_progress",
            "reopen_count": self.reopen_count + 1,
            "reopen_reason": reason,
            "resolved_at": False,
            "resolved_by": False,
            "closed_at": False,
            "confirmation": False,
            "confirmed_by": False,
            "merged_into_id": False,
        }

    # === MESSAGES ===#

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type in ("comment", "email", "email_outgoing"):
            if not message.subtype_id.internal and not message.is_internal:
                # sudo: customers and salespeople move a ticket by what they say
                self.sudo()._on_message(message.sudo().author_id)
        return result

    def _on_message(self, author):
        """A public message was written: by the customer, or to the customer."""
        self.ensure_one()
        if author.commercial_partner_id == self.commercial_partner_id:
            self._on_customer_message(author)
        elif author.user_ids.filtered(lambda user: user.active and not user.share):
            self._on_our_message()

    def _on_customer_message(self, author):
        now = fields.Datetime.now()
        reason = self.env._("%s answered.", author.name)
        vals = {} if self.customer_waits_since else {"customer_waits_since": now}
        if self.state == "waiting_customer":
            vals["state"] = "in_progress"
        elif self.state == "resolved":
            vals |= self._prepare_reopen_vals(reason)
        if vals:
            as_process(self).write(vals)
        if "reopen_count" in vals:
            self._log(self.env._("Reopened: %s", reason))
        if self.state in ("closed", "cancelled") or "reopen_count" in vals:
            self._tell_agents()

    def _on_our_message(self):
        vals = {}
        if not self.first_response_at:
            vals["first_response_at"] = fields.Datetime.now()
        if self.customer_waits_since:
            vals["customer_waits_since"] = False
        if vals:
            as_process(self).write(vals)

    # === SILENCE ===#

    @api.model
    def _cron_close_silent(self):
        """Close the solved tickets whose customers have not answered for the days of the team."""
        teams = self.env["order.ticket.team"].search([("close_after_days", ">", 0)])
        self._work_through(
            Domain.OR(map(self._get_silent_domain, teams)), lambda tickets: tickets._close_silent()
        )

    def _close_silent(self):
        for team, tickets in self.grouped("team_id").items():
            tickets._close(
                "silence",
                False,
                self.env._(
                    "Closed by silence: the customer has not answered for %s days.",
                    team.close_after_days,
                ),
            )

    @api.model
    def _get_silent_domain(self, team):
        limit = fields.Datetime.now() - timedelta(days=team.close_after_days)
        return (
            Domain("team_id", "=", team.id)
            & Domain("state", "=", "resolved")
            & Domain("resolved_at", "<=", limit)
        )
