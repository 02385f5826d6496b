from odoo.tests import tagged

from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeClocks(ChangeCommon):
    """A change has the clocks that an order has: its own, and those of its sign-offs."""

    def _states_of(self, record):
        self.env.invalidate_all()
        deadlines = self.env["order.deadline"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)], order="id"
        )
        return deadlines.mapped("state")

    def _submit_change(self):
        return self._submit(lines={self.line: {"product_uom_qty": 4}})

    def test_agreed_on(self):
        change = self._submit_change()
        self.assertEqual(self._states_of(change), ["running"])
        deadline = change._get_open_deadlines()
        self.assertRecordValues(
            deadline,
            [{"clock": "change", "order_id": self.order.id, "user_id": self.salesperson.id}],
        )
        self.assertEqual(change.deadline_status, "on_time")
        self.assertEqual(change.review_strip["clock"]["status"], "on_time")
        pending = change.sudo().review_id.signoff_ids.filtered(lambda s: s.state == "pending")
        self.assertEqual(self._states_of(pending), ["running"] * len(pending))
        self._sign_all(change)
        self.assertEqual(change.state, "applied")
        self.assertEqual(self._states_of(change), ["met"])
        self.assertEqual(set(self._states_of(pending)), {"met"})

    def test_refused_corrected_and_submitted_again(self):
        change = self._submit_change()
        self._sign(change, "Production", self.production_user, "rejected")
        self.assertEqual(self._states_of(change), ["met"])
        change.action_correct()
        change.action_submit()
        self.assertEqual(self._states_of(change), ["met", "running"])

    def test_withdrawn(self):
        change = self._submit_change()
        signoffs = change.sudo().review_id.signoff_ids
        change.action_withdraw()
        self.assertEqual(self._states_of(change), ["cancelled"])
        self.assertEqual(set(self._states_of(signoffs)), {"cancelled"})

    def test_refusal_is_taken_back(self):
        change = self._submit_change()
        self._sign(change, "Production", self.production_user, "rejected")
        signoff = change.sudo().review_id.signoff_ids.filtered(lambda s: s.name == "Production")
        signoff.with_user(self.production_user).action_undo()
        self.assertEqual(change.state, "submitted")
        self.assertEqual(self._states_of(change), ["running"])
        self.assertEqual(self._states_of(signoff), ["running"])

    def test_the_order_keeps_its_own_clock(self):
        before = self._states_of(self.order)
        self._sign_all(self._submit_change())
        self.assertEqual(self._states_of(self.order), before)
        self.assertEqual(before, ["met"])

    def test_what_nobody_has_to_sign_has_no_clock(self):
        self.env["order.review.step"].search([]).action_archive()
        order = self._create_order()
        order.action_confirm()
        change = self._submit(order, lines={order.order_line[0]: {"product_uom_qty": 4}})
        self.assertEqual(change.state, "applied")
        self.assertFalse(self._states_of(change))
