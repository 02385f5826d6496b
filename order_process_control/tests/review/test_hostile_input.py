import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .rounds import RoundsCommon

ABSURD = (
    None,
    0,
    5,
    -1,
    1.5,
    2**70,
    True,
    [],
    ["x"],
    [[1]],
    {},
    {"a": 1},
    "",
    " \n",
    "\u200b",
    "\ud800",
    "\x00",
    "x" * 1_000_000,
)
REFUSALS = {
    "odoo.exceptions.UserError",
    "odoo.exceptions.AccessError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.MissingError",
}


@tagged("post_install", "-at_install")
class TestHostileInput(RoundsCommon, HttpCase):
    """Whatever a client sends is answered with a sentence, never with a traceback."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        step = cls._create_step("Finance", cls.finance)
        cls.env["order.review.criterion"].create({"step_id": step.id, "name": "Can they pay?"})
        cls.order = cls._create_order()
        cls.order.action_request_review()
        cls.signoff = cls.order.sudo().current_review_id.signoff_ids
        cls.company2 = cls.env["res.company"].create({"name": "Elsewhere"})
        seller = cls._create_user("opc_seller2", "sales_team.group_sale_salesman")
        seller.write({"company_ids": [(6, 0, cls.company2.ids)], "company_id": cls.company2.id})
        cls.foreign = cls._create_order(
            user=seller,
            lines=[(cls.service, 1)],
        )
        cls.foreign.action_request_review()
        cls.foreign_signoff = cls.foreign.sudo().current_review_id.signoff_ids

    def _call(self, model, method, *args, **kwargs):
        """Call as the web client does; return (name of the error or False, message or result)."""
        body = {"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
        ).json()
        error = response.get("error")
        if not error:
            return False, response["result"]
        return error["data"]["name"], error["data"]["message"]

    def _assert_told(self, *call, **kwargs):
        name, message = self._call(*call, **kwargs)
        shown = repr((call, kwargs))[:200]
        if name:
            self.assertIn(name, REFUSALS, (shown, message))
            self.assertTrue(message.strip(), shown)
        return name

    def _assert_undecided(self):
        self.env.invalidate_all()
        self.assertEqual(self.signoff.state, "pending")
        self.assertFalse(self.signoff.vote_ids)

    @mute_logger("odoo.http")
    def test_arguments_of_the_reviewer(self):
        self.authenticate("opc_fin", "opc_finx")
        ids, later = self.signoff.ids, "2099-01-01"
        for value in ABSURD:
            for method, args in (
                ("action_approve", [value]),
                ("action_approve", ["x", value]),
                ("action_approve", ["x", [value]]),
                ("action_approve", ["x", [{"id": value, "result": "pass"}]]),
                ("action_approve", ["x", [{"id": self.signoff.answer_ids.id, "result": value}]]),
                ("action_approve", ["x", None, value]),
                ("action_approve", ["x", None, {"lead_time_days": value}]),
                ("action_approve", ["x", None, {"proposed_date": value}]),
                ("action_approve", ["x", None, {"open_points": value}]),
                ("action_approve", ["x", None, {"open_points": [{"name": value}]}]),
                ("action_delegate", [value, later]),
                ("action_decide_many", [value]),
                ("action_decide_many", ["approved", value]),
            ):
                # Never approved: the mandatory question has no answer
                self._assert_told("order.signoff", method, ids, *args)
            if not (isinstance(value, str) and len(value) > 20):
                self._assert_told(
                    "order.signoff", "action_delegate", ids, self.finance_user2.id, value
                )
        self._assert_undecided()

    @mute_logger("odoo.http")
    def test_texts(self):
        """What is refused as text of one method is refused by all of them."""
        absurd = [v for v in ABSURD if v]
        self._as("opc_fin")
        for value in absurd:
            self.assertTrue(
                self._assert_told("order.signoff", "action_reject", self.signoff.ids, value), value
            )
            self.assertTrue(
                self._assert_told("order.signoff", "action_ask", self.signoff.ids, value), value
            )
        self._assert_undecided()
        self._as("opc_sales")
        for value in absurd:
            for method in ("action_escalate_decision", "action_exempt_review"):
                self.assertTrue(
                    self._assert_told("sale.order", method, self.order.ids, value), value
                )
            self.assertTrue(
                self._assert_told("order.signoff", "action_answer", self.signoff.ids, value), value
            )
        self._as("opc_mgr")
        for value in absurd:
            self.assertTrue(
                self._assert_told("sale.order", "action_exempt_review", self.order.ids, value)
            )
        self.env.invalidate_all()
        self.assertFalse(self.order.release_exempt)

    def _as(self, login):
        self.authenticate(login, login.ljust(8, "x"))

    def test_what_no_database_could_keep(self):
        self._as("opc_fin")
        question = "Half a pair: \ud83d, nothing: \x00."
        self.assertFalse(
            self._assert_told("order.signoff", "action_ask", self.signoff.ids, question)
        )
        self.env.invalidate_all()
        self.assertEqual(self.signoff.question_ids.question, "Half a pair: , nothing: .")

    @mute_logger("odoo.http")
    def test_records_of_others_and_of_nobody(self):
        methods = {
            "order.signoff": {
                "action_approve": ["x"],
                "action_reject": ["x"],
                "action_ask": ["x"],
                "action_answer": ["x"],
                "action_delegate": [self.finance_user2.id, "2099-01-01"],
                "action_undo": [],
                "action_decide_many": ["approved"],
                "action_open_decision": [],
                "action_open_mass_decision": [],
                "read": [["comment"]],
            },
            "sale.order": {
                "action_request_review": [],
                "action_withdraw_review": [],
                "action_register": [],
                "action_escalate_decision": ["x"],
                "action_exempt_review": ["x"],
                "action_confirm_released": [],
                "action_confirm_released_with_result": [],
                "action_verify_ledger": [],
                "action_open_answer": [],
                "action_confirm": [],
            },
        }
        strange = {"order.signoff": self.foreign_signoff, "sale.order": self.foreign}
        for login in ("opc_fin", "opc_sales", "opc_mgr", "opc_audit", "opc_emp"):
            self._as(login)
            for model, calls in methods.items():
                for method, args in calls.items():
                    for ids in (strange[model].ids, [987654321], [0]):
                        refused = self._assert_told(model, method, ids, *args)
                        # Odoo reads nothing of what does not exist
                        is_told = method not in ("action_open_mass_decision", "read")
                        if (is_told or ids == strange[model].ids) and ids != [0]:
                            self.assertTrue(refused, (login, model, method, ids))
                    # Nothing chosen: an explanation or nothing done
                    self._assert_told(model, method, [], *args)
        self.env.invalidate_all()
        self.assertEqual(self.foreign_signoff.state, "pending")
        self.assertFalse(self.foreign.release_exempt)
        self._assert_undecided()

    @mute_logger("odoo.http")
    def test_several_where_one_is_meant(self):
        other = self._submit()
        signoffs = self.signoff | other.sudo().current_review_id.signoff_ids
        self._as("opc_fin")
        for method in ("action_undo", "action_open_decision"):
            self.assertTrue(self._assert_told("order.signoff", method, signoffs.ids))
        self._as("opc_sales")
        orders = self.order | other
        for method, args in (("action_escalate_decision", ["x"]), ("action_open_answer", [])):
            self.assertTrue(self._assert_told("sale.order", method, orders.ids, *args))

    @mute_logger("odoo.http")
    def test_screens_of_others(self):
        """A screen can name any record, but gives no right to it."""
        self._as("opc_fin")
        for kind in ("ask", "answer", "delegate", "escalate", "exempt", "close_point"):
            name, wizard_id = self._call(
                "order.process.request",
                "create",
                {
                    "kind": kind,
                    "signoff_ids": self.foreign_signoff.ids,
                    "order_ids": self.foreign.ids,
                    "text": "x",
                    "user_id": self.finance_user2.id,
                    "until": "2099-01-01",
                },
            )
            if name:
                self.assertIn(name, REFUSALS)
                continue
            refused = self._assert_told("order.process.request", "action_run", [wizard_id])
            if kind != "close_point":  # there is none: nothing is closed
                self.assertTrue(refused, kind)
        name, wizard_id = self._call(
            "order.process.result.line",
            "create",
            {
                "result_id": self._call("order.process.result", "create", {})[1],
                "res_model": "no.such",
            },
        )
        self.assertFalse(name, wizard_id)
        self.assertTrue(self._assert_told("order.process.result.line", "action_open", [wizard_id]))

    @mute_logger("odoo.http")
    def test_private_methods_are_private(self):
        self._as("opc_mgr")
        for model, method in (
            ("order.signoff", "_decide"),
            ("order.signoff", "_insert_rows"),
            ("order.signoff", "_record_result"),
            ("order.signoff", "_decide_without_leavers"),
            ("order.signoff", "_refresh_signers"),
            ("order.review", "_open"),
            ("order.review", "_close"),
            ("order.review", "_bind"),
            ("order.ledger", "_append"),
            ("order.ledger", "_lock"),
            ("sale.order", "_log_events"),
            ("sale.order", "_open_rounds"),
            ("sale.order", "_accept_content"),
        ):
            self.assertEqual(
                self._call(model, method, self.order.ids)[0], "odoo.exceptions.AccessError", method
            )
