from hypothesis import strategies as st

from .base import QUANTITY, TEXT, WHICH, WHO, WalkBase, move

OUTCOME = st.sampled_from(
    ("return", "return", "refund", "refund", "exchange", "exchange", "resupply", "repair", "repair")
)
# None: what comes next for these goods
DOCUMENT = st.sampled_from(
    (None,) * 10
    + ("create_return", "create_refund", "create_exchange", "create_repair", "send_back")
)
# The last one is refused
FOUND = st.sampled_from(
    (
        ("intact", "stock"),
        ("defective", "repair"),
        ("defective", "repair"),
        ("defective", "scrap"),
        ("intact", "scrap"),
    )
)
RESOLUTION = st.sampled_from(("repair", "unsolved", None))
LINE = st.integers(0, 1)


class TicketMoves(WalkBase):
    """Customers complain and confirm, agents work, goods and money go back."""

    def _agent(self, ticket):
        return ticket.user_id or self.world.agent

    def _work(self, who, ticket, method, *args):
        if ticket:
            user = self.person(who, self._agent(ticket))
            return self.act(user, lambda t: getattr(t, method)(*args), ticket, what=method)
        return None

    # === TALKING ===#

    @move(who=WHO, which=WHICH, channel=st.sampled_from(("phone", "email", "portal")))
    def open_ticket(self, who, which, channel):
        world = self.world
        order = self.pick("confirmed", which)
        partner = order.partner_id or world.customer
        vals = {
            "subject": "It does not work",
            "partner_id": partner.id,
            "category_id": world.category.id,
            "channel": channel,
            "order_id": order.id,
        }
        user = self.person(who, "agent")
        self.act(user, lambda t: t.create(vals), self.env["order.ticket"])

    @move(
        "ticket",
        who=WHO,
        which=WHICH,
        method=st.sampled_from(("take", "take", "continue", "withdraw_refund", "undo_documents")),
    )
    def work(self, who, which, method):
        self._work(who, self.pick("ticket", which), f"action_{method}")

    @move(
        "ticket",
        who=WHO,
        which=WHICH,
        text=TEXT,
        method=st.sampled_from(("answer", "wait_customer", "wait_internal", "escalate")),
    )
    def say(self, who, which, text, method):
        self._work(who, self.pick("ticket", which), f"action_{method}", text)

    @move("open_ticket", who=WHO, which=WHICH, text=TEXT)
    def cancel_ticket(self, who, which, text):
        self._work(who, self.pick("open_ticket", which), "action_cancel", text)

    @move(
        "open_ticket",
        who=WHO,
        which=WHICH,
        text=TEXT,
        resolution=RESOLUTION,
    )
    def solve(self, who, which, text, resolution):
        self._work(who, self.pick("open_ticket", which), "action_resolve", text, resolution)

    @move("ticket", who=WHO, which=WHICH, text=TEXT)
    def confirm_solved(self, who, which, text):
        self._work(who, self.pick("ticket", which), "action_confirm_solved", text)

    @move("answered_ticket", which=WHICH)
    def customer_confirms(self, which):
        ticket = self.pick("answered_ticket", which)
        self._work("client", ticket, "action_confirm_solved")

    @move("over_ticket", who=WHO, which=WHICH, text=TEXT)
    def reopen(self, who, which, text):
        ticket = self.pick("over_ticket", which)
        self._work(who, ticket, "action_reopen", text)

    @move("any_ticket", which=WHICH)
    def customer_writes(self, which):
        """By mail, in answer to one of ours, however old it is."""
        if ticket := self.pick("any_ticket", which):
            root = self.env.ref("base.user_root")
            self.act(root, lambda t: self.world._customer_says(t), ticket)

    @move("ticket", who=WHO, which=WHICH)
    def write_a_message(self, who, which):
        if ticket := self.pick("ticket", which):
            user = self.person(who, self._agent(ticket))
            post = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
            self.act(user, lambda t: t.message_post(**{**post, "body": "We look at it"}), ticket)

    @move("open_ticket", who=WHO, which=WHICH, into=WHICH)
    def merge(self, who, which, into):
        target = self.pick("open_ticket", into)
        if target:
            self._work(who, self.pick("open_ticket", which), "action_merge", target.id)

    @move("open_ticket", who=WHO, which=WHICH, goods=st.booleans())
    def split(self, who, which, goods):
        if ticket := self.pick("open_ticket", which):
            lines = ticket.line_ids[:1].ids if goods else []
            self._work(who, ticket, "action_split", "Another matter", lines)

    @move("any_ticket", who=WHO, which=WHICH, back=st.booleans())
    def archive(self, who, which, back):
        ticket = self.pick("archived_ticket" if back else "ended_ticket", which)
        if ticket:
            user = self.person(who, "process_manager")
            method = "action_unarchive" if back else "action_archive"
            self.act(user, lambda t: getattr(t, method)(), ticket, what=method)

    @move("ticket", who=WHO, which=WHICH)
    def delete_ticket(self, who, which):
        if ticket := self.pick("ticket", which):
            self.act(self.person(who, "process_manager"), lambda t: t.unlink(), ticket)

    @move("open_ticket", who=WHO, which=WHICH, text=TEXT)
    def ask_department(self, who, which, text):
        department = self.world.production
        self._work(who, self.pick("ticket", which), "action_ask_department", department.id, text)

    @move("part", who=WHO, which=WHICH, text=TEXT, withdraw=st.booleans())
    def end_part(self, who, which, text, withdraw):
        if part := self.pick("part", which):
            right = self._agent(part.ticket_id) if withdraw else self.world.production_user
            method = "action_withdraw" if withdraw else "action_answer"
            user = self.person(who, right)
            self.act(user, lambda p: getattr(p, method)(text), part, what=method)

    # === GOODS AND MONEY ===#

    @move(
        "order_ticket",
        who=WHO,
        which=WHICH,
        line=LINE,
        quantity=QUANTITY,
        outcome=OUTCOME,
    )
    def add_goods(self, who, which, line, quantity, outcome):
        if ticket := self.pick("order_ticket", which):
            order_lines = ticket.order_id.order_line
            vals = {
                "ticket_id": ticket.id,
                "order_line_id": order_lines[line : line + 1].id or order_lines[:1].id,
                "quantity": quantity,
                "requested_outcome": outcome,
            }
            user = self.person(who, self._agent(ticket))
            self.act(user, lambda lines: lines.create(vals), self.env["order.ticket.line"])

    @move("goods", who=WHO, which=WHICH, quantity=QUANTITY, outcome=OUTCOME)
    def change_goods(self, who, which, quantity, outcome):
        if line := self.pick("open_goods", which) or self.pick("goods", which):
            user = self.person(who, self._agent(line.ticket_id))
            vals = {"quantity": quantity, "decided_outcome": outcome}
            self.act(user, lambda rows: rows.write(vals), line)

    @move("goods", who=WHO, which=WHICH)
    def remove_goods(self, who, which):
        if line := self.pick("open_goods", which) or self.pick("goods", which):
            user = self.person(who, self._agent(line.ticket_id))
            self.act(user, lambda rows: rows.unlink(), line)

    @move("goods_ticket", who=WHO, which=WHICH, what=DOCUMENT)
    def create_document(self, who, which, what):
        ticket = self.pick("goods_ticket", which)
        if ticket:
            method = f"action_{what or self._get_next_document(ticket)}"
            self._work(who, ticket, method)

    def _get_next_document(self, ticket):
        """Return what an agent would make next for the first of the goods."""
        line = ticket.line_ids[:1]
        outcome = line.decided_outcome or line.requested_outcome
        came_back = line.received_quantity or line.returning_quantity
        if outcome in ("return", "exchange", "repair") and not came_back:
            return "create_return"
        if outcome == "repair":
            is_done = "done" in line.repair_ids.mapped("state")
            return "send_back" if is_done else "create_repair"
        return "create_exchange" if outcome in ("exchange", "resupply") else "create_refund"

    @move("repair", who=WHO, which=WHICH, goes_on=st.sampled_from((True, True, True, False)))
    def repair(self, who, which, goes_on):
        """The workshop begins and ends it, or gives it up."""
        if repair := self.pick("repair", which):
            step = "end" if repair.state == "under_repair" else "start"
            method = f"action_repair_{step if goes_on else 'cancel'}"
            user = self.person(who, "stock_user")
            self.act(user, lambda r: getattr(r, method)(), repair, what=method)

    @move("incoming", who=WHO, which=WHICH, everything=st.booleans())
    def receive(self, who, which, everything):
        picking = self.pick("incoming", which)
        if picking:
            user = self.person(who, "stock_user")
            self.act(user, lambda p: self.world._ship_all(p, everything), picking)

    @move(
        "goods", who=WHO, which=WHICH, found=FOUND, quantity=st.sampled_from((None,) * 4 + (1, 99))
    )
    def inspect(self, who, which, found, quantity):
        """What has arrived, where anything has."""
        goods = self._mine("order.ticket.line")
        goods = (
            goods.filtered(lambda line: line.received_quantity > line.inspected_quantity) or goods
        )
        line = goods[which % len(goods)]
        user = self.person(who, self._agent(line.ticket_id))
        self.act(user, lambda rows: rows.action_inspect(*found, quantity=quantity), line)

    @move("credit_note", which=WHICH, post=st.booleans())
    def go_on_with_credit_note(self, which, post):
        refund = self.pick("credit_note", which)
        if refund:
            method = "action_post" if post else "button_cancel"
            root = self.env.ref("base.user_root")
            self.act(root, lambda move: getattr(move, method)(), refund, what=method)
