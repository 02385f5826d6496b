from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import get_lang

from ..order.process_token import as_process
from ..review import activities


class OrderTicket(models.Model):
    """What agents do with a ticket: take, wait, escalate, resolve, cancel."""

    _inherit = "order.ticket"

    def _get_text(self, text, missing):
        """Return what somebody wrote.

        :raise UserError: ``missing`` when it says nothing
        """
        text = self.env["order.signoff"]._clean_text(text)
        if not text:
            raise UserError(missing)
        return text

    def _check_state(self, states, sentence):
        """:raise UserError: ``sentence`` with the numbers of those in other states."""
        others = self.filtered(lambda ticket: ticket.state not in states)
        if others:
            raise UserError(
                self.env._(
                    "%(tickets)s: %(sentence)s",
                    tickets=", ".join(others.mapped("name")),
                    sentence=sentence,
                )
            )

    def _log(self, text):
        """Write into the history of the tickets what happened; mail nobody."""
        # sudo: the process writes the history, whoever has acted
        self.sudo()._message_log_batch(
            bodies=dict.fromkeys(self.ids, text), author_id=self.env.user.partner_id.id
        )

    # === WORKING ON IT ===#

    def action_take(self):
        """Take the tickets: the user is their agent from now on.

        :return: True
        :raise UserError: for tickets that are solved or have ended
        """
        self._check_may_act()
        self._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        user = self.env.user
        new = self.filtered(lambda ticket: ticket.state == "new")
        (self - new)._set_user(user)
        if new:
            new._set_state("in_progress", user_id=user.id)
        # sudo: the lists of other agents
        self.sudo()._tell_agents()
        return True

    def _set_user(self, user):
        if self:
            # sudo: a ticket of a desk that the user has just left; action_take has checked
            as_process(self.sudo()).write({"user_id": user.id})

    def action_answer(self, message):
        """Write to the customers, without opening each ticket.

        :param str message: not blank
        :return: True
        :raise UserError: without a message, or for tickets that are solved or have ended
        """
        self._check_may_act()
        self._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        message = self._get_text(message, self.env._("Write the answer first."))
        self._tell_customer(plaintext2html(message))
        return True

    def action_wait_customer(self, message=None):
        """Stop the clocks until the customer has answered.

        :param str message: what is asked, sent to the customer; may be left out when the
            customer has been written to already
        :return: True
        :raise UserError: when the customer does not know what we wait for
        """
        self._check_may_act()
        self._check_state(self._get_open_states(), self.env._("is solved or has ended."))
        message = self.env["order.signoff"]._clean_text(message)
        unknowing = self.filtered(
            lambda ticket: not ticket.first_response_at or ticket.customer_waits_since
        )
        if unknowing and not message:
            raise UserError(
                self.env._(
                    "Write to the customer of %s first what you need: nobody answers what was not"
                    " asked.",
                    ", ".join(unknowing.mapped("name")),
                )
            )
        if message:
            self._tell_customer(plaintext2html(message))
        self._set_state("waiting_customer")
        return True

    def action_wait_internal(self, reason):
        """Wait for somebody of ours: the clocks run on, the customer waits for all of us.

        :param str reason: for what, not blank
        :return: True
        """
        self._check_may_act()
        reason = self._get_text(reason, self.env._("Write what you wait for."))
        self._check_state(self._get_open_states(), self.env._("is solved or has ended."))
        self._set_state("waiting_internal")
        self._log(self.env._("Waiting for us: %s", reason))
        return True

    def action_continue(self):
        """Go on with tickets that were waiting.

        :return: True
        """
        self._check_may_act()
        self._check_state(self._get_open_states(), self.env._("is solved or has ended."))
        self._set_state("in_progress")
        return True

    def action_escalate(self, reason):
        """Hand tickets to the second line of their team, or to its leader where there is none
        (R-354).

        :param str reason: what was tried and why it was not enough, not blank
        :return: True
        :raise UserError: without a reason, or when there is nobody to hand them to
        """
        self._check_may_act()
        reason = self._get_text(reason, self.env._("Write what was tried and what is needed."))
        self._check_state(self._get_open_states(), self.env._("is solved or has ended."))
        # sudo: teams and people of other desks, whoever escalates
        tickets = self.sudo()
        tickets._set_each(lambda ticket: ticket._prepare_escalation_vals())
        self._log(self.env._("Escalated: %s", reason))
        tickets._assign()
        return True

    def _prepare_escalation_vals(self):
        self.ensure_one()
        team = self.team_id.escalation_team_id
        leader = self.team_id.leader_id
        if not team and (not leader or leader == self.user_id):
            raise UserError(
                self.env._(
                    "%(ticket)s: “%(team)s” has no second line and no leader to hand it to. Ask a"
                    " process manager to name one.",
                    ticket=self.name,
                    team=self.team_id.name or "",
                )
            )
        vals = {"tier": self.tier + 1, "state": "in_progress"}
        if team:
            return {**vals, "team_id": team.id, "user_id": False}
        return {**vals, "user_id": leader.id}

    # === THE END OF IT ===#

    def action_resolve(self, result=None, resolution=None):
        """Say what came of it and ask the customer whether that is all right.

        :param str result: what was done and found; what stands on the ticket when left out
        :param str resolution: how it was settled; what stands on the ticket when left out
        :return: True
        :raise UserError: without a result, also when the problem was not solved (R-342)
        """
        self._check_may_act()
        self._check_state(self._get_open_states(), self.env._("is solved or has ended already."))
        # sudo: process fields and the lists of all agents
        tickets = self.sudo()
        vals_by_id = {
            ticket.id: ticket._prepare_resolve_vals(result, resolution) for ticket in self
        }
        self._check_documents()
        tickets._set_each(lambda ticket: vals_by_id[ticket.id])
        for ticket in self:
            # In the language of who reads it
            lang = get_lang(self.env, ticket.partner_id.lang).code
            message = ticket.with_context(lang=lang)._get_result_message(ticket.result)
            ticket._tell_customer(message)
        tickets._close_tasks()
        return True

    def _prepare_resolve_vals(self, result, resolution):
        """:raise UserError: without a result, or how it was settled"""
        self.ensure_one()
        text = self._get_text(result or self.result, self._get_missing_result())
        resolution = resolution or self.resolution
        self._check_resolution(resolution)
        return {
            "state": "resolved",
            "result": text,
            "resolution": resolution,
            "resolved_by": self.env.uid,
            "resolved_at": fields.Datetime.now(),
        }

    def _get_missing_result(self):
        self.ensure_one()
        return self.env._(
            "%s: write the result, what was found and done. It is needed also when the problem"
            " could not be solved.",
            self.name,
        )

    def _check_resolution(self, resolution):
        """:raise UserError: for no resolution, or none that there is"""
        if resolution not in dict(self._fields["resolution"].selection):
            raise UserError(
                self.env._("%s: choose how it was settled, for example “Advice”.", self.name)
            )

    def _check_documents(self):
        """Called before a ticket is solved.

        :raise UserError: for what is still on its way
        """

    def _get_result_message(self, text):
        return Markup("<p>%s</p>%s<p>%s</p>") % (
            self.env._("We have dealt with your request:"),
            plaintext2html(text),
            self.env._(
                "Is this solved for you? Answer this message, or confirm it on the page of the"
                " request."
            ),
        )

    def action_cancel(self, reason):
        """End tickets that were a mistake or that the customer has taken back.

        :param str reason: why, not blank
        :return: True
        """
        self._check_may_act()
        reason = self._get_text(reason, self.env._("Write why the ticket is cancelled."))
        self._check_state((*self._get_open_states(), "resolved"), self.env._("has ended already."))
        self._check_documents()
        self._cancel(reason)
        return True

    def _cancel(self, reason, **vals):
        self._set_state("cancelled", closed_at=fields.Datetime.now(), **vals)
        self._log(self.env._("Cancelled: %s", reason))
        # sudo: the lists of all agents
        self.sudo()._close_tasks()

    def _close_tasks(self):
        activities.close(self, kinds=["ticket"])

    def _tell_customer(self, body):
        """Send a message to the customers, who are followers of their tickets."""
        for ticket in self:
            ticket.message_post(
                body=body,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=ticket.partner_id.ids,
            )
