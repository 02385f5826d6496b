from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date, format_datetime, formatLang

# Causes that one rule reports at a time, the most urgent first. More would bury everybody.
MOST = 1000
# What happened longer ago than these days, and was never reported, is history.
RECENT_DAYS = 30


class OrderAlertRule(models.Model):
    """How indicators ask and tell: bounded, of the rule's companies, with figures in words."""

    _inherit = "order.alert.rule"

    # === ASKING ===#

    @api.model
    def _get_most(self):
        return MOST

    def _fetch(self, query):
        """Return what ``query`` finds as dicts, the most urgent first, at most :meth:`_get_most`.

        What has an open alert already is found whatever its place, else it would seem mended.

        :param SQL query: columns ``res_id``, ``order_id``, ``company_id``, ``user_id`` (owner),
            ``document`` (its name), ``urgency`` (smallest first) and what the figures need
        """
        most = self._get_most()
        found = SQL("SELECT * FROM (%s) AS found", query)
        rows = self._execute(SQL("%s ORDER BY urgency, res_id LIMIT %s", found, most + 1))
        if len(rows) <= most:
            return rows
        known = self._get_known_ids()
        return rows[:most] + self._execute(
            SQL(
                "%s WHERE res_id = ANY(%s) AND res_id != ALL(%s)",
                found,
                known,
                [row["res_id"] for row in rows[:most]],
            )
        )

    def _execute(self, query):
        self.env.flush_all()
        return self.env.execute_query_dict(query)

    def _fetch_orders(self, where, urgency, columns=None, joins=None):
        """Return the orders for which ``where`` holds, as :meth:`_fetch` does.

        :param SQL where: on ``so`` (the order), ``company`` and ``calendar`` (the company's)
        :param SQL columns: what the figures need besides
        :param SQL joins: more tables
        """
        return self._fetch(
            SQL(
                """SELECT so.id AS res_id, so.id AS order_id, so.company_id, so.user_id,
                          so.name AS document, %s AS urgency%s
                     FROM sale_order AS so
                     JOIN res_company AS company ON company.id = so.company_id
                LEFT JOIN resource_calendar AS calendar
                       ON calendar.id = company.resource_calendar_id
                       %s
                    WHERE %s AND (%s)""",
                urgency,
                SQL(", %s", columns) if columns else SQL(),
                joins or SQL(),
                self._in_companies("so"),
                where,
            )
        )

    def _in_companies(self, alias):
        """Return the SQL for documents of the rule's company; of all without one."""
        company_ids = self.company_id.ids
        if not company_ids and self.env.su:
            return SQL("TRUE")
        # Who tries a shared rule sees no more than their own companies
        return SQL(
            "%s = ANY(%s)",
            SQL.identifier(alias, "company_id"),
            company_ids or self.env.companies.ids,
        )

    def _recent(self, moment, record_id):
        """Return the SQL for what happened lately: an old story alarms nobody, but what was
        reported once does not mend itself by growing old.

        :param SQL moment: column of a datetime or date
        :param SQL record_id: column of the document that the alert is about
        """
        return SQL(
            "(%s >= %s OR %s = ANY(%s))",
            moment,
            self._now() - timedelta(days=RECENT_DAYS),
            record_id,
            self._get_known_ids(),
        )

    def _is_underway(self):
        """Return the SQL for orders that still have to be kept: registered quotations, and
        confirmed orders until all is delivered and invoiced."""
        return SQL(
            """(so.state IN ('draft', 'sent') AND so.registered_at IS NOT NULL
                OR so.state = 'sale' AND so.delivery_status IS DISTINCT FROM 'full'
                   AND so.invoice_status IS DISTINCT FROM 'invoiced')"""
        )

    @api.model
    def _local(self, moment):
        """Return the SQL of a UTC column in the time zone of the company's calendar."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(calendar.tz, 'UTC'))", moment)

    @api.model
    def _now(self):
        return fields.Datetime.now()

    def _before(self, unit="hours", ahead=False):
        """Return the moment that lies the threshold before now; ``ahead``: after now."""
        length = timedelta(**{unit: self.threshold})
        return self._now() + (length if ahead else -length)

    # === TELLING ===#

    def _prepare_cause(self, row, figures, res_model="sale.order"):
        """Return one cause for ``order.alert._raise``; who is told of it is added later.

        :param dict row: of :meth:`_fetch`
        :param str figures: what is wrong, in words that stay true while nothing changes
        """
        return {
            "key": self._get_key(res_model, row["res_id"]),
            "name": f"{row['document']}: {self.name}",
            "document": row["document"],
            "rule_id": self.id,
            "res_model": res_model,
            "res_id": row["res_id"],
            "order_id": row["order_id"],
            "company_id": row["company_id"],
            "user_id": row["user_id"],
            "figures": figures,
        }

    def _get_key(self, res_model, res_id):
        return f"rule:{self.id}:{res_model}:{res_id}"

    def _say_amount(self, amount, company_id):
        """Say an amount in the currency of a company."""
        currency = self.env["res.company"].browse(company_id).currency_id
        return formatLang(self.env, amount, currency_obj=currency)

    def _say_number(self, number):
        """Say a number without zeros that tell nothing."""
        return formatLang(self.env, number, digits=2).removesuffix("00").rstrip(".,")

    def _say_day(self, day):
        return format_date(self.env, day)

    def _say_moment(self, moment, company_id):
        """Say a UTC moment in the time zone of the company's calendar."""
        company = self.env["res.company"].browse(company_id)
        zone = company.resource_calendar_id.tz or "UTC"
        return format_datetime(self.env, moment, tz=zone, dt_format="short")
