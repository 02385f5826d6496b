from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ChangeCommon


@tagged("post_install", "-at_install")
class TestChangeScreens(ChangeCommon):
    """What a change costs, who holds it up, and how its round is called."""

    def _change(self):
        return self._create_change(
            lines={
                self.line: {"product_uom_qty": 5, "discount": 10},
                self.order.order_line[1]: {"is_removed": True},
                None: [{"product_id": self.product.id, "product_uom_qty": 1}],
            },
        )

    def test_new_total_is_what_the_order_will_cost(self):
        change = self._create_change()
        self.assertAlmostEqual(change.new_amount_total, self.order.amount_total)
        change.unlink()
        change = self._change()
        draft = change.new_amount_total
        self.assertNotAlmostEqual(draft, change.today_amount_total)
        change.action_submit()
        self.assertAlmostEqual(change.new_amount_total, draft)
        self._sign_all(change)
        self.assertEqual(change.state, "applied")
        self.assertAlmostEqual(change.order_id.amount_total, draft)
        self.assertAlmostEqual(change.new_amount_total, draft)

    def test_remind(self):
        self.production_user.notification_type = "inbox"
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        with self.assertRaises(AccessError):
            change.with_user(self.other_salesperson).action_remind()
        notice = change.action_remind()
        self.assertIn("Production", notice["params"]["message"])
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.production_user.partner_id.id)]
        )
        self.assertIn(change.name, told.mail_message_id.body)
        self.assertIn("Reminded", "".join(change.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "less than an hour ago"):
            change.action_remind()

    def test_remind_only_what_is_in_review(self):
        with self.assertRaisesRegex(UserError, "Nobody is signing it"):
            self._create_change().action_remind()

    def test_the_round_of_a_change_is_called_so(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        self._sign_all(change)
        self.env.invalidate_all()
        strip = self.order.review_strip
        current = next(r for r in strip["rounds"] if r["id"] == strip["current"])
        self.assertEqual((current["subject"], current["subject_name"]), ("change", change.name))

    def test_a_withdrawn_change_is_called_so(self):
        change = self._submit(lines={self.line: {"product_uom_qty": 5}})
        change.action_withdraw()
        self.env.invalidate_all()
        self.assertEqual(change.review_strip["rounds"][0]["state_label"], "Withdrawn")
