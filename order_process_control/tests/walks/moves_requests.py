from datetime import timedelta
from unittest.mock import patch

from hypothesis import strategies as st

from odoo.exceptions import UserError

from .base import WHICH, WHO, WalkBase, move

SCENARIO = st.sampled_from(("take", "split", "wait"))


class RequestMoves(WalkBase):
    """Confirmed orders are to become something else, or to come first: asked for, simulated,
    applied, given back."""

    def _requester(self, request):
        return request.requested_by or request.order_id.user_id

    def _go_on(self, who, request, method, *args):
        if request:
            user = self.person(who, self._requester(request))
            what = f"{method} {request._name}"
            self.act(user, lambda r: getattr(r, method)(*args), request, what=what)

    @move(
        "confirmed",
        who=WHO,
        which=WHICH,
        days=st.sampled_from((0, 0, 12)),
        price=st.sampled_from((0, 90, 150)),
        quantity=st.sampled_from((0, 1, 5)),
        seller=st.sampled_from((None, None, "finance_user2", "salesperson")),
    )
    def propose_change(self, who, which, days, price, quantity, seller):
        order = self.pick("confirmed", which)
        if not order:
            return
        vals = {"order_id": order.id, "reason": "The customer called"}
        if days:
            vals["commitment_date"] = self.story.now + timedelta(days=days)
        if seller:
            vals["user_id"] = getattr(self.world, seller).id
        line_vals = {"price_unit": price} if price else {}
        if quantity:
            line_vals["product_uom_qty"] = quantity
        user = self.person(who, order.user_id)

        def do(changes):
            change = changes.create(vals)
            if line_vals:
                change.line_ids[:1].write(line_vals)
            return change

        if change := self.act(user, do, self.env["order.change"]):
            self.story.note_request_author(change, user)

    @move("change", who=WHO, which=WHICH, quantity=st.sampled_from((1, 2, 4)))
    def edit_change(self, who, which, quantity):
        if change := self.pick("draft_change", which) or self.pick("change", which):
            user = self.person(who, self._requester(change))
            do = lambda c: c.line_ids[:1].write({"product_uom_qty": quantity})  # noqa: E731
            if self.act(user, do, change):
                self.story.note_request_author(change, user)

    @move("draft_change", who=WHO, which=WHICH)
    def submit_change(self, who, which):
        change = self.pick("draft_change", which)
        self._go_on(who, change, "action_submit")

    @move("change", who=WHO, which=WHICH, method=st.sampled_from(("withdraw", "correct", "apply")))
    def go_on_with_change(self, who, which, method):
        """Whatever state it is in."""
        self._go_on(who, self.pick("change", which), f"action_{method}")

    @move("refused_change", who=WHO, which=WHICH)
    def correct_change(self, who, which):
        self._go_on(who, self.pick("refused_change", which), "action_correct")

    @move("approved_change", who=WHO, which=WHICH)
    def apply_change(self, who, which):
        """By hand: it could not be applied when it was approved."""
        self._go_on(who, self.pick("approved_change", which), "action_apply")

    @move("request_signoff", which=WHICH)
    def approve_at_a_bad_moment(self, which):
        """The signature counts, but what it is about cannot be done at this moment."""
        signoff = self.pick("request_signoff", which)
        request, signer = signoff.review_id._get_subject(), self._signer(signoff)
        refusal = UserError("Somebody is moving the goods")
        with patch.object(type(request), "_apply", side_effect=refusal):
            self.act(signer, lambda s: s.action_approve("In order"), signoff)

    @move("confirmed", who=WHO, which=WHICH, days=st.integers(0, 3))
    def propose_expedite(self, who, which, days):
        order = self.pick("short_of_goods", which) or self.pick("confirmed", which)
        if not order:
            return
        user = self.person(who, order.user_id)
        vals = {
            "order_id": order.id,
            "reason": "Their line stands still",
            "needed_by": self.story.now + timedelta(days=days),
        }
        expedite = self.act(user, lambda e: e.create(vals), self.env["order.expedite"])
        if expedite:
            self.story.note_request_author(expedite, user)

    @move("draft_expedite", who=WHO, which=WHICH, scenario=SCENARIO)
    def simulate_expedite(self, who, which, scenario):
        expedite = self.pick("draft_expedite", which)
        if expedite:
            user = self.person(who, self._requester(expedite))

            def do(expedite):
                expedite.action_simulate()
                expedite.action_choose_scenario(scenario)

            self.act(user, do, expedite)

    @move("draft_expedite", who=WHO, which=WHICH)
    def submit_expedite(self, who, which):
        expedite = self.pick("draft_expedite", which)
        self._go_on(who, expedite, "action_submit")

    @move(
        "expedite",
        who=WHO,
        which=WHICH,
        method=st.sampled_from(("cancel", "correct", "apply", "revert")),
    )
    def go_on_with_expedite(self, who, which, method):
        """Whatever state it is in."""
        self._go_on(who, self.pick("expedite", which), f"action_{method}")

    @move("refused_expedite", who=WHO, which=WHICH)
    def correct_expedite(self, who, which):
        self._go_on(who, self.pick("refused_expedite", which), "action_correct")

    @move("approved_expedite", who=WHO, which=WHICH)
    def apply_expedite(self, who, which):
        """By hand: it could not be applied when it was approved."""
        self._go_on(who, self.pick("approved_expedite", which), "action_apply")

    @move("applied_expedite", who=WHO, which=WHICH)
    def revert_expedite(self, who, which):
        self._go_on(who, self.pick("applied_expedite", which), "action_revert")
