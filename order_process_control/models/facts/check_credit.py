from datetime import timedelta

from odoo import api, fields, models

from ..review.fact import FAIL, PASS, WARN, Fact, Source
from .commerce import day, exceeds, figure, money, name_some, number


class OrderReviewCriterion(models.Model):
    """Can the customer owe us this order as well, and do they pay in time? (R-119, R-120, R-123)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "credit_exposure": (
                self.env._("Credit limit of the customer"),
                self.env._(
                    "Adds what the customer owes, what is confirmed and not invoiced, what is in"
                    " review and this order, and compares the sum with the customer's credit"
                    " limit. Limit of the check: warn from this percentage of the credit limit on;"
                    " 0 warns of nothing before the limit."
                ),
            ),
            "overdue_invoices": (
                self.env._("Overdue invoices of the customer"),
                self.env._(
                    "Looks for unpaid items of the customer that are due. Limit of the check: days"
                    " late that are tolerated; 0 tolerates none."
                ),
            ),
        }

    # === CREDIT ===#

    def _check_credit_exposure(self, orders):
        """Judge what the customer of each order would owe, in the currency of its company.

        Per commercial partner and company. Orders that are checked together count each other:
        they are submitted or reviewed together. The limit is Odoo's own (``credit_limit``).
        """
        customers = self._get_customers(orders)
        partners = self._get_commercial_partners(orders)
        return {
            order.id: self._doubt_payer(
                order, partners[order.id], self._judge_credit(order, customers, partners[order.id])
            )
            for order in orders
        }

    @api.model
    def _doubt_payer(self, order, customer, fact):
        """Return the fact, not in order when somebody else than the customer is invoiced: nothing
        was looked up of them, and what is found of the customer does not speak for them."""
        if order.partner_invoice_id.id in (False, order.partner_id.id, customer.id):
            return fact
        payer = order.partner_invoice_id.commercial_partner_id
        if payer.id == customer.id:
            return fact
        text = self.env._("Invoiced to %s, whose debts were not looked at.", payer.display_name)
        return fact._replace(evidence=f"{fact.evidence} {text}").worsen(WARN)

    def _judge_credit(self, order, customers, customer):
        parts = self._get_credit_parts(order, customers)
        figures = {name: amount for name, (_label, amount) in parts.items()}
        figures["exposure"] = sum(figures.values())
        figures["limit"] = limit = self._get_credit_limit(order, customer)
        sources = self._get_credit_sources(order, customers)
        currency = order.company_id.currency_id
        total = " + ".join(
            f"{label} {figure(self.env, amount, currency)}" for label, amount in parts.values()
        )
        total = f"{total[:1].upper()}{total[1:]}"
        if not limit:
            total += f" = {money(self.env, figures['exposure'], currency)}"
            text = self.env._("No credit limit is set for this customer. %s.", total)
            return Fact(PASS, text, figures, sources)
        total += f" = {figure(self.env, figures['exposure'], currency)}"
        result = self._compare_with_limit(figures["exposure"], limit, currency)
        text = self.env._(
            "%(sum)s %(sign)s limit %(limit)s.",
            sum=total,
            sign=">" if result == FAIL else "≤",
            limit=money(self.env, limit, currency),
        )
        if result == WARN:
            share = number(self.env, 100 * figures["exposure"] / limit)
            text += " " + self.env._("%s %% of the limit are used.", share)
        return Fact(result, text, figures, sources)

    def _get_credit_parts(self, order, customers):
        """Return ``{name: (label, amount)}`` of what makes the exposure, in the words' order."""
        own = customers.get_order(order.id)
        others = [row for row in customers.get_orders(order.id) if row.id != order.id]
        receivable = sum(debt.amount for debt in customers.get_debts(order.id))
        confirmed = sum(row.not_invoiced for row in others if row.state == "sale")
        in_review = sum(row.amount for row in others if row.in_review)
        return {
            "receivable": (self.env._("receivable"), receivable),
            "confirmed": (self.env._("confirmed not invoiced"), confirmed),
            "in_review": (self.env._("in review"), in_review),
            "order": (self.env._("this order"), own.not_invoiced),
        }

    @api.model
    def _get_credit_limit(self, order, customer):
        """Return the limit in the currency of the order's company, 0 for none."""
        used = order.company_id.account_use_credit_limit
        return max(customer.credit_limit, 0.0) if used else 0.0

    def _compare_with_limit(self, exposure, limit, currency):
        if exceeds(self.env, exposure, limit, currency):
            return FAIL
        if self.threshold and exposure >= limit * self.threshold / 100:
            return WARN
        return PASS

    @api.model
    def _get_credit_sources(self, order, customers):
        rows = [row for row in customers.get_orders(order.id) if row.id != order.id]
        confirmed = [row.id for row in rows if row.state == "sale" and row.not_invoiced]
        in_review = [row.id for row in rows if row.in_review]
        sources = []
        if customers.get_debts(order.id):
            domain = self._get_debts_domain(*customers.keys[order.id])
            sources.append(Source(self.env._("Open Items"), "account.move.line", domain))
        if confirmed:
            name = self.env._("Confirmed, not Invoiced")
            sources.append(Source(name, "sale.order", [("id", "in", confirmed)]))
        if in_review:
            name = self.env._("Orders in Review")
            sources.append(Source(name, "sale.order", [("id", "in", in_review)]))
        return tuple(sources)

    @api.model
    def _get_debts_domain(self, customer_id, company_id):
        return [
            ("partner_id.commercial_partner_id", "=", customer_id),
            ("company_id", "=", company_id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]

    # === OVERDUE ===#

    def _check_overdue_invoices(self, orders):
        """Look for posted receivables of the customer that are late by more than the threshold.

        Open credit that covers all of it makes a warning: it only has to be matched.
        """
        customers = self._get_customers(orders)
        partners = self._get_commercial_partners(orders)
        today = fields.Date.context_today(self)
        return {
            order.id: self._doubt_payer(
                order, partners[order.id], self._judge_overdue(order, customers, today)
            )
            for order in orders
        }

    def _judge_overdue(self, order, customers, today):
        debts = customers.get_debts(order.id)
        limit = today - timedelta(days=max(int(self.threshold), 0))
        late = sorted(debt for debt in debts if debt.amount > 0 and debt.due < limit)
        if not late:
            return Fact(PASS, self._get_nothing_late_text(), {"overdue": 0.0})
        overdue = sum(debt.amount for debt in late)
        credit = -sum(debt.amount for debt in debts if debt.amount < 0)
        currency = order.company_id.currency_id
        days = (today - late[0].due).days
        names = [name for debt in late for name in debt.names]
        text = self.env._(
            "%(amount)s overdue, the oldest since %(date)s (%(days)s days): %(names)s.",
            amount=money(self.env, overdue, currency),
            date=day(self.env, late[0].due),
            days=days,
            names=name_some(self.env, names),
        )
        result = FAIL
        if not exceeds(self.env, overdue, credit, currency):
            result = WARN
            text += " " + self.env._(
                "Open credit of %s covers it and is not matched yet.",
                money(self.env, credit, currency),
            )
        domain = [
            *self._get_debts_domain(*customers.keys[order.id]),
            ("date_maturity", "<", fields.Date.to_string(limit)),
        ]
        source = Source(self.env._("Overdue Items"), "account.move.line", domain)
        figures = {"overdue": overdue, "credit": credit, "days": days, "items": len(names)}
        return Fact(result, text, figures, (source,))

    def _get_nothing_late_text(self):
        if self.threshold:
            return self.env._(
                "Nothing is more than %s days late.", number(self.env, self.threshold)
            )
        return self.env._("Nothing is overdue.")
