import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ...models.order.order_event import chain_hash
from ..common import OrderProcessCommon


class LedgerCommon(OrderProcessCommon):
    """A released order and another one, each with its chain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order, cls.other = cls._released(), cls._released()

    @classmethod
    def _released(cls):
        order = cls._create_order()
        order.action_request_review()
        signoff = order.sudo().current_review_id.signoff_ids
        signoff.with_user(cls.finance_user).action_approve("Fine")
        return order

    def _execute(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all()

    def _verify(self, order=None, user=None):
        self.env.invalidate_all()
        order = self.order if order is None else order
        return order.with_user(user or self.auditor).action_verify_ledger()["params"]

    def _assert_broken(self, pattern, order=None):
        notice = self._verify(order)
        self.assertEqual((notice["type"], notice["sticky"]), ("danger", True))
        self.assertRegex(notice["message"], pattern)
        self.assertIn((order or self.order).name, notice["message"])


@tagged("post_install", "-at_install")
class TestLedger(LedgerCommon):
    """The chain of an order: what happened, in order, and whether somebody changed it."""

    def test_chain(self):
        events = self.order.sudo().event_ids.sorted("number")
        self.assertEqual(
            events.mapped("kind"), ["registered", "requested", "approved", "round_approved"]
        )
        self.assertEqual(events.mapped("number"), [1, 2, 3, 4])
        self.assertEqual(events[0].user_id, self.salesperson)
        self.assertEqual(events[2].user_id, self.finance_user)
        self.assertFalse(events[0].previous_hash)
        self.assertEqual(events[1:].mapped("previous_hash"), events[:-1].mapped("hash"))
        head = self.order.sudo().ledger_ids
        self.assertEqual((head.last_number, head.last_hash), (4, events[-1].hash))
        self.assertEqual(len(set(events.mapped("hash"))), 4)

    def test_intact(self):
        notice = self._verify(self.order | self.other)
        self.assertEqual(notice["type"], "success", notice["message"])
        self.assertIn("Verified: 2.", notice["message"])
        self.assertEqual(
            self.env["order.ledger"].with_user(self.auditor).action_verify_all()["params"]["type"],
            "success",
        )

    def test_no_personal_text(self):
        payloads = json.dumps(self.order.sudo().event_ids.mapped("payload"))
        for text in ("Fine", "Careful", "opc_"):
            self.assertNotIn(text, payloads)

    # === TAMPERING ===#

    def test_every_column_of_an_entry(self):
        for assignment in (
            "number = number + 100",
            "kind = 'rejected'",
            "user_id = 1",
            "at = at + interval '1 second'",
            "payload = '{}'",
            "payload = payload || '{\"signoff\": 1}'",
            "payload = NULL",
            "previous_hash = repeat('0', 64)",
            "hash = repeat('0', 64)",
            f"order_id = {self.other.id}",
            "order_id = NULL",
            f"ledger_id = {self.other.sudo().ledger_ids.id}, number = 99",
            "company_id = (SELECT max(id) FROM res_company)",
        ):
            self.env["res.company"].create({"name": assignment[:60]})
            for number in (1, 3, 4):
                with self.subTest(assignment, number=number), self.env.cr.savepoint() as savepoint:
                    self._execute(
                        f"UPDATE order_event SET {assignment} WHERE ledger_id = %s AND number = %s",
                        self.order.sudo().ledger_ids.id,
                        number,
                    )
                    notice = self._verify()
                    self.assertEqual(notice["type"], "danger")
                    savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self._verify()["type"], "success")

    def test_rewritten_entry_with_a_fitting_hash(self):
        """Who computes the hash of an entry anew has to rewrite all that follow."""
        event = self.order.sudo().event_ids.sorted("number")[2]
        facts = {**event._get_facts(), "user_id": self.sales_manager.id}
        self._execute(
            "UPDATE order_event SET user_id = %s, hash = %s WHERE id = %s",
            self.sales_manager.id,
            chain_hash(event.previous_hash, facts),
            event.id,
        )
        self._assert_broken("Entry 4 does not follow")

    def test_middle_removed(self):
        self._delete_events("number = 3")
        self._assert_broken("Entry 3 is missing")

    def _delete_events(self, condition):
        self._execute(
            f"DELETE FROM order_event WHERE ledger_id = %s AND {condition}",
            self.order.sudo().ledger_ids.id,
        )

    def test_first_removed(self):
        self._delete_events("number = 1")
        self._assert_broken("Entry 1 is missing")

    def test_tail_cut(self):
        self._delete_events("number > 2")
        self._assert_broken("The end was cut off.*2 entries, where 4")

    def test_all_entries_removed(self):
        self._delete_events("TRUE")
        self._assert_broken("0 entries, where 4")

    def test_tail_and_head_cut_consistently(self):
        """The chain itself is whole then; the records of the reviews tell that more happened."""
        self._delete_events("number > 2")
        self._execute(
            """UPDATE order_ledger SET last_number = 2, last_hash = (
                   SELECT hash FROM order_event WHERE ledger_id = order_ledger.id AND number = 2)
                WHERE id = %s""",
            self.order.sudo().ledger_ids.id,
        )
        self._assert_broken("round 1 is not what the ledger says")
        self._execute(
            "UPDATE order_review SET state = 'in_progress' WHERE order_id = %s", self.order.id
        )
        self._assert_broken("signature of Finance.*not in the ledger")

    def test_whole_chain_removed(self):
        ledger = self.order.sudo().ledger_ids.id
        self._execute("DELETE FROM order_event WHERE ledger_id = %s", ledger)
        self._execute("DELETE FROM order_ledger WHERE id = %s", ledger)
        self._assert_broken("the whole ledger is missing")
        notice = self.env["order.ledger"].with_user(self.auditor).action_verify_all()["params"]
        self.assertEqual(notice["type"], "danger")
        self.assertIn(f"{self.order.name}: the whole ledger is missing", notice["message"])

    def test_chains_exchanged(self):
        mine, theirs = self.order.sudo().ledger_ids.id, self.other.sudo().ledger_ids.id
        self._execute("UPDATE order_ledger SET order_id = NULL WHERE id = %s", mine)
        self._execute("UPDATE order_ledger SET order_id = %s WHERE id = %s", self.order.id, theirs)
        self._execute("UPDATE order_ledger SET order_id = %s WHERE id = %s", self.other.id, mine)
        for ledger, order in ((mine, self.other), (theirs, self.order)):
            self._execute(
                "UPDATE order_event SET order_id = %s WHERE ledger_id = %s", order.id, ledger
            )
        self._assert_broken("belongs to another order")

    def test_entry_forged_by_sql(self):
        self._execute(
            """INSERT INTO order_event (ledger_id, order_id, company_id, number, kind, user_id,
                                        at, payload, previous_hash, hash)
               SELECT ledger_id, order_id, company_id, 5, 'approved', user_id, at, payload,
                      hash, repeat('0', 64)
                 FROM order_event WHERE ledger_id = %s AND number = 4""",
            self.order.sudo().ledger_ids.id,
        )
        self._assert_broken("Entry 5 was changed")

    # === TAMPERING WITH WHAT THE LEDGER TELLS OF ===#

    def test_records_of_the_review_changed(self):
        signoff = self.order.sudo().current_review_id.signoff_ids
        review, vote = signoff.review_id, signoff.vote_ids
        for query, record, pattern in (
            ("UPDATE order_signoff_vote SET user_id = 1 WHERE id = %s", vote, "not in the ledger"),
            ("UPDATE order_signoff_vote SET comment = 'x' WHERE id = %s", vote, "was changed"),
            (
                "UPDATE order_signoff_vote SET decision = 'rejected' WHERE id = %s",
                vote,
                "not in the ledger",
            ),
            ("DELETE FROM order_signoff_vote WHERE id = %s", vote, "is missing"),
            ("UPDATE order_review SET state = 'rejected' WHERE id = %s", review, "round 1"),
            (
                "UPDATE order_review SET content = content || '{\"price\": 1}' WHERE id = %s",
                review,
                "round 1",
            ),
        ):
            with self.subTest(query), self.env.cr.savepoint() as savepoint:
                self._execute(query, record.id)
                self._assert_broken(pattern)
                savepoint.rollback()
            self.env.invalidate_all()

    # === WHO MAY WHAT ===#

    def test_nobody_writes(self):
        event = self.order.sudo().event_ids[0]
        for record in (event, event.ledger_id):
            for user in (self.salesperson, self.finance_user, self.auditor, self.process_manager):
                for call in (
                    lambda r: r.write({"company_id": self.company.id}),
                    lambda r: r.unlink(),
                    lambda r: r.create({"company_id": self.company.id}),
                    lambda r: r.copy(),
                ):
                    with self.assertRaises(AccessError):
                        call(record.with_user(user))
            with self.assertRaisesRegex(AccessError, "kept for ever"):
                record.sudo().unlink()

    def test_who_reads(self):
        events = self.env["order.event"]
        domain = [("order_id", "=", self.order.id)]
        for user, count in (
            (self.salesperson, 4),
            (self.finance_user, 4),
            (self.auditor, 4),
            (self.process_manager, 4),
            (self.other_salesperson, 0),
            (self.production_user, 0),
        ):
            self.assertEqual(events.with_user(user).search_count(domain), count, user.name)
        with self.assertRaises(AccessError):
            events.with_user(self.employee).search_count(domain)

    def test_other_company_reads_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_stranger", self._group("auditor"))
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model in ("order.event", "order.ledger"):
            self.assertFalse(
                self.env[model].with_user(stranger).search([("order_id", "=", self.order.id)])
            )
        with self.assertRaises(AccessError):
            self._verify(user=stranger)

    def test_deleted_quotation_leaves_its_chain(self):
        order = self._create_order()
        order.action_register()
        ledger = order.sudo().ledger_ids
        name = order.name
        order.sudo().unlink()
        self.env.invalidate_all()
        self.assertFalse(ledger.order_id)
        self.assertEqual(len(ledger.event_ids), 1)
        self.assertEqual(ledger.action_verify()["params"]["type"], "success", name)

    def test_queries_do_not_grow_with_the_chains(self):
        orders = self.order | self.other | self._released() | self._released()

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records.with_user(self.auditor).action_verify_ledger()
            return self.env.cr.sql_log_count - start

        count(self.order)
        self.assertLessEqual(count(orders), count(self.order) + 1)


@tagged("post_install", "-at_install")
class TestLedgerHttp(LedgerCommon, HttpCase):
    @mute_logger("odoo.http")
    def test_nobody_writes_over_rpc(self):
        event = self.order.sudo().event_ids[0]
        for login in ("opc_sales", "opc_fin", "opc_mgr"):
            self.authenticate(login, login.ljust(8, "x"))
            for model, method, args in (
                ("order.event", "write", [event.ids, {"kind": "approved"}]),
                ("order.event", "unlink", [event.ids]),
                ("order.event", "create", [{"ledger_id": event.ledger_id.id}]),
                ("order.event", "copy", [event.ids]),
                ("order.event", "_insert_rows", [[]]),
                ("order.ledger", "write", [event.ledger_id.ids, {"last_number": 0}]),
                ("order.ledger", "unlink", [event.ledger_id.ids]),
                ("order.ledger", "_append", [[]]),
                ("sale.order", "write", [self.order.ids, {"event_ids": [[5]]}]),
                ("sale.order", "write", [self.order.ids, {"ledger_ids": [[2, 1]]}]),
            ):
                error = self._call(model, method, args)
                self.assertEqual(error, "odoo.exceptions.AccessError", (login, model, method))
            self._call("order.event", "load", [["number"], [["1"]]])
        self.env.invalidate_all()
        self.assertEqual(len(self.order.sudo().event_ids), 4)
        self.assertFalse(self.env["order.event"].search([("ledger_id", "=", False)]))

    def _call(self, model, method, args):
        response = self.url_open(
            "/web/dataset/call_kw",
            data=json.dumps(
                {"params": {"model": model, "method": method, "args": args, "kwargs": {}}}
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        return response.get("error", {}).get("data", {}).get("name") or response.get("result")
