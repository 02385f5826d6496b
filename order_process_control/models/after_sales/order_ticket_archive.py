import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..order.process_token import as_process
from ..review import activities

_logger = logging.getLogger(__name__)

STAMPS = ("archived_at", "archived_by", "keep_until")
ENDED_STATES = ("closed", "cancelled")


class OrderTicket(models.Model):
    """Managers archive what has ended; it is kept for the time that the company says (R-348).

    Nothing is deleted by itself: when the time is over, a manager may.
    """

    _inherit = "order.ticket"

    # Read-only: Odoo would offer its own buttons to whoever may write a ticket
    active = fields.Boolean(default=True, readonly=True, copy=False)
    archived_at = fields.Datetime(string="Archived On", readonly=True, copy=False)
    archived_by = fields.Many2one("res.users", readonly=True, copy=False)
    keep_until = fields.Date(
        readonly=True, copy=False, help="It cannot be deleted before. Empty: it is kept for ever."
    )

    @api.model
    def _get_process_fields(self):
        return super()._get_process_fields() | {"active", *STAMPS}

    @api.model
    def _get_internal_fields(self):
        return super()._get_internal_fields() | set(STAMPS)

    @api.model
    def _get_initial_vals(self):
        return {**super()._get_initial_vals(), "active": True}

    def _compute_can_act(self):
        result = super()._compute_can_act()
        self.filtered(lambda ticket: not ticket.active).can_act = False
        return result

    # === INTO THE ARCHIVE AND BACK ===#

    def action_archive(self):
        """Archive tickets that have ended, as a process manager: from now on they are kept for the
        time that their company says.

        :raise AccessError: for anybody else
        :raise UserError: for tickets that somebody still works on
        """
        self._check_may_archive()
        self._check_state(ENDED_STATES, self.env._("is not closed yet: end it first."))
        # sudo: process fields
        tickets = as_process(self.sudo().filtered("active"))
        now, today = fields.Datetime.now(), fields.Date.context_today(self)
        for (company, before), group in tickets.grouped(
            lambda ticket: (ticket.company_id, ticket.keep_until)
        ).items():
            months = company.ticket_keep_months
            until = months and today + relativedelta(months=months)
            # What was promised when it was archived before is not shortened
            until = max(until, before) if until and before else until
            group.write({"archived_at": now, "archived_by": self.env.uid, "keep_until": until})
        tickets.filtered("follow_up_on")._end_follow_up()
        self.browse(tickets.ids)._log(self.env._("Archived."))
        return super(OrderTicket, tickets).action_archive()

    def action_unarchive(self):
        """Take tickets out of the archive, as a process manager; how long they are kept stays.

        :raise AccessError: for anybody else
        """
        self._check_may_archive()
        # sudo: process fields
        tickets = as_process(self.sudo().filtered(lambda ticket: not ticket.active))
        self.browse(tickets.ids)._log(self.env._("Taken out of the archive."))
        return super(OrderTicket, tickets).action_unarchive()

    def _check_may_archive(self):
        """:raise AccessError: for whoever is no process manager, or may not write the tickets"""
        if not self.env.su and not self.env.user.has_group(
            "order_process_control.group_order_manager"
        ):
            raise AccessError(
                self.env._("Tickets are archived, and taken out again, by process managers.")
            )
        self.check_access("write")

    def _check_not_archived(self):
        """:raise UserError: for archived tickets, and names how to go on"""
        archived = self.sudo().filtered(lambda ticket: not ticket.active)
        if archived:
            raise UserError(
                self.env._(
                    "%s is archived and stays as it is. Open a new request, or have a process"
                    " manager take it out of the archive.",
                    ", ".join(archived.mapped("name")),
                )
            )

    def _check_may_act(self):
        result = super()._check_may_act()
        self._check_not_archived()
        return result

    def _reopen(self, reason):
        self._check_not_archived()
        return super()._reopen(reason)

    def _check_editable(self, vals):
        if not self._get_content_fields().isdisjoint(vals):
            self._check_not_archived()
        return super()._check_editable(vals)

    # === WHAT THE CUSTOMER STILL SAYS ===#

    def _on_customer_message(self, author):
        """What customers write about an archived ticket is kept there, and somebody hears of it:
        its agent, else the leader of the team, else the process manager."""
        super()._on_customer_message(author)
        if self.active or self.user_id.active:
            return
        user = self.team_id.leader_id or self.company_id.order_process_manager_id
        activities.schedule(
            self.env,
            [
                {
                    "record": self,
                    "kind": "ticket",
                    "summary": self.env._(
                        "%s: the customer wrote about an archived ticket", self.display_name
                    ),
                    "user_id": user.id,
                }
            ]
            if user
            else [],
        )

    def _get_portal_notice(self, dates, tz):
        notice = super()._get_portal_notice(dates, tz)
        if self.active:
            return notice
        return {
            "kind": "secondary",
            "title": self.env._("This request is archived."),
            "text": self.env._("You can still read it. Please open a new one for anything else."),
        }

    # === WHEN THE TIME IS OVER ===#

    def _is_retention_over(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        return bool(self.archived_at and self.keep_until) and self.keep_until < today

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        # Also what was taken out of the archive again
        for ticket in self.filtered("archived_at"):
            ticket._check_retention_over()
        return super(OrderTicket, self.filtered("active"))._unlink_only_new()

    def _check_retention_over(self):
        """:raise UserError: for what has still to be kept"""
        if self._is_retention_over():
            return
        if not self.keep_until:
            raise UserError(self.env._("%s was archived and is kept for ever.", self.name))
        raise UserError(
            self.env._(
                "%(ticket)s was archived and has to be kept until %(date)s.",
                ticket=self.name,
                date=format_date(self.env, self.keep_until),
            )
        )

    def unlink(self):
        """Delete with a ticket whose time is over what was kept for ever because of it; documents
        of Odoo, and what random inspections found, stay."""
        self.check_access("unlink")
        # sudo: inspections and parts are deletable for nobody
        over = self.sudo().filtered(lambda t: not t.active and t._is_retention_over())
        if over:
            _logger.info(
                "Deleted by user %s after their time: %s", self.env.uid, over.mapped("name")
            )
            as_process(over.line_ids.inspection_ids).unlink()
            as_process(over.part_ids).unlink()
        return super().unlink()
