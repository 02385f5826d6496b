import random
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..order.process_token import as_process, is_process

STAMPS = ("drawn_by", "drawn_at", "population")


class OrderTicketSample(models.Model):
    """Closed tickets of a period, drawn at random and looked at again.

    Drawn once, by the machine: who drew, when and from how many stays with the list, and so do the
    results.
    """

    _name = "order.ticket.sample"
    _description = "Random Inspection of Tickets"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, string="Title")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(required=True, string="Closed from")
    date_to = fields.Date(required=True, string="Closed until")
    category_ids = fields.Many2many(
        "order.ticket.category", string="Categories", help="Empty: of all categories."
    )
    team_ids = fields.Many2many("order.ticket.team", string="Teams", help="Empty: of all teams.")
    size = fields.Integer(string="Number of Tickets", required=True, default=10)
    population = fields.Integer(string="Drawn from", readonly=True, copy=False)
    drawn_by = fields.Many2one("res.users", readonly=True, copy=False)
    drawn_at = fields.Datetime(string="Drawn On", readonly=True, copy=False)
    line_ids = fields.One2many(
        "order.ticket.sample.line", "sample_id", string="Tickets", copy=False
    )
    open_count = fields.Integer(string="Still to Inspect", compute="_compute_counts")
    failed_count = fields.Integer(string="Not in Order", compute="_compute_counts")

    _size_positive = models.Constraint("CHECK(size > 0)", "Draw one ticket or more.")
    _from_before_to = models.Constraint(
        "CHECK(date_from <= date_to)", "The period ends before it begins."
    )

    @api.depends("line_ids.result")
    def _compute_counts(self):
        for sample in self:
            results = sample.line_ids.mapped("result")
            sample.open_count = results.count(False)
            sample.failed_count = results.count("failed")

    # === WHO WRITES WHAT ===#

    @api.model_create_multi
    def create(self, vals_list):
        blank = dict.fromkeys((*STAMPS, "line_ids"), False)
        return super().create([{**vals, **blank} for vals in vals_list])

    def write(self, vals):
        if is_process(self.env):
            return super().write(vals)
        if not set(STAMPS).isdisjoint(vals):
            raise AccessError(self.env._("Who drew the tickets, and when, is not entered by hand."))
        if not self._get_content_fields().isdisjoint(vals):
            self._check_not_drawn()
        return super().write(vals)

    @api.model
    def _get_content_fields(self):
        """Return the fields that are fixed once the tickets are drawn."""
        return {"company_id", "date_from", "date_to", "category_ids", "team_ids", "size"}

    @api.ondelete(at_uninstall=False)
    def _unlink_never_drawn(self):
        self._check_not_drawn()

    def _check_not_drawn(self):
        """:raise UserError: for lists that are drawn"""
        drawn = self.filtered("drawn_at")
        if drawn:
            raise UserError(
                self.env._(
                    "%s is drawn and stays as it is: make another list.",
                    ", ".join(drawn.mapped("name")),
                )
            )

    # === DRAWING ===#

    def action_draw(self):
        """Draw the tickets of these lists at random, once.

        :raise UserError: when it was drawn before, or no ticket was closed in the period
        """
        self.check_access("write")
        self._check_not_drawn()
        for sample in self:
            # What is archived meanwhile was closed all the same
            tickets = self.env["order.ticket"].with_context(active_test=False)
            tickets = tickets.search(sample._get_ticket_domain())
            if not tickets:
                raise UserError(self.env._("%s: no ticket was closed in this period.", sample.name))
            # Of the machine's own randomness, which nobody can seed
            chosen = random.SystemRandom().sample(tickets.ids, min(sample.size, len(tickets)))
            # sudo: nobody puts tickets on the list by hand
            as_process(sample.sudo()).write(
                {
                    "population": len(tickets),
                    "drawn_by": self.env.uid,
                    "drawn_at": fields.Datetime.now(),
                    "line_ids": [Command.create({"ticket_id": id_}) for id_ in sorted(chosen)],
                }
            )
        return True

    def _get_ticket_domain(self):
        """Return which tickets can be drawn: those closed in the period, by the user's days."""
        self.ensure_one()
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "closed")
            & Domain("closed_at", ">=", self._get_midnight(self.date_from))
            & Domain("closed_at", "<", self._get_midnight(self.date_to + timedelta(days=1)))
        )
        if self.category_ids:
            domain &= Domain("category_id", "in", self.category_ids.ids)
        if self.team_ids:
            domain &= Domain("team_id", "in", self.team_ids.ids)
        return domain

    def _get_midnight(self, day):
        """Return when this day begins for the user, in UTC without a zone."""
        zone = pytz.timezone(self.env.context.get("tz") or self.env.user.tz or "UTC")
        midnight = zone.localize(datetime.combine(day, time.min))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)
