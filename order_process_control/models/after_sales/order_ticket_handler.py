from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..order.process_token import as_process
from ..review import activities


class OrderTicket(models.Model):
    """Merchants and suppliers who handle tickets in the portal (R-339 .. R-342, R-372).

    They must file a result. What they have solved goes to the customer for confirmation; what
    they could not solve comes back to the agent.
    """

    _inherit = "order.ticket"

    handler_state = fields.Selection(
        [("asked", "Asked"), ("solved", "Filed: Solved"), ("unsolved", "Filed: Not Solved")],
        string="Handling",
        readonly=True,
        copy=False,
        tracking=True,
    )
    handler_result = fields.Text(
        readonly=True, copy=False, help="What the merchant or supplier has done and found."
    )
    handler_filed_at = fields.Datetime(string="Result Filed On", readonly=True, copy=False)
    handler_filed_by = fields.Many2one(
        "res.partner", string="Result Filed by", readonly=True, copy=False
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {
            "handler_state",
            "handler_result",
            "handler_filed_at",
            "handler_filed_by",
        }

    @api.model
    def _get_handled_domain(self, user):
        """Return the domain of the tickets that ``user`` handles as a merchant or supplier."""
        own = user.partner_id.commercial_partner_id
        return Domain("handler_partner_id", "child_of", own.id)

    def _is_handler(self, user):
        """Tell whether ``user`` handles this ticket from outside."""
        self.ensure_one()
        own = user.partner_id.commercial_partner_id
        # sudo: only yes or no is told
        handler = self.sudo().handler_partner_id.commercial_partner_id
        return user.share and bool(handler) and handler == own

    # === GIVEN TO A HANDLER ===#

    def _on_created(self):
        result = super()._on_created()
        # sudo: the mail to the handler, whoever names it
        self.sudo().filtered("handler_partner_id")._ask_handler()
        return result

    def write(self, vals):
        before = {}
        if "handler_partner_id" in vals:
            before = {ticket.id: ticket.handler_partner_id for ticket in self}
        result = super().write(vals)
        if before:
            # sudo: as above
            tickets = self.sudo().filtered(lambda t: t.handler_partner_id != before[t.id])
            for handler, left in tickets.grouped(lambda t: before[t.id]).items():
                left._leave_handler(handler.sudo())
            tickets._ask_handler()
        return result

    def _leave_handler(self, handler):
        """Let the people of ``handler``, who handles these no more, hear of them no more: who
        reads a ticket may follow it (as superuser)."""
        first = handler.commercial_partner_id
        left = self.filtered(
            lambda t: first
            not in (t.commercial_partner_id | t.handler_partner_id.commercial_partner_id)
        )
        leaving = left.message_partner_ids.filtered(
            lambda partner: partner.partner_share and partner.commercial_partner_id == first
        )
        if leaving:
            left.message_unsubscribe(partner_ids=leaving.ids)

    def _ask_handler(self):
        """Start, or end, the part of a handler; tell them by mail."""
        asked = self.filtered("handler_partner_id")
        as_process(asked).write(self._prepare_handler_vals("asked"))
        as_process(self - asked).write(self._prepare_handler_vals(False))
        for ticket in asked:
            ticket._tell_handler()

    @api.model
    def _prepare_handler_vals(self, state):
        return {
            "handler_state": state,
            "handler_result": False,
            "handler_filed_at": False,
            "handler_filed_by": False,
        }

    def _tell_handler(self):
        """Mail the handler where to look; what it is about is on the page, behind their login."""
        self.ensure_one()
        self._send_template("order_ticket_mail_handler", self.handler_partner_id)

    def _get_handler_notices(self, tz=None):
        """Return ``{ticket id: {"kind", "title", "text"}}``: what the handler has to do until when.

        :param str tz: name of the reader's time zone
        """
        dates = self._get_portal_dates()
        notices = {}
        for ticket in self:
            until = dates[ticket.id].get("resolution")
            text = self.env._("Nothing has to be done.")
            if ticket._waits_for_handler():
                text = self.env._("Please file your result as soon as possible.")
                if until:
                    until = format_datetime(self.env, until, tz=tz, dt_format="short")
                    text = self.env._("Please file your result by %s.", until)
            notices[ticket.id] = {"kind": "info", "title": "", "text": text}
        return notices

    def _waits_for_handler(self):
        self.ensure_one()
        return self.handler_state == "asked" and self.state in self._get_open_states()

    # === THEIR ANSWER ===#

    def action_file_result(self, result, is_solved, resolution=None):
        """File what came of it, as the merchant or supplier who handles it.

        :param str result: what was done and found, not blank, also when it is not solved (R-342)
        :param bool is_solved: otherwise it goes back to the agent
        :param str resolution: how it was settled, when it is solved
        :return: True
        :raise AccessError: for anybody but the handler
        :raise UserError: without a result, or when there is nothing to file any more
        """
        self.ensure_one()
        self.check_access("read")
        if not self._is_handler(self.env.user):
            raise AccessError(self.env._("Only who handles this ticket files its result."))
        result = self._get_text(
            self._get_customer_text(result),
            self.env._("Please write what you have done and found, also if it is not solved."),
        )
        # sudo: handlers write nothing but this
        ticket = self.sudo()
        ticket._check_may_file()
        ticket._file_result(result, bool(is_solved), resolution)
        return True

    def _check_may_file(self):
        """:raise UserError: for tickets that do not wait for their handler"""
        self._check_state(self._get_open_states(), self.env._("is solved or has ended."))
        if self.handler_state != "asked":
            raise UserError(
                self.env._("You have filed your result already: we go on with it and thank you.")
            )

    def _file_result(self, result, is_solved, resolution):
        if is_solved:
            self._check_resolution(resolution)
            if resolution == "unsolved":
                raise UserError(self.env._("Please choose how it was solved."))
        as_process(self).write(
            {
                "handler_state": "solved" if is_solved else "unsolved",
                "handler_result": result,
                "handler_filed_at": fields.Datetime.now(),
                "handler_filed_by": self.env.user.partner_id.id,
            }
        )
        self._log(self.env._("Result filed: %s", result))
        if is_solved:
            self.action_resolve(result, resolution)
        else:
            self._give_back()

    def _give_back(self):
        """Return what the handler could not solve to the agent."""
        self._set_state("in_progress")
        if not self.user_id:
            self._assign()
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": "ticket_returned",
                    "summary": self.env._("%s: not solved by the merchant", self.display_name),
                    "user_id": (self.user_id or self.team_id.leader_id).id,
                }
            ]
            if self.user_id or self.team_id.leader_id
            else [],
        )
