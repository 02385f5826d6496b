import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeHttp(ChangeCommon, HttpCase):
    """What a client can do to a change over the wire."""

    def _call_kw(self, model, method, args, kwargs=None):
        """Call as the web client does; return the answer, or the name of the error."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs or {}}
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        error = response.get("error")
        return error["data"]["name"] if error else response["result"]

    @mute_logger("odoo.http")
    def test_a_change_over_rpc(self):
        self.authenticate("opc_sales", "opc_sales")
        self.assertEqual(
            self._call_kw("sale.order.line", "write", [self.line.ids, {"price_unit": 1}]),
            "odoo.exceptions.UserError",
        )
        created = self._call_kw(
            "order.change",
            "create",
            [[{"order_id": self.order.id, "reason": "Agreed by phone"}]],
        )
        change = self.env["order.change"].browse(created)
        access_error = "odoo.exceptions.AccessError"
        token = {"context": {"order_process_token": True}}
        for method, args, kwargs, expected in (
            ("write", [created, {"state": "applied"}], token, access_error),
            ("web_save", [created, {"state": "approved"}], {"specification": {}}, access_error),
            ("_apply", [created], {}, access_error),
            ("_approve", [created], {}, access_error),
            ("_stamp_order", [created, {}, {}], {}, access_error),
            ("action_apply", [created], {}, "odoo.exceptions.UserError"),
            ("load", [["id", "state"], [[str(created[0]), "applied"]]], {}, None),
        ):
            answer = self._call_kw("order.change", method, args, kwargs)
            if expected:
                self.assertEqual(answer, expected, method)
            change.invalidate_recordset()
            self.assertEqual(change.state, "draft", method)
        line = change.line_ids[0]
        self.assertIs(
            self._call_kw("order.change.line", "write", [line.ids, {"price_unit": 90}]), True
        )
        self.assertIs(self._call_kw("order.change", "action_submit", [created]), True)
        self.assertEqual(change.state, "submitted")
        self.assertEqual(
            self._call_kw("order.change.line", "write", [line.ids, {"price_unit": 1}]),
            "odoo.exceptions.UserError",
        )
        signoff = change.review_id.signoff_ids.filtered(lambda s: s.name == "Finance")
        self.assertEqual(
            self._call_kw("order.signoff", "action_approve", [signoff.ids]),
            "odoo.exceptions.UserError",
        )
        self.authenticate("opc_fin", "opc_fin".ljust(8, "x"))
        self.assertIs(self._call_kw("order.signoff", "action_approve", [signoff.ids]), True)
        change.invalidate_recordset()
        self.assertEqual(change.state, "applied")
        self.line.invalidate_recordset()
        self.assertEqual(self.line.price_unit, 90)
