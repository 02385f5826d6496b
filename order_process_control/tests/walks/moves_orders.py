from datetime import timedelta

from hypothesis import strategies as st

from odoo.fields import Command

from .base import QUANTITY, TEXT, WHICH, WHO, WalkBase, move

SIZE = st.sampled_from(((1, 0), (0, 6), (2, 0), (3, 2), (12, 0)))
SELLER = st.sampled_from(("salesperson", "finance_user2"))


class OrderMoves(WalkBase):
    """Quotations are written, changed, submitted and confirmed, by every way that there is."""

    def _seller(self, order):
        return order.user_id if order.user_id.active else self.world.salesperson

    def _edit(self, who, order, do):
        """Let somebody change what an order promises, and remember who it was."""
        user = self.person(who, self._seller(order))
        if self.act(user, do, order):
            self.story.note_author(order, user)

    @move(who=WHO, size=SIZE, customer=st.integers(0, 1), days=st.integers(3, 20))
    def create_order(self, who, size, customer, days):
        world, user = self.world, self.person(who, "salesperson")
        desks, lamps = size
        goods = [(world.product, desks), (world.lamp, lamps)]
        vals = {
            "partner_id": world.customers[customer].id,
            "medium_id": world.channel.id,
            "commitment_date": self.story.now + timedelta(days=days),
            "order_line": world._line_commands(*((what, count) for what, count in goods if count)),
        }
        order = self.act(user, lambda orders: orders.create(vals), self.env["sale.order"])
        if order:
            self.story.note_author(order, user)

    @move("lines", who=WHO, which=WHICH, quantity=QUANTITY)
    def change_quantity(self, who, which, quantity):
        if order := self.pick("lines", which):
            line = order.order_line[:1]

            def do(order):
                update = Command.update(line.id, {"product_uom_qty": quantity})
                order.write({"order_line": [update]})

            self._edit(who, order, do)

    @move("lines", who=WHO, which=WHICH, price=st.sampled_from((20, 96, 99, 100, 101, 104, 180)))
    def change_price_of_a_line(self, who, which, price):
        """Written on the line itself, as the catalog and the discount dialog do."""
        if order := self.pick("lines", which):
            self._edit(who, order, lambda o: o.order_line[:1].write({"price_unit": price}))

    @move("quotation", who=WHO, which=WHICH, quantity=QUANTITY)
    def add_line(self, who, which, quantity):
        if order := self.pick("quotation", which):
            vals = {"product_id": self.world.lamp.id, "product_uom_qty": quantity}
            self._edit(who, order, lambda o: o.order_line.create({**vals, "order_id": o.id}))

    @move("lines", who=WHO, which=WHICH)
    def remove_line(self, who, which):
        if order := self.pick("lines", which):
            self._edit(who, order, lambda o: o.order_line[-1:].unlink())

    @move("order", who=WHO, which=WHICH, days=st.integers(1, 30))
    def change_date(self, who, which, days):
        if order := self.pick("order", which):
            date = self.story.now + timedelta(days=days)
            self._edit(who, order, lambda o: o.write({"commitment_date": date}))

    @move("quotation", who=WHO, which=WHICH, seller=SELLER)
    def give_to_another_seller(self, who, which, seller):
        if order := self.pick("quotation", which):
            seller = getattr(self.world, seller)
            self._edit(who, order, lambda o: o.write({"user_id": seller.id}))

    @move("quotation", who=WHO, which=WHICH)
    def register(self, who, which):
        self._call(who, self.pick("quotation", which), "action_register")

    @move("quotation", who=WHO, which=WHICH)
    def submit_order(self, who, which):
        self._call(who, self.pick("quotation", which), "action_request_review")

    @move("order", who=WHO, which=WHICH)
    def submit_order_again(self, who, which):
        self._call(who, self.pick("order", which), "action_request_review")

    @move("reviewed", who=WHO, which=WHICH)
    def withdraw_review(self, who, which):
        order = self.pick("reviewed", which)
        self._call(who, order, "action_withdraw_review")

    @move("rejected", who=WHO, which=WHICH, text=TEXT)
    def escalate_decision(self, who, which, text):
        order = self.pick("rejected", which)
        self._call(who, order, "action_escalate_decision", text)

    @move("quotation", who=WHO, which=WHICH)
    def confirm(self, who, which):
        self._call(who, self.pick("quotation", which), "action_confirm")

    @move("order", who=WHO, which=WHICH, days=st.sampled_from((None, 1, 15)))
    def write_the_state(self, who, which, days):
        """As a client does that knows the API, with a change in the same call or without; Odoo
        itself breaks when lines come with the state."""
        if order := self.pick("order", which):
            vals = {"state": "sale"}
            if days:
                vals["commitment_date"] = self.story.now + timedelta(days=days)
            self._edit(who, order, lambda o: o.write(vals))

    @move(who=WHO, quantity=QUANTITY)
    def create_a_confirmed_order(self, who, quantity):
        world, user = self.world, self.person(who, "salesperson")
        vals = {
            "partner_id": world.customer.id,
            "medium_id": world.channel.id,
            "state": "sale",
            "order_line": world._line_commands((world.product, quantity)),
        }
        order = self.act(user, lambda orders: orders.create(vals), self.env["sale.order"])
        if order:
            self.story.note_author(order, user)

    @move("order", who=WHO, which=WHICH)
    def cancel_order(self, who, which):
        self._call(who, self.pick("order", which), "action_cancel")

    @move("cancelled", who=WHO, which=WHICH)
    def make_quotation_again(self, who, which):
        self._call(who, self.pick("cancelled", which), "action_draft")

    @move("order", who=WHO, which=WHICH)
    def copy_order(self, who, which):
        if order := self.pick("order", which):
            user = self.person(who, self._seller(order))
            copy = self.act(user, lambda o: o.copy(), order)
            if copy:
                self.story.note_author(copy, user)

    @move("quotation", who=WHO, which=WHICH, text=TEXT)
    def exempt(self, who, which, text):
        if order := self.pick("quotation", which):
            user = self.person(who, "process_manager")
            self.act(user, lambda o: o.action_exempt_review(text), order)

    def _call(self, who, order, method, *args):
        if order:
            user = self.person(who, self._seller(order))
            self.act(user, lambda o: getattr(o, method)(*args), order, what=method)

    # === WHAT FOLLOWS ===#

    @move("outgoing", who=WHO, which=WHICH, everything=st.booleans())
    def deliver(self, who, which, everything):
        picking = self.pick("outgoing", which)
        if picking:
            user = self.person(who, "stock_user")
            self.act(user, lambda p: self.world._ship_all(p, everything), picking)

    @move("invoiceable", which=WHICH)
    def invoice(self, which):
        """Accounting has no part in this: it invoices what was delivered."""
        order = self.pick("invoiceable", which)
        if order:
            root = self.env.ref("base.user_root")
            self.act(root, lambda o: o._create_invoices(final=True).action_post(), order)

    @move(hours=st.sampled_from((1, 5, 24, 100)))
    def time_passes(self, hours):
        self.let_pass(hours=hours)
        root = self.env.ref("base.user_root")
        self.act(root, lambda _deadlines: self.world._scan_deadlines(), self.env["order.deadline"])
