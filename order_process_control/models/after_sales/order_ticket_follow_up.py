from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from ..review import activities

KIND = "ticket_follow_up"
# Who is not there is called again on the next day
CALL_AGAIN_DAYS = 1
STAMPS = ("follow_up_on", "follow_up_result", "follow_up_note", "follow_up_by", "follow_up_at")


class OrderTicket(models.Model):
    """The call some days after closing: whether the customer is still satisfied, and what else
    they wish (R-370, R-399)."""

    _inherit = "order.ticket"

    follow_up_on = fields.Date(string="Call Planned", readonly=True, copy=False)
    follow_up_result = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("wishes", "Satisfied, with Wishes"),
            ("unsatisfied", "Not Satisfied"),
            ("unreached", "Not Reached"),
        ],
        string="Follow-up Call",
        readonly=True,
        copy=False,
    )
    follow_up_note = fields.Text(string="Heard on the Call", readonly=True, copy=False)
    follow_up_by = fields.Many2one("res.users", string="Called by", readonly=True, copy=False)
    follow_up_at = fields.Datetime(string="Called On", readonly=True, copy=False)

    _follow_up_on_idx = models.Index("(follow_up_on) WHERE follow_up_on IS NOT NULL")

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | set(STAMPS)

    @api.model
    def _get_internal_fields(self):
        # What an agent notes about a call is not written for the customer or a merchant
        return super()._get_internal_fields() | set(STAMPS)

    def _close(self, confirmation, partner, text):
        result = super()._close(confirmation, partner, text)
        self.sudo()._plan_follow_up()
        return result

    def write(self, vals):
        planned = self.browse()
        if vals.get("state", "closed") != "closed":
            planned = self.sudo().filtered("follow_up_on")
        result = super().write(vals)
        if planned:
            planned._end_follow_up()
        return result

    def _plan_follow_up(self):
        """Plan the call of those that are closed, where their category wants one."""
        today = fields.Date.context_today(self)
        for days, tickets in self.grouped(lambda t: t.category_id.follow_up_days).items():
            if days:
                tickets._schedule_follow_up(today + timedelta(days=days))

    def _schedule_follow_up(self, day):
        """Put the call on the list of the agent, else of the leader of the team."""
        tickets = self.filtered(lambda ticket: ticket.user_id or ticket.team_id.leader_id)
        as_process(tickets).write({"follow_up_on": day})
        activities.schedule(
            self.env,
            [
                {
                    "record": ticket,
                    "kind": KIND,
                    "summary": self.env._(
                        "%s: call the customer and ask how it goes", ticket.display_name
                    ),
                    "user_id": (ticket.user_id or ticket.team_id.leader_id).id,
                    "date_deadline": day,
                }
                for ticket in tickets
            ],
        )

    def _end_follow_up(self):
        """Nobody calls any more: it was done, or the ticket is open again."""
        as_process(self).write({"follow_up_on": False})
        activities.close(self, kinds=[KIND])

    def action_record_follow_up(self, result, note):
        """Record a call after closing. Not satisfied: the ticket is reopened for that reason; not
        reached: the call is planned for the next day.

        :param str result: of ``follow_up_result``
        :param str note: what was heard, not blank
        :return: True
        """
        self._check_may_act()
        if result not in dict(self._fields["follow_up_result"].selection):
            raise UserError(self.env._("Choose what came of the call, for example “Satisfied”."))
        note = self._get_text(note, self.env._("Write what the customer said, or when you called."))
        not_closed = self.filtered(lambda ticket: ticket.state != "closed")
        if not_closed:
            raise UserError(
                self.env._(
                    "%s is not closed: speak with the customer there.",
                    ", ".join(not_closed.mapped("name")),
                )
            )
        as_process(self).write(
            {
                "follow_up_result": result,
                "follow_up_note": note,
                "follow_up_by": self.env.uid,
                "follow_up_at": fields.Datetime.now(),
            }
        )
        label = dict(self._fields["follow_up_result"]._description_selection(self.env))[result]
        self._log(self.env._("Follow-up call: %(result)s. %(note)s", result=label, note=note))
        tickets = self.sudo()
        tickets._end_follow_up()
        if result == "unsatisfied":
            self._reopen(note)
        elif result == "unreached":
            today = fields.Date.context_today(self)
            tickets._schedule_follow_up(today + timedelta(days=CALL_AGAIN_DAYS))
        return True
