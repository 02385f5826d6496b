from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import formatLang, mute_logger

from ..common import OrderProcessCommon

LOGGER = "odoo.addons.order_process_control.models.review.order_signoff_digest"


@tagged("post_install", "-at_install")
class TestSignoffDigest(OrderProcessCommon):
    """One mail a day to everybody who has something to sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The demo data's are not ours to mail here
        cls.env["order.review"].search([("state", "=", "in_progress")])._close("cancelled", [])
        cls.digests = cls.env["order.signoff.digest"]
        cls.cron = cls.env.ref("order_process_control.ir_cron_order_signoff_digest")
        cls.people = cls.finance_user | cls.finance_user2 | cls.production_user
        for user in cls.people:
            user.write({"email": f"{user.login}@example.com", "lang": "en_US", "tz": "UTC"})

    def _run(self):
        """Run the scheduled action; return the new mails as ``{address: mail}``."""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        mails = self.env["mail.mail"].search([]) - before
        by_address = {mail.email_to.partition("<")[2].rstrip(">"): mail for mail in mails}
        self.assertEqual(len(by_address), len(mails), "one mail a person")
        return by_address

    def _submit(self, user=None, **vals):
        order = self._create_order(user, **vals)
        order.action_request_review()
        return order

    def test_two_people_two_lists(self):
        self._create_step("Finance", reviewer_ids=self.finance_user.ids)
        self._create_step(
            "Production", self.production, condition_domain="[('amount_untaxed', '>', 300)]"
        )
        with freeze_time(fields.Datetime.now() - timedelta(days=2)):
            small = self._submit(client_order_ref="x")
        large = self._submit(lines=[(self.product, 5)])
        mails = self._run()
        self.assertEqual(set(mails), {"opc_fin@example.com", "opc_prod@example.com"})
        finance, production = mails["opc_fin@example.com"], mails["opc_prod@example.com"]
        self.assertEqual(finance.subject, "2 orders wait for your sign-off")
        self.assertEqual(production.subject, f"{large.name} waits for your sign-off")
        body = finance.body_html
        for text in (
            small.name,
            large.name,
            "Careful Customer",
            "Finance",
            "2 days",
            f"res_id={self._signoff(small, 'Finance').id}",
            "/odoo/my-signoffs",
        ):
            self.assertIn(text, body)
        self.assertLess(body.index(small.name), body.index(large.name), "the oldest first")
        self.assertNotIn(small.name, production.body_html)
        self.assertIn(str(self._signoff(large, "Production").id), production.body_html)
        self.assertEqual(finance.state, "outgoing")
        self.assertFalse(finance.model)

    def test_what_is_signed_or_not_yet_asked_is_not_in_it(self):
        self._create_step("Finance", self.finance, 10)
        self._create_step("Production", self.production, 20)
        order = self._submit()
        self.assertNotIn("opc_prod@example.com", self._run())
        self._approve(order, "Finance", self.finance_user, "Secret remark")
        mails = self._run()
        self.assertEqual(set(mails), {"opc_prod@example.com"})
        self.assertNotIn("Secret remark", mails["opc_prod@example.com"].body_html)

    def test_nothing_open_no_mail(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        self._reject(order, "Finance", self.finance_user)
        self.assertFalse(self._run())
        self.assertFalse(self.digests.search([("user_id", "in", self.people.ids)]))

    def test_once_a_day(self):
        self._create_step("Finance", reviewer_ids=self.finance_user.ids)
        self._submit()
        now = fields.Datetime.now().replace(hour=8)
        with freeze_time(now):
            self.assertEqual(len(self._run()), 1)
        with freeze_time(now + timedelta(hours=2)):
            self._submit()
            self.assertFalse(self._run())
        with freeze_time(now + timedelta(days=1)):
            self.assertEqual(
                self._run()["opc_fin@example.com"].subject, "2 orders wait for your sign-off"
            )

    def test_day_is_that_of_the_reader(self):
        self._create_step("Finance", reviewer_ids=self.finance_user.ids)
        self._submit()
        self.finance_user.tz = "Pacific/Auckland"
        day = fields.Datetime.now().replace(hour=8)
        with freeze_time(day):
            self.assertEqual(len(self._run()), 1)
        with freeze_time(day.replace(hour=16)):  # the next day over there
            self.assertEqual(len(self._run()), 1)

    def test_language_and_time_zone_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        view = self.env.ref("order_process_control.order_signoff_digest_body")
        view.update_field_translations("arch_db", {"fr_FR": {"Customer": "Client"}})
        self.finance_user2.write({"lang": "fr_FR", "tz": "Pacific/Auckland"})
        self._create_step("Finance", self.finance)
        promised = fields.Datetime.now().replace(hour=20, minute=0) + timedelta(days=20)
        order = self._submit(commitment_date=promised, lines=[(self.product, 25)])
        mails = self._run()
        english = mails["opc_fin@example.com"].body_html
        french = mails["opc_fin2@example.com"].body_html
        self.assertIn("Customer</th>", english)
        self.assertIn(promised.strftime("%m/%d/%Y"), english)
        self.assertIn(formatLang(self.env, order.amount_total), english)
        self.assertIn("Client</th>", french)
        self.assertIn((promised + timedelta(days=1)).strftime("%d/%m/%Y"), french)
        in_french = self.env(context={"lang": "fr_FR"})
        self.assertIn(formatLang(in_french, order.amount_total), french)
        self.assertNotEqual(*[formatLang(env, 2500.0) for env in (self.env, in_french)])

    def test_language_that_is_gone(self):
        self._create_step("Finance", reviewer_ids=self.finance_user.ids)
        self._submit()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'eo' WHERE id = %s", (self.finance_user.partner_id.id,)
        )
        self.env.invalidate_all()
        self.assertEqual(len(self._run()), 1)

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        (self.salesperson | self.finance_user2).company_ids |= company
        self._create_step("Finance", reviewer_ids=(self.finance_user | self.finance_user2).ids)
        self._submit()
        foreign = self._create_order(company_id=company.id)
        foreign.with_company(company).action_request_review()
        mails = self._run()
        self.assertNotIn(foreign.name, mails["opc_fin@example.com"].body_html)
        both = mails["opc_fin2@example.com"].body_html
        self.assertIn(foreign.name, both)
        self.assertIn("Elsewhere", both)
        self.assertNotIn("Elsewhere", mails["opc_fin@example.com"].body_html)

    def test_company_that_wants_no_mail(self):
        self._create_step("Finance", self.finance)
        self._submit()
        self.company.order_digest_mail = False
        self.assertFalse(self._run())
        self.company.order_digest_mail = True
        self.assertEqual(len(self._run()), 2)

    def test_nobody_gets_mail_of_a_company_that_they_lost(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._create_step("Finance", self.finance)
        self._submit()
        self.finance_user.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertEqual(set(self._run()), {"opc_fin2@example.com"})

    @mute_logger(LOGGER)
    def test_person_without_address_is_skipped(self):
        self._create_step("Finance", self.finance)
        self._submit()
        for address in (False, "nonsense"):
            self.digests.search([]).unlink()
            self.finance_user.email = address
            self.assertEqual(set(self._run()), {"opc_fin2@example.com"})
            digest = self.digests.search([("user_id", "=", self.finance_user.id)])
            self.assertEqual(digest.problem, "No valid e-mail address.")

    def test_person_who_cannot_be_mailed_stops_nobody(self):
        self._create_step("Finance", self.finance)
        self._create_step("Production", self.production)
        self._submit()
        method = type(self.digests)._prepare_mail_vals

        def fail(digests, user, signoffs):
            if user.id == self.finance_user.id:
                digests.env.cr.execute("SELECT 1 / 0")
            return method(digests, user, signoffs)

        with (
            patch.object(type(self.digests), "_prepare_mail_vals", fail),
            self.assertLogs(LOGGER, "ERROR") as logs,
            mute_logger("odoo.sql_db"),
        ):
            mails = self._run()
            self.assertFalse(self._run(), "not tried again and again")
        self.assertEqual(set(mails), {"opc_fin2@example.com", "opc_prod@example.com"})
        self.assertEqual(len(logs.records), 1)
        self.assertIn("opc_fin failed", logs.output[0])
        digest = self.digests.search([("user_id", "=", self.finance_user.id)])
        self.assertIn("division by zero", digest.problem)
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertIn("opc_fin@example.com", self._run())
        self.assertFalse(digest.problem)

    def test_bounded_batches(self):
        self._create_step("Finance", self.finance)
        self._create_step("Production", self.production)
        self._submit()
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", autospec=True, return_value=10.0) as commit:
            self.digests._cron_send(limit=2)
        self.assertEqual(
            [(call.args[1:], call.kwargs) for call in commit.call_args_list],
            [((), {"remaining": 3}), ((2,), {}), ((1,), {})],
        )
        self.digests.search([]).unlink()
        before = self.env["mail.mail"].search_count([])
        with patch.object(cron, "_commit_progress", return_value=0.0):
            self.digests._cron_send(limit=2)
            self.assertEqual(self.env["mail.mail"].search_count([]) - before, 2)
            self.digests._cron_send(limit=2)  # the scheduler calls again for the others
        self.assertEqual(self.env["mail.mail"].search_count([]) - before, 3)

    def test_long_list_is_cut(self):
        self._create_step("Finance", reviewer_ids=self.finance_user.ids)
        for _number in range(3):
            self._submit()
        with patch(f"{LOGGER}.LINE_LIMIT", 2):
            body = self._run()["opc_fin@example.com"].body_html
        self.assertIn("and 1 more", body)
        self.assertEqual(body.count("res_id="), 2)

    def test_constant_queries(self):
        """As many queries for ten people as for two."""
        people = self.env["res.users"]
        for number in range(10):
            people |= self._create_user(f"opc_many{number}", self._group("reviewer"))
        people.write({"email": "many@example.com", "tz": "UTC"})
        self._create_step("Finance", reviewer_ids=people.ids)
        self._submit()
        self._submit()
        due = self.digests._get_due()
        self.assertEqual(len(due), 10)
        counts = []
        for number in (2, 2, 10):  # the first fills Odoo's caches
            self.digests.search([]).unlink()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.digests._create_mails(dict(list(due.items())[:number]))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1], counts)

    def test_nobody_writes_the_rows(self):
        digest = self.digests.create(
            {"user_id": self.finance_user.id, "sent_on": fields.Date.today()}
        )
        for user in (self.finance_user, self.salesperson, self.process_manager):
            for attack in (
                lambda row: row.write({"sent_on": False}),
                lambda row: row.unlink(),
                lambda row: row.create({"user_id": row.env.uid, "sent_on": "2000-01-01"}),
            ):
                with self.assertRaises(AccessError):
                    attack(digest.with_user(user))
        self.assertTrue(digest.with_user(self.process_manager).sent_on)
        with self.assertRaises(AccessError):
            digest.with_user(self.finance_user).read(["sent_on"])
