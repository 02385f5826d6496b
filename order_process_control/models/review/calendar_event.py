from odoo import api, models


class CalendarEvent(models.Model):
    """Events that are the review meeting of sign-offs."""

    _inherit = "calendar.event"

    @api.model
    def _get_activity_excluded_models(self):
        # Who has an activity on a sign-off reads it: the order process alone gives one
        return [*super()._get_activity_excluded_models(), "order.signoff"]

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._link_signoffs()
        return events

    def _link_signoffs(self):
        """Let new events that were planned from a sign-off be its meeting, when their creator may
        plan it and there is none yet; anybody can write any id into an event."""
        for event in self.filtered(lambda e: e.res_model == "order.signoff" and e.res_id):
            signoff = self.env["order.signoff"].browse(event.res_id).exists()
            if not signoff.has_access("read") or not signoff._filter_planners():
                continue
            # sudo: sign-offs are not writable for anybody; the user may plan this one
            signoff = signoff.sudo()
            if signoff and not signoff._get_meeting():
                signoff._link_meeting(event)
