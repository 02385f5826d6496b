from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .alerts import AlertCommon

LOGGER = "odoo.addons.order_process_control.models.deadline.order_alert_rule_run"


@tagged("post_install", "-at_install")
class TestAlertRule(AlertCommon):
    """Rules are checked each for itself; alerts come, climb and go with their causes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule("quantity_above", 777)
        cls.order = cls._create_order(lines=[(cls.product, 778)])
        cls.order.action_register()
        cls.sales_department = cls._create_department("Sales", cls.salesperson)
        cls.sales_department.manager_id = cls.env["hr.employee"].create(
            {"name": "Boss", "user_id": cls.sales_manager.id}
        )

    def _age(self, alert, hours):
        self._set(alert, raised_at=fields.Datetime.now() - timedelta(hours=hours))

    def _run_cron(self):
        cron = self.env.ref("order_process_control.ir_cron_order_alert_rule_check")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _notices(self, alert):
        return {(notice.level, notice.user_id) for notice in alert.notice_ids}

    # === COMING AND GOING ===#

    def test_raised_once(self):
        alert = self._check(self.rule)
        self.assertRecordValues(
            alert,
            [
                {
                    "name": f"{self.order.name}: Rule quantity_above",
                    "key": f"rule:{self.rule.id}:sale.order:{self.order.id}",
                    "order_id": self.order.id,
                    "user_id": self.salesperson.id,
                    "department_id": self.sales_department.id,
                    "level": "1",
                    "state": "new",
                    "figures": "778 × Desk",
                }
            ],
        )
        self.assertEqual(self._notices(alert), {("1", self.salesperson)})
        self.assertEqual(alert.activity_ids.user_id, self.salesperson)
        self.assertEqual(self._check(self.rule), alert)
        self.assertEqual(len(alert.notice_ids), 1)
        self.assertEqual(self.rule.found_count, 1)

    def test_cleared_with_the_cause(self):
        alert = self._check(self.rule)
        self.order.order_line.product_uom_qty = 5
        self._check(self.rule)
        self.assertEqual(alert.state, "resolved")
        self.assertTrue(alert.is_auto_resolved)
        self.assertFalse(alert.activity_ids)
        self.order.order_line.product_uom_qty = 900
        self.assertEqual(len(self._check(self.rule)), 2, "the cause came back")

    def test_resolved_by_hand_is_left_alone(self):
        """As long as the cause lasts; when it comes back it alarms again."""
        alert = self._check(self.rule)
        alert.with_user(self.salesperson).action_resolve("Big customer", "Talked to production")
        self.assertEqual(self._check(self.rule), alert)
        self.order.order_line.product_uom_qty = 5
        self._check(self.rule)
        self.assertFalse(alert.is_settled)
        self.order.order_line.product_uom_qty = 900
        self.assertEqual(len(self._check(self.rule)), 2)

    def test_switched_off(self):
        alert = self._check(self.rule)
        self.rule.active = False
        self.assertEqual(alert.state, "resolved")

    def test_cut(self):
        """The most urgent are reported; those that are known do not seem mended."""
        bigger = self._create_order(lines=[(self.product, 800)])
        alert = self._check(self.rule)
        bigger.action_register()
        with patch.object(type(self.rule), "_get_most", lambda rule: 1):
            self._check(self.rule)
        self.assertTrue(self.rule.is_cut)
        self.assertEqual(alert.state, "new")
        self.assertEqual(self._alerts(self.rule).order_id, self.order | bigger)

    # === CLIMBING ===#

    def test_climbs(self):
        self.rule.write({"important_after": 4, "emergency_after": 24})
        alert = self._check(self.rule)
        self._age(alert, 3.9)
        self._check(self.rule)
        self.assertEqual(alert.level, "1")
        self._age(alert, 4.1)
        self._check(self.rule)
        self.assertEqual(alert.level, "2")
        self.assertIn(("2", self.sales_manager), self._notices(alert))
        self._age(alert, 25)
        self._check(self.rule)
        self.assertEqual(alert.level, "3")
        self.assertIn(("3", self.process_manager), self._notices(alert))
        told = len(alert.notice_ids)
        self._check(self.rule)
        self.assertEqual(len(alert.notice_ids), told)

    def test_acknowledging_stops_reminders_not_the_climb(self):
        self.rule.important_after = 4
        alert = self._check(self.rule)
        alert.with_user(self.salesperson).action_acknowledge()
        self.assertFalse(alert.activity_ids)
        self._age(alert, 5)
        self._check(self.rule)
        self.assertEqual(alert.level, "2")
        self.assertEqual(alert.activity_ids.user_id, self.sales_manager)
        self.assertNotIn(("2", self.salesperson), self._notices(alert))

    # === WHO IS TOLD ===#

    def test_designated_person_and_deputy(self):
        """R-308; who is absent is replaced."""
        self.rule.user_ids = self.production_user
        self.env["order.deputy"].create(
            {
                "user_id": self.production_user.id,
                "deputy_id": self.employee.id,
                "date_from": fields.Date.today() - timedelta(days=1),
                "date_to": fields.Date.today() + timedelta(days=1),
            }
        )
        alert = self._check(self.rule)
        self.assertEqual(alert.notice_ids.user_id, self.salesperson | self.employee)

    def test_department_in_charge(self):
        self.production.manager_id = self.production.member_ids
        self.rule.write({"department_id": self.production.id, "general_department": True})
        alert = self._check(self.rule)
        self.assertEqual(alert.department_id, self.production)
        self.assertEqual(alert.notice_ids.user_id, self.salesperson | self.production_user)

    def test_department_of_another_company(self):
        """In charge where it works; elsewhere it is the owner's."""
        company = self.env["res.company"].create({"name": "Other"})
        department = self._create_department("Abroad", self.employee, company_id=company.id)
        self.rule.department_id = department
        self.assertEqual(self._check(self.rule).department_id, self.sales_department)
        with self.assertRaises(ValidationError):
            self.rule.company_id = self.company

    # === ISOLATION ===#

    @mute_logger(LOGGER, "odoo.sql_db")
    def test_broken_rule_stops_no_other(self):
        broken = self._create_rule("amount_above", 1, sequence=1)

        def fail(rule):
            rule.env.cr.execute("SELECT no_such_column FROM sale_order")

        with patch.object(type(self.rule), "_find_amount_above", fail):
            self._run_cron()
            self.assertEqual(broken.failures, 1)
            self.assertIn("no_such_column", broken.error)
            self.assertTrue(self._alerts(self.rule))
            self._set(broken, last_run=fields.Datetime.now() - timedelta(hours=1))
            self._run_cron()
            self.assertEqual(broken.failures, 2)
        broken._check_isolated()
        self.assertEqual((broken.failures, broken.error), (0, False))

    def test_checked_just_now(self):
        """A second worker finds nothing to do."""
        self._run_cron()
        self.assertTrue(self.rule.last_run)
        with patch.object(type(self.rule), "_check", lambda rule: self.fail("again")):
            self._run_cron()
        self.assertFalse(self.rule.failures)

    def test_locked_by_another_worker(self):
        """What another one is just checking is left to it."""
        rule = self.env.ref("order_process_control.order_alert_rule_promise_past")
        checked = []
        with (
            self.registry.cursor() as other,
            patch.object(type(rule), "_check_isolated", lambda rule: checked.append(rule)),
        ):
            other.execute("SELECT FROM order_alert_rule WHERE id = %s FOR UPDATE", [rule.id])
            rule._check_due([])
            self.assertFalse(checked)
            other.rollback()
            rule._check_due([])
            self.assertEqual(checked, [rule])

    def test_figures_follow(self):
        alert = self._check(self.rule)
        self.order.order_line.product_uom_qty = 900
        self.assertEqual(self._check(self.rule), alert)
        self.assertEqual(alert.figures, "900 × Desk")

    def test_queries_do_not_grow(self):
        def count(quantity):
            orders = self.env["sale.order"]
            for _n in range(quantity):
                orders |= self._create_order(lines=[(self.product, 778)])
            orders.action_register()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._check(self.rule)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        few, many = count(2), count(12)
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, 40)

    # === COMPANIES ===#

    def test_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.rule.company_id = company
        self.assertFalse(self._check(self.rule))
        self.rule.company_id = self.company
        self.assertTrue(self._check(self.rule))

    def test_try_shows_own_companies_only(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s", [company.id, self.order.id]
        )
        self.env.invalidate_all()
        notice = self.rule.with_user(self.process_manager).action_try()["params"]
        self.assertEqual(notice["title"], "Nothing found: no alert")
        self.assertTrue(self._check(self.rule), "the scheduled action watches all")

    # === TRYING ===#

    def test_try_writes_nothing(self):
        rule = self.rule.with_user(self.process_manager)
        notice = rule.action_try()["params"]
        self.assertEqual(notice["title"], "1 found, 1 alert(s) would be raised now")
        self.assertEqual(notice["message"], self.order.name)
        self.assertFalse(self._alerts(self.rule))
        self.assertFalse(self.rule.last_run)
        self._check(self.rule)
        self.assertIn("0 alert(s)", rule.action_try()["params"]["title"])

    def test_try_is_for_managers(self):
        for user in (self.employee, self.salesperson, self.auditor):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).action_try()

    # === CONFIGURATION ===#

    def test_shipped_rules_are_off(self):
        shipped = (
            self.env["ir.model.data"]
            .search([("module", "=", "order_process_control"), ("model", "=", "order.alert.rule")])
            .mapped("name")
        )
        self.assertGreaterEqual(len(shipped), 15)
        names = {
            name for name, _label in self.env["order.alert.rule"]._fields["indicator"].selection
        }
        self.assertLessEqual(names, {name.removeprefix("order_alert_rule_") for name in shipped})

    def test_words(self):
        rule = self._create_rule("not_shipped", 3)
        self.assertEqual(rule.unit, "days")
        self.assertTrue(rule.description.startswith("3 days before the promised"))
        self.assertIn("22:30", self._create_rule("entered_after_cut_off", 22.5).description)

    def test_limits(self):
        for indicator, threshold in (
            ("not_shipped", -1),
            ("not_shipped", 4000),
            ("entered_after_cut_off", 25),
            ("amount_above", float("nan")),
        ):
            with self.subTest(indicator), self.assertRaises(ValidationError):
                self._create_rule(indicator, threshold)

    def test_used_rule_is_kept(self):
        self._check(self.rule)
        with self.assertRaises(UserError):
            self.rule.unlink()
        with self.assertRaises(UserError):
            self.rule.indicator = "amount_above"
        self._create_rule("amount_above").unlink()

    def test_only_managers_configure(self):
        for user in (self.employee, self.salesperson, self.sales_manager, self.auditor):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).threshold = 5
        manager = self.rule.with_user(self.process_manager)
        manager.write({"threshold": 5, "failures": 9, "error": "x"})
        self.assertEqual((self.rule.threshold, self.rule.failures), (5, 0))

    def test_rules_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        rule = self._create_rule("amount_above", 1, company_id=company.id)
        with self.assertRaises(AccessError):
            rule.with_user(self.process_manager).read(["name"])
