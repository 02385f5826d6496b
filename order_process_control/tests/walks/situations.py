from .moves_orders import OrderMoves
from .moves_reviews import ReviewMoves
from .moves_tickets import TicketMoves

SITUATIONS = (
    "in_review",
    "approved",
    "large_in_review",
    "sold",
    "change_in_review",
    "waiting_for_stock",
    "complaint",
    "returned",
    "refund_in_review",
)


class Situations(OrderMoves, ReviewMoves, TicketMoves):
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

    def change_in_review(self):
        self.approved()
        self.confirm("right", 0)
        self.propose_change("right", 0, 0, 150, 0, "finance_user2")
        self.submit_change("right", 0)

    def waiting_for_stock(self):
        for days in (20, 12, 6):
            self.create_order("right", (0, 7), 1, days)
            self.confirm("right", 0)
        self.propose_expedite("right", 0, 3)
        self.simulate_expedite("right", 0, "take")

    def complaint(self):
        self.sold()
        self.open_ticket("right", 0, "email")
        self.add_goods("right", 0, 0, 1, "return")

    def returned(self):
        self.complaint()
        self.create_document("right", 0, "return")
        self.receive("right", 0, True)
        self.inspect("right", 0, ("intact", "stock"), None)

    def refund_in_review(self):
        self.returned()
        self.create_document("right", 0, "refund")
