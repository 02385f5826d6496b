from unittest.mock import patch

from odoo import fields, models
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DeadlineCommon, moment


@tagged("post_install", "-at_install")
class TestDeadlineMixin(DeadlineCommon):
    """What makes promises needs the mixin and a policy, and no line of code in the engine: a model
    that the engine has never heard of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo is not on the path before there is a database
        from odoo.orm.model_classes import add_to_registry  # noqa: PLC0415

        class Errand(models.Model):
            _module = None
            _name = "x_opc_errand"
            _inherit = "order.deadline.mixin"
            _description = "Errand"

            name = fields.Char()
            user_id = fields.Many2one("res.users")
            department_id = fields.Many2one("hr.department")
            priority = fields.Selection([("0", "Normal"), ("1", "Urgent")])

            def _get_deadline_clock(self):
                return "signoff"

            def _get_deadline_owners(self):
                return {e.id: e.department_id.manager_id.user_id for e in self if not e.user_id}

        add_to_registry(cls.registry, Errand)
        cls.registry._setup_models__(cls.env.cr, [Errand._name])
        cls.registry.init_models(cls.env.cr, [Errand._name], {"module": None})
        cls.addClassCleanup(cls._forget_model, Errand._name)
        cls.errands = cls.env[Errand._name].create(
            [
                {"name": f"Errand {number}", "user_id": cls.salesperson.id, "priority": "0"}
                for number in range(4)
            ]
        )
        cls.errand = cls.errands[0]

    @classmethod
    def _forget_model(cls, name):
        del cls.registry[name]
        cls.registry._setup_models__(cls.env.cr)

    def _search(self, *statuses, operator="in"):
        domain = [("deadline_status", operator, statuses), ("id", "in", self.errands.ids)]
        return self.errands.search(domain)

    def test_the_whole_course(self):
        with self._at("2026-03-02 10:00"):
            deadline = self.errand._start_deadline()
            self.assertEqual(self.errand.deadline_ids, deadline.sudo(False))
            self.assertRecordValues(
                deadline,
                [
                    {
                        "name": "Errand 0",
                        "clock": "signoff",
                        "res_model": "x_opc_errand",
                        "user_id": self.salesperson.id,
                        "priority": "0",
                        "company_id": self.company.id,
                        "deadline": moment("2026-03-03 10:00"),
                    }
                ],
            )
            self.assertEqual(self.errand.deadline_status, "on_time")
            self.assertEqual(self.errand.deadline_at, moment("2026-03-03 10:00"))
            self.assertEqual(self.errand.deadline_text, "1 d left")
            self.errand._pause_deadline("Waiting")
            self.assertEqual(self.errand.deadline_status, "paused")
            self.errand._resume_deadline()
            self.assertEqual(self.errand.deadline_status, "on_time")
        self._scan("2026-03-03 10:00")
        self.assertEqual(self.alerts.search([("res_model", "=", "x_opc_errand")]).level, "2")
        self.errand._stop_deadline()
        self.assertEqual(self.errand.deadline_status, "missed")
        self.assertFalse(self.errand.deadline_at)

    def test_many_in_one_statement(self):
        self.errands._start_deadline()
        self.errands.mapped("name")
        with self.assertQueryCount(1):
            self.errands._start_deadline(clock="signoff", department_id=self.finance.id)
        with self.assertQueryCount(2):
            self.errands._stop_deadline()

    def test_status_of_many_and_search_agree(self):
        soon, late, fine = self.errands[:3]
        with self._at("2026-03-03 09:30"):
            soon._start_deadline(at=moment("2026-03-02 10:00"))
            late._start_deadline(at=moment("2026-03-02 09:00"))
            fine._start_deadline(at=moment("2026-03-03 09:00"))
            self.errands.invalidate_recordset()
            with self.assertQueryCount(1):
                self.assertEqual(
                    self.errands.mapped("deadline_status"),
                    ["due_soon", "overdue", "on_time", "none"],
                )
            for errand in self.errands:
                with self.assertQueryCount(1):
                    found = self._search(errand.deadline_status)
                self.assertEqual(found, errand)
            self.assertEqual(self._search("overdue", "due_soon"), soon | late)
            self.assertEqual(self._search("overdue", operator="not in"), self.errands - late)
            self.assertEqual(self._search("none", "overdue"), late | self.errands[3])
            domain = [("deadline_at", "<", "2026-03-03 10:30"), ("id", "in", self.errands.ids)]
            self.assertEqual(self.errands.search(domain), soon | late)
            late._pause_deadline("Why")
            self.assertEqual(late.deadline_status, "overdue", "what is missed is no less late")
            fine._pause_deadline("Why")
            self.assertEqual(self._search("paused"), fine)
            fine._cancel_deadline()
            self.assertEqual(self._search("none"), fine | self.errands[3])
            soon._stop_deadline()
            late._stop_deadline()
            self.assertEqual(self._search("met"), soon)
            self.assertEqual(self._search("missed"), late)

    def test_the_worst_of_several_promises(self):
        with self._at("2026-03-03 09:30"):
            self.errand._start_deadline(at=moment("2026-03-03 09:00"))
            self.assertEqual(self.errand.deadline_status, "on_time")
            self.errand._start_deadline(at=moment("2026-03-02 09:00"), clock="answer")
            self.assertEqual(self.errand.deadline_status, "on_time", "no policy, no deadline")
            self.errand._start_deadline(self.policy, "answer", at=moment("2026-03-02 09:00"))
            self.assertEqual(self.errand.deadline_status, "overdue")
            self.assertEqual(self.errand.deadline_text, "late by 30 min")
            self.errand._stop_deadline(clock="answer")
            self.assertEqual(self.errand.deadline_status, "on_time")

    def test_who_has_to_keep_it_may_be_said_by_the_record(self):
        self.errand.write({"user_id": False, "department_id": self.finance.id})
        self.errand._start_deadline(at=moment("2026-03-02 10:00"))
        self._scan("2026-03-02 17:00")
        alert = self.alerts.search([("res_model", "=", "x_opc_errand")])
        self.assertEqual(alert.notice_ids.user_id, self.manager_user)

    def test_priority_changed(self):
        self.policy.line_ids = [(0, 0, {"priority": "1", "minutes": 60})]
        deadline = self.errand._start_deadline(at=moment("2026-03-02 10:00"))
        self.errand.priority = "1"
        with self._at("2026-03-02 10:30"):
            self.errand._reevaluate_deadline()
        self.assertEqual(deadline.deadline, moment("2026-03-02 11:00"))
        self.assertEqual(deadline.priority, "1")

    @mute_logger("odoo.addons.order_process_control.models.deadline.order_deadline_mixin")
    def test_what_cannot_be_told_stops_nobody(self):
        with patch.object(
            type(self.errands), "_prepare_deadline_vals", side_effect=ValueError("broken")
        ):
            self.assertFalse(self.errands._start_deadline())

    def test_gone_with_its_record(self):
        deadlines = self.errands._start_deadline(at=moment("2026-03-02 10:00"))
        self._scan("2026-03-03 10:00")
        alerts = self.alerts.search([("deadline_id", "in", deadlines.ids)])
        self.assertEqual(len(alerts), 4)
        gone = self.errand.deadline_ids
        self.errand.unlink()
        self.assertEqual(deadlines.exists(), deadlines - gone.sudo())
        self.assertFalse(self.env["order.deadline.event"].search([("deadline_id", "in", gone.ids)]))
        self.assertEqual(len(alerts.filtered(lambda alert: alert.state == "resolved")), 1)
        self.assertFalse(self._tasks(alerts.filtered("resolved_at")))
