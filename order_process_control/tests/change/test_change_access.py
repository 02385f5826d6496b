from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeAccess(ChangeCommon):
    """Nobody gets round the departments by way of a change."""

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_state_and_stamps_are_nobodys_to_write(self):
        change = self._submit(commitment_date=self._days(20))
        draft = self._create_change(self._create_confirmed())
        review = self.order.release_id
        for user in (self.salesperson, self.sales_manager, self.process_manager):
            for vals in (
                {"state": "approved"},
                {"state": "applied"},
                {"review_id": review.id},
                {"requested_by": self.finance_user.id},
                {"after": {"content": {}}},
                {"before": False},
                {"editor_ids": [Command.clear()]},
                {"number": 7},
                {"company_id": False},
            ):
                for record in (change, draft):
                    with self.assertRaises(AccessError, msg=vals), self.cr.savepoint():
                        record.with_user(user).with_context(order_process_token=True).write(vals)
        change.invalidate_recordset()
        self.assertEqual((change.state, draft.state), ("submitted", "draft"))
        with self.assertRaises(UserError):
            draft.action_apply()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_state_is_not_created_either(self):
        changes = self.env["order.change"].with_user(self.salesperson)
        vals = {"order_id": self.order.id, "reason": "x"}
        for forged in (
            {"state": "approved"},
            {"review_id": self.order.release_id.id},
            {"requested_by": self.finance_user.id},
        ):
            with self.assertRaises(AccessError):
                changes.create({**vals, **forged})
        forged = changes.with_context(
            default_state="approved", default_review_id=self.order.release_id.id
        )
        change = forged.create(vals)
        self.assertEqual(change.state, "draft")
        self.assertFalse(change.review_id)
        copied = self._create_change(self._create_confirmed())
        copied.action_withdraw()
        self.assertEqual(copied.copy().state, "draft")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_what_was_submitted_is_not_edited(self):
        change = self._submit(commitment_date=self._days(20))
        for action in (
            lambda: change.write({"commitment_date": self._days(1)}),
            lambda: change.write({"reason": "another"}),
            lambda: change.line_ids[0].write({"product_uom_qty": 50}),
            lambda: change.line_ids.unlink(),
            lambda: change.write({"line_ids": [Command.clear()]}),
            lambda: self.env["order.change.line"]
            .with_user(self.salesperson)
            .create({"change_id": change.id, "product_id": self.product.id}),
            lambda: change.unlink(),
            lambda: change.write({"order_id": self._create_confirmed().id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                action()
        other = self._create_change(self._create_confirmed())
        with self.assertRaisesRegex(UserError, "stays with its change"), self.cr.savepoint():
            other.line_ids[0].change_id = change

    def test_who_is_to_be_the_salesperson_does_not_sign(self):
        self.finance_user.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        change = self._submit(user_id=self.finance_user.id, lines={self.line: {"price_unit": 90}})
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        self.assertEqual(signoff.department_id, self.finance)
        self.assertNotIn(self.finance_user, signoff.candidate_ids)
        self.assertFalse(signoff.activity_ids.filtered(lambda a: a.user_id == self.finance_user))
        with self.assertRaisesRegex(UserError, "Somebody else has to sign"):
            signoff.with_user(self.finance_user).action_approve()
        signoff.with_user(self.finance_user2).action_approve()
        self.assertEqual(change.order_id.user_id, self.finance_user)

    def test_who_is_to_be_the_salesperson_has_not_signed_before(self):
        self.finance_user.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        self.step_finance.watched_aspects = "customer,price,addresses"
        order = self._create_confirmed()
        late = self._submit(order, commitment_date=self._days(25))
        self.assertEqual(self._states(late), {"Finance": "approved", "Production": "pending"})
        late.action_withdraw()
        change = self._submit(order, commitment_date=self._days(25), user_id=self.finance_user.id)
        self.assertEqual(self._states(change), {"Finance": "pending", "Production": "pending"})

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_who_may_not_write_the_order_proposes_nothing(self):
        warehouse = self._create_user(
            "opc_wh", "stock.group_stock_user,order_process_control.group_order_user"
        )
        change = self._create_change()
        for user in (self.finance_user, self.auditor, self.employee, self.other_salesperson):
            with self.assertRaises(AccessError):
                self._create_change(user=user)
            with self.assertRaises(AccessError):
                change.with_user(user).write({"reason": "mine"})
            for action in ("action_submit", "action_withdraw", "action_correct", "action_apply"):
                with self.assertRaises(AccessError, msg=(user.login, action)):
                    getattr(change.with_user(user), action)()
        with self.assertRaises(AccessError):
            change.with_user(warehouse).line_ids[0].product_uom_qty = 5
        self.assertEqual(change.state, "draft")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_the_right_to_the_process_alone_is_not_enough(self):
        """By the rules of changes, orders without a salesperson are everybody's."""
        order = self._create_confirmed(user_id=False)
        change = self._create_change(order)
        outsider = self._create_user("opc_outsider", self._group("user"))
        self.assertTrue(change.with_user(outsider).has_access("write"))
        for action in ("action_submit", "action_withdraw", "action_correct", "action_apply"):
            with self.assertRaisesRegex(AccessError, "sale.order", msg=action):
                getattr(change.with_user(outsider), action)()
        with self.assertRaisesRegex(AccessError, "sale.order"):
            change.with_user(outsider).reason = "mine"
        self.assertEqual((change.state, change.reason), ("draft", "The customer called"))

    def test_signers_without_sales_rights_read_what_they_sign(self):
        change = self._submit(commitment_date=self._days(20))
        seen = change.with_user(self.production_user)
        form = seen.get_views([(False, "form"), (False, "list")])["views"]["form"]
        self.assertIn("diff_summary", form["arch"])
        values = seen.read(["name", "state", "today_payment_term_id", "partner_shipping_id"])
        self.assertEqual(values[0]["name"], change.name)
        self.assertTrue(seen.line_ids.mapped("today_product_uom_qty"))
        self.assertIn("Delivery Date", seen.diff_summary)
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        signoff = signoff.with_user(self.production_user)
        self.assertEqual(signoff.change_id, change)
        self.assertEqual(signoff.change_reason, "The customer called")
        wizard = self.env["order.signoff.decision"].with_user(self.production_user)
        wizard = wizard.create({"signoff_id": signoff.id})
        self.assertIn("What the change does", wizard.diff_summary)
        self.assertEqual(wizard.change_reason, "The customer called")

    def test_other_orders_and_companies_are_hidden(self):
        change = self._create_change()
        reader = self._create_user("opc_fin3", self._group("reviewer"))
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="opc_stranger",
            groups="sales_team.group_sale_manager,order_process_control.group_order_auditor",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for user in (reader, stranger, self.other_salesperson):
            changes = self.env["order.change"].with_user(user)
            self.assertNotIn(change.id, changes.search([]).ids, user.login)
            lines = self.env["order.change.line"].with_user(user).search([])
            self.assertFalse(lines & change.line_ids, user.login)
        self.assertIn(change, self.env["order.change"].with_user(self.auditor).search([]))
        self.assertIn(change, self.env["order.change"].with_user(self.sales_manager).search([]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_unsaved_change_shows_no_order_of_others(self):
        lines = self.env["order.change.line"].with_user(self.other_salesperson)
        names = ("order_line_id", "today_price_unit", "qty_invoiced", "is_changed")
        spec = {name: {} for name in names}
        with self.assertRaises(AccessError):
            lines.onchange({"order_line_id": self.line.id}, ["order_line_id"], spec)
        changes = self.env["order.change"].with_user(self.other_salesperson)
        spec = {"order_id": {}, "today_commitment_date": {}, "partner_id": {}}
        values = changes.onchange({"order_id": self.order.id}, ["order_id"], spec)["value"]
        self.assertFalse(any(values.values()), values)
        with self.assertRaises(AccessError):
            changes.with_context(default_order_id=self.order.id).default_get(
                ["order_id", "commitment_date"]
            )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_customers_see_nothing_of_it(self):
        self._create_change()
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        with self.assertRaises(AccessError):
            self.env["order.change"].with_user(portal).search([])
        order = self.order.with_user(portal)
        for name in ("change_ids", "change_count", "has_open_change"):
            with self.assertRaises(AccessError):
                order.read([name])

    def test_drafts_are_deleted_orders_with_changes_are_not(self):
        change = self._create_change()
        change.unlink()
        self.assertFalse(change.exists())
        self._submit(commitment_date=self._days(20))
        self.order.sudo()._action_cancel()
        with self.assertRaises(UserError):
            self.order.with_user(self.sales_manager).unlink()

    def test_orders_with_changes_are_kept(self):
        """Also those that were never reviewed, whose rounds do not keep them."""
        (self.step_finance | self.step_production).action_archive()
        order = self._create_order()
        order.action_confirm()
        self._create_change(order).action_withdraw()
        order.sudo()._action_cancel()
        self.assertFalse(order.sudo().review_ids)
        with self.assertRaisesRegex(UserError, "has changes, which are kept"):
            order.with_user(self.sales_manager).unlink()
        self.assertTrue(order.exists())
