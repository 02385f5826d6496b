import csv
from collections import Counter
from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from ..flow import FREE_STOCK, OUTCOMES, SAMPLE_FILE, SIGNERS, UNEXPECTED_OUTCOMES, OrderFlow

EXPECTED = {
    "not_imported": 2,
    "not_submitted": 6,
    "rejected": 5,
    "delivered": 33,
    "partly_delivered": 10,
    "waiting": 12,
    "done": 2,
}
# What each order of the demo data shows: state, review, and which department is asked
DEMO_ORDERS = {
    "regular": ("draft", "not_required", ""),
    "regular_delivered": ("sale", "not_required", ""),
    "to_submit": ("draft", "to_submit", ""),
    "private_channel": ("draft", "to_submit", ""),
    "in_sales": ("draft", "in_review", "Sales"),
    "in_finance": ("draft", "in_review", "Finance"),
    "in_production": ("draft", "in_review", "Production"),
    "in_logistics": ("draft", "in_review", "Logistics"),
    "in_management": ("draft", "in_review", "General Management"),
    "rejected": ("draft", "rejected", ""),
    "second_round": ("draft", "in_review", "Production"),
    "approved": ("draft", "approved", ""),
    "outdated": ("draft", "outdated", ""),
    "partly_delivered": ("sale", "approved", ""),
    "delivered": ("sale", "approved", ""),
    "cancelled": ("cancel", "not_required", ""),
}


