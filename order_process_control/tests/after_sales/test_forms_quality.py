from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_forms_visit import FormCommon

FEEDBACK = "order_process_control.quality_feedback_sheet"
GUARANTEE = "order_process_control.guarantee_part_sheet"


@tagged("post_install", "-at_install")
class TestQualityForms(FormCommon):
    """Quality Information Feedback Sheet and Three-guarantee Part Sheet of a ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp.warranty_months = 12
        cls.order = cls._deliver()
        cls.lamp_line = cls.order.order_line.filtered(lambda line: line.product_id == cls.lamp)
        cls.ticket.order_id = cls.order
        cls.ticket.line_ids = [
            Command.create(
                {
                    "order_line_id": cls.lamp_line.id,
                    "quantity": 2,
                    "note": "Flickers",
                    "requested_outcome": "repair",
                }
            ),
            Command.create(
                {"product_id": cls.product.id, "reason": "late", "requested_outcome": "advice"}
            ),
        ]

    def test_quality_information_feedback_sheet(self):
        self.ticket.write({"is_major_quality": True, "result": "Driver replaced"})
        text, _html = self._print(self.ticket, self.agent, FEEDBACK)
        for part in (
            "Quality Information Feedback Sheet",
            "质量信息反馈表",
            "Q/JL090201-C",
            self.ticket.name,
            self.order.name,
            "Major: production stopped",
            "No light at all",
            "Lamp Flickers",
            "2.00 Units",
            "Driver replaced",
            "Too Late",
        ):
            with self.subTest(part=part):
                self.assertIn(part, text.replace("*", ""))

    def test_three_guarantee_part_sheet(self):
        text, _html = self._print(self.ticket, self.agent, GUARANTEE)
        year = self.ticket.line_ids[0].warranty_until.strftime("%m/%d/%Y")
        for part in ("不良品(三包件)信息反馈表", "Q/JL100101-C", "Lamp Flickers", "Repair", year):
            with self.subTest(part=part):
                self.assertIn(part, text)
        # Not repaired, exchanged or taken back: none of the three guarantees
        self.assertNotIn("Too Late", text)

    def test_the_quality_department_prints_what_it_may_read(self):
        self.company.order_quality_department_id = self.production
        with self.assertRaises(AccessError):
            self._print(self.ticket, self.production_user, FEEDBACK)
        self.ticket.is_major_quality = True
        text, _html = self._print(self.ticket, self.production_user, FEEDBACK)
        self.assertIn("Flickers", text)

    def test_who_may_not_read_prints_nothing(self):
        portal = new_test_user(self.env, login="opc_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.assertTrue(self.ticket.with_user(portal).has_access("read"))
        for user in (self.expert, self.other_salesperson, self.employee, portal):
            for report in (FEEDBACK, GUARANTEE):
                with self.subTest(user=user.login, report=report), self.assertRaises(AccessError):
                    self._print(self.ticket, user, report)
