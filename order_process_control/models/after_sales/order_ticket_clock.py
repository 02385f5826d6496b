from odoo import fields, models
from odoo.tools import groupby

# States in which the clocks stand still: the customer has to do something
STILL_STATES = ("waiting_customer", "resolved")
ENDED_STATES = ("closed", "cancelled")
# What decides which time a ticket has
CRITERIA = (
    "category_id",
    "impact",
    "urgency",
    "is_major_quality",
    "partner_id",
    "team_id",
)


class OrderTicket(models.Model):
    """Three promises of every ticket: a first response, the next responses, a solution.

    They run in the working time of the team that the ticket had when they began, stand still while
    the customer has to do something, and are never reset.
    """

    _inherit = ["order.ticket", "order.deadline.mixin"]
    _name = "order.ticket"

    def _get_deadline_clock(self):
        return "resolution"

    # === STARTING ===#

    def _on_created(self):
        result = super()._on_created()
        # sudo: clocks, which nobody writes
        tickets = self.sudo()
        talking = tickets.filtered(lambda ticket: ticket._is_answered_at_once())
        talking._update_rows([{"first_response_at": fields.Datetime.now()}] * len(talking))
        tickets._start_clocks(
            [(ticket, "first_response") for ticket in tickets - talking]
            + [(ticket, "resolution") for ticket in tickets]
        )
        return result

    def _is_answered_at_once(self):
        """Tell whether an agent writes this ticket while talking to the customer."""
        self.ensure_one()
        is_talk = self.channel in ("phone", "visit", "chat")
        return is_talk and not self.env.user.share and self.env.uid != 1

    def _start_clocks(self, pairs):
        """Start promises with one statement.

        :param list pairs: (ticket as superuser, clock)
        """
        policies = self.env["order.deadline.policy"]
        vals_list = []
        for ticket, clock in pairs:
            info = policies._find_ticket_info(clock, ticket)
            if info:
                vals_list.append(ticket._prepare_clock_vals(clock, info))
        return self.env["order.deadline"]._start_many(vals_list)

    def _prepare_clock_vals(self, clock, info):
        self.ensure_one()
        vals = {
            **self._prepare_deadline_vals(None),
            "record": self,
            "clock": clock,
            "policy_id": info.id,
            "name": self._get_clock_name(clock),
        }
        if info.is_working and not info.calendar_id and self.team_id.calendar_id:
            vals["calendar_id"] = self.team_id.calendar_id.id
        return vals

    def _get_clock_name(self, clock):
        names = {
            "first_response": self.env._("%s: first response", self.name),
            "next_response": self.env._("%s: next response", self.name),
        }
        return names.get(clock) or self.env._("%s: solution", self.name)

    # === FOLLOWING WHAT HAPPENS ===#

    def write(self, vals):
        before = {ticket.id: ticket.state for ticket in self} if "state" in vals else {}
        result = super().write(vals)
        # sudo: clocks, which nobody writes
        tickets = self.sudo()
        if before:
            tickets._follow_state(vals["state"], before)
        if vals.get("first_response_at"):
            tickets._stop_deadline("first_response")
        if "customer_waits_since" in vals:
            tickets._follow_answer(vals["customer_waits_since"])
        if not set(CRITERIA).isdisjoint(vals):
            tickets._reevaluate_deadline()
        if not {"user_id", "team_id"}.isdisjoint(vals):
            tickets._follow_owner()
        return result

    def _follow_state(self, state, before):
        """Let the clocks stand still, go on or end.

        :param dict before: ``{ticket id: state}``
        """
        changed = self.filtered(lambda ticket: before[ticket.id] != state)
        if state in STILL_STATES:
            changed._pause_deadline(self._get_pause_reason(state))
        elif state == "closed":
            changed._stop_deadline()
        elif state == "cancelled":
            changed._cancel_deadline(self.env._("The ticket was cancelled."))
        else:
            changed.filtered(lambda t: before[t.id] in STILL_STATES)._resume_deadline()
            changed.filtered(lambda t: before[t.id] in ENDED_STATES)._reopen_clocks()

    def _get_pause_reason(self, state):
        if state == "resolved":
            return self.env._("Solved: the customer has to confirm it.")
        return self.env._("Waiting for the customer.")

    def _reopen_clocks(self):
        """Let the solution of what was closed, and the first response where there was none, go on
        with the time that was left."""
        if not self:
            return
        # sudo: clocks, which nobody writes
        deadlines = self.env["order.deadline"].sudo()
        ended = deadlines.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("clock", "in", ("resolution", "first_response")),
                ("state", "!=", "exempt"),
            ],
            order="id desc",
        )
        answered = set(self.filtered("first_response_at")._ids)
        ended = ended.filtered(lambda d: d.clock == "resolution" or d.res_id not in answered)
        latest = {key: found[0] for key, found in groupby(ended, lambda d: (d.res_id, d.clock))}
        deadlines.union(*latest.values())._reopen_ended(self.env._("The ticket was reopened."))
        # Who wrote while it was closed waits for an answer from now on
        self.filtered("customer_waits_since")._promise_answer()

    def _follow_answer(self, waits_since):
        """The customer waits for an answer, or has it."""
        if waits_since:
            self._promise_answer()
        else:
            self._stop_deadline("next_response")

    def _promise_answer(self):
        """Start the clock of the next answer where it does not run."""
        # What has ended promises nothing until somebody opens it again
        answered = self.filtered(lambda t: t.first_response_at and t.state not in ENDED_STATES)
        running = set(answered._get_open_deadlines("next_response").mapped("res_id"))
        self._start_clocks([(t, "next_response") for t in answered if t.id not in running])

    def _follow_owner(self):
        """Alerts go to the agent and the department that have the ticket now."""
        deadlines = self._get_open_deadlines()
        by_id = {ticket.id: ticket for ticket in self}
        deadlines._set_owners(
            {
                deadline.id: {
                    "user_id": by_id[deadline.res_id].user_id.id,
                    "department_id": by_id[deadline.res_id].team_id.department_id.id,
                }
                for deadline in deadlines
            }
        )

    def _reevaluate_deadline(self, clock=None):
        """Category, priority, customer or team changed: time the open promises anew, with what is
        used and paused kept."""
        policies, vals_by_id = self.env["order.deadline.policy"], {}
        deadlines = self._get_open_deadlines(clock)
        # sudo: teams and customers decide the time, whoever changes a criterion
        by_id = {ticket.id: ticket for ticket in self.sudo()}
        for deadline in deadlines:
            ticket = by_id[deadline.res_id]
            info = policies._find_ticket_info(deadline.clock, ticket)
            vals_by_id[deadline.id] = {
                "priority": ticket.priority,
                "policy_id": info.id if info else deadline.policy_id.id,
            }
        return deadlines._reevaluate(vals_by_id)
