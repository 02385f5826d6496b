"""Who may sign one sign-off, and when it is decided."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Signers:
    """Who may sign one sign-off now, by which right, and what is still missing."""

    # {user id: entitlement} of those who have not voted yet
    able: dict = field(default_factory=dict)
    # {user id: the people whose signature theirs counts for}
    roots: dict = field(default_factory=lambda: defaultdict(set))
    # Ids of the users who have approved, also of those who have left since
    voted: set = field(default_factory=set)

    def bar(self, user_id):
        self.able.pop(user_id, None)

    def count(self, users):
        """Return for how many signatures these users are good: somebody and who stands in for
        them are one, and so is whoever stands in for several."""
        return min(len(users), len(self.get_roots(users)))

    def get_roots(self, users):
        # Who voted and has left since stands for themselves
        return set().union(*(self.roots.get(user) or {user} for user in users))

    def is_enough(self, signoff, user_id=None):
        """Tell whether the sign-off is decided, once ``user_id`` has approved as well."""
        voted = self.voted | ({user_id} if user_id else set())
        if not voted:
            return False
        left = set(self.able) - voted
        if signoff.decision_rule == "all":
            covered = self.get_roots(voted)
            return all(self.roots[other] <= covered for other in left)
        if signoff.decision_rule == "number":
            return self.count(voted) >= signoff.required_count or not left
        return True
