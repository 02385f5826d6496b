from odoo import fields, models
from odoo.tools import SQL

from .order_expedite import CAUSES, KEPT, KINDS, SCENARIOS, STATES


class OrderExpediteReport(models.Model):
    """Who expedites how often and why, what it cost others, and whether it was worth it
    (R-171, R-183)."""

    _name = "order.expedite.report"
    _description = "Expedite Analysis"
    _auto = False
    _order = "requested_at desc"
    _rec_name = "expedite_id"

    expedite_id = fields.Many2one("order.expedite", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    requested_by = fields.Many2one("res.users", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    cause = fields.Selection(CAUSES, readonly=True)
    scenario = fields.Selection(SCENARIOS, string="Way", readonly=True)
    state = fields.Selection(STATES, string="Status", readonly=True)
    requested_at = fields.Datetime(string="Requested On", readonly=True)
    kept = fields.Selection(
        KEPT,
        readonly=True,
        help="Whether all of the order left by the expected completion.",
    )
    harmed_count = fields.Integer(string="Orders Delayed", readonly=True)
    late_count = fields.Integer(string="Orders Late", readonly=True)
    delay_days = fields.Integer(string="Days Late Caused", readonly=True)
    harmed_kept = fields.Integer(
        string="Promises Kept", readonly=True, help="Harmed deliveries that left in time after all."
    )
    harmed_missed = fields.Integer(
        string="Promises Broken",
        readonly=True,
        help="Harmed deliveries that left too late, or are still there after their day.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT expedite.id, expedite.id AS expedite_id, expedite.order_id,
                   orders.user_id, orders.partner_id, expedite.company_id,
                   expedite.requested_by, expedite.department_id, expedite.kind, expedite.cause,
                   expedite.scenario, expedite.state, expedite.requested_at,
                   expedite.harmed_count, expedite.late_count, expedite.delay_days,
                   CASE WHEN expedite.state != 'applied' THEN NULL
                        WHEN shipped.is_done AND shipped.last::date
                             <= expedite.expected_completion::date THEN 'kept'
                        WHEN shipped.is_done
                             OR expedite.expected_completion::date < %(now)s::date THEN 'missed'
                        ELSE 'open' END AS kept,
                   harmed.kept AS harmed_kept, harmed.missed AS harmed_missed
              FROM order_expedite AS expedite
              JOIN sale_order AS orders ON orders.id = expedite.order_id
              LEFT JOIN LATERAL (
                   SELECT bool_and(picking.state = 'done') AS is_done,
                          MAX(picking.date_done) AS last
                     FROM stock_picking AS picking
                     JOIN stock_picking_type AS kind ON kind.id = picking.picking_type_id
                    WHERE picking.sale_id = expedite.order_id AND kind.code = 'outgoing'
                      AND picking.state != 'cancel') AS shipped ON TRUE
              LEFT JOIN LATERAL (
                   SELECT COUNT(*) FILTER (WHERE picking.state = 'done'
                              AND picking.date_done::date <= impact.promised_date::date) AS kept,
                          COUNT(*) FILTER (WHERE impact.promised_date::date
                              < COALESCE(picking.date_done, %(now)s)::date) AS missed
                     FROM order_expedite_impact AS impact
                     JOIN stock_picking AS picking ON picking.id = impact.picking_id
                    WHERE impact.expedite_id = expedite.id AND expedite.state = 'applied'
                      AND picking.state != 'cancel') AS harmed ON TRUE
             WHERE expedite.requested_at IS NOT NULL
            """,
            now=fields.Datetime.now(),
        )
