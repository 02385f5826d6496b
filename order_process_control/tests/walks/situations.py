from .moves_orders import OrderMoves
from .moves_requests import RequestMoves
from .moves_reviews import ReviewMoves
from .moves_tickets import TicketMoves

SITUATIONS = (
    "in_review",
    "approved",
    "large_in_review",
    "sold",
    "somebody_absent",
    "change_in_review",
    "change_not_applied",
    "waiting_for_stock",
    "expedite_in_review",
    "expedited",
    "complaint",
    "returned",
    "refund_in_review",
    "to_exchange",
    "to_repair",
)


class Situations(OrderMoves, ReviewMoves, RequestMoves, TicketMoves):
    """Where a walk may begin: each is reached by moves of those who are entitled."""

    def in_review(self):
        self.create_order("right", (2, 0), 0, 5)
        self.submit_order("right", 0)

    def approved(self):
        self.in_review()
        self.approve_as_asked(0)
        self.approve_as_asked(0)

    def large_in_review(self):
        self.create_order("right", (12, 0), 0, 9)
        self.submit_order("right", 0)
        self.approve_as_asked(0)

    def sold(self):
        self.create_order("right", (1, 2), 0, 5)
        self.confirm("right", 0)
        self.deliver("right", 0, True)
        self.invoice(0)

    def somebody_absent(self):
        self.in_review()
        self.enter_absence("right", "production_user", "approver", 30)
        self.enter_absence("right", "finance_user", "finance_user2", 1)

    def change_in_review(self):
        self.approved()
        self.confirm("right", 0)
        self.propose_change("right", 0, 0, 150, 0, "finance_user2")
        self.submit_change("right", 0)

    def change_not_applied(self):
        self.change_in_review()
        self.approve_at_a_bad_moment(0)

    def waiting_for_stock(self):
        for days in (20, 12, 6):
            self.create_order("right", (0, 7), 1, days)
            # One after the other they are reviewed like one large order
            self.exempt("right", 0, "As agreed")
            self.confirm("right", 0)
        self.propose_expedite("right", 0, 3)
        self.simulate_expedite("right", 0, "take")

    def expedite_in_review(self):
        self.waiting_for_stock()
        self.submit_expedite("right", 0)

    def expedited(self):
        self.expedite_in_review()
        self.approve_as_asked(0)

    def complaint(self, outcome="return"):
        self.sold()
        self.open_ticket("right", 0, "email")
        self.add_goods("right", 0, 0, 1, outcome)

    def returned(self, outcome="return", found=("intact", "stock")):
        self.complaint(outcome)
        self.create_document("right", 0, "create_return")
        self.receive("right", 0, True)
        self.inspect("right", 0, found, None)

    def refund_in_review(self):
        self.returned()
        self.create_document("right", 0, "create_refund")

    def to_exchange(self):
        self.returned("exchange", ("defective", "scrap"))

    def to_repair(self):
        self.returned("repair", ("defective", "repair"))
        self.create_document("right", 0, "create_repair")
