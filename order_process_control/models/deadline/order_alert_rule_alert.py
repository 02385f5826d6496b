from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from ..order.kept_rows import update_rows
from ..order.visible_text import says_something
from .indicator import get_indicator


class OrderAlert(models.Model):
    """What alerts of rules add: who resolves them is said by the rule, and figures of money are
    for readers of the document alone."""

    _inherit = "order.alert"

    rule_id = fields.Many2one(
        "order.alert.rule", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    is_settled = fields.Boolean(
        readonly=True,
        help="Resolved by hand while its cause lasts: not raised again before that was gone.",
    )
    # Read by nobody as it is: see figures_text
    figures = fields.Char(string="Figures as Found", groups=NO_ACCESS)
    figures_text = fields.Char(string="Figures", compute="_compute_figures_text")
    rule_description = fields.Char(related="rule_id.description", string="Rule in Words")
    can_evaluate = fields.Boolean(compute="_compute_can_evaluate")

    @api.depends("figures", "rule_id", "res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_figures_text(self):
        hidden = self._filter_hidden()
        for alert in self:
            if alert in hidden:
                alert.figures_text = self.env._("shown to readers of the document")
            else:
                # sudo: these figures are for everybody who reads the alert
                alert.figures_text = alert.sudo().figures

    def _get_figures_for(self, user):
        """What is confidential does not go out by mail to who may not read the document."""
        if not self._is_confidential():
            return super()._get_figures_for(user)
        reader = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return reader.figures_text or ""

    def _filter_hidden(self):
        """Return the alerts whose figures the user may not read, as they may not read the
        document: one query a kind of document."""
        if self.env.su:
            return self.browse()
        # sudo: which indicator it was is no secret
        confidential = self.filtered(lambda alert: alert.sudo()._is_confidential())
        hidden = self.browse()
        for res_model, alerts in confidential.grouped("res_model").items():
            documents = self.env[res_model].browse(alerts.mapped("res_id"))
            readable = set(documents.sudo().exists().sudo(False)._filtered_access("read")._ids)
            hidden |= alerts.filtered(lambda alert, ids=readable: alert.res_id not in ids)
        return hidden

    def _is_confidential(self):
        return bool(self.rule_id) and (
            get_indicator(self.rule_id, self.rule_id.indicator).is_confidential
        )

    @api.depends("state", "is_auto_resolved", "effect", "lesson", "rule_id")
    @api.depends_context("uid")
    def _compute_can_evaluate(self):
        for alert in self:
            is_open = not alert.is_auto_resolved and not (alert.effect and alert.lesson)
            alert.can_evaluate = (
                alert.state == "resolved"
                and is_open
                # sudo: who is in charge does not depend on what the user reads of departments
                and self.env.user in alert.sudo()._get_resolvers()
            )

    # === WHO RESOLVES ===#

    def _get_resolvers(self):
        """Whom the rule names, if it names anybody (R-311)."""
        rule = self.rule_id
        if not rule.resolver_ids and not rule.resolver_group_ids:
            return super()._get_resolvers()
        return rule.resolver_ids | rule.resolver_group_ids.all_user_ids

    def _close(self, vals):
        """A rule does not raise what somebody has just resolved: see ``_forget_settled``."""
        result = super()._close(vals)
        by_rule = self.filtered("rule_id")
        if not vals.get("is_auto_resolved"):
            update_rows(by_rule, [{"is_settled": True}] * len(by_rule))
        return result

    # === WHAT IS LEARNT LATER ===#

    def action_evaluate(self, effect=None, lesson=None):
        """Add the effect of what was done, and the lesson learnt, when it can be judged (R-310).

        What was written stays: only what is blank can be filled in.

        :return: True
        :raise AccessError: for who could not have resolved them
        :raise UserError: for alerts that are not resolved, or with nothing to add
        """
        self.check_access("read")
        # sudo: nobody has write access to alerts, and who is in charge is asked now
        for alert in self.sudo():
            alert._check_may_evaluate(self.env.user)
            texts = (("effect", effect), ("lesson", lesson))
            vals = {
                name: text.strip()
                for name, text in texts
                if says_something(text) and not alert[name]
            }
            if not vals:
                raise UserError(
                    self.env._(
                        "%s: write the effect or the lesson; what was written before stays.",
                        alert.name,
                    )
                )
            alert.write(vals)
        return True

    def _check_may_evaluate(self, user):
        if self.state != "resolved":
            raise UserError(self.env._("%s is not resolved yet.", self.name))
        if user not in self._get_resolvers():
            raise AccessError(
                self.env._("%s: only who may resolve it says what came of it.", self.name)
            )

    # === SCREEN ===#

    def action_open_resolution(self):
        """Open the dialog that asks for cause and measure; for resolved alerts the one for effect
        and lesson."""
        wizard = self.env["order.alert.resolution"].create({"alert_ids": self.ids})
        title = self.env._("Effect and Lesson") if wizard.is_evaluation else self.env._("Resolve")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_order(self):
        """Return the action that opens the order; its own access rights are asked.

        :raise AccessError: when the user may not read it
        """
        self.ensure_one()
        self.order_id.check_access("read")
        return self.order_id.get_formview_action()
