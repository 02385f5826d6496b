from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .rounds import RoundsCommon


@tagged("post_install", "-at_install")
class TestDeputies(RoundsCommon):
    """Who stands in for an absent signer, when, and under which rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls._create_step("Finance", reviewer_ids=cls.finance_user.ids)
        cls.deputy = cls._create_reviewer("opc_deputy")

    def _absent(self, user, deputy, first="2031-05-05", last="2031-05-06", **vals):
        return self.env["order.deputy"].create(
            {
                "user_id": user.id,
                "deputy_id": deputy.id,
                "date_from": first,
                "date_to": last,
                **vals,
            }
        )

    @freeze_time("2031-05-05 12:00:00")
    def test_deputy_signs(self):
        order = self._submit()
        self._absent(self.finance_user, self.deputy)
        both = self.finance_user | self.deputy
        self.assertEqual(self._able(order, "Finance"), both)
        self.assertEqual(self._bells(self._signoff(order, "Finance")), both)
        self._approve(order, "Finance", self.deputy)
        self.assertEqual(self._signoff(order, "Finance").vote_ids.entitlement, "deputy")
        self.assertEqual(order.review_state, "approved")

    def test_days_are_those_of_the_absent_person(self):
        self.finance_user.tz = "Pacific/Auckland"
        self._absent(self.finance_user, self.deputy)
        order = self._submit()
        for moment, is_able in (
            # Auckland is 12 hours ahead in May
            ("2031-05-04 11:59:00", False),
            ("2031-05-04 12:00:00", True),
            ("2031-05-06 11:59:00", True),
            ("2031-05-06 12:00:00", False),
        ):
            with freeze_time(moment):
                self.assertEqual(self.deputy in self._able(order, "Finance"), is_able, moment)

    @freeze_time("2031-05-05 12:00:00")
    def test_chain(self):
        second = self._create_reviewer("opc_second")
        self._absent(self.finance_user, self.deputy)
        self._absent(self.deputy, second)
        order = self._submit()
        self.assertEqual(self._able(order, "Finance"), self.finance_user | self.deputy | second)
        self._approve(order, "Finance", second)
        self.assertEqual(self._signoff(order, "Finance").vote_ids.entitlement, "deputy")

    @freeze_time("2031-05-05 12:00:00")
    def test_circle(self):
        self._absent(self.finance_user, self.deputy)
        self._absent(self.deputy, self.finance_user)
        order = self._submit()
        self.assertEqual(self._able(order, "Finance"), self.finance_user | self.deputy)

    @freeze_time("2031-05-05 12:00:00")
    def test_deputy_of_a_barred_person_does_not_sign(self):
        self.step.reviewer_ids = self.salesperson | self.finance_user
        self._absent(self.salesperson, self.deputy)
        order = self._submit()
        self.assertEqual(self._able(order, "Finance"), self.finance_user)

    @freeze_time("2031-05-05 12:00:00")
    def test_barred_person_hands_nothing_on(self):
        self._absent(self.finance_user, self.salesperson)
        self._absent(self.salesperson, self.deputy)
        order = self._submit()
        self.assertEqual(self._able(order, "Finance"), self.finance_user)

    @freeze_time("2031-05-05 12:00:00")
    def test_leaver_hands_nothing_on(self):
        second = self._create_reviewer("opc_second")
        self._absent(self.finance_user, self.deputy)
        self._absent(self.deputy, second)
        order = self._submit()
        self.deputy.action_archive()
        self.assertEqual(self._able(order, "Finance"), self.finance_user)
        self.assertEqual(self._bells(self._signoff(order, "Finance")), self.finance_user)

    @freeze_time("2031-05-05 12:00:00")
    def test_deputy_is_bound_by_the_same_rules(self):
        self._create_step("Production", reviewer_ids=self.production_user.ids)
        manager = self._create_user("opc_seller", "sales_team.group_sale_manager")
        self._absent(self.finance_user, manager)
        self._absent(self.production_user, self.deputy)
        order = self._create_order()
        order.with_user(manager).order_line.price_unit = 90
        order.action_request_review()
        self.assertEqual(self._able(order, "Finance"), self.finance_user)
        other = self._submit()
        self.assertIn(manager, self._able(other, "Finance"))
        other_absence = self._absent(self.sales_manager, self.deputy)
        self._approve(other, "Production", self.deputy)
        # One person, one department, whoever they stand in for
        self.step.reviewer_ids |= self.sales_manager
        third = self._submit()
        self.assertIn(self.deputy, self._able(third, "Finance"))
        self._approve(third, "Production", self.deputy)
        self.assertNotIn(self.deputy, self._able(third, "Finance"))
        other_absence.unlink()

    @freeze_time("2031-05-05 12:00:00")
    def test_deputy_without_right_is_nobody(self):
        self._absent(self.finance_user, self.employee)
        order = self._submit()
        self.assertEqual(self._able(order, "Finance"), self.finance_user)

    @freeze_time("2031-05-05 12:00:00")
    def test_where_all_sign_the_deputy_counts_for_the_absent(self):
        self.step.write(
            {
                "decision_rule": "all",
                "reviewer_ids": (self.finance_user | self.finance_user2).ids,
            }
        )
        self._absent(self.finance_user, self.deputy)
        order = self._submit()
        self._approve(order, "Finance", self.deputy)
        self.assertEqual(order.review_state, "in_review")
        self._approve(order, "Finance", self.finance_user2)
        self.assertEqual(order.review_state, "approved")

    @freeze_time("2031-05-05 12:00:00")
    def test_deputy_of_two_is_one_of_a_number(self):
        self.step.write(
            {
                "decision_rule": "number",
                "required_count": 2,
                "reviewer_ids": (self.finance_user | self.finance_user2).ids,
            }
        )
        self._absent(self.finance_user, self.deputy)
        self._absent(self.finance_user2, self.deputy)
        order = self._submit()
        self._approve(order, "Finance", self.deputy)
        self.assertEqual(order.review_state, "in_review")
        self._approve(order, "Finance", self.finance_user)
        self.assertEqual(order.review_state, "approved")

    @freeze_time("2031-05-05 12:00:00")
    def test_deputy_does_not_delegate(self):
        self._absent(self.finance_user, self.deputy)
        order = self._submit()
        with self.assertRaisesRegex(UserError, "you sign for somebody else"):
            self._signoff(order, "Finance").with_user(self.deputy).action_delegate(
                self.production_user.id, "2099-01-01"
            )

    @freeze_time("2031-05-05 12:00:00")
    def test_absence_ends(self):
        absence = self._absent(self.finance_user, self.deputy)
        order = self._submit()
        signoff = self._signoff(order, "Finance")
        self.assertIn(self.deputy, self._bells(signoff))
        absence.unlink()
        self.assertEqual(self._bells(signoff), self.finance_user)

    def test_absence_begins_and_ends_by_itself(self):
        with freeze_time("2031-05-01 12:00:00"):
            self._absent(self.finance_user, self.deputy)
            order = self._submit(commitment_date="2031-06-01")
            signoff = self._signoff(order, "Finance")
            self.assertNotIn(self.deputy, self._bells(signoff))
        with freeze_time("2031-05-05 00:30:00"):
            self.env["order.deputy"]._cron_follow()
            self.assertIn(self.deputy, self._bells(signoff))
        with freeze_time("2031-05-07 00:30:00"):
            self.env["order.deputy"]._cron_follow()
            self.assertNotIn(self.deputy, self._bells(signoff))
