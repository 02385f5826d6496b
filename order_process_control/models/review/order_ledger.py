from odoo import models


class OrderLedger(models.Model):
    """The ledger against the records it tells of.

    A chain whose tail was cut together with its head is whole in itself; that more happened is
    known to the signatures and rounds, and the ledger knows what was taken away from them.
    """

    _inherit = "order.ledger"

    def _find_breaks(self):
        breaks = super()._find_breaks()
        whole = self.sudo().filtered(lambda ledger: ledger not in breaks and ledger.order_id)
        # One query each for all of them
        whole.order_id.review_ids.signoff_ids.vote_ids.mapped("decision")
        for ledger in whole:
            sentence = ledger._find_difference()
            if sentence:
                breaks[ledger] = sentence
        return breaks

    def _find_difference(self):
        """Return the first record that is not as the ledger of its order says, or False.

        Rounds of before there was a ledger have no content and are left alone.
        """
        self.ensure_one()
        reviews = self.order_id.review_ids.filtered("content").sorted("id")
        entries = self.event_ids.sorted("number")
        votes = reviews.signoff_ids.vote_ids.sorted("id")
        told = [
            (event.payload["signoff"], event.user_id.id, event.kind, event.payload.get("comment"))
            for event in entries
            if event.kind in ("approved", "rejected")
        ]
        told += [tuple(vote) for vote in self._get_earlier(entries, "votes")]
        return (
            next(filter(None, (self._judge_review(review, entries) for review in reviews)), False)
            or next(filter(None, (self._judge_vote(vote, told) for vote in votes)), False)
            or self._judge_missing_votes(votes, told)
        )

    def _get_earlier(self, entries, what):
        """Return what an upgrade found that is older than this ledger and in no other entry.

        :param str what: ``rounds``: [round, state, fingerprint]; ``votes``: [sign-off, person,
            decision, fingerprint of the comment]
        """
        return [
            found
            for event in entries
            if event.kind == "migrated"
            for found in (event.payload or {}).get(what, [])
        ]

    def _judge_review(self, review, entries):
        own = [event for event in entries if (event.payload or {}).get("review") == review.id]
        closed = {(event.kind, event.payload.get("hash")) for event in own}
        closed |= {
            (f"round_{state}", fingerprint)
            for id_, state, fingerprint in self._get_earlier(entries, "rounds")
            if id_ == review.id
        }
        # New lines have no id yet when they are signed: the entry says what it is with theirs
        signed = {review.fingerprint, *(event.payload.get("signed") for event in own)}
        fingerprint = self.order_id._get_fingerprint(review.content)
        is_told = (
            review.state == "in_progress"
            or (
                f"round_{review.state}",
                review.fingerprint,
            )
            in closed
        )
        if not is_told or fingerprint not in signed:
            return self.env._("The record of %s is not what the ledger says.", review.display_name)
        return False

    def _judge_vote(self, vote, told):
        key = (vote.signoff_id.id, vote.user_id.id, vote.decision)
        comments = [comment for *known, comment in told if tuple(known) == key]
        if not comments:
            return self.env._(
                "The signature of %(signoff)s by %(person)s is not in the ledger.",
                signoff=vote.signoff_id.name,
                person=vote.user_id.name,
            )
        if self.order_id._get_fingerprint(vote.comment or "") not in comments:
            return self.env._(
                "The comment of %(signoff)s by %(person)s was changed.",
                signoff=vote.signoff_id.name,
                person=vote.user_id.name,
            )
        return False

    def _judge_missing_votes(self, votes, told):
        if len(told) > len(votes):
            return self.env._(
                "A signature that the ledger tells of is missing: %(told)s told, %(found)s found.",
                told=len(told),
                found=len(votes),
            )
        return False
