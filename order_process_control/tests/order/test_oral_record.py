from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .oral import OralCommon


@tagged("post_install", "-at_install")
class TestOralRecord(OralCommon):
    """What was ordered by word of mouth becomes a contract when both sides confirm it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_oral_order()
        cls.record = cls._create_record(cls.order)

    def test_both_confirmations_make_the_contract(self):
        record = self.record
        self.assertEqual(record.state, "open")
        with freeze_time("2030-01-02 10:00:00"):
            record.action_confirm_ours()
        self.assertEqual((record.state, record.contract_since), ("customer", False))
        self.assertEqual(record.ours_confirmed_by, self.salesperson)
        with freeze_time("2030-01-03 10:00:00"):
            record.with_user(self.sales_manager).action_confirm_customer("  Ms Caller ", "email")
        self.assertEqual(record.state, "contract")
        self.assertEqual(str(record.contract_since), "2030-01-03 10:00:00")
        self.assertEqual(str(record.ours_confirmed_at), "2030-01-02 10:00:00")
        self.assertEqual(record.customer_confirmed_name, "Ms Caller")
        self.assertEqual(record.customer_confirm_method, "email")
        self.assertEqual(record.customer_noted_by, self.sales_manager)

    def test_the_customer_may_be_first(self):
        self.record.action_confirm_customer("Ms Caller", "phone")
        self.assertEqual(self.record.state, "ours")
        self.record.action_confirm_ours()
        self.assertTrue(self.record.contract_since)

    def test_confirmed_once(self):
        self._make_contract(self.record)
        with self.assertRaisesRegex(UserError, "confirmed by us already"):
            self.record.action_confirm_ours()
        with self.assertRaisesRegex(UserError, "confirmed by the customer already"):
            self.record.action_confirm_customer("Somebody", "phone")

    def test_a_confirmation_has_a_name_and_a_way(self):
        for name, how in (("", "phone"), (False, "phone"), (["x"], "phone"), ("Ms Caller", "fax")):
            with self.assertRaises(UserError):
                self.record.action_confirm_customer(name, how)
        self.assertFalse(self.record.customer_confirmed_at)

    def test_a_contract_stays_as_it_is(self):
        self._make_contract(self.record)
        record = self.record.with_user(self.sales_manager)
        with self.assertRaisesRegex(UserError, "it is a contract and stays"):
            record.content = "Three desks"
        with self.assertRaisesRegex(UserError, "it is a contract and stays"):
            record.unlink()
        with self.assertRaisesRegex(UserError, "it is a contract and stays"):
            self.order.write(
                {"oral_record_ids": [Command.update(record.id, {"caller_name": "Other"})]}
            )
        with self.assertRaisesRegex(UserError, "it is a contract and stays"):
            self.record.sudo().content = "Three desks"
        with self.assertRaisesRegex(UserError, "Cancel it instead of deleting"):
            self.order.with_user(self.sales_manager).unlink()
        self.assertEqual(record.content, "Two desks at 100, in ten days")

    def test_an_unconfirmed_record_goes_with_its_quotation(self):
        self.order.with_user(self.sales_manager).unlink()
        self.assertFalse(self.record.exists())

    def test_what_was_confirmed_by_one_side_is_confirmed_again_after_a_change(self):
        self.record.action_confirm_customer("Ms Caller", "phone")
        self.record.content = "Three desks"
        self.assertEqual(self.record.state, "open")
        self.assertFalse(self.record.customer_confirmed_name)
        self.record.action_confirm_ours()
        self.assertFalse(self.record.contract_since)
        self.record.write({"content": "Three desks"})
        self.assertTrue(self.record.ours_confirmed_at, "nothing changed")

    def test_a_new_record_corrects_a_contract(self):
        with self.assertRaisesRegex(UserError, "It is no contract yet"):
            self.record.action_correct()
        self._make_contract(self.record)
        action = self.record.action_correct()
        correction = self.env["order.oral.record"].browse(action["res_id"])
        self.assertEqual(correction.corrects_id, self.record)
        self.assertEqual(correction.content, self.record.content)
        self.assertFalse(correction.ours_confirmed_at or correction.contract_since)
        self.assertIn("is not confirmed", self.order.oral_record_hint)

    def test_stamps_are_written_by_the_buttons_only(self):
        for name, value in (
            ("contract_since", "2030-01-01"),
            ("ours_confirmed_by", self.salesperson.id),
            ("ours_confirmed_at", "2030-01-01"),
            ("customer_confirmed_name", "Forged"),
            ("customer_confirmed_at", "2030-01-01"),
            ("corrects_id", self.record.id),
        ):
            with self.assertRaises(AccessError):
                self.record.write({name: value})
            if name != "corrects_id":
                with self.assertRaises(AccessError):
                    self._create_record(self.order, **{name: value})
        sneaky = self.env["order.oral.record"].with_user(self.salesperson)
        sneaky = sneaky.with_context(
            default_contract_since="2030-01-01", default_ours_confirmed_by=self.sales_manager.id
        )
        record = sneaky.create(
            {"order_id": self.order.id, "caller_name": "Ms Caller", "content": "One desk"}
        )
        self.assertFalse(record.contract_since or record.ours_confirmed_by)

    def test_a_record_stays_with_its_order(self):
        other = self._create_oral_order()
        with self.assertRaisesRegex(UserError, "stays with its order"):
            self.record.order_id = other

    def test_content_is_written(self):
        with self.assertRaisesRegex(UserError, "Write down in words"):
            self._create_record(self.order, content="  ")
        with self.assertRaisesRegex(UserError, "Write down in words"):
            self.record.content = " "

    def test_the_ledger_proves_it_without_its_text(self):
        self.record.action_confirm_customer("Ms Caller", "phone")
        self.record.content = "Three desks"
        self._make_contract(self.record)
        events = self.order.sudo().event_ids.sorted("number")
        self.assertEqual(
            events.mapped("kind"), ["oral_customer", "oral_voided", "oral_ours", "oral_customer"]
        )
        self.assertEqual(events[-1].payload["hash"], self.record._get_digest())
        self.assertNotEqual(events[0].payload["hash"], events[-1].payload["hash"])
        self.assertEqual([e.payload.get("contract") for e in events], [False, None, False, True])
        self.assertNotIn("Caller", str(events.mapped("payload")))
        self.assertEqual(events.user_id, self.salesperson)
        self.assertEqual(self.order.action_verify_ledger()["params"]["type"], "success")

    def test_the_caller_is_taken_from_the_contact(self):
        contact = self.env["res.partner"].create(
            {"name": "Mr Known", "phone": "123", "parent_id": self.customer.id}
        )
        with Form(
            self.env["order.oral.record"]
            .with_user(self.salesperson)
            .with_context(default_order_id=self.order.id)
        ) as form:
            form.caller_partner_id = contact
            form.content = "One desk"
            self.assertEqual(form.caller_name, "Mr Known")
            self.assertEqual(form.caller_phone, "123")
        self.assertEqual(form.record.taken_by, self.salesperson)

    def test_printed_with_both_confirmations(self):
        self._make_contract(self.record)
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        html = report._render_qweb_html(
            "order_process_control.report_order_oral_record", self.record.ids
        )[0].decode()
        for text in (
            "JCH-QR7.2-01",
            self.order.name,
            "Two desks at 100, in ten days",
            self.salesperson.name,
            "deemed a signed contract since",
        ):
            self.assertIn(text, html)
        self.assertNotIn("Not confirmed yet", html)

    def test_several_are_one_document(self):
        """wkhtmltopdf without the patched Qt refuses a page that holds several documents."""
        records = self.record | self.record.copy({"content": "Three chairs"})
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        html = report._render_qweb_html(
            "order_process_control.report_order_oral_record", records.ids
        )[0].decode()
        self.assertEqual(html.count("o_order_record o_company"), 1)
        self.assertEqual(html.count('o_next_record"'), 1)
        for text in ("Two desks at 100, in ten days", "Three chairs"):
            self.assertIn(text, html)


@tagged("post_install", "-at_install")
class TestOralRecordAccess(OralCommon):
    """Who reads the order reads its record; who writes the order writes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)
        cls.order = cls._create_oral_order()
        cls.record = cls._create_record(cls.order)

    def _found(self, user):
        records = self.env["order.oral.record"].with_user(user)
        return records.search([("id", "in", self.record.ids)])

    def test_who_reads_the_order_reads_its_record(self):
        for user in (self.salesperson, self.sales_manager, self.auditor):
            self.assertEqual(self._found(user), self.record)
            self.assertTrue(self.record.with_user(user).content)
        for user in (self.other_salesperson, self.finance_user):
            self.assertFalse(self._found(user))
            with self.assertRaisesRegex(AccessError, "belongs to an order that you may not read"):
                self.record.with_user(user).read(["content"])
        with self.assertRaises(AccessError):
            self.record.with_user(self.employee).read(["content"])
        with self.assertRaises(AccessError):
            self._found(self.employee)

    def test_who_signs_reads_it(self):
        self._make_contract(self.record)
        self.order.action_request_review()
        self.assertEqual(self._found(self.finance_user), self.record)
        self.assertTrue(self.record.with_user(self.finance_user).content)
        self.assertFalse(self._found(self.production_user))

    def test_who_only_reads_changes_nothing(self):
        for user in (self.auditor, self.finance_user, self.other_salesperson, self.employee):
            record = self.record.with_user(user)
            for attempt in (
                lambda r=record: r.write({"content": "Forged"}),
                lambda r=record: r.action_confirm_ours(),
                lambda r=record: r.action_confirm_customer("Forged", "phone"),
                lambda r=record: r.action_correct(),
                lambda r=record: r.unlink(),
                lambda u=user: self._create_record(self.order, user=u),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.assertEqual(self.record.state, "open")

    def test_a_warehouse_user_confirms_nothing(self):
        """Odoo lets the warehouse write orders: that is no right to confirm them."""
        keeper = self._create_user("opc_keeper", "stock.group_stock_user")
        self.assertTrue(self.order.with_user(keeper).has_access("write"))
        self.assertEqual(self._found(keeper), self.record)
        with self.assertRaises(AccessError):
            self.record.with_user(keeper).action_confirm_ours()

    def test_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("opc_elsewhere", "sales_team.group_sale_manager")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self._found(stranger))
        with self.assertRaises(AccessError):
            self.record.with_user(stranger).read(["content"])


