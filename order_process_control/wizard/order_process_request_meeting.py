from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderProcessRequest(models.TransientModel):
    """What the actions around a review meeting need to know."""

    _inherit = "order.process.request"

    kind = fields.Selection(
        selection_add=[
            ("meeting", "Choose the Meeting"),
            ("minutes", "Record Minutes"),
            ("postpone", "Postpone"),
        ],
        ondelete={"meeting": "cascade", "minutes": "cascade", "postpone": "cascade"},
    )
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        domain="['|', ('user_id', '=', uid), ('partner_ids.user_ids', '=', uid)]",
    )
    needs_time = fields.Boolean(compute="_compute_needs_time")
    held_at = fields.Datetime(string="Held On", help="The meeting is not in the calendar yet.")
    postponed_to = fields.Date(
        string="Postponed until", help="Without a date until the next working day of the company."
    )
    # The decision screen to go back to: what was entered there is not lost
    decision_id = fields.Many2one("order.signoff.decision", readonly=True)

    @api.depends("signoff_ids", "kind")
    def _compute_needs_time(self):
        for wizard in self:
            wizard.needs_time = wizard.kind == "minutes" and any(
                not signoff.meeting_held_at and not signoff._get_meeting()
                for signoff in wizard.signoff_ids
            )

    def _compute_hint(self):
        result = super()._compute_hint()
        hints = {
            "meeting": self.env._("Which meeting of the calendar decides on this?"),
            "minutes": self.env._(
                "What did the meeting find and decide? Minutes are kept as they are; what is"
                " recorded later is added as a correction."
            ),
            "postpone": self.env._("Which special circumstances postpone it?"),
        }
        for wizard in self.filtered(lambda w: w.kind in hints):
            wizard.hint = hints[wizard.kind]
        return result

    def action_run(self):
        result = super().action_run()
        screen = self.decision_id
        if screen:
            return screen._get_records_action(name=screen.signoff_id.display_name, target="new")
        return result

    def _run_meeting(self):
        if not self.event_id:
            raise UserError(self.env._("Choose a meeting of the calendar."))
        self.signoff_ids.action_set_meeting(self.event_id.id)

    def _run_minutes(self):
        self.signoff_ids.action_record_minutes(self.text, self.needs_time and self.held_at)

    def _run_postpone(self):
        self.point_ids.action_postpone(self.text, self.postponed_to)


class OrderSignoff(models.Model):
    _inherit = "order.signoff"

    def action_open_meeting_choice(self):
        """Ask for the event, then let it be the review meeting."""
        return self.env["order.process.request"]._open(
            "meeting", self, self.env._("Choose the Meeting")
        )

    def action_open_minutes(self):
        """Ask for the minutes, then record them."""
        return self.env["order.process.request"]._open(
            "minutes", self, self.env._("Minutes of the Review Meeting")
        )


class OrderSignoffPoint(models.Model):
    _inherit = "order.signoff.point"

    def action_open_postpone(self):
        """Ask for the reason, then postpone."""
        return self.env["order.process.request"]._open("postpone", self, self.env._("Postpone"))


class OrderSignoffDecision(models.TransientModel):
    """The decision screen of a department that needs a meeting."""

    _inherit = "order.signoff.decision"

    needs_meeting = fields.Boolean(related="signoff_id.needs_meeting", related_sudo=False)
    meeting_id = fields.Many2one(related="signoff_id.meeting_id", related_sudo=False)
    meeting_start = fields.Datetime(related="signoff_id.meeting_start", related_sudo=False)
    meeting_held_at = fields.Datetime(related="signoff_id.meeting_held_at", related_sudo=False)
    minutes = fields.Text(related="signoff_id.minutes", related_sudo=False)

    def action_plan_meeting(self):
        """Open the calendar for the review meeting; see ``order.signoff.action_plan_meeting``."""
        return self.signoff_id.action_plan_meeting()

    def action_choose_meeting(self):
        """Choose a meeting of the calendar, and come back to this screen."""
        return self._with_return(self.signoff_id.action_open_meeting_choice())

    def action_record_minutes(self):
        """Record the minutes, and come back to this screen."""
        return self._with_return(self.signoff_id.action_open_minutes())

    def _with_return(self, action):
        request = self.env[action["res_model"]].browse(action["res_id"])
        request.decision_id = self
        return action
