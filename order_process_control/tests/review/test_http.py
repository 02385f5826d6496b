import json

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import OrderProcessCommon


@tagged("post_install", "-at_install")
class TestHttp(OrderProcessCommon, HttpCase):
    """What a client can do over the wire: the web client's RPC, JSON-2, the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order = cls._create_order()

    def _call_kw(self, model, method, args, kwargs=None):
        """Call as the web client does; return the answer, or the name of the error."""
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs or {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        error = response.get("error")
        return error["data"]["name"] if error else response["result"]

    def _json2(self, user, model, method, **body):
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", self.env.cr.now().replace(year=self.env.cr.now().year + 1))
        )
        return self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(body),
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
        )

    @mute_logger("odoo.http")
    def test_salesperson_cannot_pass_the_gate_over_rpc(self):
        self.authenticate("opc_sales", "opc_sales")
        user_error = "odoo.exceptions.UserError"
        access_error = "odoo.exceptions.AccessError"
        ids, token = [self.order.ids], {"context": {"order_process_token": True}}
        for method, args, kwargs, expected in (
            ("action_confirm", ids, {}, user_error),
            ("write", [*ids, {"state": "sale"}], {}, user_error),
            ("write", [*ids, {"state": "sale", "release_exempt": True}], {}, user_error),
            ("write", [*ids, {"release_exempt": True}], token, access_error),
            ("web_save", [*ids, {"state": "sale"}], {"specification": {}}, user_error),
            ("create", [[{"partner_id": self.customer.id, "state": "sale"}]], {}, user_error),
            ("_start_rounds", ids, {}, access_error),
            ("_void_release", ids, {}, access_error),
        ):
            self.assertEqual(
                self._call_kw("sale.order", method, args, kwargs), expected, (method, args)
            )
            self.assertEqual(self.order.state, "draft")

    @mute_logger("odoo.http")
    def test_nobody_writes_decisions_over_rpc(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance")
        access_error = "odoo.exceptions.AccessError"
        for login in ("opc_sales", "opc_fin", "opc_mgr"):
            self.authenticate(login, login.ljust(8, "x"))
            for model, method, args in (
                ("order.signoff", "write", [signoff.ids, {"state": "approved"}]),
                ("order.signoff", "unlink", [signoff.ids]),
                ("order.signoff", "copy", [signoff.ids]),
                ("order.review", "write", [signoff.review_id.ids, {"state": "approved"}]),
                ("order.review", "create", [[{"order_id": self.order.id}]]),
                ("order.signoff.vote", "create", [[{"signoff_id": signoff.id}]]),
                ("order.signoff", "_record_decision", [signoff.ids, "approved", "x"]),
                ("order.signoff", "_advance", [signoff.ids]),
            ):
                self.assertEqual(
                    self._call_kw(model, method, args), access_error, (login, model, method)
                )
        self.assertEqual(signoff.state, "pending")

    @mute_logger("odoo.http")
    def test_decision_over_json2_takes_arguments_by_name(self):
        self.order.action_request_review()
        signoff = self._signoff(self.order, "Finance")
        refused = self._json2(
            self.finance_user, "order.signoff", "action_reject", ids=signoff.ids, comment=" "
        )
        self.assertEqual(refused.status_code, 422)
        self.assertIn("reason for the rejection", refused.json()["message"])
        stranger = self._json2(
            self.production_user, "order.signoff", "action_approve", ids=signoff.ids
        )
        self.assertEqual(stranger.status_code, 403)
        done = self._json2(
            self.finance_user,
            "order.signoff",
            "action_approve",
            ids=signoff.ids,
            comment="Paid in advance",
            answers=[],
        )
        self.assertEqual(done.status_code, 200, done.text)
        self.assertIs(done.json(), True)
        self.assertEqual(self.order.review_state, "approved")

    @mute_logger("odoo.http")
    def test_portal_customer(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.order.action_request_review()
        self._approve(self.order, "Finance", self.finance_user, "Secret remark of finance")
        self.authenticate("opc_portal", "opc_portal")
        page = self.url_open(f"/my/orders/{self.order.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Secret remark", page.text)
        access_error = "odoo.exceptions.AccessError"
        for model, method, args in (
            ("sale.order", "read", [self.order.ids, ["review_strip"]]),
            ("sale.order", "search_read", [[("release_id", "!=", False)], ["name"]]),
            ("sale.order", "action_request_review", [self.order.ids]),
            ("order.review", "search_read", [[], ["state"]]),
            ("order.signoff", "search_read", [[], ["comment"]]),
            ("order.review.step", "search_read", [[], ["name"]]),
            ("order.class", "search_read", [[], ["name"]]),
        ):
            self.assertEqual(self._call_kw(model, method, args), access_error, (model, method))
