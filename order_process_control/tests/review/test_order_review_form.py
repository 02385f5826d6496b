import re
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import html2plaintext

from .rounds import RoundsCommon

FORM = "order_process_control.order_review_form"


class PrintCommon(RoundsCommon):
    def _print(self, records, user, report=FORM):
        """Return the text of the form as ``user`` prints it, in one line."""
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(report, records.ids)
        return re.sub(r"\s+", " ", html2plaintext(html.decode()))


@tagged("post_install", "-at_install")
class TestOrderReviewForm(PrintCommon):
    """Contract/Order Review Form JCH-QR7.2-02 (R-482): every round as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance_step = cls._create_step("Finance", cls.finance)
        cls.production_step = cls._create_step("Production", cls.production, sequence=20)
        cls.env["order.review.criterion"].create(
            {
                "step_id": cls.production_step.id,
                "name": "Enough in stock?",
                "kind": "automatic",
                "check_code": "stock_available",
            }
        )
        cls.question = cls.env["order.review.criterion"].create(
            {"step_id": cls.finance_step.id, "name": "Credit in order?"}
        )

    def _answer(self, order, result="pass", note=None):
        answer = self._signoff(order, "Finance").answer_ids
        return [{"id": answer.id, "result": result, "note": note}]

    def test_every_round_and_department(self):
        order = self._submit(client_order_ref="PO-77")
        self._signoff(order, "Finance").with_user(self.finance_user).action_ask("Who pays?")
        self._signoff(order, "Finance").with_user(self.salesperson).action_answer("The branch")
        self._approve(
            order, "Finance", self.finance_user, answers=self._answer(order, note="Paid in time")
        )
        self._reject(order, "Production", self.production_user, "Not before June")
        order.order_line.product_uom_qty = 1
        order.action_request_review()
        self._approve(order, "Finance", self.finance_user, answers=self._answer(order))
        self._signoff(order, "Production").with_user(self.production_user).action_approve(
            "We make one",
            details={
                "lead_time_days": 2.5,
                "proposed_date": "2030-05-06",
                "open_points": [
                    {"name": "Order the wood", "user_id": self.salesperson.id},
                ],
            },
        )
        text = self._print(order, self.salesperson)
        for part in (
            "Contract/Order Review Form",
            "JCH-QR7.2-02",
            order.name,
            "PO-77",
            "Careful Customer",
            "Test channel",
            # Round 1
            f"{order.name}, round 1",
            "Rejected (NG)",
            "Who pays?",
            "The branch",
            "Credit in order?",
            "Paid in time",
            "Reason for the rejection Not before June",
            # Round 2
            f"{order.name}, round 2",
            "Approved (OK)",
            "2.00 → *1.00*",
            "Enough in stock?",
            "needs 1 Units, forecast 0",
            "Approved although not everything is in order, because We make one",
            "2.5 working days, can keep 05/06/2030",
            "Order the wood",
            "opc_prod",
            "Employee of the Department",
        ):
            with self.subTest(part=part):
                self.assertIn(part, text)
        self.assertLess(text.index("round 1 "), text.index("Rejected (NG)"))

    def test_the_content_is_that_of_the_round(self):
        order = self._submit()
        self._approve(order, "Finance", self.finance_user, answers=self._answer(order))
        self.customer.name = "Renamed Customer"
        text = self._print(order, self.salesperson)
        self.assertIn("Careful Customer", text)
        self.assertNotIn("Renamed Customer", text)

    def test_one_round_alone(self):
        order = self._submit()
        self._reject(order, "Finance", self.finance_user, "Too dear")
        order.order_line.product_uom_qty = 1
        order.action_request_review()
        first, second = order.review_ids.sorted("id")
        report = "order_process_control.order_review_form_round"
        text = self._print(first, self.salesperson, report)
        self.assertIn("Too dear", text)
        self.assertIn("2.00 Units", text)
        self.assertNotIn("round 2", text)
        self.assertNotIn("Too dear", self._print(second, self.salesperson, report))

    def test_many_orders_at_once(self):
        orders = self._submit() | self._submit()
        values = (
            self.env[f"report.{FORM}"].with_user(self.sales_manager)._get_report_values(orders.ids)
        )
        self.assertEqual([form["order"] for form in values["forms"]], list(orders))

    def test_carried_over_deputy_and_taken_back(self):
        self.finance_step.write({"watched_aspects": "price"})
        self.production_step.write({"watched_aspects": "customer,addresses,goods,dates,class"})
        self.env["order.deputy"].create(
            {
                "user_id": self.production_user.id,
                "deputy_id": self.finance_user2.id,
                "date_from": "2020-01-01",
                "date_to": "2099-01-01",
            }
        )
        order = self._submit()
        self._approve(order, "Finance", self.finance_user, answers=self._answer(order))
        self._approve(order, "Production", self.finance_user2, "For my colleague")
        self._signoff(order, "Production").with_user(self.finance_user2).action_undo()
        self._approve(order, "Production", self.finance_user2, "Yes after all")
        order.commitment_date = datetime(2030, 1, 1)
        order.action_request_review()
        text = self._print(order, self.salesperson)
        self.assertIn("*opc_fin2*, Deputy", text)
        self.assertIn("taken back", text)
        self.assertIn("For my colleague", text)
        self.assertIn(f"carried over from {order.name}, round 1", text)

    def test_overruled_and_exempted(self):
        final = self._create_step(
            "General Manager", reviewer_ids=self.finance_user2.ids, is_final=True, sequence=90
        )
        order = self._submit()
        self._reject(order, "Finance", self.finance_user, "Never")
        order.action_escalate_decision("They insist")
        self._approve(order, "Production", self.production_user, "We can")
        self._approve(order, final.name, self.finance_user2, "Strategic")
        text = self._print(order, self.salesperson)
        self.assertIn(f"Asked to Overrule {order.name}, round 1 They insist", text)
        self.assertIn("Overruled", text)
        self.assertIn("Strategic", text)
        other = self._create_order()
        other.with_user(self.process_manager).action_exempt_review("The board decided")
        text = self._print(other, self.salesperson)
        self.assertIn("*Exempt from review.* The board decided opc_mgr,", text)
        self.assertIn("No department was asked.", text)

    @freeze_time("2026-03-12 23:30:00")
    def test_in_the_language_and_time_of_the_reader(self):
        order = self._submit(commitment_date="2026-04-01 10:00:00")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesperson.write({"tz": "Asia/Shanghai", "lang": "fr_FR"})
        self.auditor.tz = "America/New_York"
        reader = self.env["res.users"].with_user(self.salesperson).context_get()
        values = (
            self.env[f"report.{FORM}"]
            .with_user(self.salesperson)
            .with_context(**reader)
            ._get_report_values(order.ids)
        )
        form = values["forms"][0]
        self.assertEqual(form["rounds"][0]["requested_at"], "13/03/2026 07:30")
        self.assertEqual(values["time_zone"], "Asia/Shanghai")
        self.assertIn("1 avr. 2026", dict(form["terms"]).values())
        self.assertRegex(self._print(order, self.auditor), "3/12/26, 7:30\\sPM")

    def test_who_reads_the_rounds_prints_others_do_not(self):
        order = self._submit()
        for user in (
            self.salesperson,
            self.sales_manager,
            self.finance_user,
            self.auditor,
            self.process_manager,
        ):
            with self.subTest(user=user.login):
                self.assertIn("Credit in order?", self._print(order, user))
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.assertTrue(order.with_user(portal).has_access("read"))
        accountant = self._create_user("opc_acc", "account.group_account_invoice")
        self.assertTrue(order.with_user(accountant).has_access("read"))
        reports = (FORM, "order_process_control.order_review_form_round")
        for user in (
            portal,
            accountant,
            self.other_salesperson,
            self._create_reviewer("opc_nobody"),
            self.employee,
        ):
            for report, records in zip(reports, (order, order.sudo().review_ids), strict=True):
                with self.subTest(user=user.login, report=report), self.assertRaises(AccessError):
                    self._print(records, user, report)

    def test_evidence_is_read_as_the_reader(self):
        """What an answer shows is judged where it is read: nothing is printed as superuser."""
        order = self._submit()
        seen = []
        answers = self.env.registry["order.signoff.answer"]
        report = self.env[f"report.{FORM}"].with_user(self.finance_user)
        prepare = self.env.registry[f"report.{FORM}"]._prepare_answer

        def note(self, answer):
            seen.append((answer.env.uid, answer.env.su))
            return prepare(self, answer)

        self.patch(self.env.registry[f"report.{FORM}"], "_prepare_answer", note)
        report._get_report_values(order.ids)
        self.assertTrue(answers)
        self.assertEqual(set(seen), {(self.finance_user.id, False)})

    def test_a_change_of_a_confirmed_order_is_a_round_too(self):
        order = self._submit()
        self._approve(order, "Finance", self.finance_user, answers=self._answer(order))
        self._approve(order, "Production", self.production_user, "Yes")
        order.action_confirm()
        text = self._print(order, self.auditor)
        self.assertIn("Approved (OK)", text)


@tagged("post_install", "-at_install")
class TestOrderReviewFormOverHttp(RoundsCommon, HttpCase):
    def test_pdf(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        reports = self.env["ir.actions.report"].with_user(self.salesperson)
        with self.allow_pdf_render():
            pdf, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                FORM, order.ids
            )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_customers_print_nothing(self):
        self._create_step("Finance", self.finance)
        order = self._submit()
        url = f"/report/html/{FORM}/{order.id}"
        self.authenticate("opc_sales", "opc_sales")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("JCH-QR7.2-02", response.text)
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.authenticate("opc_portal", "opc_portal")
        for kind in ("pdf", "html", "text"):
            refused = self.url_open(url.replace("/html/", f"/{kind}/"))
            self.assertNotEqual(refused.status_code, 200)
            self.assertNotIn("Finance", refused.text)
