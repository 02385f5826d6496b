from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from . import activities

POINT_LIMIT = 100


class OrderSignoffPoint(models.Model):
    """What a department approved on condition: followed until it is done (R-112)."""

    _name = "order.signoff.point"
    _description = "Open Point of a Review"
    _inherit = ["order.kept.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state desc, date_deadline, id"

    name = fields.Char(string="To Do", required=True, readonly=True)
    signoff_id = fields.Many2one(
        "order.signoff",
        string="Approved by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one("sale.order", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Responsible", required=True, readonly=True, ondelete="restrict"
    )
    date_deadline = fields.Date(string="Due", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
    )
    result = fields.Text(string="How it was Solved", readonly=True)
    closed_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    closed_at = fields.Datetime(string="Closed On", readonly=True)

    def action_close(self, result):
        """Close open points: say how each was solved and how the result was realised.

        :param str result: never blank
        :return: True
        :raise AccessError: for whoever is neither responsible, nor signed, nor process manager
        :raise UserError: without a result, or when a point is not open any more
        """
        result = self.env["order.signoff"]._clean_text(result)
        self.check_access("read")
        self._check_may_close()
        if not result:
            raise UserError(self.env._("Write how the point was solved."))
        # sudo: the caller was found entitled; points are not writable for anybody
        points = self.sudo()
        self.env["order.ledger"]._lock(points.order_id)
        if points.filtered(lambda point: point.state != "open"):
            raise UserError(self.env._("This point is closed already."))
        points._end("done", result)
        self.env["order.ledger"]._append(
            [(point.order_id, "point_closed", {"point": point.id}) for point in points]
        )
        return True

    def _check_may_close(self):
        manager = self.env.user.has_group("order_process_control.group_order_manager")
        strangers = self.sudo().filtered(
            lambda point: self.env.user not in point.user_id | point.signoff_id.decided_by
        )
        if strangers and not (manager or self.env.su):
            raise AccessError(
                self.env._(
                    "“%(point)s” is closed by %(person)s or by who signed.",
                    point=strangers[0].name,
                    person=strangers[0].user_id.name,
                )
            )

    def _end(self, state, result=False):
        """Close these points and the activities of who was to see to them."""
        self.write(
            {
                "state": state,
                "result": result,
                "closed_by": self.env.uid,
                "closed_at": fields.Datetime.now(),
            }
        )
        activities.close(self)


class OrderSignoff(models.Model):
    _inherit = "order.signoff"

    open_point_ids = fields.One2many(
        "order.signoff.point", "signoff_id", string="Open Points", readonly=True
    )

    def _record_details(self, decision, details):
        result = super()._record_details(decision, details)
        points = (details or {}).get("open_points")
        if points and decision == "approved":
            self._add_points(points)
        return result

    def _add_points(self, points):
        """Keep what the department approved on condition, and tell who has to do it."""
        if not isinstance(points, list | tuple) or len(points) > POINT_LIMIT:
            raise UserError(
                self.env._("Give the open points as a list of at most %s.", POINT_LIMIT)
            )
        rows = [
            {**vals, "signoff_id": s.id, "order_id": s.order_id.id, "company_id": s.company_id.id}
            for s in self
            for vals in map(s._prepare_point_vals, points)
        ]
        records = self.env["order.signoff.point"]._insert_rows(rows)
        activities.schedule(
            self.env,
            [
                {
                    "record": point,
                    "kind": "open_point",
                    "summary": self.env._(
                        "%(order)s: %(point)s", order=point.order_id.name, point=point.name
                    ),
                    "user_id": point.user_id.id,
                }
                for point in records
            ],
        )

    def _prepare_point_vals(self, point):
        """Return the clean values of one open point of a client.

        :raise UserError: for what is no point
        """
        self.ensure_one()
        try:
            name = self._clean_text(point.get("name"))
            deadline = fields.Date.to_date(point.get("date_deadline") or None)
            user_id = point.get("user_id") or self.review_id._get_addressee().id
            # sudo: a colleague, of whom nothing but the name is told
            user = self.env["res.users"].sudo().browse(self._clean_id(user_id))
            known = user.exists() and user.active and not user.share
        except (AttributeError, KeyError, TypeError, ValueError):
            name = known = False
        if not name or not known or self.company_id not in user.company_ids:
            raise UserError(
                self.env._("An open point needs what is to be done and a colleague who does it.")
            )
        return {"name": name, "user_id": user.id, "date_deadline": deadline, "state": "open"}

    def _reopen_after_undo(self):
        # What was decided at a meeting has been decided, whoever takes a signature back
        conditions = self.open_point_ids.filtered(lambda point: not point.is_from_meeting)
        conditions.filtered(lambda point: point.state == "open")._end("cancelled")
        return super()._reopen_after_undo()
