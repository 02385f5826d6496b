from odoo import api, fields, models
from odoo.tools import SQL


class OrderSignoff(models.Model):
    """Sign-offs on a change: what it is about, and what it would do to the order."""

    _inherit = "order.signoff"

    change_id = fields.Many2one("order.change", compute="_compute_change")
    change_reason = fields.Text(compute="_compute_change")
    diff_summary = fields.Html(compute="_compute_diff_summary", sanitize=False)

    @api.depends("review_id")
    def _compute_change(self):
        for signoff in self:
            # sudo: who reads the sign-off may know of which change it is, and why it is asked for
            change = signoff.sudo().review_id._get_change()
            signoff.change_id = change.sudo(False)
            signoff.change_reason = change.reason

    @api.depends("review_id")
    @api.depends_context("lang", "tz")
    def _compute_diff_summary(self):
        for signoff in self:
            rows = signoff.diff
            signoff.diff_summary = rows and self.env["ir.qweb"]._render(
                "order_process_control.order_review_diff",
                {"rows": rows, "title": signoff._get_diff_title()},
            )

    @api.model
    def _get_own_sources(self):
        """Who is to be the salesperson signs it as little as who is that today."""
        changes = self.env["order.change"]
        return [
            *super()._get_own_sources(),
            SQL(
                """SELECT asked.id, %(user)s
                     FROM asked
                     JOIN order_review AS review
                       ON review.id = asked.review_id AND review.res_model = %(model)s
                     JOIN order_change AS proposal ON proposal.id = review.res_id
                    WHERE asked.allow_requester IS NOT TRUE AND %(user)s IS NOT NULL""",
                user=SQL.identifier("proposal", "user_id", to_flush=changes._fields["user_id"]),
                model=changes._name,
            ),
        ]

    @api.model
    def _get_own_users(self, review, proposal):
        users = super()._get_own_users(review, proposal)
        # sudo: whom the change proposes, whoever asks
        is_change = proposal.record._name == "order.change"
        return users | proposal.record.sudo().user_id if is_change else users

    def _get_diff_basis(self):
        change = self.review_id._get_change()
        if change:
            # Against the order as it is, whatever this department decided before
            return change._get_before()
        return super()._get_diff_basis()

    def _get_diff_title(self):
        if self.sudo().review_id.subject == "change":
            return self.env._("What the change does to the confirmed order")
        return super()._get_diff_title()
