"""Ledgers that an upgrade from version 19.0.0.1.0 opened learn which rounds and signatures there
were before them: those are in no entry, and the ledger would be refused for ever.

What the upgrade finds is what it vouches for, in one entry; from then on a change of it shows.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    opened = env["order.event"].search([("kind", "=", "migrated")])
    # A second upgrade has nothing to add
    known = opened.filtered(lambda event: "rounds" in (event.payload or {})).order_id
    orders = opened.order_id - known
    if not orders:
        return
    ledger = env["order.ledger"]
    ledger._lock(orders)
    entries = [(order, "migrated", _get_earlier(order)) for order in orders]
    ledger._append([entry for entry in entries if any(entry[2].values())])


def _get_earlier(order):
    """Return the rounds and signatures of an order that none of its entries tells of."""
    payloads = [(event.kind, event.payload or {}) for event in order.event_ids]
    told = {
        (payload.get("signoff"), kind)
        for kind, payload in payloads
        if kind in ("approved", "rejected")
    }
    closed = {payload.get("review") for kind, payload in payloads if kind.startswith("round_")}
    reviews = order.review_ids.filtered("content").sorted("id")
    votes = reviews.signoff_ids.vote_ids.sorted("id").filtered(
        lambda vote: (vote.signoff_id.id, vote.decision) not in told
    )
    decided = reviews.filtered(
        lambda review: review.state != "in_progress" and review.id not in closed
    )
    return {
        # A round that is still open is closed by an entry of its own
        "rounds": [[review.id, review.state, review.fingerprint] for review in decided],
        "votes": [
            [
                vote.signoff_id.id,
                vote.user_id.id,
                vote.decision,
                order._get_fingerprint(vote.comment or ""),
            ]
            for vote in votes
        ],
    }
