from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SetupCommon


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    """Choose, map, see beforehand, switch on; and once more, without doubles."""

    # === DEPARTMENTS ===#

    def test_departments_are_matched_by_name_in_any_case(self):
        wizard = self._wizard("manufacturing")
        self.assertEqual(self._line(wizard, "finance").department_id, self.finance)
        self.assertEqual(self._line(wizard, "production").department_id, self.production)
        self.assertFalse(self._line(wizard, "quality").department_id)
        self.assertTrue(self._line(wizard, "quality").is_new)

    def test_department_where_somebody_can_sign_is_preferred(self):
        self.env["hr.department"].create({"name": "Finance"})
        line = self._line(self._wizard(), "finance")
        self.assertEqual(line.department_id, self.finance)

    def test_who_could_sign_is_shown_and_nobody_is_warned_of(self):
        wizard = self._wizard()
        finance, sales = self._line(wizard, "finance"), self._line(wizard, "sales")
        self.assertEqual(finance.signer_ids, self.finance_user | self.finance_user2)
        self.assertFalse(finance.warning)
        self.assertFalse(sales.signer_ids)
        self.assertIn("will be created", sales.note)
        self.assertIn("name reviewers", sales.warning)
        sales.reviewer_ids = self.sales_manager
        self.assertEqual(sales.signer_ids, self.sales_manager)
        self.assertFalse(sales.warning)
        sales.is_used = False
        self.assertFalse(sales.warning)

    def test_rights_are_given_only_by_who_may(self):
        wizard = self._wizard()
        line = self._line(wizard, "logistics")
        line.reviewer_ids = self.employee
        self.assertIn("Order Control: Reviewer", line.warning)
        self.assertFalse(wizard.can_grant)
        with self.assertRaises(AccessError):
            wizard.action_grant_rights()
        self.process_manager.group_ids |= self.env.ref("base.group_erp_manager")
        wizard.invalidate_recordset()
        self.assertTrue(wizard.can_grant)
        wizard.action_grant_rights()
        self.assertTrue(self.employee.has_group(self._group("reviewer")))
        self.env.invalidate_all()
        self.assertFalse(line.warning)
        self.assertFalse(wizard.can_grant)

    # === SWITCHING ON ===#

    def test_switches_on_a_working_process(self):
        self.company.order_process_active = False
        wizard = self._wizard()
        self._line(wizard, "sales").reviewer_ids = self.sales_manager
        self._line(wizard, "purchasing").is_used = False
        wizard.action_preview()
        self.assertFalse(self._steps(), "the preview leaves nothing behind")
        self.assertFalse(self.company.order_process_active)
        wizard.action_switch_on()
        self.assertTrue(self.company.order_process_active)
        steps = self._steps()
        self.assertEqual(
            set(steps),
            {f"trading.{key}" for key in ("sales", "finance", "logistics", "final")},
        )
        self.assertEqual(steps["trading.sales"].department_id.name, "Sales", "created")
        self.assertEqual(steps["trading.finance"].department_id, self.finance)
        self.assertTrue(steps["trading.final"].is_final)
        self.assertFalse(any(step.rule_error for step in steps.values()))

        small, large = self._create_order(), self._create_order(lines=[(self.product, 12)])
        small.action_confirm()
        self.assertEqual(large.class_id.name, "Large")
        large.action_request_review()
        self.assertEqual(
            self._states(large), {"Sales": "pending", "Finance": "waiting", "Logistics": "waiting"}
        )
        very_large = self._create_order(lines=[(self.product, 60)])
        very_large.action_request_review()
        self.assertIn("General Management", self._states(very_large))

    def test_facts_come_as_far_as_they_are_known(self):
        self._wizard().action_switch_on()
        codes = dict(self.env["order.review.criterion"]._selection_check_code())
        criteria = self._steps()["trading.logistics"].criterion_ids
        wanted = {"stock_available", "carrier_available"} & set(codes)
        self.assertEqual(set(criteria.mapped("check_code")) - {False}, wanted)
        self.assertIn("manual", criteria.mapped("kind"))

    def test_every_preset_can_be_set_up(self):
        for code in self.env["order.process.preset"]._get_presets():
            with self.subTest(code):
                wizard = self._wizard(code)
                wizard.action_preview()
                wizard.action_switch_on()
                steps = self._steps()
                self.assertEqual({key.partition(".")[0] for key in steps}, {code})
                self.assertTrue(all(step.criterion_ids for step in steps.values()))

    def test_manufacturing_asks_for_the_nine_factors(self):
        self._wizard("manufacturing").action_switch_on()
        keys = {
            key for step in self._steps().values() for key in step.criterion_ids.mapped("setup_key")
        }
        factors = {
            "engineering.samples",
            "purchasing.suppliers",
            "quality.control_flow",
            "production.load",
            "production.tooling",
            "production.date",
            "logistics.place",
            "purchasing.material",
            "sales.unstated",
        }
        self.assertLessEqual({f"manufacturing.{factor}" for factor in factors}, keys)

    # === ONCE MORE ===#

    def test_twice_makes_no_doubles(self):
        self._wizard().action_switch_on()
        before = self._steps(active_test=False)
        departments = self.env["hr.department"].search([])
        criteria = self.env["order.review.criterion"].search([])
        again = self.setups.create({})
        self.assertEqual(again.preset, "trading")
        again.action_choose()
        self.assertEqual((again.review_limit, again.final_limit), (1000.0, 5000.0))
        again.action_switch_on()
        self.assertEqual(self._steps(active_test=False), before)
        self.assertEqual(self.env["hr.department"].search([]), departments)
        self.assertEqual(self.env["order.review.criterion"].search([]), criteria)

    def test_again_updates_what_it_asks_for_and_keeps_the_rest(self):
        self._wizard().action_switch_on()
        step = self._steps()["trading.finance"]
        step.write({"name": "Money", "sequence": 77, "tolerance_days": 3})
        question = step.criterion_ids.filtered(lambda c: c.kind == "manual")
        question.name = "Is it safe?"
        step.criterion_ids.filtered(lambda c: c.check_code)[:1].active = False
        active = step.criterion_ids
        wizard = self._wizard(review_limit=0.0, final_limit=9000.0)
        self.assertEqual(self._line(wizard, "finance").name, "Money")
        self._line(wizard, "finance").reviewer_ids = self.finance_user2
        self._line(wizard, "logistics").is_used = False
        wizard.action_switch_on()
        self.assertEqual((step.name, step.sequence, step.tolerance_days), ("Money", 77, 3))
        self.assertEqual(step.reviewer_ids, self.finance_user2)
        self.assertEqual(question.name, "Is it safe?")
        self.assertEqual(step.criterion_ids, active)
        self.assertNotIn("trading.logistics", self._steps())
        self.assertIn("9000", self._steps()["trading.final"].condition_domain)
        self.assertIn(
            ("amount_untaxed", ">=", 0.0), step.class_ids.mapped(lambda c: list(c._parse_rule())[0])
        )

    def test_another_preset_replaces_the_first_and_back(self):
        self._wizard().action_switch_on()
        first = self._steps()
        self._wizard("eshop").action_switch_on()
        self.assertFalse({key for key in self._steps() if key.startswith("trading.")})
        self.assertEqual(len(self.env["order.class"].search([("setup_key", "!=", False)])), 1)
        self._wizard().action_switch_on()
        self.assertEqual(self._steps(), first)

    def test_own_steps_are_replaced_or_kept(self):
        step = self._create_step("By hand", company_id=self.company.id)
        shared = self._create_step("Shared")
        wizard = self._wizard(archive_others=False)
        self.assertEqual(wizard.other_step_ids, step)
        wizard.action_switch_on()
        self.assertTrue(step.active)
        self._wizard().action_switch_on()
        self.assertFalse(step.active)
        self.assertTrue(shared.active, "other companies need it")

    def test_companies_are_set_up_each_for_itself(self):
        self._wizard().action_switch_on()
        other = self.env["res.company"].create({"name": "Other"})
        self.process_manager.company_ids |= other
        wizard = self.setups.with_company(other).create({"preset": "trading"})
        wizard.action_choose()
        wizard.action_switch_on()
        self.assertEqual(len(self._steps()), 5, "of both, by key")
        steps = self.env["order.review.step"].search([("setup_key", "=", "trading.sales")])
        self.assertEqual(steps.company_id, self.company | other)

    def test_names_are_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        term = self.env["order.process.preset"]._get_presets()["trading"].steps[0].name

        def translate(self, lang=""):
            return "Ventes" if self is term and lang == "fr_FR" else self._source

        self.patch(type(term), "_translate", translate)
        self._wizard().action_switch_on()
        step = self._steps()["trading.sales"]
        self.assertEqual(step.with_context(lang="fr_FR").name, "Ventes")
        self.assertEqual(step.with_context(lang="en_US").name, "Sales")

    # === WHO MAY, AND WHAT IS REFUSED ===#

    def test_only_managers(self):
        wizard = self._wizard()
        for user in (self.salesperson, self.sales_manager, self.finance_user, self.auditor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.env["order.process.setup"].with_user(user).action_open()
                with self.assertRaises(AccessError):
                    self.env["order.process.setup"].with_user(user).create({})
                for method in ("action_choose", "action_preview", "action_switch_on"):
                    with self.assertRaises(AccessError):
                        getattr(wizard.with_user(user), method)()
                with self.assertRaises(AccessError):
                    wizard.line_ids[:1].with_user(user).action_open_orders()

    def test_other_companies_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other"})
        wizard = self.env["order.process.setup"].create({"company_id": other.id})
        with self.assertRaises(AccessError):
            wizard.with_user(self.process_manager).action_switch_on()
        own = self._wizard()
        own.sudo().company_id = other
        with self.assertRaises(AccessError):
            own.action_switch_on()
        self.assertFalse(self._steps())

    def test_nonsense_is_refused_in_words(self):
        for vals in (
            {"final_limit": -1.0},
            {"days": 0},
            {"days": 10**6},
            {"line_ids": [Command.clear()]},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self._wizard(**vals).action_preview()
