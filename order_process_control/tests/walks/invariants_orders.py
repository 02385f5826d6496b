from datetime import timedelta

from .base import WalkBase
from .world import get_facts

# What the steps of this world watch, in the words of get_facts; Finance tolerates 5 % of the price
WATCHED = {
    "Finance": ("customer", "delivery", "terms", "seller", "price"),
    "Production": ("goods", "date"),
    "Approval": (),
}
TOLERATED = {"price": 0.05}
DAY = timedelta(days=1)
REQUEST_STATES = ("draft", "submitted", "approved")


class OrderInvariants(WalkBase):
    """What holds for orders, rounds and requests whatever anybody has tried (design, 1 and 4)."""

    def votes_are_of_others(self):
        """Nobody signs what they ask for, wrote or sell; nobody signs for two departments."""
        votes = self._mine("order.signoff.vote")
        for vote in votes:
            if vote.id in self.story.known_votes:
                continue
            self.story.known_votes.add(vote.id)
            review, order = vote.signoff_id.review_id, vote.signoff_id.order_id
            own = self._get_owners(review)
            assert vote.user_id.id not in own, f"{vote.user_id.login} signs their own {review.name}"
            self._check_entitlement(vote)
            if review.subject == "order":
                self.story.seen[vote.id] = get_facts(order)
        for review, of_round in (
            votes.filtered(lambda v: not v.undone_at)
            .grouped(lambda v: v.signoff_id.review_id)
            .items()
        ):
            carried = review.signoff_ids.carried_from_id.vote_ids
            signed = {}
            for vote in of_round | carried.filtered(lambda v: not v.undone_at):
                signed.setdefault(vote.user_id, set()).add(vote.signoff_id.step_id.id)
            for user, steps in signed.items():
                assert len(steps) == 1, f"{user.login} signs for two departments of {review.name}"

    def _check_entitlement(self, vote):
        """Whoever signs for somebody else was named by them, for this time."""
        signoff, user, kind = vote.signoff_id, vote.user_id, vote.entitlement
        name = f"{user.login} signs {signoff.display_name} as {kind}"
        members = signoff.department_id.member_ids.user_id
        delegate, until = self.story.delegations.get(signoff.id, (False, vote.voted_at))
        delegates = user.browse(delegate if until >= vote.voted_at else ())
        managers = self.world.managers
        if kind == "deputy":
            assert user in self._get_deputies(members | delegates | managers), name
        else:
            by_kind = {"department": members, "delegate": delegates, "process_manager": managers}
            assert user in by_kind[kind], name

    def _get_deputies(self, people):
        """Return who stands in for any of these now, or for those who do."""
        today, deputies = self.story.now.date(), people.browse()
        absences = self._mine("order.deputy", ("active", "=", True))
        # A day more on both sides: it may be tomorrow where somebody lives
        absences = absences.filtered(lambda a: a.date_from - DAY <= today <= a.date_to + DAY)
        while people:
            people = absences.filtered(lambda a, of=people: a.user_id in of).deputy_id - deputies
            deputies |= people
        return deputies

    def _get_owners(self, review):
        """Return the ids of those whose own it is that is signed in this round."""
        order, request = review.order_id, review._get_subject()
        own = {review.requested_by.id, order.create_uid.id, order.user_id.id}
        own |= self.story.authors.get(order.id, set())
        own |= self.story.request_authors.get((review.res_model, review.res_id), set())
        return own | {request.user_id.id} if request._name == "order.change" else own

    def carried_signatures_are_of_others(self):
        """What is carried over is as good as signed anew, by the same people."""
        for review in self._mine("order.review"):
            if review.id in self.story.known_reviews:
                continue
            self.story.known_reviews.add(review.id)
            carried = review.signoff_ids.carried_from_id.vote_ids.filtered(
                lambda v: not v.undone_at
            )
            own = self._get_owners(review) & set(carried.user_id.ids)
            assert not own, f"{review.name} carries over what {own} signed of their own"

    def orders_are_confirmed_as_released(self):
        for order in self._mine("sale.order"):
            before = self.story.order_states.get(order.id)
            self.story.order_states[order.id] = order.state
            if order.state != "sale":
                continue
            content = order._get_review_contents()[order.id]
            fingerprint = order._get_fingerprint(content)
            if order.release_id:
                self._check_release(order, content, fingerprint, is_new=before != "sale")
            else:
                self._check_exemption(order, fingerprint, is_new=before != "sale")

    def _check_release(self, order, content, fingerprint, is_new):
        release = order.release_id
        assert release.state == "approved" and not release.is_void, f"{order.name}: no release"
        assert release == order.current_review_id, f"{order.name}: an older release"
        assert release.order_id == order, f"{order.name}: the release of another"
        bound = {release.fingerprint, release.bound_fingerprint}
        assert fingerprint in bound or release._is_tolerated(content), f"{order.name}: not that"
        if release.subject == "order" and is_new:
            self._check_seen(order, release)

    def _check_seen(self, order, release):
        """Compare what is confirmed with what each department had before its eyes."""
        now = get_facts(order)
        for signoff in release.signoff_ids.filtered(lambda s: s.state == "approved"):
            source = signoff.carried_from_id or signoff
            for vote in source.vote_ids.filtered(lambda v: not v.undone_at):
                seen = self.story.seen[vote.id]
                for name in WATCHED[source.name]:
                    allowed = TOLERATED.get(name, 0.0) * abs(seen[name] if name == "price" else 0)
                    same = (
                        abs(seen[name] - now[name]) <= allowed + 0.005
                        if name == "price"
                        else seen[name] == now[name]
                    )
                    assert same, f"{order.name}: {source.name} saw {seen[name]}, not {now[name]}"

    def _check_exemption(self, order, fingerprint, is_new):
        assert order.release_exempt and (order.release_reason or "").strip(), order.name
        if order.exempt_fingerprint:
            assert order.exempt_fingerprint == fingerprint, f"{order.name}: exempt as another"
        if is_new:
            exempted = order.event_ids.filtered(lambda e: e.kind == "exempted")
            hashes = [event.payload["hash"] for event in exempted]
            if fingerprint not in hashes:
                steps = self.env["order.review.step"]._get_steps_by_order(order)[order.id]
                assert not steps, f"{order.name} needs {steps.mapped('name')}"
                assert "customer" not in order.release_reason, f"{order.name}: a stale reason"

    def ledgers_are_whole(self):
        ledgers = self._mine("order.ledger")
        grown = ledgers.filtered(lambda head: self.story.heads.get(head.id) != head.last_hash)
        breaks = grown._find_breaks()
        assert not breaks, breaks
        self.story.heads.update({ledger.id: ledger.last_hash for ledger in grown})
        for order in self._mine("sale.order", ("current_review_id", "!=", False)):
            assert order.ledger_ids, f"{order.name} is reviewed and has no ledger"

    def rounds_are_as_their_signoffs(self):
        for review in self._mine("order.review"):
            states = set(review.signoff_ids.mapped("state"))
            name = f"{review.name} {review.state}: {sorted(states)}"
            if review.state == "in_progress":
                assert "pending" in states and "rejected" not in states, name
                self._check_running(review)
            else:
                assert not states & {"pending", "waiting"}, name
                assert review.decided_at, name
            if review.state == "approved":
                assert states <= {"approved", "skipped"}, name
            rejected = review.signoff_ids.filtered(lambda s: s.state == "rejected")
            if review.state == "rejected":
                assert rejected, name
            assert all((s.comment or "").strip() for s in rejected), f"{name}: without reason"
            for signoff in review.signoff_ids.filtered(lambda s: s.state == "approved"):
                valid = signoff.vote_ids.filtered(lambda v: not v.undone_at)
                assert valid or signoff.carried_from_id or signoff.signed_by_system, name
            self._check_sequence(review)

    def _check_sequence(self, review):
        """Those who come later were not asked before the others had signed."""
        waiting = review.signoff_ids.filtered(lambda s: s.state in ("pending", "waiting"))
        first = min(waiting.mapped("sequence"), default=None)
        for signoff in review.signoff_ids.filtered(lambda s: s.state == "pending"):
            assert signoff.sequence == first, f"{review.name}: {signoff.name} is asked too early"

    def _check_running(self, review):
        """A round runs for what is still to be decided, as it was submitted."""
        subject, order = review._get_subject(), review.order_id
        if review.subject == "order":
            assert order.state in ("draft", "sent"), f"{review.name} of a {order.state} order"
            assert order.current_review_id == review, f"{review.name} is not the current one"
            content = order._get_review_contents()[order.id]
            held = review._is_bound_to(order._get_fingerprint(content))
            assert held or review._is_tolerated(content), f"{review.name} is signed as another"
        elif review.subject == "refund":
            assert subject.refund_review_id == review, review.name
            assert subject.state in subject._get_open_states(), f"{review.name}: ended ticket"
        else:
            assert (subject.state, subject.review_id) == ("submitted", review), review.name
            assert order.state == "sale", f"{review.name} of a {order.state} order"

    def requests_are_open_for_confirmed_orders(self):
        for model in ("order.change", "order.expedite"):
            for request in self._mine(model, ("state", "in", REQUEST_STATES)):
                order = request.order_id
                assert order.state == "sale", f"{request.name}: {request.state}, {order.state}"
                running = request.review_id.state == "in_progress"
                assert running == (request.state == "submitted"), f"{request.name}: its round"

    def stock_is_reserved_once(self):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT quant.product_id, sum(quant.reserved_quantity), coalesce((
                      SELECT sum(line.quantity_product_uom) FROM stock_move_line AS line
                        JOIN stock_location AS place ON place.id = line.location_id
                       WHERE line.product_id = quant.product_id AND place.usage = 'internal'
                         AND line.state NOT IN ('done', 'cancel')), 0)
                 FROM stock_quant AS quant
                 JOIN stock_location AS place ON place.id = quant.location_id
                WHERE place.usage = 'internal' AND quant.product_id IN %s
                GROUP BY quant.product_id""",
            [(self.world.product.id, self.world.lamp.id)],
        )
        for product_id, reserved, wanted in self.env.cr.fetchall():
            assert abs(float(reserved) - float(wanted)) < 1e-6, (product_id, reserved, wanted)
