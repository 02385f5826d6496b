from datetime import timedelta

from hypothesis import strategies as st

from .base import TEXT, WHICH, WHO, WalkBase, move
from .world import PEOPLE

PERSON = st.sampled_from(PEOPLE)
SCENARIO = st.sampled_from(("take", "split", "wait"))
EXPEDITE_METHOD = st.sampled_from(("cancel", "correct", "apply", "revert"))


class ReviewMoves(WalkBase):
    """Departments sign, refuse, ask, hand on and take back; some who are none of them try to."""

    def _signer(self, signoff):
        """Return somebody who is offered this sign-off by the system."""
        able = signoff._get_signers()[signoff.id].able
        return self.env["res.users"].browse(sorted(able)[:1])

    def _decide(self, who, signoff, method, *args):
        if signoff:
            user = self.person(who, self._signer(signoff))
            self.act(user, lambda s: getattr(s, method)(*args), signoff, what=method)

    @move("pending", who=WHO, which=WHICH, text=TEXT)
    def approve(self, who, which, text):
        self._decide(who, self.pick("pending", which), "action_approve", text)

    @move("pending", which=WHICH)
    def approve_as_asked(self, which):
        signoff = self.pick("pending", which)
        self._decide("right", signoff, "action_approve", "In order")

    @move("signoff", who=WHO, which=WHICH)
    def approve_anything(self, who, which):
        self._decide(who, self.pick("signoff", which), "action_approve", "I say so")

    @move("pending", who=WHO, which=WHICH, text=TEXT)
    def reject(self, who, which, text):
        self._decide(who, self.pick("pending", which), "action_reject", text)

    @move("pending", who=WHO, which=WHICH, text=TEXT)
    def ask(self, who, which, text):
        self._decide(who, self.pick("pending", which), "action_ask", text)

    @move("asked", who=WHO, which=WHICH, text=TEXT)
    def answer(self, who, which, text):
        signoff = self.pick("asked", which)
        if signoff:
            user = self.person(who, signoff.order_id.user_id)
            self.act(user, lambda s: s.action_answer(text), signoff)

    @move("pending", who=WHO, which=WHICH, to=PERSON)
    def delegate(self, who, which, to):
        until = self.story.now + timedelta(days=1)
        signoff = self.pick("pending", which)
        self._decide(who, signoff, "action_delegate", getattr(self.world, to).id, until)

    @move("decided", who=WHO, which=WHICH)
    def take_decision_back(self, who, which):
        if signoff := self.pick("decided", which):
            user = self.person(who, signoff.decided_by)
            self.act(user, lambda s: s.action_undo(), signoff)

    # === CHANGES AND EXPEDITES ===#

    def _requester(self, request):
        return request.requested_by or request.order_id.user_id

    def _go_on(self, who, request, method, *args):
        if request:
            user = self.person(who, self._requester(request))
            self.act(user, lambda r: getattr(r, method)(*args), request, what=method)

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
        if change := self.pick("change", which):
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
        self._go_on(who, self.pick("change", which), f"action_{method}")

    @move("confirmed", who=WHO, which=WHICH, days=st.integers(0, 3))
    def propose_expedite(self, who, which, days):
        order = self.pick("confirmed", which)
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
        method=EXPEDITE_METHOD,
    )
    def go_on_with_expedite(self, who, which, method):
        self._go_on(who, self.pick("expedite", which), f"action_{method}")
