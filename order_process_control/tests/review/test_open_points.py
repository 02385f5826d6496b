from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestOpenPoints(RoundsCommon):
    """Approved on condition and followed until done (R-112); time needed and date (R-111)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()
        cls.order.action_request_review()

    def _sign(self, details, user=None):
        signoff = self._signoff(self.order, "Finance").with_user(user or self.finance_user)
        return signoff.action_approve("Fine", None, details)

    def _points(self):
        return self._signoff(self.order, "Finance").open_point_ids

    def test_followed_to_closed(self):
        self._sign(
            {
                "open_points": [
                    {"name": "Bank guarantee", "user_id": self.employee.id},
                    {"name": "Signed drawing", "date_deadline": "2040-01-01"},
                ]
            }
        )
        guarantee, drawing = self._points().sorted("id")
        self.assertEqual(self.order.review_state, "approved")
        self.assertEqual((guarantee.user_id, drawing.user_id), (self.employee, self.salesperson))
        self.assertEqual(str(drawing.date_deadline), "2040-01-01")
        self.assertEqual(self._bells(drawing), self.salesperson)
        with self.assertRaisesRegex(UserError, "how the point was solved"):
            drawing.with_user(self.salesperson).action_close(" \u200b")
        drawing.with_user(self.salesperson).action_close("Came by mail")
        self.assertRecordValues(
            drawing,
            [{"state": "done", "result": "Came by mail", "closed_by": self.salesperson.id}],
        )
        self.assertFalse(self._bells(drawing))
        with self.assertRaisesRegex(UserError, "closed already"):
            drawing.with_user(self.salesperson).action_close("Again")
        guarantee.with_user(self.finance_user).action_close("The signer may, too")
        self.assertEqual(self._kinds(self.order).count("point_closed"), 2)
        self._assert_ledger_intact(self.order)

    def test_who_closes(self):
        self._sign({"open_points": [{"name": "Guarantee", "user_id": self.finance_user.id}]})
        point = self._points()
        for user in (self.salesperson, self.production_user, self.employee, self.auditor):
            with self.assertRaises(AccessError):
                point.with_user(user).action_close("x")
        point.with_user(self.process_manager).action_close("Waived by the board")

    def test_points_of_who_is_not_the_last_to_sign(self):
        self.step.decision_rule = "all"
        self.order.action_withdraw_review()
        self.order.action_request_review()
        self._sign(
            {
                "lead_time_days": 5,
                "proposed_date": "2040-01-01",
                "open_points": [{"name": "Guarantee"}],
            }
        )
        self._sign({}, self.finance_user2)
        signoff = self._signoff(self.order, "Finance")
        self.assertEqual(signoff.state, "approved")
        self.assertEqual(signoff.open_point_ids.name, "Guarantee")
        self.assertEqual((signoff.lead_time_days, str(signoff.proposed_date)), (5, "2040-01-01"))

    def test_rejection_has_no_open_points(self):
        signoff = self._signoff(self.order, "Finance").with_user(self.finance_user)
        signoff.action_reject("No", None, {"open_points": [{"name": "x"}]})
        self.assertFalse(self._points())

    def test_cancelled_order_has_nothing_to_do(self):
        self._sign({"open_points": [{"name": "Guarantee"}]})
        point = self._points()
        self.order.action_cancel()
        self.assertEqual(point.state, "cancelled")
        self.assertFalse(self._bells(point))

    def test_what_is_no_point_is_told(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_reviewer("opc_stranger")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for points in (
            5,
            "text",
            {"name": "x"},
            [None],
            [5],
            ["x"],
            [{}],
            [{"name": ""}],
            [{"name": "\u3164"}],
            [{"name": 5}],
            [{"name": "x" * 1_000_000}],
            [{"name": "x", "user_id": portal.id}],
            [{"name": "x", "user_id": stranger.id}],
            [{"name": "x", "user_id": 2**70}],
            [{"name": "x", "user_id": -1}],
            [{"name": "x", "user_id": "1"}],
            [{"name": "x", "user_id": {"a": 1}}],
            [{"name": "x", "date_deadline": "tomorrow"}],
            [{"name": "x", "date_deadline": 5}],
            [{"name": "x", "date_deadline": {"a": 1}}],
            [{"name": "x"}] * 1000,
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._sign({"open_points": points})
            self.env.invalidate_all()
            self.assertEqual(self._signoff(self.order, "Finance").state, "pending", points)

    def test_what_is_no_time_or_date_is_told(self):
        for details in (
            5,
            "text",
            [1],
            {"lead_time_days": -1},
            {"lead_time_days": "soon"},
            {"lead_time_days": float("nan")},
            {"lead_time_days": float("inf")},
            {"lead_time_days": 10**400},
            {"lead_time_days": [1]},
            {"proposed_date": "soon"},
            {"proposed_date": "9999-99-99"},
            {"proposed_date": 5},
            {"proposed_date": {"a": 1}},
            {"proposed_date": ["2040-01-01"]},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._sign(details)
            self.env.invalidate_all()
        self.assertEqual(self._signoff(self.order, "Finance").state, "pending")
        self._sign({"lead_time_days": "2.5", "proposed_date": None})
        self.assertEqual(self._signoff(self.order, "Finance").lead_time_days, 2.5)

    def test_decision_screen(self):
        action = (
            self._signoff(self.order, "Finance").with_user(self.finance_user).action_open_decision()
        )
        screen = self.env[action["res_model"]].with_user(self.finance_user).browse(action["res_id"])
        screen.write(
            {
                "comment": "Fine",
                "lead_time_days": 4,
                "point_ids": [(0, 0, {"name": "Guarantee", "user_id": self.employee.id})],
            }
        )
        screen.action_approve()
        self.assertEqual(self._points().user_id, self.employee)
        self.assertEqual(self._signoff(self.order, "Finance").lead_time_days, 4)
