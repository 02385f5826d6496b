from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..review import activities

ANSWERED = "ticket_part_answered"


class OrderTicket(models.Model):
    """Departments that are asked for their part of a ticket, each with a time of its own
    (R-371)."""

    _inherit = "order.ticket"

    part_ids = fields.One2many(
        "order.ticket.part",
        "ticket_id",
        string="Departments",
        readonly=True,
        copy=False,
    )
    waiting_for = fields.Char(
        compute="_compute_waiting_for", help="The departments that have still to answer."
    )
    is_part_late = fields.Boolean(string="Department Late", compute="_compute_waiting_for")

    @api.model
    def _get_internal_fields(self):
        return super()._get_internal_fields() | {"part_ids", "waiting_for", "is_part_late"}

    @api.depends_context("lang")
    def _compute_waiting_for(self):
        """In two queries, however many tickets."""
        waiting = self._get_open_parts().grouped("ticket_id")
        for ticket in self:
            parts = waiting.get(ticket._origin.sudo(), self.env["order.ticket.part"])
            names = dict.fromkeys(part.department_id.name for part in parts)
            ticket.waiting_for = ", ".join(names)
            ticket.is_part_late = any(part.deadline_status == "overdue" for part in parts)

    def _get_open_parts(self):
        """Return what departments have still to answer, as superuser, the oldest first."""
        # sudo: who reads the ticket may know whom it waits for
        return (
            self.env["order.ticket.part"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("state", "=", "asked")], order="id")
        )

    def _take(self):
        """Take these tickets for this transaction: who answers the last open parts of one at the
        same time is run again by Odoo, and sees the other answer (as superuser)."""
        if self:
            self.env.execute_query(
                SQL("UPDATE order_ticket SET id = id WHERE id IN %s RETURNING id", self._ids)
            )

    # === ASKING ===#

    def action_ask_department(self, department_id, question, user_id=None):
        """Ask a department for its part of these tickets, which wait for it.

        :param int department_id: the hr.department
        :param str question: what it has to do or to find out, not blank
        :param int user_id: who of the department is asked; everybody when left out
        :return: the ids of the order.ticket.part, in the order of the tickets
        :raise UserError: without a question, for tickets that are solved or have ended, or for
            somebody who does not work there
        """
        self._check_may_act()
        question = self._get_text(
            question, self.env._("Write what the department has to do or to find out.")
        )
        self._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        department = self._get_asked_department(department_id)
        user = self._get_asked_user(department, user_id)
        now = fields.Datetime.now()
        self._take()
        # sudo: nobody writes parts but the process
        parts = self.env["order.ticket.part"].sudo()
        parts = parts._insert_rows(
            [ticket._prepare_part_vals(department, question, user, now) for ticket in self.sudo()]
        )
        parts._start_deadline()
        parts._tell_asked()
        self._set_state("waiting_internal")
        self._log(
            self.env._(
                "%(department)s is asked for its part: %(question)s",
                department=department.name,
                question=question,
            )
        )
        self.invalidate_recordset(["part_ids", "waiting_for", "is_part_late"])
        return parts.ids

    def _prepare_part_vals(self, department, question, user, now):
        self.ensure_one()
        return {
            "ticket_id": self.id,
            "company_id": self.company_id.id,
            "department_id": department.id,
            "user_id": user.id,
            "question": question,
            "asked_by": self.env.uid,
            "asked_at": now,
            "state": "asked",
        }

    def _get_asked_department(self, department_id):
        """Return the department of this id, as superuser.

        :raise UserError: for none, or one of another company
        """
        # sudo: every department can be asked, whoever may read its details
        departments = self.env["hr.department"].sudo()
        department = departments.browse(
            department_id if isinstance(department_id, int) else ()
        ).exists()
        if not department:
            raise UserError(self.env._("Choose the department that is asked."))
        if department.company_id and self.company_id != department.company_id:
            raise UserError(
                self.env._(
                    "“%s” is a department of another company: choose one of this company.",
                    department.name,
                )
            )
        return department

    @api.model
    def _get_asked_user(self, department, user_id):
        """Return who of the department is asked; nobody: everybody.

        :raise UserError: for somebody who works elsewhere, or could not open it
        """
        if not user_id:
            return self.env["res.users"]
        user = self._get_askable_users(department).filtered(lambda person: person.id == user_id)
        if not user:
            raise UserError(
                self.env._(
                    "Choose somebody who works in “%s” and has a role in Order Control, or leave"
                    " the person empty to ask all of them.",
                    department.name,
                )
            )
        return user

    @api.model
    def _get_askable_users(self, department):
        """Return the people of a department, and its manager, who can open what they are asked."""
        # sudo: only HR officers read employees; nothing but their users is taken from them
        department = department.sudo()
        people = department._get_signing_users().get(department, self.env["res.users"])
        people |= department.manager_id.user_id.sudo(False)
        able = self.env["order.ticket.part"]._get_able_user_ids()
        return people.filtered(lambda user: user.id in able)

    # === WHAT BECOMES OF IT ===#

    def _go_on_after_parts(self):
        """Go on with those of these tickets that wait for no department any more, and tell their
        agents (as superuser)."""
        self.invalidate_recordset(["part_ids", "waiting_for", "is_part_late"])
        ready = self - self._get_open_parts().ticket_id
        ready = ready.filtered(lambda ticket: ticket.state == "waiting_internal")
        if not ready:
            return
        ready._set_state("in_progress")
        told = {ticket: ticket.user_id or ticket.team_id.leader_id for ticket in ready}
        activities.schedule(
            self.env,
            [
                {
                    "record": ticket,
                    "kind": ANSWERED,
                    "summary": self.env._(
                        "%s: the departments have answered, go on", ticket.display_name
                    ),
                    "user_id": user.id,
                }
                for ticket, user in told.items()
                if user and user != self.env.user
            ],
        )

    def action_resolve(self, result=None, resolution=None):
        self._check_may_act()
        self._check_no_open_parts()
        return super().action_resolve(result, resolution)

    def _check_no_open_parts(self):
        """:raise UserError: names the departments that have still to answer"""
        parts = self._get_open_parts()
        if parts and self.env.user.share:
            # Who of ours is asked for what is not for merchants and suppliers
            raise UserError(
                self.env._("We are still looking into it ourselves: please file your result later.")
            )
        if parts:
            raise UserError(
                self.env._(
                    "%(ticket)s waits for %(department)s, asked on %(date)s. Wait for the answer,"
                    " or withdraw the question on the page “Departments”.",
                    ticket=parts[:1].ticket_id.name,
                    department=", ".join(dict.fromkeys(parts.department_id.mapped("name"))),
                    date=format_datetime(self.env, parts[:1].asked_at, dt_format="short"),
                )
            )

    def _cancel(self, reason, **vals):
        result = super()._cancel(reason, **vals)
        parts = self._get_open_parts()
        if parts:
            parts._end({"state": "withdrawn", "withdrawn_reason": reason})
        return result

    def _close_tasks(self):
        result = super()._close_tasks()
        activities.close(self, kinds=[ANSWERED])
        return result

    def _move_parts(self, target):
        """Give what departments were asked and have answered to another ticket, which waits for
        those that are open (as superuser)."""
        parts = self.part_ids
        if not parts:
            return
        parts._update_rows([{"ticket_id": target.id}] * len(parts))
        parts._forget_asked()
        target.invalidate_recordset(["part_ids", "waiting_for", "is_part_late"])
        is_waiting = any(part.state == "asked" for part in parts)
        if is_waiting and target.state in ("new", "in_progress"):
            target._set_state("waiting_internal")

    # === THE SCREEN ===#

    def action_open_ask(self):
        """Return the screen on which a department is asked for its part of these tickets."""
        self._check_may_act()
        step = self.env["order.ticket.part.step"].create({"kind": "ask", "ticket_ids": self.ids})
        return step._get_screen()
