from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import TicketCommon

# One grey pixel
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mN8/x8AAuMB8DtXNJsAAAAASUVORK5CYII="
)


class VisitCommon(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket(description="<p>No light at <b>all</b></p>")
        cls.visit = cls._create_visit()

    @classmethod
    def _create_visit(cls, **vals):
        return (
            cls.env["order.ticket.visit"]
            .with_user(cls.agent)
            .create(
                {
                    "ticket_id": cls.ticket.id,
                    "user_id": cls.agent.id,
                    "start": "2026-03-02 08:00:00",
                    "stop": "2026-03-02 10:00:00",
                    **vals,
                }
            )
        )

    def _sign(self, visit=None):
        visit = visit or self.visit
        visit.write({"findings": "Fuse blown", "work_done": "New fuse", "result": "solved"})
        visit.write({"signed_by": "Carla Careful", "signature": SIGNATURE})
        return visit


@tagged("post_install", "-at_install")
class TestVisitSignature(VisitCommon):
    """From the plan to the customer's signature, which fixes what was signed."""

    def test_from_plan_to_signature(self):
        self.visit.action_arrive()
        arrived = self.visit.arrived_at
        self.assertTrue(arrived)
        self.visit.action_arrive()
        self.assertEqual(self.visit.arrived_at, arrived)
        with self.assertRaises(UserError):
            self.visit.action_finish()
        self.visit.write({"work_done": "New fuse", "result": "solved"})
        self.visit.action_finish()
        self.assertEqual(self.visit.state, "done")
        self.assertTrue(self.visit.left_at)
        self.assertFalse(self.visit.signed_at)
        self._sign()
        self.assertTrue(self.visit.signed_at)

    def test_signing_ends_the_visit(self):
        self._sign()
        self.assertEqual(self.visit.state, "done")
        self.assertTrue(self.visit.left_at)
        self.assertIn("New fuse", self.ticket.message_ids[0].body)

    def test_the_ticket_is_told_once(self):
        self.visit.write({"work_done": "New fuse", "result": "partly"})
        before = len(self.ticket.message_ids)
        self.visit.action_finish()
        self._sign()
        self.assertEqual(len(self.ticket.message_ids), before + 1)

    def test_what_is_signed_is_fixed(self):
        self._sign()
        for user in (self.agent, self.leader, self.process_manager):
            for vals in (
                {"work_done": "Nothing"},
                {"signature": False},
                {"signed_by": "Somebody else"},
                {"state": "planned"},
                {"ticket_id": self._create_ticket().id},
                {"arrived_at": "2026-03-02 07:00:00"},
            ):
                with self.subTest(user=user.login, vals=vals), self.assertRaises(UserError):
                    self.visit.with_user(user).write(vals)
            with self.assertRaises(UserError):
                self.visit.with_user(user).unlink()
        self.assertEqual(self.visit.work_done, "New fuse")

    def test_there_is_no_attachment_to_change_instead(self):
        self._sign()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "order.ticket.visit"), ("res_id", "=", self.visit.id)]
            + [("res_field", "!=", False)]
        )
        self.assertFalse(attachments)

    def test_nothing_is_signed_blank(self):
        with self.assertRaises(UserError):
            self.visit.write({"signed_by": "Carla", "signature": SIGNATURE})
        self.visit.write({"findings": "Fuse blown", "result": "unsolved"})
        with self.assertRaises(UserError):
            self.visit.write({"signed_by": " ", "signature": SIGNATURE})
        with self.assertRaises(UserError):
            self._create_visit(signed_by="Carla", signature=SIGNATURE)

    def test_when_it_was_signed_is_not_entered(self):
        with self.assertRaises(AccessError):
            self.visit.write({"signed_at": "2020-01-01 00:00:00"})
        visit = self._create_visit(signed_at="2020-01-01 00:00:00")
        visits = self.env["order.ticket.visit"].with_user(self.agent)
        other = visits.with_context(
            default_signed_at="2020-01-01 00:00:00", order_process_token=True
        ).create({"ticket_id": self.ticket.id, "start": "2026-03-02 08:00:00"})
        self.assertFalse((visit | other).filtered("signed_at"))
        with self.assertRaises(AccessError):
            visit.with_context(order_process_token=True).write({"signed_at": "2020-01-01"})

    def test_others_do_not_sign(self):
        for user in (self.expert, self.salesperson, self.auditor, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.visit.with_user(user).write({"signed_by": "Me", "signature": SIGNATURE})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.visit.with_user(user).action_arrive()

    def test_on_the_form(self):
        with Form(self.visit) as form:
            form.findings = "Fuse blown"
            form.result = "solved"
            form.signed_by = "Carla"
            form.signature = SIGNATURE
        self.assertTrue(self.visit.signed_at)
