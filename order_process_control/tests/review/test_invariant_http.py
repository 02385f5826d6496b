import json
import xmlrpc.client

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import OrderProcessCommon

LIMIT = 1000


@tagged("post_install", "-at_install")
class TestInvariantHttp(OrderProcessCommon, HttpCase):
    """What the peers let through: each attempt over the wire, as a client makes it.

    After each of them the order is not confirmed, or is confirmed as it was released.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Sales", reviewer_ids=cls.sales_manager.ids, sequence=1)
        cls._create_step(
            "Finance",
            cls.finance,
            sequence=2,
            condition_domain=f"[('amount_untaxed', '>=', {LIMIT})]",
        )
        cls.env["order.review.step"].search(
            [("name", "=", "Sales")]
        ).condition_domain = f"[('amount_untaxed', '>=', {LIMIT})]"
        cls.order = cls._create_order(lines=[(cls.product, 20)])

    def setUp(self):
        super().setUp()
        self.authenticate("opc_sales", "opc_sales")

    def _rpc(self, model, method, *args, **kwargs):
        """Call as the web client does; return (result, error message)."""
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        error = response.get("error")
        return (None, error["data"]["message"]) if error else (response.get("result"), None)

    def _assertRefused(self, *call, **kwargs):
        with mute_logger("odoo.http"):
            result, error = self._rpc(*call, **kwargs)
        self.env.invalidate_all()
        self.assertTrue(error, f"{call} was not refused but answered {result}")
        return error

    def _release(self):
        self.order.action_request_review()
        self._approve(self.order, "Sales", self.sales_manager)
        self._approve(self.order, "Finance", self.finance_user)
        self.env.flush_all()

    def _vals(self, **vals):
        return {
            "partner_id": self.customer.id,
            "medium_id": self.channel.id,
            "order_line": [
                # Plain numbers: XML-RPC knows no enumerations
                (0, 0, {"product_id": self.product.id, "product_uom_qty": 20})
            ],
            **vals,
        }

    # === INTO STATE SALE ===#

    def test_created_or_imported_as_confirmed(self):
        before = self.env["sale.order"].search_count([])
        self._assertRefused("sale.order", "create", [self._vals(state="sale")])
        self._assertRefused(
            "sale.order", "create", [self._vals()], context={"default_state": "sale"}
        )
        self._assertRefused(
            "sale.order", "web_save", [], self._vals(state="sale"), specification={}
        )
        result, error = self._rpc(
            "sale.order",
            "load",
            ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/product_uom_qty"],
            [[str(self.customer.id), "sale", str(self.product.id), "20"]],
        )
        self.assertFalse(error)
        self.assertFalse(result["ids"])
        self.assertIn("has to be reviewed", str(result["messages"]))
        result, error = self._rpc("sale.order", "copy", self.order.ids, {"state": "sale"})
        self.assertTrue(error)
        self.env.invalidate_all()
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def test_written_as_confirmed(self):
        ids = self.order.ids
        self._assertRefused("sale.order", "action_confirm", ids)
        self._assertRefused("sale.order", "write", ids, {"state": "sale"})
        self._assertRefused("sale.order", "write", ids, {"state": "cancel", "release_exempt": True})
        self._rpc("sale.order", "write", ids, {"state": "cancel"})
        self._assertRefused("sale.order", "write", ids, {"state": "sale"})
        self._rpc("sale.order", "action_draft", ids)
        self._assertRefused("sale.order", "action_confirm", ids)
        self.assertNotEqual(self.order.state, "sale")

    def test_context_keys_open_nothing(self):
        for key in (
            "order_process_token",
            "order_creating_token",
            "order_customer_token",
            "order_line_origin",
            "bypass_exception",
            "skip_validation_check",
            "tracking_disable",
            "install_mode",
            "import_file",
        ):
            for value in (True, 1, "object", {"kind": "picking"}):
                error = self._assertRefused(
                    "sale.order", "action_confirm", self.order.ids, context={key: value}
                )
                self.assertIn("has to be reviewed", error, key)

    def test_over_xmlrpc_and_json2(self):
        uid = self.salesperson.id
        for method, args in (
            ("action_confirm", [self.order.ids]),
            ("write", [self.order.ids, {"state": "sale"}]),
            ("create", [[self._vals(state="sale")]]),
        ):
            with self.assertRaises(xmlrpc.client.Fault), mute_logger("odoo.http"):
                self.xmlrpc_object.execute_kw(
                    self.env.cr.dbname, uid, "opc_sales", "sale.order", method, args
                )
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.salesperson)
            .sudo()
            ._generate("rpc", "test", self.env.cr.now().replace(year=self.env.cr.now().year + 1))
        )
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/json/2/sale.order/action_confirm",
                data=json.dumps({"ids": self.order.ids}),
                headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
            )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("has to be reviewed", answer.json()["message"])
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "draft")

    def test_server_action_run_as_the_salesperson(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Confirm",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "state": "code",
                "code": "records.write({'state': 'sale'})",
                "group_ids": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        error = self._assertRefused(
            "ir.actions.server",
            "run",
            action.ids,
            context={"active_model": "sale.order", "active_ids": self.order.ids},
        )
        self.assertTrue(error)
        self.assertEqual(self.order.state, "draft")

    # === AFTER THE APPROVAL ===#

    def test_content_changed_after_the_approval(self):
        line = self.order.order_line
        other = self.env["res.partner"].create({"name": "Other customer"})
        for model, ids, vals in (
            ("sale.order.line", line.ids, {"product_uom_qty": 21}),
            ("sale.order.line", line.ids, {"price_unit": 1}),
            ("sale.order.line", line.ids, {"discount": 50}),
            ("sale.order.line", line.ids, {"product_id": self.service.id}),
            ("sale.order", self.order.ids, {"partner_id": other.id}),
            ("sale.order", self.order.ids, {"commitment_date": "2031-01-01 10:00:00"}),
            ("sale.order", self.order.ids, {"medium_id": self.channel.copy().id}),
            ("sale.order", self.order.ids, {"is_must_accept": True}),
            (
                "sale.order",
                self.order.ids,
                {"order_line": [Command.update(line.id, {"product_uom_qty": 99})]},
            ),
            (
                "sale.order",
                self.order.ids,
                {"order_line": [Command.create({"product_id": self.service.id})]},
            ),
        ):
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint:
                self._release()
                _result, error = self._rpc(model, "write", ids, vals)
                self.assertFalse(error)
                self._assertRefused("sale.order", "action_confirm", self.order.ids)
                # In the same call as the confirmation
                savepoint.rollback()
                self.env.invalidate_all()

    def test_change_and_confirm_in_one_call(self):
        self._release()
        line = self.order.order_line
        self._assertRefused(
            "sale.order",
            "write",
            self.order.ids,
            {"state": "sale", "order_line": [Command.update(line.id, {"price_unit": 1})]},
        )
        self.assertEqual(self.order.state, "draft")
        _result, error = self._rpc("sale.order", "action_confirm", self.order.ids)
        self.assertFalse(error)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")

    def test_line_added_removed_or_moved_after_the_approval(self):
        self._release()
        extra, _error = self._rpc(
            "sale.order.line",
            "create",
            [{"order_id": self.order.id, "product_id": self.service.id}],
        )
        self._assertRefused("sale.order", "action_confirm", self.order.ids)
        self._rpc("sale.order.line", "unlink", extra)
        self.env.invalidate_all()
        # What was signed is there again
        self.assertEqual(self.order.review_state, "approved")
        self._rpc("sale.order.line", "unlink", self.order.order_line.ids)
        self._assertRefused("sale.order", "action_confirm", self.order.ids)

    def test_dialogs_of_odoo_after_the_approval(self):
        self.company.sale_discount_product_id = self.service
        self._release()
        wizard, error = self._rpc(
            "sale.order.discount",
            "create",
            [
                {
                    "sale_order_id": self.order.id,
                    "discount_type": "so_discount",
                    "discount_percentage": 0.5,
                }
            ],
        )
        self.assertFalse(error)
        _result, error = self._rpc("sale.order.discount", "action_apply_discount", wizard)
        self.assertFalse(error)
        self._assertRefused("sale.order", "action_confirm", self.order.ids)

    def test_catalog_after_the_approval(self):
        self._release()
        response = self.url_open(
            "/product/catalog/update_order_line_info",
            data=json.dumps(
                {
                    "params": {
                        "res_model": "sale.order",
                        "order_id": self.order.id,
                        "product_id": self.product.id,
                        "quantity": 500,
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertNotIn("error", response)
        self._assertRefused("sale.order", "action_confirm", self.order.ids)

    # === AFTER THE CONFIRMATION ===#

    def test_confirmed_order_is_not_edited(self):
        self._release()
        self._rpc("sale.order", "action_confirm", self.order.ids)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")
        line = self.order.order_line
        for model, method, args in (
            ("sale.order.line", "write", [line.ids, {"product_uom_qty": 200}]),
            ("sale.order.line", "write", [line.ids, {"price_unit": 1}]),
            ("sale.order.line", "write", [line.ids, {"discount": 90}]),
            ("sale.order", "write", [self.order.ids, {"commitment_date": "2031-01-01 10:00:00"}]),
            (
                "sale.order.line",
                "create",
                [[{"order_id": self.order.id, "product_id": self.product.id}]],
            ),
            (
                "sale.order.line",
                "create",
                [
                    [
                        {
                            "order_id": self.order.id,
                            "product_id": self.product.id,
                            "is_delivery": True,
                            "process_origin": "picking",
                        }
                    ]
                ],
            ),
        ):
            error = self._assertRefused(model, method, *args)
            self.assertIn("Change", error)
        self.assertEqual((line.product_uom_qty, line.discount), (20, 0))

    def test_small_confirmed_order_is_not_raised_above_the_limit(self):
        small = self._create_order(lines=[(self.product, 2)])
        self._rpc("sale.order", "action_confirm", small.ids)
        self.env.invalidate_all()
        self.assertEqual(small.state, "sale")
        _result, error = self._rpc(
            "sale.order.line", "write", small.order_line.ids, {"product_uom_qty": 3}
        )
        self.assertFalse(error)
        error = self._assertRefused(
            "sale.order.line", "write", small.order_line.ids, {"product_uom_qty": 30}
        )
        self.assertIn("Change", error)
        self._assertRefused(
            "sale.order.line",
            "create",
            [{"order_id": small.id, "product_id": self.product.id, "product_uom_qty": 30}],
        )
        self.assertEqual(small.amount_untaxed, 300)

    # === THE REVIEW ITSELF ===#

    def test_nobody_makes_themselves_reviewer(self):
        step = self.env["order.review.step"].search([("name", "=", "Finance")])
        me = self.salesperson.id
        self._assertRefused(
            "order.review.step", "write", step.ids, {"reviewer_ids": [Command.link(me)]}
        )
        self._assertRefused("order.review.step", "write", step.ids, {"active": False})
        self._assertRefused("order.review.step", "write", step.ids, {"condition_domain": "[]"})
        self._assertRefused(
            "order.deputy",
            "create",
            [
                {
                    "user_id": self.finance_user.id,
                    "deputy_id": me,
                    "date_from": "2026-01-01",
                    "date_to": "2036-01-01",
                }
            ],
        )
        self._assertRefused(
            "hr.employee", "create", [{"name": "Me", "department_id": self.finance.id}]
        )
        self.order.action_request_review()
        for name in ("Sales", "Finance"):
            signoff = self._signoff(self.order, name)
            self._assertRefused("order.signoff", "action_approve", signoff.ids)
            self._assertRefused(
                "order.signoff", "action_delegate", signoff.ids, self.salesperson.id, "2036-01-01"
            )

    def test_departments_keep_their_turn_and_colleagues_do_not_help(self):
        self.order.action_request_review()
        finance = self._signoff(self.order, "Finance")
        self.authenticate("opc_fin", "opc_finx")
        error = self._assertRefused("order.signoff", "action_approve", finance.ids)
        self.assertIn("after the departments before it", error)
        # Somebody else presses the button: salesperson and creator still do not sign
        order = self._create_order(user=self.sales_manager, lines=[(self.product, 20)])
        order.sudo().user_id = self.other_salesperson
        order.with_user(self.other_salesperson).action_request_review()
        self.authenticate("opc_sales_mgr", "opc_sales_mgr")
        error = self._assertRefused(
            "order.signoff", "action_approve", self._signoff(order, "Sales").ids
        )
        self.assertIn("Somebody else has to sign", error)

    def test_rows_of_the_process_are_not_written(self):
        self._release()
        review = self.order.current_review_id
        signoff = review.signoff_ids[0]
        rows = {
            "order.review": review,
            "order.signoff": signoff,
            "order.signoff.vote": signoff.vote_ids,
            "order.ledger": self.order.sudo().ledger_ids,
            "order.event": self.order.sudo().event_ids,
        }
        for login in ("opc_sales", "opc_fin", "opc_mgr", "opc_audit"):
            self.authenticate(login, login.ljust(8, "x"))
            for model, records in rows.items():
                self._assertRefused(model, "unlink", records.ids)
                self._assertRefused(model, "write", records.ids, {"company_id": 1})
                self._assertRefused(model, "create", [{}])
                self._assertRefused(model, "copy", records.ids[:1])
                self._assertRefused(model, "_insert_rows", [{}])
