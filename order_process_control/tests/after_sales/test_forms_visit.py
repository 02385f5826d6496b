import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import html2plaintext

from .test_visit_signature import VisitCommon

ONSITE = "order_process_control.onsite_service_report"
VISIT = "order_process_control.visit_report"


class FormCommon(VisitCommon):
    def _print(self, records, user, report):
        """Return the text of the form as ``user`` prints it, in one line, and its HTML."""
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(report, records.ids)
        return re.sub(r"\s+", " ", html2plaintext(html.decode())), html.decode()


@tagged("post_install", "-at_install")
class TestVisitForms(FormCommon):
    """On-site Service Report and Visit Report, as they were signed."""

    def test_onsite_service_report(self):
        self.visit.write({"parts_used": "1 fuse, no. 77", "customer_opinion": "Quick"})
        self._sign()
        text, html = self._print(self.visit, self.agent, ONSITE)
        for part in (
            "On-site Service Report",
            "现场服务报告",
            "Q/JL081304-C",
            self.ticket.name,
            "Careful Customer",
            "It does not work No light at all",
            "Fuse blown",
            "New fuse",
            "1 fuse, no. 77",
            "Quick",
            "Solved",
            "Carla Careful",
        ):
            with self.subTest(part=part):
                self.assertIn(part, text.replace("*", ""))
        self.assertIn("data:image/png;base64,iVBOR", html)

    def test_visit_report(self):
        visit = self._sign(self._create_visit(kind="visit"))
        text, _html = self._print(visit, self.salesperson_of_customer(), VISIT)
        for part in ("Visit Report", "走访服务报告", "Q/JL081306-C", "New fuse", "Carla Careful"):
            with self.subTest(part=part):
                self.assertIn(part, text.replace("*", ""))
        self.assertNotIn("Parts Used", text)

    def salesperson_of_customer(self):
        self.customer.user_id = self.salesperson
        return self.salesperson

    def test_a_blank_form_to_fill_in_by_hand(self):
        text, html = self._print(self.visit, self.agent, ONSITE)
        self.assertIn("Work Done", text)
        self.assertNotIn('alt="Signature"', html)

    def test_many_at_once(self):
        visits = self.visit | self._create_visit()
        values = self.env[f"report.{ONSITE}"].with_user(self.agent)._get_report_values(visits.ids)
        self.assertEqual([len(sheets) for sheets in values["companies"].values()], [2])

    @freeze_time("2026-03-12 23:30:00")
    def test_in_the_time_of_the_reader(self):
        self._sign()
        self.auditor.tz = "Asia/Shanghai"
        text, _html = self._print(self.visit, self.auditor, ONSITE)
        self.assertRegex(text, "3/13/26, 7:30\\sAM")

    def test_who_may_not_read_prints_nothing(self):
        self._sign()
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        for user in (self.expert, self.other_salesperson, self.employee, portal):
            for report in (ONSITE, VISIT):
                with self.subTest(user=user.login, report=report), self.assertRaises(AccessError):
                    self._print(self.visit, user, report)


@tagged("post_install", "-at_install")
class TestVisitFormsOverHttp(FormCommon, HttpCase):
    def test_pdf(self):
        self._sign()
        reports = self.env["ir.actions.report"].with_user(self.agent)
        with self.allow_pdf_render():
            pdf, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                ONSITE, self.visit.ids
            )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
