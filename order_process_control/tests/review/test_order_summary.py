from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_order_review_form import PrintCommon

TABLE = "order_process_control.order_summary"


@tagged("post_install", "-at_install")
class TestOrderSummary(PrintCommon):
    """Order Summary Table: what was released, OK or NG (R-081)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.to_submit = cls._create_order()
        cls.in_review, cls.ok, cls.ng, cls.confirmed = (
            cls._create_order(client_order_ref=name)
            for name in ("in review", "ok", "ng", "confirmed")
        )
        submitted = cls.in_review | cls.ok | cls.ng | cls.confirmed
        submitted.action_request_review()
        for order in cls.ok | cls.confirmed:
            order.sudo().current_review_id.signoff_ids.with_user(cls.finance_user).action_approve()
        signoff = cls.ng.sudo().current_review_id.signoff_ids
        signoff.with_user(cls.finance_user).action_reject("No credit")
        cls.confirmed.action_confirm()
        cls.exempt = cls._create_order()
        cls.exempt.with_user(cls.process_manager).action_exempt_review("The board decided")
        cls.cancelled = cls._create_order()
        cls.cancelled.action_cancel()
        cls.all = submitted | cls.to_submit | cls.exempt | cls.cancelled

    def _find(self, domain, user=None):
        orders = self.env["sale.order"].with_user(user or self.salesperson)
        return orders.search([("id", "in", self.all.ids), *domain]).with_user(self.salesperson)

    def test_results(self):
        expected = {
            self.ok: "ok",
            self.confirmed: "ok",
            self.ng: "ng",
            self.exempt: "none",
            self.in_review: False,
            self.to_submit: False,
            self.cancelled: False,
        }
        self.env.invalidate_all()
        for order, result in expected.items():
            self.assertEqual(order.review_result, result)
        for result in ("ok", "ng", "none", False):
            wanted = {order for order, own in expected.items() if own == result}
            self.assertEqual(set(self._find([("review_result", "=", result)])), wanted)
            self.assertEqual(
                set(self._find([("review_result", "!=", result)])), set(expected) - wanted
            )
        self.assertEqual(
            self._find([("review_result", "in", ("ok", "ng"))]),
            self.all & (self.ok | self.ng | self.confirmed),
        )

    def test_released_when_and_by_whom(self):
        self.env.invalidate_all()
        for order in self.ok | self.confirmed:
            self.assertEqual(order.released_by, self.finance_user)
            self.assertEqual(order.released_at, order.release_id.decided_at)
        self.assertEqual(self.exempt.released_by, self.process_manager)
        self.assertFalse((self.ng | self.in_review | self.to_submit).released_by)

    def test_the_list_opens_with_what_is_released(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_process_control.sale_order_action_summary"
        )
        view = self.env["sale.order"].get_view(action["search_view_id"][0], "search")["arch"]
        self.assertIn('name="released"', view)
        listed = self._find([*eval(action["domain"])])
        self.assertEqual(listed, self.all & (self.ok | self.confirmed | self.ng | self.exempt))

    def test_grouped_by_month_of_release(self):
        groups = (
            self.env["sale.order"]
            .with_user(self.auditor)
            .formatted_read_group(
                [("id", "in", (self.ok | self.confirmed).ids)], ["released_at:month"], ["__count"]
            )
        )
        self.assertEqual([group["__count"] for group in groups], [2])

    def test_printed(self):
        text = self._print(self.all, self.salesperson, TABLE)
        self.assertIn("Order Summary Table", text)
        for order in self.all:
            self.assertIn(order.name, text)
        for part in ("OK", "NG", "Without Review", "opc_fin", "opc_mgr", "Careful Customer"):
            self.assertIn(part, text)

    def test_who_prints(self):
        self._print(self.ok, self.auditor, TABLE)
        self._print(self.ok, self.finance_user, TABLE)
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        for user in (portal, self.other_salesperson, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._print(self.ok, user, TABLE)
        for name in ("review_result", "released_at", "released_by"):
            with self.assertRaises(AccessError):
                self.ok.with_user(portal).read([name])
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(portal).search([("review_result", "=", "ok")])
