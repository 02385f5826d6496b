from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import activities, working_days


class OrderSignoffPointDelay(models.Model):
    """Who postponed an open point, when, from which day to which, and why (R-087)."""

    _name = "order.signoff.point.delay"
    _description = "Postponement of an Open Point"
    _inherit = ["order.kept.mixin", "order.signer.mixin"]
    _order = "id"

    point_id = fields.Many2one(
        "order.signoff.point", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="point_id.company_id")
    date_from = fields.Date(string="Due before", readonly=True)
    date_to = fields.Date(string="Due now", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    postponed_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    postponed_at = fields.Datetime(string="Postponed On", required=True, readonly=True)

    @api.model
    def _get_signer_link(self, alias):
        return SQL(
            """own.review_id = (SELECT signoff.review_id FROM order_signoff_point AS point
                 JOIN order_signoff AS signoff ON signoff.id = point.signoff_id
                WHERE point.id = %s)""",
            SQL.identifier(alias, "point_id"),
        )


class OrderSignoffPoint(models.Model):
    """Open points of a review meeting, and points that are postponed."""

    _inherit = "order.signoff.point"

    is_from_meeting = fields.Boolean(string="After a Meeting", readonly=True)
    delay_ids = fields.One2many(
        "order.signoff.point.delay", "point_id", string="Postponements", readonly=True
    )

    def action_postpone(self, reason, date=None):
        """Postpone open points: in special circumstances by one working day (R-087).

        :param str reason: never blank
        :param date: until when, a date or its text; without it one working day of the company
            later than the point is due, or than today where it is due on no day
        :return: True
        :raise AccessError: for whoever is neither responsible, nor signed, nor process manager
        :raise UserError: without a reason, for a day that is not later, or when a point is not
            open any more
        """
        reason = self.env["order.signoff"]._clean_text(reason)
        self.check_access("read")
        self._check_may_close()
        if not reason:
            raise UserError(self.env._("Write which special circumstances postpone it."))
        # sudo: the caller was found entitled; points are not writable for anybody
        points = self.sudo()
        self.env["order.ledger"]._lock(points.order_id)
        if points.filtered(lambda point: point.state != "open"):
            raise UserError(self.env._("This point is closed already."))
        rows = [point._prepare_delay_vals(reason, date) for point in points]
        self.env["order.signoff.point.delay"].sudo()._insert_rows(rows)
        points._update_rows([{"date_deadline": row["date_to"]} for row in rows])
        for day, moved in points.grouped("date_deadline").items():
            activities.move(moved, day)
        digest = self.env["sale.order"]._get_fingerprint(reason)
        self.env["order.ledger"]._append(
            [
                (point.order_id, "point_postponed", point._prepare_delay_facts(row, digest))
                for point, row in zip(points, rows, strict=True)
            ]
        )
        return True

    def _prepare_delay_vals(self, reason, date):
        """Return the values of a postponement.

        :raise UserError: for what is no later day
        """
        self.ensure_one()
        try:
            date = fields.Date.to_date(date or None)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UserError(self.env._("Give the new day as a date.")) from error
        date = date or self._get_next_working_day()
        if self.date_deadline and date <= self.date_deadline:
            raise UserError(
                self.env._("“%s”: choose a day after the one it is due on now.", self.name)
            )
        return {
            "point_id": self.id,
            "date_from": self.date_deadline,
            "date_to": date,
            "reason": reason,
            "postponed_by": self.env.uid,
            "postponed_at": self.env["order.signoff"]._get_decision_time(),
        }

    def _get_next_working_day(self):
        """Return the working day of the company after the one it is due on."""
        self.ensure_one()
        day = self.date_deadline or fields.Date.context_today(self)
        zone = working_days.get_zone(self.company_id)
        # Noon of that day where the company is, in UTC
        noon = datetime.combine(day, time(12))
        moment = noon - (zone.utcoffset(noon) or timedelta())
        return working_days.add_working_days(self.company_id, moment, [1])[1]

    def _prepare_delay_facts(self, row, digest):
        return {
            "point": self.id,
            "from": fields.Date.to_string(row["date_from"]) or "",
            "to": fields.Date.to_string(row["date_to"]),
            "reason": digest,
        }

    def _prepare_task(self):
        """Return the activity of who has to do it, due with the point."""
        self.ensure_one()
        return {
            "record": self,
            "kind": "open_point",
            "summary": self.env._(
                "%(order)s: %(point)s", order=self.order_id.name, point=self.name
            ),
            "user_id": self.user_id.id,
            "date_deadline": self.date_deadline,
        }
