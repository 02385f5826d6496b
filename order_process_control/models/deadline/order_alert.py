from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..order import activities
from ..order.kept_rows import update_rows
from ..order.visible_text import says_something
from .order_alert_recipients import LEVEL_CHOICES


class OrderAlert(models.Model):
    """Something is not as it should be (R-300): one row a cause, whose level climbs (R-301).

    Written by the process alone; people acknowledge it and say what they did about it.
    """

    _name = "order.alert"
    _description = "Alert"
    _inherit = ["order.kept.mixin", "mail.activity.mixin"]
    _order = "level desc, raised_at desc, id desc"

    name = fields.Char(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="The cause: one alert each at a time.")
    deadline_id = fields.Many2one(
        "order.deadline", readonly=True, index="btree_not_null", ondelete="set null"
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True)
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", string="Owner", readonly=True, ondelete="set null")
    level = fields.Selection(LEVEL_CHOICES, required=True, readonly=True)
    state = fields.Selection(
        [("new", "New"), ("acknowledged", "Acknowledged"), ("resolved", "Resolved")],
        string="Status",
        required=True,
        readonly=True,
        default="new",
    )
    figures = fields.Char(readonly=True)
    raised_at = fields.Datetime(string="Raised On", required=True, readonly=True)
    acknowledged_by = fields.Many2one("res.users", readonly=True)
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    resolved_by = fields.Many2one("res.users", readonly=True)
    resolved_at = fields.Datetime(string="Resolved On", readonly=True)
    is_auto_resolved = fields.Boolean(
        string="Resolved by Itself", readonly=True, help="The cause was gone."
    )
    cause = fields.Text(readonly=True)
    measure = fields.Text(readonly=True)
    effect = fields.Text(readonly=True)
    lesson = fields.Text(string="Lesson Learned", readonly=True)
    notice_ids = fields.One2many("order.alert.notice", "alert_id", string="Notices", readonly=True)
    can_resolve = fields.Boolean(compute="_compute_can_resolve")

    _key_open_uniq = models.UniqueIndex("(key) WHERE state <> 'resolved'")
    _open_idx = models.Index("(level, company_id) WHERE state <> 'resolved'")
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("state", "notice_ids", "user_id", "department_id", "company_id")
    @api.depends_context("uid")
    def _compute_can_resolve(self):
        able = self._filter_resolvable()
        for alert in self:
            alert.can_resolve = alert in able

    # === WHO MAY ===#

    def _filter_resolvable(self):
        """Return the open alerts that the user may acknowledge and resolve."""
        # sudo: who is in charge does not depend on what the user reads of departments
        return (
            self.sudo()
            .filtered(
                lambda alert: alert.state != "resolved" and self.env.user in alert._get_resolvers()
            )
            .sudo(self.env.su)
        )

    def _get_resolvers(self):
        """Return who may resolve this alert: who was told, the department's manager and the
        process manager."""
        self.ensure_one()
        people = self.notice_ids.user_id | self.user_id | self.department_id.manager_id.user_id
        people |= self._get_alert_fallback_users(self.company_id)
        user = self.env.user
        if user.has_group("order_process_control.group_order_manager"):
            people |= user
        return people

    def _check_may_resolve(self):
        """:raise AccessError: unless the user is in charge of each of these alerts."""
        self.check_access("read")
        open_alerts = self.filtered(lambda alert: alert.state != "resolved")
        refused = open_alerts - self._filter_resolvable()
        if refused:
            raise AccessError(
                self.env._(
                    "%s: only who was told of the alert, the manager of its department and the"
                    " process manager can do this.",
                    ", ".join(refused.mapped("name")),
                )
            )

    # === WHAT PEOPLE DO ===#

    def action_acknowledge(self):
        """Say that one looks after these alerts: one is not reminded of them again, while they
        go on climbing for the others.

        :return: True
        :raise AccessError: for who is not in charge
        """
        self._check_may_resolve()
        now, user = fields.Datetime.now(), self.env.user
        # sudo: nobody has write access to alerts
        alerts = self.sudo().filtered(lambda alert: alert.state != "resolved")
        new = alerts.filtered(lambda alert: alert.state == "new")
        vals = {"state": "acknowledged", "acknowledged_by": user.id, "acknowledged_at": now}
        update_rows(new, [vals] * len(new))
        notices = alerts.notice_ids.filtered(
            lambda notice: notice.user_id == user and not notice.acknowledged_at
        )
        update_rows(notices, [{"acknowledged_at": now}] * len(notices))
        activities.close(alerts, user_ids=[user.id])
        return True

    def action_resolve(self, cause, measure, effect=None, lesson=None):
        """Close these alerts with what was found and done (R-308 .. R-310).

        :return: True
        :raise AccessError: for who is not in charge
        :raise UserError: without cause or measure, or when one is closed already
        """
        self._check_may_resolve()
        texts = {
            name: value.strip() if says_something(value) else ""
            for name, value in (
                *(("cause", cause), ("measure", measure)),
                *(("effect", effect), ("lesson", lesson)),
            )
        }
        if not texts["cause"] or not texts["measure"]:
            raise UserError(self.env._("Say what the cause was and what was done about it."))
        if any(alert.state == "resolved" for alert in self):
            raise UserError(self.env._("This alert is resolved already. Reload the page."))
        self.sudo()._close({"resolved_by": self.env.uid, **texts})
        return True

    def _close(self, vals):
        vals = {"state": "resolved", "resolved_at": fields.Datetime.now(), **vals}
        update_rows(self, [vals] * len(self))
        activities.close(self)

    def action_open_record(self):
        """Return the action that opens what the alert is about.

        :raise AccessError: when the user may not read it
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        return record.get_formview_action()
