from odoo import models
from odoo.tools import SQL

from .content import fact_sql


class SaleOrder(models.Model):
    """How much time is left, on the strip, in "Why?" and on the customer's page."""

    _inherit = "sale.order"

    # === READ IN THE ONE STATEMENT OF THE STRIP ===#

    def _get_overview_queries(self, with_rounds):
        queries = super()._get_overview_queries(with_rounds)
        if with_rounds:
            queries.append(self._get_clocks_query())
        return queries

    def _get_clocks_query(self):
        """Return the query of what these orders show of their clocks, and of the open clocks of
        their sign-offs."""
        deadlines = self.env["order.deadline"]
        columns = [fact_sql(deadlines, name, "clock") for name in deadlines._get_status_fields()]
        return SQL(
            """SELECT 'clock', clock.order_id, jsonb_build_array(clock.id, clock.res_model, %s)
                 FROM order_deadline AS clock
                WHERE clock.order_id IN %s AND (
                      clock.res_model = 'order.signoff' AND clock.stopped_at IS NULL
                      OR clock.id IN (SELECT id FROM (%s) AS shown WHERE res_id IN %s))""",
            SQL(", ").join(columns),
            self._ids,
            self._get_status_query(),
            self._ids,
        )

    def _cache_rounds(self, rows):
        result = super()._cache_rounds(rows)
        self._cache_clocks([values for _order_id, values in rows["clock"]])
        return result

    def _cache_clocks(self, rows):
        """Put how these orders and their sign-offs stand into the cache.

        :param rows: lists of id, model and ``_get_status_fields``
        """
        deadlines = self.env["order.deadline"]
        records = deadlines.browse(row[0] for row in rows)
        for column, name in enumerate(deadlines._get_status_fields(), start=2):
            field = deadlines._fields[name]
            values = [
                field.convert_to_cache(row[column], record, validate=False)
                for record, row in zip(records, rows, strict=True)
            ]
            field._insert_cache(records, values)
        models = {row[0]: row[1] for row in rows}
        pending = self.signoff_ids.filtered(lambda signoff: signoff.state == "pending")
        for shown in (self, pending):
            own = records.filtered(lambda d, name=shown._name: models[d.id] == name)
            shown._show_deadlines(own)

    def _prepare_strip(self, rows, state, rounds):
        strip = super()._prepare_strip(rows, state, rounds)
        # sudo: whoever sees the strip sees how much time is left
        chip = self.sudo()._get_deadline_chip()
        return {**strip, "clock": chip if self._sees_reviews() else None}

    # === WHY? ===#

    def _get_explanation_until(self, signoff=None):
        record = self if signoff is None else signoff
        return record.deadline_at if record.deadline_status != "paused" else None

    def _get_explanation(self):
        return {**super()._get_explanation(), "time_left": self.deadline_text}

    def _say_until(self, facts):
        lines = super()._say_until(facts)
        return [f"{line} ({facts['time_left']})" for line in lines]
