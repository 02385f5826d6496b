from odoo import api, fields, models
from odoo.tools import SQL, drop_view_if_exists

from .order_ticket import PRIORITIES
from .order_ticket_category import PHASES

PRODUCTS = "order_ticket_report_product_rel"


class OrderTicketReport(models.Model):
    """How customers were served: one row a ticket, in hours by the clock (R-400, R-391).

    Nights and the time that a customer took to answer count here; what counts for a promise is in
    the analysis of deadlines. Cancelled tickets, merged ones among them, are left out.
    """

    _name = "order.ticket.report"
    _description = "Analysis of Tickets"
    _auto = False
    _order = "opened_at desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one("order.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    category_id = fields.Many2one("order.ticket.category", readonly=True)
    phase = fields.Selection(PHASES, readonly=True)
    team_id = fields.Many2one("order.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Agent", readonly=True)
    opened_by = fields.Many2one("res.users", readonly=True)
    handler_partner_id = fields.Many2one("res.partner", string="Handled by", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    # A ticket about two products counts once for each of them, and once in all
    product_ids = fields.Many2many(
        "product.product", PRODUCTS, "ticket_id", "product_id", readonly=True
    )
    channel = fields.Selection(selection="_get_channels", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    is_major_quality = fields.Boolean(string="Major Quality Problem", readonly=True)
    state = fields.Selection(selection="_get_states", string="Status", readonly=True)
    resolution = fields.Selection(selection="_get_resolutions", readonly=True)
    opened_at = fields.Datetime(string="Opened On", readonly=True)
    resolved_at = fields.Datetime(string="Solved On", readonly=True)
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    first_response_hours = fields.Float(
        string="First Response (h)",
        aggregator="avg",
        readonly=True,
        help="Hours from opening to the first answer, by the clock.",
    )
    resolution_hours = fields.Float(
        string="Solution (h)",
        aggregator="avg",
        readonly=True,
        help="Hours from opening to the last solution, by the clock.",
    )
    solved_rate = fields.Float(
        string="Solved (%)",
        aggregator="avg",
        readonly=True,
        help="Share of the tickets with a result that is not “Not Solved”.",
    )
    reopen_rate = fields.Float(
        string="Reopened (%)",
        aggregator="avg",
        readonly=True,
        help="Share of those that the customer did not accept, of all that were called solved.",
    )
    satisfaction = fields.Float(
        aggregator="avg", readonly=True, help="One to five, of those that the customer has rated."
    )

    @api.model
    def _get_channels(self):
        return self._get_options("channel")

    @api.model
    def _get_states(self):
        return self._get_options("state")

    @api.model
    def _get_resolutions(self):
        return self._get_options("resolution")

    @api.model
    def _get_options(self, name):
        return self.env["order.ticket"]._fields[name]._description_selection(self.env)

    def init(self):
        # Two serial numbers of one product are one product of the ticket
        drop_view_if_exists(self.env.cr, PRODUCTS)
        self.env.cr.execute(
            SQL(
                "CREATE VIEW %s AS SELECT DISTINCT ticket_id, product_id FROM order_ticket_line",
                SQL.identifier(PRODUCTS),
            )
        )

    @property
    def _table_query(self):
        for name in ("order.ticket", "order.ticket.line", "rating.rating"):
            self.env[name].flush_model()
        return SQL("SELECT %s FROM %s WHERE %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """ticket.id, ticket.id AS ticket_id, ticket.company_id, ticket.category_id,
               ticket.phase, ticket.team_id, ticket.user_id, ticket.create_uid AS opened_by,
               ticket.handler_partner_id, ticket.commercial_partner_id, ticket.order_id,
               ticket.channel, ticket.priority, ticket.is_major_quality, ticket.state,
               ticket.resolution, ticket.create_date AS opened_at, ticket.resolved_at,
               ticket.closed_at, rated.rating AS satisfaction,
               CASE WHEN ticket.first_response_at IS NOT NULL THEN %s END AS first_response_hours,
               CASE WHEN ticket.resolved_at IS NOT NULL THEN %s END AS resolution_hours,
               CASE WHEN ticket.resolved_at IS NOT NULL AND ticket.resolution IS NOT NULL
                    THEN CASE ticket.resolution WHEN 'unsolved' THEN 0.0 ELSE 100.0 END
               END AS solved_rate,
               CASE WHEN ticket.reopen_count > 0 THEN 100.0
                    WHEN ticket.resolved_at IS NOT NULL THEN 0.0 END AS reopen_rate""",
            self._get_hours_until("first_response_at"),
            self._get_hours_until("resolved_at"),
        )

    @api.model
    def _get_hours_until(self, name):
        # Stamps are whole seconds, the opening is not
        return SQL(
            "GREATEST(0, EXTRACT(EPOCH FROM ticket.%s - ticket.create_date) / 3600.0)",
            SQL.identifier(name),
        )

    @api.model
    def _from(self):
        return SQL(
            """order_ticket ticket
               LEFT JOIN (
                    SELECT res_id, AVG(rating) AS rating FROM rating_rating
                     WHERE res_model = 'order.ticket' AND consumed AND rating > 0
                     GROUP BY res_id
               ) rated ON rated.res_id = ticket.id"""
        )

    @api.model
    def _where(self):
        return SQL("ticket.state != 'cancelled'")