@tagged("post_install", "-at_install")
class TestOralSubmission(OralCommon):
    """An oral order without a confirmed record is not submitted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_step("Finance", cls.finance)

    def test_refused_until_both_sides_have_confirmed(self):
        order = self._create_oral_order()
        with self.assertRaisesRegex(UserError, "ordered by word of mouth: write down"):
            order.action_request_review()
        record = self._create_record(order)
        with self.assertRaisesRegex(UserError, "use “We Confirm” and “Customer Confirms”"):
            order.action_request_review()
        record.action_confirm_ours()
        with self.assertRaisesRegex(UserError, "The customer has not confirmed"):
            order.action_request_review()
        record.action_confirm_customer("Ms Caller", "phone")
        order.action_request_review()
        self.assertTrue(order.registered_at)

    def test_refused_by_the_form_of_the_order_alone(self):
        order = self._create_order(intake_form="oral")
        with self.assertRaisesRegex(UserError, "word of mouth"):
            order.action_request_review()

    def test_an_unconfirmed_correction_is_refused(self):
        order = self._create_oral_order()
        record = self._create_record(order)
        self._make_contract(record)
        record.action_correct()
        with self.assertRaisesRegex(UserError, "is not confirmed"):
            order.action_request_review()

    def test_other_orders_need_none(self):
        order = self._create_order(intake_form="written")
        order.action_request_review()
        self.assertFalse(order.is_oral or order.oral_record_hint)

    def test_judged_together(self):
        self._create_oral_order()._get_submission_problems()  # warm
        orders = self.env["sale.order"].concat(*(self._create_oral_order() for _n in range(6)))
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_submission_problems()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_button_opens_what_is_to_be_confirmed(self):
        order = self._create_oral_order()
        action = order.action_write_oral_record()
        self.assertNotIn("res_id", action)
        self.assertEqual(action["context"], {"default_order_id": order.id})
        record = self._create_record(order)
        self.assertEqual(order.action_write_oral_record()["res_id"], record.id)
        with self.assertRaises(AccessError):
            order.with_user(self.auditor).action_write_oral_record()

    def test_dialog_asks_who_confirms(self):
        record = self._create_record(self._create_oral_order())
        action = record.action_open_customer_confirmation()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).browse(action["res_id"])
        self.assertEqual(wizard.person, "Ms Caller")
        wizard.method = "visit"
        wizard.action_run()
        self.assertEqual(record.customer_confirm_method, "visit")
        with self.assertRaises(AccessError):
            wizard.with_user(self.other_salesperson).action_run()
        own = wizard.with_user(self.other_salesperson).create({"record_id": record.id})
        with self.assertRaises(AccessError):
            own.read(["content"])
        with self.assertRaises(AccessError):
            own.action_run()
