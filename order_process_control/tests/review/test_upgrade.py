from odoo.fields import Command
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..test_hooks import ADDON
from .test_ledger import LedgerCommon


@tagged("post_install", "-at_install")
class TestUpgradeLedger(LedgerCommon):
    """Rounds and signatures that are older than the ledger of their order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        head = cls.order.sudo().ledger_ids
        cls.env.flush_all()
        # As version 19.0.0.1.0 left it: a round and its signature, and no ledger
        cls.env.cr.execute("DELETE FROM order_event WHERE ledger_id = %s", [head.id])
        cls.env.cr.execute(
            "UPDATE order_ledger SET last_number = 0, last_hash = NULL WHERE id = %s", [head.id]
        )
        cls.env.invalidate_all()
        cls.order.sudo()._log_events("migrated")

    def _upgrade(self):
        self._run_script("19.0.0.6.0/post-earlier-rounds.py")

    def _run_script(self, name):
        self.env.flush_all()
        script = load_script(file_path(f"{ADDON}/migrations/{name}"), "upgrade")
        script.migrate(self.env.cr, "19.0.0.5.0")
        self.env.invalidate_all()

    def test_vouched_for(self):
        self._assert_broken("not what the ledger says")
        self._upgrade()
        notice = self._verify()
        self.assertEqual(notice["type"], "success", notice["message"])
        self.assertEqual(self.order.sudo().event_ids.mapped("kind"), ["migrated", "migrated"])

    def test_once(self):
        self._upgrade()
        self._upgrade()
        self.assertEqual(len(self.order.sudo().event_ids), 2)
        self.assertNotIn("migrated", self.other.sudo().event_ids.mapped("kind"))

    def test_changed_afterwards(self):
        self._upgrade()
        vote = self.order.sudo().review_ids.signoff_ids.vote_ids
        self._execute("UPDATE order_signoff_vote SET comment = 'Not fine' WHERE id = %s", vote.id)
        self._assert_broken("The comment of Finance")

    def test_round_changed_afterwards(self):
        self._upgrade()
        review = self.order.sudo().current_review_id
        self._execute("UPDATE order_review SET state = 'rejected' WHERE id = %s", review.id)
        self._assert_broken("not what the ledger says")

    def test_signature_removed_afterwards(self):
        self._upgrade()
        vote = self.order.sudo().review_ids.signoff_ids.vote_ids
        self._execute("DELETE FROM order_signoff_vote WHERE id = %s", vote.id)
        self._assert_broken("1 told, 0 found")

    def test_work_goes_on(self):
        self._upgrade()
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self._verify()["type"], "success")

    def test_evidence_kept(self):
        """A column beside the new one, as databases in between have it."""
        step = self.env["order.review.step"].search([("name", "=", "Finance")], limit=1)
        step.criterion_ids = [Command.create({"name": "Is it possible?"})]
        order = self._create_order()
        order.action_request_review()
        answer = order.sudo().current_review_id.signoff_ids.answer_ids
        self.assertEqual(len(answer), 1)
        self._execute("ALTER TABLE order_signoff_answer ADD COLUMN evidence text")
        self._execute(
            "UPDATE order_signoff_answer SET evidence = 'In stock: 5', kept_evidence = NULL"
            " WHERE id = %s",
            answer.id,
        )
        self._run_script("19.0.0.6.0/pre-evidence.py")
        self.assertEqual(answer.kept_evidence, "In stock: 5")
        self._run_script("19.0.0.6.0/pre-evidence.py")
        self.assertEqual(answer.kept_evidence, "In stock: 5")
