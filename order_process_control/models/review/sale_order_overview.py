from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .content import fact_sql
from .sale_order import STATE_BY_ROUND

# Long texts that no list and no strip shows
_NOT_SHOWN = ("content", "snapshot")
# Rounds whose signatures hold for the content of the order
_SIGNED = ("in_progress", "approved")


class SaleOrder(models.Model):
    """The reviews of orders as lists and forms show them, read in one statement.

    Everybody opens orders all day, whether they are reviewed or not: reading the rounds, their
    people, the rules and the content one after the other would be felt.
    """

    _inherit = "sale.order"

    def _read_overview(self, with_rounds=False):
        """Read what the state of the reviews of these orders follows from.

        :param bool with_rounds: also put all rounds, their sign-offs and the names of their
            people into the cache, and read who can sign
        :return: ``{kind: [(order id, values)]}``, see the ``_get_*_query`` methods
        """
        saved = self.browse(id_ for id_ in self._ids if isinstance(id_, int)).sudo()
        rows = defaultdict(list)
        if saved:
            queries = saved._get_overview_queries(with_rounds)
            for kind, order_id, values in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
                rows[kind].append((order_id, values))
        if with_rounds:
            saved._cache_rounds(rows)
        return rows

    def _get_overview_queries(self, with_rounds):
        """Return queries of (kind, order id, values as JSON) on these orders (as superuser)."""
        open_orders = self.filtered(lambda order: order.state in ("draft", "sent"))
        queries = [self._get_head_query()]
        if open_orders:
            queries.append(open_orders._get_bound_content_query())
            queries += open_orders._get_rule_queries()
        if with_rounds:
            reviews, signoffs = self.env["order.review"], self.env["order.signoff"]
            queries += [
                self._get_rows_query("review", reviews, self._get_columns(reviews, _NOT_SHOWN)),
                self._get_rows_query("signoff", signoffs, self._get_columns(signoffs)),
                self._get_people_query(),
                self._get_signers_of_orders_query(),
            ]
        return queries

    def _get_head_query(self):
        """Return the query of the state and the digests of the current round, and of what was
        exempted."""
        self.env["order.review"].flush_model(["state", "fingerprint", "bound_fingerprint"])
        return SQL(
            """SELECT 'head' AS kind, o.id AS order_id, jsonb_build_array(
                      review.state,
                      CASE WHEN %s THEN coalesce(%s, '') END,
                      review.fingerprint, review.bound_fingerprint) AS data
                 FROM sale_order AS o
                 LEFT JOIN order_review AS review ON review.id = %s
                WHERE o.id IN %s""",
            *(
                SQL.identifier("o", name, to_flush=self._fields[name])
                for name in ("release_exempt", "exempt_fingerprint", "current_review_id")
            ),
            self._ids,
        )

    def _get_bound_content_query(self):
        """Return the query of the content of those orders whose signatures, or exemption, have
        to fit it."""
        return SQL(
            "SELECT 'content', id, jsonb_build_array(facts, lines) FROM (%s) AS content",
            self._get_content_query(
                [fact_sql],
                joins=SQL(
                    """LEFT JOIN order_review AS review ON review.id = o.current_review_id
                     JOIN LATERAL (SELECT) AS stamped ON o.exempt_fingerprint IS NOT NULL
                       OR review.state IN %s""",
                    _SIGNED,
                ),
            ),
        )

    def _get_rule_queries(self):
        """Return the queries of the rules that match and of all earlier rounds: what says whom
        these orders need."""
        query = self.env["order.review.step"]._get_rules_query(self)
        history = self.env["order.review"]._get_history_query(self._ids)
        queries = [SQL("SELECT 'history' AS kind, earlier.* FROM (%s) AS earlier", history)]
        if query:
            queries.append(SQL("SELECT 'rule', id, to_jsonb(rule) FROM (%s) AS matched", query))
        return queries

    def _read_requirements(self):
        """Return (history, matched rules) of these orders for ``_get_steps_by_order``."""
        rows = defaultdict(list)
        saved = self.browse(id_ for id_ in self._ids if isinstance(id_, int)).sudo()
        if saved:
            query = SQL(" UNION ALL ").join(saved._get_rule_queries())
            for kind, order_id, values in self.env.execute_query(query):
                rows[kind].append((order_id, values))
        return self._get_requirements(rows)

    def _get_requirements(self, rows):
        history = self.env["order.review"]._prepare_history(self, rows["history"])
        return history, [(rule, order_id) for order_id, rule in rows["rule"]]

    def _get_rows_query(self, kind, model, names):
        """Return the query of the rows of ``model`` that belong to these orders: id and fields."""
        values = [fact_sql(model, name, "kept") for name in names]
        return SQL(
            "SELECT %s, kept.order_id, jsonb_build_array(kept.id, %s) FROM %s AS kept"
            " WHERE kept.order_id IN %s",
            kind,
            SQL(", ").join(values),
            SQL.identifier(model._table),
            self._ids,
        )

    @api.model
    def _get_columns(self, model, without=()):
        return [
            name
            for name, field in sorted(model._fields.items())
            if field.store and field.column_type and name not in ("id", *without)
        ]

    def _get_people_query(self):
        """Return the query of the names of who requested, decided or can decide."""
        return SQL(
            """SELECT 'person', review.order_id, jsonb_build_array(
                      colleague.id, partner.id, partner.name)
                 FROM order_review AS review
                 LEFT JOIN order_signoff AS signoff ON signoff.review_id = review.id
                 JOIN res_users AS colleague
                   ON colleague.id IN (review.requested_by, signoff.decided_by)
                 JOIN res_partner AS partner ON partner.id = colleague.partner_id
                WHERE review.order_id IN %s""",
            self._ids,
        )

    def _get_signers_of_orders_query(self):
        return SQL(
            """SELECT 'signer', asked.order_id, jsonb_build_array(
                      signer.signoff_id, tier, signer.user_id, root_id, kind, has_voted,
                      partner.id, partner.name)
                 FROM (%s) AS signer
                 JOIN order_signoff AS asked ON asked.id = signer.signoff_id
                 JOIN res_users AS colleague ON colleague.id = signer.user_id
                 JOIN res_partner AS partner ON partner.id = colleague.partner_id""",
            self.env["order.signoff"]._get_signer_query(
                SQL("signoff.state = 'pending' AND signoff.order_id IN %s", self._ids)
            ),
        )

    # === INTO THE CACHE ===#

    def _cache_rounds(self, rows):
        """Spare the strip the queries: rounds, sign-offs and names as they were just read."""
        reviews, signoffs = self.env["order.review"], self.env["order.signoff"]
        names = self._get_columns(reviews, _NOT_SHOWN)
        self._cache_rows(rows["review"], reviews, "review_ids", names)
        self._cache_rows(rows["signoff"], signoffs, "signoff_ids", self._get_columns(signoffs))
        reviews = self.review_ids
        by_review = self.signoff_ids.grouped("review_id")
        field = reviews._fields["signoff_ids"]
        for review in reviews:
            field._insert_cache(review, [by_review.get(review, self.signoff_ids.browse())._ids])
        people = [person for _id, person in rows["person"]]
        people += [(values[2], *values[6:]) for _id, values in rows["signer"]]
        users, partners = self.env["res.users"], self.env["res.partner"]
        for user_id, partner_id, name in people:
            users._fields["partner_id"]._insert_cache(users.browse(user_id), [partner_id])
            partners._fields["name"]._insert_cache(partners.browse(partner_id), [name])

    def _cache_rows(self, rows, model, inverse, names):
        """Put rows of :meth:`_get_rows_query` and the lists that hold them into the cache."""
        by_order = defaultdict(list)
        for order_id, (row_id, *_values) in rows:
            by_order[order_id].append(row_id)
        records = model.browse(id_ for ids in by_order.values() for id_ in ids)
        known = {values[0]: values[1:] for _order_id, values in rows}
        for column, name in enumerate(names):
            field = model._fields[name]
            field._insert_cache(
                records,
                [
                    field.convert_to_cache(known[record.id][column], record, validate=False)
                    for record in records
                ],
            )
        for order in self:
            ids = model.browse(by_order[order.id]).sorted()._ids
            self._fields[inverse]._insert_cache(order, [ids])

    # === WHAT FOLLOWS FROM IT ===#

    def _get_overview_states(self, rows):
        """Return ``{order id: state of the review}``.

        :param rows: of :meth:`_read_overview`
        """
        heads, contents = dict(rows["head"]), {}
        for order_id, values in rows["content"]:
            contents[order_id] = self._get_fingerprint(self._prepare_content(*values))
        quotations = self.filtered(lambda o: o.id in heads and o.state in ("draft", "sent"))
        # What was exempted counts as released, as long as it stays as it was
        exempt = {
            order.id
            for order in quotations
            if heads[order.id][1] and contents.get(order.id) == heads[order.id][1]
        }
        undecided = quotations.filtered(
            lambda o: o.id not in exempt and heads[o.id][0] not in STATE_BY_ROUND
        )
        open_ids = set(quotations._ids)
        history, matched = undecided._get_requirements(rows)
        steps = self.env["order.review.step"]._get_steps_by_order(undecided, history, matched)
        states = {}
        for order_id, (state, exempted, *digests) in heads.items():
            is_signed = state in _SIGNED
            if order_id in exempt:
                states[order_id] = "approved"
            elif order_id in steps:
                states[order_id] = "to_submit" if steps[order_id] else "not_required"
            elif order_id in contents and is_signed and contents[order_id] not in digests:
                states[order_id] = "outdated"
            elif exempted is not None and state != "approved" and order_id not in open_ids:
                # Confirmed without its review: the state of the round says nothing any more
                states[order_id] = "not_required"
            else:
                states[order_id] = STATE_BY_ROUND.get(state, "not_required")
        return states

    def _get_overview_signers(self, rows):
        """Return ``{sign-off id: Signers}`` of the pending sign-offs that were read."""
        signers = [values[:6] for _order_id, values in rows["signer"]]
        signoffs = self.sudo().signoff_ids.filtered(lambda signoff: signoff.state == "pending")
        return signoffs._prepare_signers(signers)
