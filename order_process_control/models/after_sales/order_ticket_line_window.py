from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..order.process_token import as_process, is_process

# Which window an outcome needs; who is late for a free repair pays for it
WINDOWS = {"return": "return", "refund": "return", "exchange": "exchange"}
STAMPS = ("override_reason", "override_by", "override_at")


class OrderTicketLine(models.Model):
    """Until when it can be returned, exchanged and repaired for nothing (R-385, R-387): counted
    from the day on which it was delivered."""

    _inherit = "order.ticket.line"

    delivered_at = fields.Datetime(string="Delivered On", compute="_compute_windows")
    return_until = fields.Date(compute="_compute_windows")
    exchange_until = fields.Date(compute="_compute_windows")
    warranty_until = fields.Date(string="Free Repair Until", compute="_compute_windows")
    window_problem = fields.Char(compute="_compute_windows")
    override_reason = fields.Text(string="Out of Time Because", readonly=True, copy=False)
    override_by = fields.Many2one("res.users", string="Granted by", readonly=True, copy=False)
    override_at = fields.Datetime(string="Granted On", readonly=True, copy=False)

    @api.depends(
        "order_line_id",
        "move_id",
        "lot_id",
        "product_id",
        "requested_outcome",
        "decided_outcome",
        "override_reason",
    )
    @api.depends_context("lang")
    def _compute_windows(self):
        today = fields.Date.context_today(self)
        # sudo: dates of deliveries, whoever reads the ticket
        for line, sudo_line in zip(self, self.sudo(), strict=True):
            delivered = sudo_line._get_delivered_at()
            line.delivered_at = delivered
            for name, policy, unit in (
                ("return_until", "return_days", "days"),
                ("exchange_until", "exchange_days", "days"),
                ("warranty_until", "warranty_months", "months"),
            ):
                line[name] = sudo_line._get_window_end(delivered, policy, unit)
            line.window_problem = line._get_window_problem(today)

    def _get_delivered_at(self):
        """Return when the customer got it: the delivery that is named, else the last one."""
        self.ensure_one()
        moves = self.move_id or self.order_line_id._origin._get_delivered_moves()
        if self.lot_id and not self.move_id:
            moves = moves.filtered(lambda m: self.lot_id._origin in m.lot_ids) or moves
        return max(moves._get_first_deliveries().mapped("date"), default=False)

    def _get_window_end(self, delivered, policy, unit):
        """Return the last day, or False: without a limit, or not delivered."""
        template = self.product_id.product_tmpl_id
        length = template and template._get_ticket_window(policy)
        if not length or not delivered:
            return False
        day = fields.Datetime.context_timestamp(self, delivered).date()
        return day + relativedelta(**{unit: length}) if length > 0 else day - relativedelta(days=1)

    def _get_outcome(self):
        """Return what is decided, else what the customer asks for."""
        self.ensure_one()
        return self.decided_outcome or self.requested_outcome

    def _get_window_problem(self, today):
        """Return why it is too late for what is asked for, in a sentence, or False."""
        self.ensure_one()
        window = WINDOWS.get(self._get_outcome())
        until = window and self[f"{window}_until"]
        if not until or today <= until or self.override_reason:
            return False
        return self.env._(
            "%(product)s: it was possible until %(day)s. The leader of the team or a process"
            " manager can grant it all the same.",
            product=self.product_id.display_name,
            day=format_date(self.env, until),
        )

    def _check_windows(self):
        """:raise UserError: names what is out of time"""
        problems = [line.window_problem for line in self if line.window_problem]
        if problems:
            raise UserError("\n".join(problems))

    # === GRANTING IT ALL THE SAME ===#

    def action_override_window(self, reason):
        """Grant a return, exchange or refund that is out of time.

        :param str reason: why, not blank
        :return: True
        :raise AccessError: for everybody but the leader of the team and process managers
        """
        self.check_access("write")
        user = self.env.user
        if not user.has_group("order_process_control.group_order_manager") and any(
            ticket.team_id.leader_id != user for ticket in self.ticket_id
        ):
            raise AccessError(
                self.env._(
                    "Only the leader of the team or a process manager grants what is out of time."
                )
            )
        reason = self.ticket_id._get_text(
            reason, self.env._("Write why it is granted although it is too late.")
        )
        self._check_editable()
        # sudo: stamps that nobody writes
        as_process(self.sudo()).write(
            {
                "override_reason": reason,
                "override_by": user.id,
                "override_at": fields.Datetime.now(),
            }
        )
        for ticket, lines in self.grouped("ticket_id").items():
            ticket._log(
                self.env._(
                    "%(product)s granted although out of time: %(reason)s",
                    product=", ".join(lines.product_id.mapped("display_name")),
                    reason=reason,
                )
            )
        return True

    @api.model_create_multi
    def create(self, vals_list):
        stamps = dict.fromkeys(STAMPS, False)
        for vals in vals_list:
            self._check_stamps(vals)
        return super().create([{**vals, **stamps} for vals in vals_list])

    def write(self, vals):
        if not is_process(self.env):
            # Who granted something is not made to be forgotten either.
            # sudo: that it was granted, also for who may not read the stamp
            granted = self.sudo().filtered("override_at")
            self._check_stamps(dict.fromkeys(vals, True) if granted else vals)
            if not {"product_id", "order_line_id", "move_id", "lot_id"}.isdisjoint(vals):
                # What was granted was granted for these goods
                vals = {**vals, **dict.fromkeys(STAMPS, False)}
        return super().write(vals)

    @api.model
    def _check_stamps(self, vals):
        """:raise AccessError: for stamps that only :meth:`action_override_window` sets"""
        if any(vals.get(name) for name in STAMPS):
            raise AccessError(
                self.env._("What is out of time is granted by its button, not by hand.")
            )
