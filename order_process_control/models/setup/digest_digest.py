from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class DigestDigest(models.Model):
    """What managers who never log in read of the reviews in their weekly mail."""

    _inherit = "digest.digest"

    kpi_order_reviews = fields.Boolean("Orders Reviewed")
    kpi_order_reviews_value = fields.Integer(compute="_compute_kpi_order_reviews_values")
    kpi_order_release_hours = fields.Boolean("Average Hours to Release")
    kpi_order_release_hours_value = fields.Float(compute="_compute_kpi_order_reviews_values")
    kpi_order_open_signoffs = fields.Boolean("Open Sign-offs")
    kpi_order_open_signoffs_value = fields.Integer(compute="_compute_kpi_order_open_signoffs_value")

    def _check_kpi_order_access(self):
        """:raise AccessError: for who follows no reviews; Odoo leaves the figure out for them"""
        if not self.env.user.has_groups(
            "order_process_control.group_order_auditor,sales_team.group_sale_salesman_all_leads"
        ):
            raise AccessError(self.env._("Do not have access, skip this data for user's digest"))

    def _get_kpi_order_parameters(self):
        """Return start, end and companies of the figures: only companies of the reader, whom no
        rule stops in a statement of ours. Without a period there is nothing to count."""
        start, end, companies = self._get_kpi_compute_parameters()
        now = fields.Datetime.now()
        return start or now, end or now, companies & self.env.user.company_ids

    def _compute_kpi_order_reviews_values(self):
        """How many reviews were decided, and how long released orders took from registration."""
        self._check_kpi_order_access()
        start, end, companies = self._get_kpi_order_parameters()
        self.env["order.review"].flush_model(["state", "decided_at", "subject", "company_id"])
        self.env["sale.order"].flush_model(["registered_at"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT review.company_id,
                       count(*),
                       avg(extract(epoch FROM review.decided_at
                           - coalesce(sale_order.registered_at, review.requested_at)) / 3600.0)
                           FILTER (WHERE review.state = 'approved')
                  FROM order_review AS review
                  JOIN sale_order ON sale_order.id = review.order_id
                 WHERE review.subject = 'order'
                   AND review.state IN ('approved', 'rejected')
                   AND review.decided_at >= %s AND review.decided_at < %s
                   AND review.company_id IN %s
                 GROUP BY review.company_id
                """,
                start,
                end,
                companies._ids or (0,),
            )
        )
        values = {company_id: (number, hours) for company_id, number, hours in rows}
        for digest in self:
            company = digest.company_id or self.env.company
            number, hours = values.get(company.id, (0, 0.0))
            digest.kpi_order_reviews_value = number
            digest.kpi_order_release_hours_value = float(hours or 0.0)

    def _compute_kpi_order_open_signoffs_value(self):
        """How many sign-offs were open at the end of the period."""
        self._check_kpi_order_access()
        _start, end, companies = self._get_kpi_order_parameters()
        self.env["order.signoff"].flush_model(["pending_since", "decided_at", "state"])
        self.env["order.review"].flush_model(["decided_at", "company_id"])
        values = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT review.company_id, count(*)
                      FROM order_signoff AS signoff
                      JOIN order_review AS review ON review.id = signoff.review_id
                     WHERE signoff.pending_since < %(end)s
                       AND coalesce(signoff.decided_at, review.decided_at, 'infinity') >= %(end)s
                       AND review.company_id IN %(companies)s
                     GROUP BY review.company_id
                    """,
                    end=end,
                    companies=companies._ids or (0,),
                )
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_order_open_signoffs_value = values.get(company.id, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("order_process_control.menu_root").id
        reviews = f"order_process_control.order_review_action?menu_id={menu}"
        signoffs = f"order_process_control.order_signoff_action?menu_id={menu}"
        return {
            **actions,
            "kpi_order_reviews": reviews,
            "kpi_order_release_hours": reviews,
            "kpi_order_open_signoffs": signoffs,
        }
