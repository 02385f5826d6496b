from datetime import timedelta

from hypothesis import strategies as st

from .base import TEXT, WHICH, WHO, WalkBase, move
from .world import PEOPLE, SIGNERS

SIGNER = st.sampled_from(SIGNERS)
# Who could sign instead, most often
PERSON = st.sampled_from(SIGNERS * 6 + PEOPLE)


class ReviewMoves(WalkBase):
    """Departments sign, refuse, ask, hand on and take back; some who are none of them try to."""

    def _signer(self, signoff):
        """Return somebody who is offered this sign-off by the system."""
        able = signoff._get_signers()[signoff.id].able
        return self.env["res.users"].browse(sorted(able)[:1])

    def _decide(self, who, signoff, method, *args):
        if signoff:
            user = self.person(who, self._signer(signoff))
            return self.act(user, lambda s: getattr(s, method)(*args), signoff, what=method)
        return None

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

    @move("pending", who=WHO, which=WHICH, to=PERSON, hours=st.sampled_from((1, 24)))
    def delegate(self, who, which, to, hours):
        """Until just before the scheduled action comes by, which looks for what has ended."""
        end = self.story.now.replace(minute=0) + timedelta(hours=hours + 1, seconds=-1)
        signoff, delegate = self.pick("pending", which), getattr(self.world, to)
        if self._decide(who, signoff, "action_delegate", delegate.id, end):
            self.story.delegations[signoff.id] = (delegate.id, end)

    @move("just_decided", who=WHO, which=WHICH)
    def take_decision_back(self, who, which):
        if signoff := self.pick("just_decided", which):
            user = self.person(who, signoff.decided_by)
            self.act(user, lambda s: s.action_undo(), signoff)

    @move("decided", who=WHO, which=WHICH)
    def take_old_decision_back(self, who, which):
        if signoff := self.pick("decided", which):
            user = self.person(who, signoff.decided_by)
            self.act(user, lambda s: s.action_undo(), signoff)

    @move("pending", which=WHICH, method=st.sampled_from(("approve", "reject")))
    def decide_by_mistake(self, which, method):
        """A mis-click: taken back in the next minute."""
        signoff = self.pick("pending", which)
        signer = self._signer(signoff)
        decided = self.act(signer, lambda s: getattr(s, f"action_{method}")("Oh no"), signoff)
        if decided:
            self.act(signer, lambda s: s.action_undo(), signoff, what="take_mistake_back")

    # === ABSENCES ===#

    @move(who=WHO, absent=SIGNER, deputy=PERSON, days=st.sampled_from((0, 1, 30)))
    def enter_absence(self, who, absent, deputy, days):
        vals = {
            "user_id": getattr(self.world, absent).id,
            "deputy_id": getattr(self.world, deputy).id,
            "date_from": self.story.now.date(),
            "date_to": self.story.now.date() + timedelta(days=days),
        }
        user = self.person(who, absent)
        self.act(user, lambda a: a.create(vals), self.env["order.deputy"])

    @move("absence", who=WHO, which=WHICH, method=st.sampled_from(("unlink", "action_archive")))
    def end_absence(self, who, which, method):
        absence = self.pick("absence", which)
        user = self.person(who, absence.user_id)
        self.act(user, lambda a: getattr(a, method)(), absence)