class DemoCase(TransactionCase):
    """Tests that need the people of the demo data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("order_process_control.user_demo_finance", raise_if_not_found=False):
            raise SkipTest("The users of the demo data are not there.")

    def _demo_order(self, name):
        return self.env.ref(f"order_process_control.sale_order_{name}")


@tagged("post_install", "-at_install")
class TestDemoOrders(DemoCase):
    """The demo data tells the story that it promises."""

    def test_orders_show_every_state(self):
        found = {}
        for name in DEMO_ORDERS:
            order = self._demo_order(name)
            pending = order.current_review_id.signoff_ids.filtered(lambda s: s.state == "pending")
            found[name] = (order.state, order.review_state, ", ".join(pending.mapped("name")))
        self.assertEqual(found, DEMO_ORDERS)

    def test_deliveries(self):
        # Some of it is on its way back: see the tickets of the demo data
        outgoing = self._demo_order("delivered").picking_ids.filtered(lambda p: not p.return_id)
        self.assertEqual(outgoing.mapped("state"), ["done"])
        self.assertEqual(self._demo_order("regular_delivered").delivery_status, "full")
        partly = self._demo_order("partly_delivered")
        self.assertIn(partly.delivery_status, ("started", "partial"))
        self.assertEqual(partly.order_line.mapped("qty_delivered"), [4, 6])

    def test_sales_manager_does_not_sign_an_own_order(self):
        order = self._demo_order("in_management")
        signoff = order.current_review_id.signoff_ids.filtered(lambda s: s.name == "Sales")
        self.assertEqual(signoff.decided_by, self.env.ref("base.user_admin"))
        self.assertEqual(signoff.vote_ids.entitlement, "process_manager")

    def test_second_round_keeps_the_first(self):
        reviews = self._demo_order("second_round").review_ids
        self.assertEqual(reviews.mapped("state"), ["in_progress", "rejected"])

    def test_private_channel_cannot_be_submitted(self):
        order = self._demo_order("private_channel")
        manager = self.env.ref("order_process_control.user_demo_sales_manager")
        with self.assertRaisesRegex(UserError, "not an approved order channel"):
            order.with_user(manager).action_request_review()

    def test_signers_see_their_orders_and_nothing_else_of_sales(self):
        finance = self.env.ref("order_process_control.user_demo_finance")
        signoffs = self.env["order.signoff"].with_user(finance)
        self.assertEqual(
            signoffs.search([("can_decide", "=", True)]).order_id.sudo(),
            self._demo_order("in_finance"),
        )
        visible = self.env["sale.order"].with_user(finance).search([])
        self.assertIn("Finance", visible.sudo().signoff_ids.mapped("name"))
        self.assertNotIn(self._demo_order("regular"), visible.sudo())
        self.assertNotIn(self._demo_order("to_submit"), visible.sudo())


@tagged("post_install", "-at_install")
class TestDemoFlow(DemoCase):
    """The sample file from the import to the delivery, as the demo users of each department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flow = OrderFlow(cls.env, "test")
        cls.cases = cls.flow.play()
        cls.imported = [case for case in cls.cases if case.order]

    def _cases(self, *outcomes):
        return [case for case in self.cases if case.outcome in outcomes]

    def _orders(self, *outcomes):
        return self.env["sale.order"].browse(case.order.id for case in self._cases(*outcomes))

    def test_every_order_of_the_file_has_an_outcome(self):
        with open(file_path(SAMPLE_FILE), encoding="utf-8", newline="") as file:
            references = [row["client_order_ref"] for row in csv.DictReader(file) if row["id"]]
        self.assertGreaterEqual(len(references), 60)
        self.assertEqual([case.reference for case in self.cases], references)
        for case in self.cases:
            self.assertIn(case.outcome, OUTCOMES)
            self.assertTrue(case.story, case.reference)
        self.assertFalse(self._cases(*UNEXPECTED_OUTCOMES))
        self.assertEqual(len(self.flow.get_lines()), len(references))

    def test_outcomes(self):
        self.assertEqual(Counter(case.outcome for case in self.cases), Counter(EXPECTED))
        self.assertEqual(
            Counter(case.order.class_id.name for case in self.imported),
            {"Regular": 37, "Special": 26, "Large": 5},
        )

    def test_orders_are_those_of_the_file(self):
        salesperson = self.env.ref("order_process_control.user_demo_salesperson")
        for case in self.imported:
            order = case.order.sudo()
            self.assertEqual(order.create_uid, salesperson)
            self.assertEqual(order.user_id, salesperson)
            self.assertEqual(order.partner_id.name, case.row["partner_id"])
            self.assertEqual(order.medium_id.name or "", case.row["medium_id"])
            start = self.flow.columns.index("order_line/product_id")
            self.assertEqual(
                [
                    [line.product_id.default_code, line.product_uom_qty, line.discount]
                    for line in order.order_line
                ],
                [
                    [cells[start], float(cells[start + 1]), float(cells[start + 2])]
                    for cells in case.cells
                    if cells[start]
                ],
            )

    def test_problems_are_told_by_name(self):
        stories = {case.reference: case.story for case in self.cases}
        for reference, words in {
            "HO-1": "No matching record found for name 'Hollow Oak & Sons'",
            "AZ-5606": "No matching record found for name 'OPC-STOOL'",
            "RM-2241": "The promised delivery date is in the past",
            "LU-0426": "The promised delivery date is in the past",
            "WC/26/0102": "It has no order lines",
            "RM-2243": "“Social Media” is not an approved order channel",
            "RM-2245": "“Facebook” is not an approved order channel",
            "LI-4414": "through which channel the order arrived",
        }.items():
            self.assertIn(words, stories[reference][0])

    def test_nothing_is_confirmed_without_release_or_exemption(self):
        confirmed = self._orders("delivered", "partly_delivered", "waiting", "done")
        self.assertEqual(set(confirmed.mapped("state")), {"sale"})
        for order in confirmed:
            if order.class_id.name == "Regular":
                self.assertTrue(order.release_exempt)
                self.assertFalse(order.review_ids)
            else:
                self.assertFalse(order.release_exempt)
                self.assertEqual(order.release_id, order.review_ids[:1])
                self.assertEqual(order.release_id.state, "approved")
                self.assertEqual(set(order.release_id.signoff_ids.mapped("state")), {"approved"})

    def test_each_department_signed_for_itself(self):
        logins = dict(zip(("Sales", "Finance", "Production", "Logistics"), SIGNERS, strict=False))
        logins["General Management"] = "general_manager"
        special = ["Sales", "Finance", "Production", "Logistics"]
        large = ["Sales", "Finance", "General Management"]
        for order in self._orders("delivered", "partly_delivered", "waiting").release_id.order_id:
            names = large if order.class_id.name == "Large" else special
            if order.class_id.name == "Special" and order.is_important:
                names = [*special, "General Management"]
            signoffs = order.release_id.signoff_ids
            self.assertEqual(signoffs.mapped("name"), names)
            self.assertEqual(
                [signoff.decided_by.login for signoff in signoffs],
                [logins[name] for name in names],
            )

    def test_refused_orders_stay_quotations(self):
        for case in self._cases("not_submitted", "rejected"):
            self.assertEqual(case.order.state, "draft")
            self.assertTrue(case.refusal)
            self.assertFalse(case.order.picking_ids)
            self.assertFalse(case.order.release_id)
        for case in self._cases("rejected"):
            rejection = case.order.sudo().current_review_id.signoff_ids.filtered(
                lambda signoff: signoff.state == "rejected"
            )
            self.assertEqual(rejection.name, case.row["rejected_by"])
            self.assertEqual(rejection.comment, case.row["rejection_reason"])
            self.assertIn(rejection.comment, case.refusal)

    def test_mended_orders_pass_in_their_second_round(self):
        mended = [case for case in self.cases if case.row["agreed_in_days"]]
        self.assertEqual(len(mended), 2)
        for case in mended:
            self.assertEqual(case.order.state, "sale")
            self.assertEqual(case.order.review_ids.mapped("state"), ["approved", "rejected"])
            self.assertEqual(case.order.release_id.number, 2)

    def test_red_stock_check_is_signed_with_a_reason(self):
        answers = self.env["order.signoff.answer"].search(
            [
                ("signoff_id.order_id", "in", self.flow.orders.ids),
                ("kind", "=", "automatic"),
                ("result", "=", "fail"),
            ]
        )
        self.assertTrue(answers)
        for signoff in answers.signoff_id:
            self.assertTrue(signoff.comment)

    def test_delivered_is_what_the_stock_moves_say(self):
        for case in self.imported:
            for line in case.order.sudo().order_line:
                done = line.move_ids.filtered(lambda move: move.state == "done")
                self.assertEqual(line.qty_delivered, sum(done.mapped("quantity")))
            missing = self.flow.get_missing(case.order)
            open_moves = case.order.picking_ids.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            if case.outcome in ("delivered", "partly_delivered", "waiting"):
                self.assertEqual(bool(missing), case.outcome != "delivered")
                self.assertEqual(
                    sum(missing.values()), sum(open_moves.mapped("product_uom_qty")), case.reference
                )
            backorders = case.order.picking_ids.filtered("backorder_id")
            self.assertEqual(bool(backorders), case.outcome == "partly_delivered")

    def test_no_more_is_delivered_than_was_in_stock(self):
        moves = self.flow.orders.sudo().picking_ids.move_ids
        for name, free in FREE_STOCK.items():
            product = self.env.ref(f"order_process_control.{name}")
            of_product = moves.filtered(lambda move, product=product: move.product_id == product)
            demand = sum(of_product.mapped("product_uom_qty"))
            done = of_product.filtered(lambda move: move.state == "done")
            self.assertEqual(sum(done.mapped("quantity")), min(free, demand), name)

    def test_the_file_can_be_played_again(self):
        again = OrderFlow(self.env, "test 2")
        again.read_file()
        again.cases = again.cases[:3]
        again.import_orders()
        self.assertEqual(len(again.imported), 3)
        self.assertFalse(again.orders & self.flow.orders)
        self.assertEqual(again.orders[0].client_order_ref, "AZ-5601 (test 2)")
