from datetime import date, datetime, timedelta

from odoo.tests import tagged

from .alerts import AlertCommon


@tagged("post_install", "-at_install")
class TestIndicatorEntry(AlertCommon):
    """When orders are entered (R-031 .. R-033)."""

    def _enter(self, created, received=None, **vals):
        """Return an order entered at a moment of UTC."""
        order = self._create_order(**vals)
        self._set(order, create_date=created, received_at=received or created)
        return order

    def test_after_cut_off(self):
        """22:00 in Brussels is 21:00 UTC in winter and 20:00 in summer."""
        rule = self._create_rule("entered_after_cut_off", 22)
        in_time = self._enter(datetime(2026, 1, 15, 20, 59))
        late = self._enter(datetime(2026, 1, 15, 21, 1))
        in_summer = self._enter(datetime(2026, 7, 15, 20, 1))
        with self._at(datetime(2026, 1, 16)):
            found = self._find(rule)
        self.assertIn(late, found)
        self.assertNotIn(in_time, found)
        with self._at(datetime(2026, 7, 16)):
            self.assertIn(in_summer, self._find(rule))

    def test_received_the_day_before(self):
        """What reached us yesterday was to be entered yesterday."""
        rule = self._create_rule("entered_after_cut_off", 22)
        order = self._enter(datetime(2026, 1, 16, 8), received=datetime(2026, 1, 15, 15))
        future = self._enter(datetime(2026, 1, 16, 8), received=datetime(2026, 1, 18, 15))
        with self._at(datetime(2026, 1, 16, 12)):
            found = self._find(rule)
        self.assertIn(order, found)
        self.assertNotIn(future, found)

    def test_customers_enter_when_they_like(self):
        order = self._enter(datetime(2026, 1, 15, 22))
        self._set(order, create_uid=self.env.ref("base.public_user").id)
        with self._at(datetime(2026, 1, 16)):
            self.assertNotIn(order, self._find(self._create_rule("entered_after_cut_off", 22)))

    def test_old_stories(self):
        """What was never reported is history after 30 days; what was, does not mend itself."""
        rule = self._create_rule("entered_after_cut_off", 22)
        order = self._enter(datetime(2026, 1, 15, 22))
        with self._at(datetime(2026, 3, 1)):
            self.assertNotIn(order, self._find(rule))
        with self._at(datetime(2026, 1, 16)):
            self._check(rule)
        with self._at(datetime(2026, 3, 1)):
            self.assertIn(order, self._find(rule))
            alert = self._check(rule).filtered(lambda a: a.order_id == order)
        self.assertEqual(alert.state, "new")

    def test_approved_exception(self):
        """R-032: only an approved one counts, for its day and company."""
        # The demo data has exceptions, and names who agrees to them
        self.env["order.entry.exception"].sudo().search([]).unlink()
        self.company.write({"order_director_id": False, "order_unit_manager_id": False})
        day = date.today() + timedelta(days=1)
        entered = datetime.combine(day, datetime.min.time()) + timedelta(hours=22, minutes=15)
        order = self._enter(entered)
        rule = self._create_rule("entered_after_cut_off", 22)
        exception = (
            self.env["order.entry.exception"]
            .with_user(self.salesperson)
            .create({"date": day, "cut_off": 24.5, "reason": "Spring promotion"})
        )
        with self._at(entered + timedelta(hours=1)):
            self.assertIn(order, self._find(rule))
            exception.with_user(self.sales_manager).action_approve()
            self.assertIn(order, self._find(rule), "one agreement is not enough")
            exception.with_user(self.process_manager).action_approve()
            self.assertNotIn(order, self._find(rule))

    def test_another_day(self):
        rule = self._create_rule("entered_another_day", 0)
        same, later, before, none = (
            self._enter(datetime(2026, 1, 15, 10), document_date=day)
            for day in ("2026-01-15", "2026-01-14", "2026-01-16", False)
        )
        with self._at(datetime(2026, 1, 16)):
            found = self._find(rule)
            tolerant = self._find(self._create_rule("entered_another_day", 1))
        self.assertNotIn(same, found)
        self.assertNotIn(none, found)
        self.assertIn(later, found)
        self.assertIn(before, found)
        self.assertNotIn(later, tolerant)

    def test_company_zone(self):
        """At half past eleven in the evening of Brussels it is tomorrow in Tokyo."""
        rule = self._create_rule("entered_another_day", 0)
        order = self._enter(datetime(2026, 1, 15, 22, 30), document_date="2026-01-15")
        with self._at(datetime(2026, 1, 16)):
            self.assertNotIn(order, self._find(rule))
            self.company.resource_calendar_id.tz = "Asia/Tokyo"
            self.assertIn(order, self._find(rule))
