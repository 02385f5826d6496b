from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .content import fact_sql


class SaleOrder(models.Model):
    """What the review page of one order shows besides its rounds: questions and answers, open
    points, and who let the order pass. Read in the same statement."""

    _inherit = "sale.order"

    def _get_overview_queries(self, with_rounds):
        queries = super()._get_overview_queries(with_rounds)
        if with_rounds:
            queries += [self._get_exemption_query(), self._get_withdrawal_query()]
            queries += [self._get_part_query(*part) for part in self._get_overview_parts()]
        return queries

    @api.model
    def _get_overview_parts(self):
        """Return (kind of row, model, its list on the sign-off) of what belongs to sign-offs."""
        return [
            ("question", self.env["order.signoff.question"], "question_ids"),
            ("point", self.env["order.signoff.point"], "open_point_ids"),
        ]

    def _get_part_query(self, kind, model, _inverse):
        """Return the query of the rows of ``model`` on the sign-offs of these orders."""
        return SQL(
            "SELECT %s, own.order_id, jsonb_build_array(kept.id, %s) FROM %s AS kept"
            " JOIN order_signoff AS own ON own.id = kept.signoff_id WHERE own.order_id IN %s",
            kind,
            SQL(", ").join(fact_sql(model, name, "kept") for name in self._get_columns(model)),
            SQL.identifier(model._table),
            self._ids,
        )

    def _get_exemption_query(self):
        """Return the query of who exempted these orders, and why: the last one is last."""
        return SQL(
            """SELECT 'exemption', o.id, jsonb_build_array(
                      event.number, person.name, %s, to_char(event.at, 'YYYY-MM-DD HH24:MI:SS'))
                 FROM sale_order AS o
                 JOIN order_event AS event ON event.order_id = o.id AND event.kind = 'exempted'
                 JOIN res_users AS colleague ON colleague.id = event.user_id
                 JOIN res_partner AS person ON person.id = colleague.partner_id
                WHERE o.id IN %s AND %s""",
            SQL.identifier("o", "release_reason", to_flush=self._fields["release_reason"]),
            self._ids,
            SQL.identifier("o", "release_exempt", to_flush=self._fields["release_exempt"]),
        )

    def _get_withdrawal_query(self):
        """Return the query of the rounds of these orders that were taken back."""
        return SQL(
            """SELECT 'withdrawal', event.order_id, event.payload->'review'
                 FROM order_event AS event
                WHERE event.order_id IN %s AND event.kind IN %s""",
            self._ids,
            self.env["order.review"]._get_withdrawal_kinds(),
        )

    def _get_people_query(self):
        # Who asked, who answered, who has something left to do
        return SQL(
            """%s UNION ALL
               SELECT 'person', signoff.order_id, jsonb_build_array(
                      colleague.id, partner.id, partner.name)
                 FROM order_signoff AS signoff
                 LEFT JOIN order_signoff_question AS question
                   ON question.signoff_id = signoff.id
                 LEFT JOIN order_signoff_point AS point ON point.signoff_id = signoff.id
                 JOIN res_users AS colleague ON colleague.id IN (
                      question.asked_by, question.answered_by, point.user_id)
                 JOIN res_partner AS partner ON partner.id = colleague.partner_id
                WHERE signoff.order_id IN %s""",
            super()._get_people_query(),
            self._ids,
        )

    # === INTO THE CACHE ===#

    def _cache_rounds(self, rows):
        result = super()._cache_rounds(rows)
        for kind, model, inverse in self._get_overview_parts():
            self._cache_parts(rows[kind], model, inverse)
        reviews = self.env["order.review"]
        withdrawn = {review_id for _order_id, review_id in rows["withdrawal"]}
        for review in self.review_ids:
            reviews._fields["is_withdrawn"]._insert_cache(review, [review.id in withdrawn])
        return result

    def _cache_parts(self, rows, model, inverse):
        """Put rows of :meth:`_get_part_query` and the lists that hold them into the cache."""
        names, signoffs = self._get_columns(model), self.signoff_ids
        known = {row_id: values for _order_id, (row_id, *values) in rows}
        records = model.browse(known)
        for column, name in enumerate(names):
            field = model._fields[name]
            values = [
                field.convert_to_cache(known[record.id][column], record, validate=False)
                for record in records
            ]
            field._insert_cache(records, values)
        by_signoff, column = defaultdict(list), names.index("signoff_id")
        for record in records.sorted():
            by_signoff[known[record.id][column]].append(record.id)
        for signoff in signoffs:
            signoffs._fields[inverse]._insert_cache(signoff, [tuple(by_signoff[signoff.id])])

    # === WHAT FOLLOWS FROM IT ===#

    def _prepare_strip(self, rows, state, rounds):
        strip = super()._prepare_strip(rows, state, rounds)
        own = [values for order_id, values in rows["exemption"] if order_id == self._origin.id]
        if own and self.env["sale.order"]._sees_reviews():
            _number, person, reason, at = max(own)
            is_open = self.state in ("draft", "sent")
            strip["exemption"] = {
                "who": person,
                "reason": reason or "",
                "when": at,
                "holds": not is_open or state == "approved",
            }
        return strip
