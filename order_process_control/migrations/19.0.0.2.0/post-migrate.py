"""Rounds of version 19.0.0.1.0 learn what later rounds need: the content they were signed for.

Only where the order is still what was submitted; other rounds are history, and nothing of them is
carried over into a new one.
"""

import json

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    reviews = env["order.review"].search([("content", "=", False)])
    _bind_unchanged_rounds(env, reviews)
    _complete_signoffs(env, reviews.signoff_ids)
    _open_ledgers(env)


def _bind_unchanged_rounds(env, reviews):
    current = reviews.filtered(lambda review: review.order_id.current_review_id == review)
    contents = current.order_id._get_review_contents()
    rows = []
    for review in current:
        content = contents[review.order_id.id]
        if env["sale.order"]._get_fingerprint(content) == review.fingerprint:
            rows.append((json.dumps(content), review.id))
    if rows:
        env.cr.executemany("UPDATE order_review SET content = %s WHERE id = %s", rows)
    env.cr.execute(
        "UPDATE order_review SET bound_fingerprint = fingerprint WHERE bound_fingerprint IS NULL"
    )
    env.invalidate_all()


def _complete_signoffs(env, signoffs):
    """Everything was watched, one signature was enough, and nothing was tolerated."""
    aspects = ",".join(env["sale.order"]._get_watched_fields())
    env.cr.execute(
        """
        UPDATE order_signoff
           SET decision_rule = coalesce(decision_rule, 'any'),
               required_count = coalesce(required_count, 1),
               is_final = coalesce(is_final, FALSE),
               watched_aspects = coalesce(watched_aspects, %s),
               limits = coalesce(limits, '{"percent": 0, "amount": 0, "days": 0}')
        """,
        [aspects],
    )
    env.invalidate_all()


def _open_ledgers(env):
    """What happened before is no chain; it starts with what happens next.

    Demo data that comes with the same update may have written to a ledger already: only those
    that begin at the beginning, with the order's registration, need no opening.
    """
    orders = env["sale.order"].search(
        ["|", ("registered_at", "!=", False), ("review_ids", "!=", False)]
    )
    orders.filtered(lambda order: "registered" not in order.event_ids.mapped("kind"))._log_events(
        "migrated"
    )
