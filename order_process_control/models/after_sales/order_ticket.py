from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import frozendict

from ..order.kept_rows import update_rows
from ..order.process_token import as_process, is_process, without, without_derived
from ..review import activities
from .order_ticket_category import PHASES

OPEN_STATES = ("new", "in_progress", "waiting_customer", "waiting_internal")
PRIORITIES = [("0", "Normal"), ("1", "Urgent"), ("2", "Very Urgent"), ("3", "Critical")]
# Impact + urgency, 2 to 6
MATRIX = {2: "0", 3: "0", 4: "1", 5: "2", 6: "3"}


class OrderTicket(models.Model):
    """A customer's question or problem, until the customer says that it is solved
    (R-339 .. R-373, R-383 .. R-389).

    Agents describe and route it; state and stamps are the process' own.
    """

    _name = "order.ticket"
    _description = "Ticket"
    _inherit = ["portal.mixin", "rating.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "priority desc, id desc"
    _rec_names_search = ["name", "subject", "partner_id"]
    _check_company_auto = True
    # Whoever reads a ticket may say something about it: the salesperson, the customer
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    subject = fields.Char(required=True, index="trigram")
    description = fields.Html(help="The problem, in the words of the customer.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, check_company=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True, precompute=True
    )
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    partner_email = fields.Char(related="partner_id.email", string="Email")
    order_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id), ('state', '=', 'sale')]",
    )
    category_id = fields.Many2one(
        "order.ticket.category", required=True, index=True, check_company=True, tracking=True
    )
    category_kind = fields.Selection(related="category_id.kind")
    phase = fields.Selection(
        PHASES, compute="_compute_phase", store=True, readonly=False, precompute=True
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("chat", "Online Service"),
            ("visit", "Visit"),
            ("sales", "Salesperson"),
            ("delivery", "Refused on Delivery"),
            ("other", "Other"),
        ],
        default="phone",
        required=True,
    )
    impact = fields.Selection(
        [("1", "One Person"), ("2", "A Department"), ("3", "The Whole Company")],
        default="1",
        required=True,
        tracking=True,
        help="How many are hindered.",
    )
    urgency = fields.Selection(
        [("1", "Can Wait"), ("2", "Normal"), ("3", "Cannot Wait")],
        default="2",
        required=True,
        tracking=True,
        help="How long the customer can go on without a solution.",
    )
    priority = fields.Selection(
        PRIORITIES, compute="_compute_priority", store=True, precompute=True, index=True
    )
    is_major_quality = fields.Boolean(
        string="Major Quality Problem",
        tracking=True,
        help="The customer's production has stopped, or a whole batch is affected (R-365): the"
        " quality department is told at once.",
    )
    team_id = fields.Many2one(
        "order.ticket.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    department_id = fields.Many2one(related="team_id.department_id", related_sudo=True)
    user_id = fields.Many2one(
        "res.users",
        string="Agent",
        index=True,
        copy=False,
        check_company=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    handler_partner_id = fields.Many2one(
        "res.partner",
        string="Handled by",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="A merchant or supplier who has to solve it and say how (R-339 .. R-342).",
    )
    tier = fields.Integer(string="Service Line", default=1, readonly=True, copy=False)
    state = fields.Selection(
        [
            ("new", "New"),
            ("in_progress", "In Progress"),
            ("waiting_customer", "Waiting for Customer"),
            ("waiting_internal", "Waiting for Us"),
            ("resolved", "Solved"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="new",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    line_ids = fields.One2many("order.ticket.line", "ticket_id", string="Goods")
    visit_ids = fields.One2many("order.ticket.visit", "ticket_id", string="Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")
    result = fields.Text(
        copy=False,
        help="What was done and found, also when the problem could not be solved (R-342).",
    )
    resolution = fields.Selection(
        [
            ("advice", "Advice"),
            ("repair", "Repair"),
            ("exchange", "Exchange"),
            ("return_refund", "Return and Refund"),
            ("resupply", "Supplied Again"),
            ("compensation", "Compensation"),
            ("no_fault_found", "No Fault Found"),
            ("unsolved", "Not Solved"),
        ],
        copy=False,
        tracking=True,
    )
    resolved_by = fields.Many2one("res.users", readonly=True, copy=False)
    resolved_at = fields.Datetime(string="Solved On", readonly=True, copy=False)
    closed_at = fields.Datetime(string="Closed On", readonly=True, copy=False)
    confirmation = fields.Selection(
        [
            ("customer", "The Customer"),
            ("told", "The Customer, by Way of an Agent"),
            ("silence", "No Answer of the Customer"),
        ],
        string="Closed by",
        readonly=True,
        copy=False,
    )
    confirmed_by = fields.Many2one("res.partner", string="Confirmed by", readonly=True, copy=False)
    reopen_count = fields.Integer(string="Reopened", readonly=True, copy=False)
    reopen_reason = fields.Text(string="Not Satisfied Because", readonly=True, copy=False)
    first_response_at = fields.Datetime(string="First Response", readonly=True, copy=False)
    customer_waits_since = fields.Datetime(
        readonly=True, copy=False, help="The customer wrote and has had no answer yet."
    )
    merged_into_id = fields.Many2one(
        "order.ticket", readonly=True, copy=False, index="btree_not_null"
    )
    can_act = fields.Boolean(compute="_compute_can_act")

    _open_team_idx = models.Index("(team_id, state) WHERE state NOT IN ('closed', 'cancelled')")

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = " ".join(filter(None, [ticket.name, ticket.subject]))

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"
        return result

    @api.depends("category_id")
    def _compute_phase(self):
        for ticket in self:
            ticket.phase = ticket.category_id.phase or ticket.phase

    @api.depends("impact", "urgency", "is_major_quality")
    def _compute_priority(self):
        for ticket in self:
            score = int(ticket.impact or "1") + int(ticket.urgency or "1")
            ticket.priority = "3" if ticket.is_major_quality else MATRIX[score]

    @api.depends("category_id", "company_id", "partner_id")
    def _compute_team_id(self):
        teams = self.env["order.ticket.team"]._find_teams(self)
        for ticket in self:
            # Escalated: it is where it is on purpose
            ticket.team_id = ticket.team_id if ticket.tier > 1 else teams[ticket]

    def _compute_visit_count(self):
        visits, counts = self.env["order.ticket.visit"], {}
        # A department that is asked for its part sees the ticket alone
        if visits.has_access("read"):
            rows = visits._read_group([("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"])
            counts = dict(rows)
        for ticket in self:
            ticket.visit_count = counts.get(ticket._origin, 0)

    @api.depends_context("uid")
    def _compute_can_act(self):
        """For the screen only: every method asks again."""
        writable = self._origin._filtered_access("write")
        for ticket in self:
            ticket.can_act = not ticket._origin or ticket._origin in writable

    @api.model
    def _get_open_states(self):
        """Return the states in which somebody has still to do something about a ticket."""
        return OPEN_STATES

    # === WHO WRITES WHAT ===#

    @api.model
    def _get_process_fields(self):
        """Return the fields that only the process itself writes, whoever asks."""
        return {
            "name",
            "tier",
            "state",
            "resolved_by",
            "resolved_at",
            "closed_at",
            "confirmation",
            "confirmed_by",
            "reopen_count",
            "reopen_reason",
            "first_response_at",
            "customer_waits_since",
            "merged_into_id",
        }

    @api.model
    def _get_content_fields(self):
        """Return the fields that are fixed when a ticket has ended."""
        return {
            "subject",
            "description",
            "partner_id",
            "order_id",
            "category_id",
            "phase",
            "channel",
            "impact",
            "urgency",
            "is_major_quality",
            "team_id",
            "user_id",
            "handler_partner_id",
            "line_ids",
            "result",
            "resolution",
        }

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Auditors read every ticket and change nothing: neither do they write to customers."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == "create" and self._is_reading_only():
            return dict.fromkeys(operations, "write")
        return operations

    @api.model
    def _is_reading_only(self):
        """Tell whether the user sees tickets as an auditor and in no other role."""
        return self.env.user.has_groups(
            "order_process_control.group_order_auditor,"
            "!order_process_control.group_order_user,"
            "!order_process_control.group_ticket_agent"
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_process(self.env):
            for vals in vals_list:
                self._check_process_fields(vals)
        names = self._draw_numbers(len(vals_list))
        tickets = super().create(
            [
                {**self._prepare_create_vals(vals), "name": name}
                for vals, name in zip(vals_list, names, strict=True)
            ]
        )
        tickets._check_orders_readable()
        tickets._assign()
        tickets._on_created()
        return tickets

    @api.model
    def _prepare_create_vals(self, vals):
        # Explicit: a default of the user's own is as good as a value
        vals = without(without_derived(self, vals), self._get_process_fields())
        return {**vals, **self._get_initial_vals()}

    @api.model
    def _get_initial_vals(self):
        """Return with what every ticket begins, whatever a client says."""
        return {"state": "new", "tier": 1}

    @api.model
    def default_get(self, fields):
        return without_derived(self, super().default_get(fields))

    def _on_created(self):
        """Called with new tickets that have their team and agent."""

    @api.model
    def _draw_numbers(self, count):
        """Return ``count`` numbers of the sequence: of Odoo's standard kind with one statement."""
        # sudo: sequences are not for everybody to read
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [
                ("code", "=", self._name),
                ("company_id", "in", (self.env.company.id, False)),
            ],
            order="company_id",
            limit=1,
        )
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence._next() if sequence else False for _number in range(count)]
        rows = self.env.execute_query(sequence._get_many_query(count))
        return [sequence.get_next_char(number) for (number,) in rows]

    def write(self, vals):
        if not is_process(self.env):
            self._check_process_fields(vals)
            self._check_editable(vals)
        return super().write(without_derived(self, vals))

    def _check_process_fields(self, vals):
        """:raise AccessError: for values of fields that only the process sets."""
        names = self._get_process_fields() & vals.keys()
        if not self:
            # What says nothing, or what it is anyway, comes from the client's own defaults
            initial = self._get_initial_vals()
            names = {name for name in names if vals[name] and vals[name] != initial.get(name)}
        if names:
            labels = sorted(
                self._fields[name].get_description(self.env)["string"] for name in names
            )
            raise AccessError(
                self.env._(
                    "%s cannot be set by hand: use the buttons of the ticket.", ", ".join(labels)
                )
            )

    def _check_editable(self, vals):
        """:raise UserError: for what has ended, and names how to go on"""
        if "company_id" in vals and any(t.company_id.id != vals["company_id"] for t in self):
            raise UserError(self.env._("A ticket stays in its company: create another one there."))
        if self._get_content_fields().isdisjoint(vals):
            return
        ended = self.filtered(lambda ticket: ticket.state in ("closed", "cancelled"))
        if ended:
            raise UserError(
                self.env._(
                    "%s has ended: reopen it before you change anything.",
                    ", ".join(ended.mapped("name")),
                )
            )
        solved = self.filtered(lambda ticket: ticket.state == "resolved")
        if solved and not {"result", "resolution", "line_ids", "partner_id"}.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "%s is solved and the customer was told so: reopen it to change the result.",
                    ", ".join(solved.mapped("name")),
                )
            )

    def _check_may_act(self):
        """:raise AccessError: for whoever is not an agent of these tickets"""
        if len(self.ids) != len(self) or not self:
            raise UserError(self.env._("One of the tickets does not exist. Reload the page."))
        self.check_access("write")

    def _check_orders_readable(self):
        """Agents look up every confirmed order; who writes a ticket beside learns nothing of
        orders that they do not see.

        :raise AccessError: for an order that the user may not read
        """
        if not self.env.su and not self.env.user.has_group(
            "order_process_control.group_ticket_agent"
        ):
            (self.order_id | self.line_ids.order_line_id.order_id).check_access("read")

    def onchange(self, values, field_names, fields_spec):
        """What a screen shows of an order or a customer is shown to who may read these: fields
        tell as superuser what was delivered and how to reach somebody, also before anything is
        saved."""
        self._check_sources_readable(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_sources_readable(self, values):
        """:raise AccessError: for a customer or an order in what a client has entered that the
        user may not read"""
        partner_id = values.get("partner_id")
        if partner_id and partner_id != self.partner_id.id:
            self.env["res.partner"].browse(partner_id).check_access("read")
        order_id = values.get("order_id")
        if order_id and order_id != self.order_id.id:
            self.env["sale.order"].browse(order_id).check_access("read")
        lines = self.env["order.ticket.line"]
        for command in values.get("line_ids") or ():
            if command[0] in (Command.CREATE, Command.UPDATE):
                known = lines.browse(command[1] if command[0] == Command.UPDATE else ())
                known._check_sources_readable(command[2] or {})

    @api.constrains("partner_id", "order_id")
    def _check_order(self):
        """An order is told about to its own customer only.

        :raise ValidationError: names the order and whose it is
        """
        # sudo: orders that the agent may not read are refused all the same
        for ticket in self.sudo().filtered("order_id"):
            owner = ticket.order_id.partner_id.commercial_partner_id
            if owner != ticket.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is an order of another customer than %(customer)s.",
                        order=ticket.order_id.name,
                        customer=ticket.partner_id.display_name,
                    )
                )

    @api.constrains("user_id")
    def _check_user(self):
        """:raise ValidationError: for an agent who could not read the ticket"""
        # sudo: groups of colleagues
        for user in self.sudo().user_id:
            if user.share or not user.has_group("order_process_control.group_ticket_agent"):
                raise ValidationError(
                    self.env._(
                        "%s is no agent: give them the right “Tickets: Agent”, or choose somebody"
                        " else.",
                        user.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if self.filtered(lambda ticket: ticket.state not in ("new", "cancelled")):
            raise UserError(
                self.env._("A ticket that was worked on is kept: cancel it instead of deleting it.")
            )

    # === ASSIGNMENT ===#

    def _assign(self):
        """Give tickets without an agent to who on duty has least to do (R-353)."""
        free = self.filtered(lambda ticket: not ticket.user_id and ticket.team_id)
        # sudo: who writes a ticket need not be an agent
        chosen = free.sudo().team_id._choose_users(free.sudo())
        given = self.sudo().browse(ticket.id for ticket, user in chosen.items() if user)
        given._update_rows([{"user_id": chosen[ticket].id} for ticket in given])
        (given | self.sudo().filtered("user_id"))._tell_agents()
        return given

    def _update_rows(self, vals_list):
        """Update stored columns of these tickets with one statement, as the process."""
        return update_rows(self, vals_list) if self else self

    def _tell_agents(self):
        """Put the tickets on the lists of their agents, without a mail."""
        activities.close(self, kinds=["ticket"])
        activities.schedule(
            self.env,
            [
                {
                    "record": ticket,
                    "kind": "ticket",
                    "summary": ticket.display_name,
                    "user_id": ticket.user_id.id,
                }
                for ticket in self
                if ticket.user_id and ticket.user_id != self.env.user
            ],
        )

    def _set_each(self, prepare):
        """Write what ``prepare(ticket)`` returns, what is the same at once, as the process (as
        superuser)."""
        for vals, tickets in self.grouped(lambda t: frozendict(prepare(t))).items():
            as_process(tickets).write(dict(vals))

    def _set_state(self, state, **vals):
        """Write the state of these tickets, whoever asks: the caller has checked."""
        # sudo: process fields
        as_process(self.sudo()).write({"state": state, **vals})
