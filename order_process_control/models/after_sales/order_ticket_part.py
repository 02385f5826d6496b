from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ..order.process_token import is_process
from ..review import activities

KIND = "ticket_part"


class OrderTicketPart(models.Model):
    """What a department was asked to do or find out for a ticket, and its answer (R-371).

    Kept for ever; the methods here check who calls and then write as superuser.
    """

    _name = "order.ticket.part"
    _description = "Department's Part of a Ticket"
    _inherit = ["order.kept.mixin", "mail.activity.mixin", "order.deadline.mixin"]
    _order = "id desc"

    ticket_id = fields.Many2one(
        "order.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    department_id = fields.Many2one(
        "hr.department", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person Asked",
        readonly=True,
        ondelete="restrict",
        help="Empty: everybody in the department.",
    )
    question = fields.Text(string="Asked For", required=True, readonly=True)
    asked_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    asked_at = fields.Datetime(string="Asked On", required=True, readonly=True)
    state = fields.Selection(
        [("asked", "Asked"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
        string="Status",
        required=True,
        readonly=True,
        default="asked",
    )
    answer = fields.Text(readonly=True)
    answered_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    answered_at = fields.Datetime(string="Answered On", readonly=True)
    withdrawn_reason = fields.Text(string="Withdrawn Because", readonly=True)
    subject = fields.Char(related="ticket_id.subject")
    partner_id = fields.Many2one(related="ticket_id.partner_id", string="Customer")
    priority = fields.Selection(related="ticket_id.priority")
    can_answer = fields.Boolean(compute="_compute_can_answer")

    _open_idx = models.Index("(ticket_id) WHERE state = 'asked'")

    @api.depends("ticket_id", "department_id")
    def _compute_display_name(self):
        # sudo: names of what belongs to a part that the user reads
        for part, known in zip(self, self.sudo(), strict=True):
            part.display_name = f"{known.ticket_id.name}: {known.department_id.name}"

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        """For the screen only: the method asks again."""
        able = self.filtered(lambda part: part.state == "asked")._filter_answerable()
        for part in self:
            part.can_answer = part in able

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        # With a ticket whose time in the archive is over, and by that way alone
        return None if is_process(self.env) else super()._unlink_never()

    # === ITS CLOCK ===#

    @api.model
    def _get_deadline_clock(self):
        return "ticket_part"

    def _prepare_deadline_vals(self, policy=None):
        self.ensure_one()
        ticket = self.ticket_id
        return {
            "name": self.env._(
                "%(ticket)s: part of %(department)s",
                ticket=ticket.name,
                department=self.department_id.name,
            ),
            "order_id": ticket.order_id.id,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "user_id": self.user_id.id,
            "priority": ticket.priority,
        }

    def _get_deadline_owners(self):
        """Everybody who is asked keeps the promise."""
        members = self.department_id._get_signing_users()
        nobody = self.env["res.users"]
        return {part.id: part.user_id or members.get(part.department_id, nobody) for part in self}

    # === WHO IS ASKED ===#

    def _tell_asked(self):
        """Put these parts on the lists of who is asked, or of who stands in for them (as
        superuser)."""
        able = self._get_able_user_ids()
        owners = {
            id_: users.filtered(lambda user: user.id in able)
            for id_, users in self._get_deadline_owners().items()
        }
        people = self.env["order.alert"]._get_people(
            [
                (part.company_id.id, owners[part.id]._ids, part.department_id.id, ("owner",))
                for part in self
            ]
        )
        activities.schedule(
            self.env,
            [
                part._prepare_task(user_id)
                for part, user_ids in zip(self, people, strict=True)
                for user_id in user_ids
            ],
        )
        self._forget_asked()

    @api.model
    def _get_able_user_ids(self):
        """Return the ids of those who can open the part that they are asked for; where nobody of a
        department is, its manager is told, else the process manager."""
        # sudo: roles of colleagues; only people are handed out
        names = ("group_order_reviewer", "group_ticket_agent", "group_order_user")
        groups = [self.env.ref(f"order_process_control.{name}").sudo() for name in names]
        return set().union(*(group.all_user_ids._ids for group in groups))

    def _prepare_task(self, user_id):
        self.ensure_one()
        return {
            "record": self,
            "kind": KIND,
            "summary": self.env._("%s: your part of it", self.ticket_id.display_name),
            "note": plaintext2html(self.question),
            "user_id": user_id,
        }

    def _filter_answerable(self):
        """Return those that the user may answer: as one of the department, as the person asked or
        who stands in for them, or as a process manager who reads the part."""
        if self.env.su or self.env.user.has_group("order_process_control.group_order_manager"):
            return self
        return self.filtered("is_for_asked")

    # === ANSWERS ===#

    def action_answer(self, answer):
        """Say what came of these parts, as the department that was asked.

        :param str answer: what was done or found, not blank
        :return: True
        :raise AccessError: for whoever is not of the department
        :raise UserError: without an answer, or for what is answered or withdrawn already
        """
        self._check_parts()
        self.check_access("read")
        others = self - self._filter_answerable()
        if others:
            raise AccessError(
                self.env._(
                    "%s: answered by the people of the department that was asked.",
                    ", ".join(others.mapped("display_name")),
                )
            )
        answer = self.ticket_id._get_text(
            answer, self.env._("Write what your department has done or found.")
        )
        self._end(
            {
                "state": "answered",
                "answer": answer,
                "answered_by": self.env.uid,
                "answered_at": fields.Datetime.now(),
            }
        )
        return True

    def action_withdraw(self, reason):
        """Take these parts back, as an agent of their tickets: nobody waits for them any more.

        :param str reason: why, not blank
        :return: True
        :raise UserError: without a reason, or for what is answered or withdrawn already
        """
        self._check_parts()
        self.check_access("read")
        self.ticket_id._check_may_act()
        reason = self.ticket_id._get_text(
            reason, self.env._("Write why the department need not answer any more.")
        )
        self._end({"state": "withdrawn", "withdrawn_reason": reason})
        return True

    def _check_parts(self):
        if not self or len(self.exists()) != len(self):
            raise UserError(self.env._("One of the parts does not exist. Reload the page."))

    def _end(self, vals):
        """Close these parts; the caller has checked who asks.

        :raise UserError: for those that are closed
        """
        # sudo: parts are not writable for anybody
        parts = self.sudo()
        parts.ticket_id._take()
        ended = parts.filtered(lambda part: part.state != "asked")
        if ended:
            raise UserError(
                self.env._(
                    "%s: this is answered or withdrawn already.",
                    ", ".join(ended.mapped("display_name")),
                )
            )
        parts._update_rows([vals] * len(parts))
        if vals["state"] == "answered":
            parts._stop_deadline()
        else:
            parts._cancel_deadline(vals["withdrawn_reason"])
        activities.close(parts, kinds=[KIND])
        parts._forget_asked()
        parts._log_end(vals)
        parts.ticket_id._go_on_after_parts()

    def _log_end(self, vals):
        """Write into the history of the tickets what came of these parts (as superuser)."""
        for department, parts in self.grouped("department_id").items():
            if vals["state"] == "answered":
                text = self.env._(
                    "Answer of %(department)s: %(answer)s",
                    department=department.name,
                    answer=vals["answer"],
                )
            else:
                text = self.env._(
                    "%(department)s need not answer any more: %(reason)s",
                    department=department.name,
                    reason=vals["withdrawn_reason"],
                )
            parts.ticket_id._log(text)

    # === THE SCREEN ===#

    def action_open_step(self):
        """Return the screen that asks for the answer or the reason; which, the button says in its
        context as ``part_step``."""
        kind = self.env.context.get("part_step")
        if kind not in ("answer", "withdraw"):
            raise UserError(self.env._("Use the buttons of the part."))
        self.check_access("read")
        step = self.env["order.ticket.part.step"].create({"kind": kind, "part_ids": self.ids})
        return step._get_screen()

    @api.readonly
    def action_open_ticket(self):
        """Return the action that opens the ticket of this part."""
        self.ensure_one()
        self.ticket_id.check_access("read")
        return self.ticket_id._get_records_action()
