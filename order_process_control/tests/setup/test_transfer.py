import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SetupCommon


@tagged("post_install", "-at_install")
class TestTransfer(SetupCommon):
    """What is configured here is configured there; a hostile file is refused in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transfers = cls.env["order.process.transfer"].with_user(cls.process_manager)
        cls.step = cls._create_step(
            "Money",
            cls.finance,
            company_id=cls.company.id,
            reviewer_ids=cls.finance_user.ids,
            class_ids=cls.env.ref("order_process_control.order_class_special").ids,
            condition_domain="[('amount_total', '>', 10)]",
            tolerance_percent=2.5,
            decision_rule="all",
        )
        cls.env["order.review.criterion"].create(
            [
                {"step_id": cls.step.id, "name": "Safe?", "aspect": "compliance"},
                {
                    "step_id": cls.step.id,
                    "name": "Stock",
                    "kind": "automatic",
                    "check_code": "stock_available",
                },
            ]
        )

    def _export(self):
        transfer = self.transfers.create({})
        transfer.action_export()
        return json.loads(base64.b64decode(transfer.export_file))

    def _upload(self, data):
        text = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.transfers.create({"import_file": base64.b64encode(text)})

    def _import(self, data):
        transfer = self._upload(data)
        transfer.action_import()
        return transfer

    def _entry(self, data, section, name):
        return next(entry for entry in data[section] if entry["name"] == name)

    # === THERE AND BACK ===#

    def test_same_configuration_changes_nothing(self):
        data = self._export()
        transfer = self._import(data)
        self.assertGreater(transfer.same_count, 10)
        self.assertFalse(transfer.line_ids.mapped("details"))
        self.assertFalse(transfer.notes)
        self.assertEqual(self._export(), data)

    def test_what_is_gone_comes_back(self):
        policy = self.env.ref("order_process_control.order_deadline_policy_signoff")
        self.step.policy_id = policy
        data = self._export()
        self.env["order.review.step"].with_context(active_test=False).search([]).unlink()
        special = self.env.ref("order_process_control.order_class_special")
        special.write({"match_domain": "[]", "name": "Odd"})
        self.env["order.special.reason"].search([], limit=1).unlink()
        self.channel.is_approved = False
        transfer = self._import(data)
        self.assertIn("new", transfer.line_ids.mapped("change"))
        step = self.env["order.review.step"].search([("name", "=", "Money")])
        self.assertEqual(step.department_id, self.finance)
        self.assertEqual(step.reviewer_ids, self.finance_user)
        self.assertEqual(step.class_ids.name, "Special")
        self.assertEqual(step.company_id, self.company)
        self.assertEqual((step.tolerance_percent, step.decision_rule), (2.5, "all"))
        self.assertEqual(step.policy_id, policy)
        self.assertEqual(step.criterion_ids.mapped("name"), ["Safe?", "Stock"])
        self.assertTrue(self.channel.is_approved)
        self.assertEqual(self._import(data).changes, 0, "idempotent")

    def test_preview_changes_nothing(self):
        data = self._export()
        self._entry(data, "steps", "Money")["tolerance_days"] = 4
        data["steps"].append({"name": "Brand new"})
        count = self.env["order.review.step"].with_context(active_test=False).search_count([])
        transfer = self._upload(data)
        transfer.action_preview()
        changes = {li.name: (li.change, li.details) for li in transfer.line_ids}
        self.assertEqual(changes["Brand new"][0], "new")
        self.assertEqual(changes["Money"], ("changed", "Tolerated Days: 0 → 4"))
        self.assertEqual(self.step.tolerance_days, 0)
        steps = self.env["order.review.step"].with_context(active_test=False)
        self.assertEqual(steps.search_count([]), count)
        self.assertFalse(
            [v for v in steps._get_configuration().values() if v["copy"]["name"] == "Brand new"]
        )
        transfer.action_import()
        self.assertEqual(self.step.tolerance_days, 4)

    def test_what_was_set_up_goes_by_its_part_of_the_preset(self):
        self._wizard().action_switch_on()
        data = self._export()
        step = self._steps()["trading.finance"]
        step.name = "Renamed here"
        transfer = self._import(data)
        self.assertEqual(step.name, "Finance")
        self.assertEqual(transfer.changes, 1)

    def test_texts_of_other_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.step.update_field_translations("name", {"fr_FR": "Argent"})
        data = self._export()
        self.assertEqual(
            self._entry(data, "steps", "Money")["translations"]["fr_FR"]["name"], "Argent"
        )
        self.step.update_field_translations("name", {"fr_FR": "Autre"})
        self._import(data)
        self.assertEqual(self.step.with_context(lang="fr_FR").name, "Argent")

    def test_unknown_people_and_departments_are_reported_and_not_created(self):
        data = self._export()
        entry = self._entry(data, "steps", "Money")
        entry.update(department="Moon Base", reviewers=["nobody@here"], telepathy=True)
        users = self.env["res.users"].with_context(active_test=False).search_count([])
        transfer = self._import(data)
        for text in ("Moon Base", "nobody@here", "telepathy"):
            self.assertIn(text, transfer.notes)
        self.assertEqual(
            self.env["res.users"].with_context(active_test=False).search_count([]), users
        )
        self.assertFalse(self.env["hr.department"].search([("name", "=", "Moon Base")]))
        self.assertEqual(self.step.department_id, self.finance)
        self.assertEqual(self.step.reviewer_ids, self.finance_user, "nobody else may sign by it")

    # === HOSTILE FILES ===#

    @mute_logger("odoo.sql_db")
    def test_hostile_files_are_refused_in_words(self):
        good = self._export()

        def step(**vals):
            entry = {**self._entry(good, "steps", "Money"), **vals}
            return {**good, "steps": [entry]}

        deep = b"[" * 100000
        cases = [
            b"",
            b"\x00\xff\xfe",
            b"not json",
            b"null",
            b"[]",
            b"{}",
            deep,
            b'{"a": NaN}',
            {"format": good["format"], "version": 99},
            {**good, "steps": "x"},
            {**good, "steps": [1]},
            {**good, "steps": [{}]},
            {**good, "steps": [{"name": 5}]},
            {**good, "steps": [{"name": "x"}] * 3000},
            step(sequence="many"),
            step(sequence=2**40),
            step(sequence=True),
            step(tolerance_percent=1e300),
            step(tolerance_percent=-1),
            step(active="yes"),
            step(decision_rule="nobody"),
            step(decision_rule=["any"]),
            step(decision_rule=None),
            step(condition_domain="[('password', '=', 1)]"),
            step(condition_domain="__import__('os').system('true')"),
            step(condition_domain={"a": 1}),
            step(condition_domain="\x00"),
            step(watched_aspects="everything"),
            step(name="\ud800"),
            step(name="x" * 50000),
            step(reviewers="admin"),
            step(reviewers=[{"login": "admin"}]),
            step(department=["x", "y"]),
            step(department={"name": "x"}),
            step(classes=["Nowhere"]),
            step(criteria={"a": 1}),
            step(criteria=[{"name": "x", "kind": "automatic", "check_code": "_run_checks"}]),
            step(criteria=[{"name": "x", "kind": "automatic"}]),
            {**good, "classes": [{"name": "x", "match_domain": "[(1,2)]"}]},
        ]
        before = self._export()
        for case in cases:
            for method in ("action_preview", "action_import"):
                with self.subTest(case=str(case)[:120], method=method):
                    with self.assertRaises(UserError) as refusal:
                        getattr(self._upload(case), method)()
                    self.assertNotIn("Traceback", str(refusal.exception))
                    self.assertNotIn("psycopg2", str(refusal.exception))
        self.assertEqual(self._export(), before)

    def test_names_no_model_and_no_id(self):
        data = self._export()
        entry = self._entry(data, "steps", "Money")
        entry.update(company_id=99, id=1, create_uid=1, step_id=3, criterion_ids=[[5, 0, 0]])
        data["res.users"] = [{"name": "Eve", "login": "eve"}]
        transfer = self._import(data)
        self.assertEqual(transfer.changes, 0)
        self.assertFalse(self.env["res.users"].search([("login", "=", "eve")]))

    # === WHO MAY ===#

    def test_only_managers(self):
        transfer = self._upload(self._export())
        for user in (self.salesperson, self.sales_manager, self.auditor):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.env["order.process.transfer"].with_user(user).action_open()
                for method in ("action_export", "action_preview", "action_import"):
                    with self.assertRaises(AccessError):
                        getattr(transfer.with_user(user), method)()

    def test_shared_and_own_stay_apart(self):
        shared = self._create_step("Money")
        data = self._export()
        self.assertEqual(
            [e["shared"] for e in data["steps"] if e["name"] == "Money"], [False, True]
        )
        other = self.env["res.company"].create({"name": "Other"})
        self.process_manager.company_ids |= other
        transfers = self.transfers.with_context(allowed_company_ids=other.ids)
        transfer = transfers.create(
            {"import_file": base64.b64encode(json.dumps(data).encode()), "company_id": other.id}
        )
        transfer.action_import()
        steps = self.env["order.review.step"].search([("name", "=", "Money")])
        self.assertEqual(steps.company_id, self.company | other)
        self.assertIn(shared, steps)
        self.assertEqual(len(steps), 3)
