from odoo import api, models

from ..review.fact import FAIL, PASS, UNKNOWN, WARN, Fact
from .commerce import exceeds, get_line_name, money, name_some, number


class OrderReviewCriterion(models.Model):
    """Is it agreed how the customer pays, and does what is asked in advance fit the order?
    (R-035, R-099, R-105, R-120, R-125)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "payment_terms": (
                self.env._("Payment terms allowed"),
                self.env._(
                    "The payment terms of the order are the customer's usual ones or among those"
                    " that the class of the order allows. The check has no limit."
                ),
            ),
            "prepayment": (
                self.env._("Prepayment agrees with the order"),
                self.env._(
                    "Compares the prepayment asked for, the down payments and what was paid with"
                    " the total. Limit of the check: the percentage that has to be asked for at"
                    " least; 0 asks for none."
                ),
            ),
        }

    # === TERMS ===#

    def _check_payment_terms(self, orders):
        """Compare the terms of each order with its customer's and with those of its class.

        Without terms an order is due at once, which is never worse than what was agreed.
        """
        partners = self._get_commercial_partners(orders)
        allowed = self.env["order.class"]._get_allowed_payment_terms()
        # One prefetch for the names of all terms, whichever are needed
        terms = orders.payment_term_id
        for partner in partners.values():
            terms |= partner.property_payment_term_id
        return {
            order.id: self._judge_terms(
                order.payment_term_id.with_prefetch(terms._ids),
                partners[order.id].property_payment_term_id.with_prefetch(terms._ids),
                allowed.get(order.class_id.id, ()),
            )
            for order in orders
        }

    def _judge_terms(self, term, usual, allowed_ids):
        """
        :param term: of the order
        :param usual: of the customer
        :param allowed_ids: what the order's class allows, empty for nothing in particular
        """
        if not term:
            if usual:
                text = self.env._(
                    "No payment terms: due at once, though “%s” is agreed with the customer.",
                    usual.name,
                )
                return Fact(WARN, text)
            return Fact(PASS, self.env._("No payment terms: due at once."))
        if term == usual:
            return Fact(PASS, self.env._("The customer's usual payment terms."))
        if term.id in allowed_ids:
            return Fact(PASS, self.env._("Payment terms that the class of the order allows."))
        if usual:
            text = self.env._(
                "“%(term)s” are not the customer's usual “%(usual)s”.",
                term=term.name,
                usual=usual.name,
            )
            return Fact(FAIL, text)
        if allowed_ids:
            text = self.env._("The class of the order does not allow “%s”.", term.name)
            return Fact(FAIL, text)
        text = self.env._("“%s”: nothing is agreed with the customer in general.", term.name)
        return Fact(WARN, text)

    # === PREPAYMENT ===#

    def _check_prepayment(self, orders):
        """Compare what each order asks for in advance with its total, and with what was paid.

        Amounts are in the order's currency, tax included; down payments without tax.
        """
        paid = self._get_customers(orders).paid
        lines = self._get_commercial_lines(orders)
        return {
            order.id: self._judge_prepayment(order, lines[order.id], paid.get(order.id, ()))
            for order in orders
        }

    def _judge_prepayment(self, order, lines, payments):
        percent = round(order.prepayment_percent * 100, 6) if order.require_payment else 0.0
        figures = {
            "percent": percent,
            "required": order._get_prepayment_required_amount(),
            "total": order.amount_total,
            "paid": sum(amount for id_, amount in payments if id_ == order.currency_id.id),
        }
        judged = [
            *self._judge_prepayment_asked(order, figures),
            *self._judge_down_payments(order, lines),
            *self._judge_paid(order, figures, len(payments) and figures["paid"] == 0),
        ]
        fact = Fact(PASS, " ".join(text for _result, text in judged), figures)
        for result, _text in judged:
            fact = fact.worsen(result)
        return fact

    def _judge_prepayment_asked(self, order, figures):
        percent = figures["percent"]
        if order.require_payment and not 0 < percent <= 100:
            text = self.env._(
                "A prepayment of %s %% is asked for: it has to be above 0 and at most 100.",
                number(self.env, percent),
            )
            return [(FAIL, text)]
        if percent < self.threshold:
            text = self.env._(
                "%(percent)s %% are asked for in advance, at least %(least)s %% are to be.",
                percent=number(self.env, percent),
                least=number(self.env, self.threshold),
            )
            return [(FAIL, text)]
        if not percent:
            return [(PASS, self.env._("No prepayment is asked for."))]
        text = self.env._(
            "%(percent)s %% of %(total)s = %(required)s asked for in advance.",
            percent=number(self.env, percent),
            total=money(self.env, figures["total"], order.currency_id),
            required=money(self.env, figures["required"], order.currency_id),
        )
        return [(PASS if figures["required"] > 0 else FAIL, text)]

    def _judge_down_payments(self, order, lines):
        down_payments = lines.filtered("is_downpayment")
        if not down_payments:
            return []
        judged = []
        # Odoo keeps them with quantity 0: they are no part of the order's total
        counted = down_payments.filtered("product_uom_qty")
        if counted:
            names = name_some(self.env, map(get_line_name, counted))
            text = self.env._("Down payments with a quantity change the total: %s.", names)
            judged.append((FAIL, text))
        amount = sum((down_payments - counted).mapped("price_unit"))
        over = exceeds(self.env, amount, order.amount_untaxed, order.currency_id)
        text = self.env._(
            "Down payments %(amount)s %(sign)s %(total)s before tax.",
            amount=money(self.env, amount, order.currency_id),
            sign=">" if over else "≤",
            total=money(self.env, order.amount_untaxed, order.currency_id),
        )
        return [*judged, (FAIL if over else PASS, text)]

    def _judge_paid(self, order, figures, is_foreign):
        paid, required, total = (figures[name] for name in ("paid", "required", "total"))
        if is_foreign:
            text = self.env._("The payment is in another currency than the order.")
            return [(UNKNOWN, text)]
        if not (paid or required):
            return []
        currency = order.currency_id
        text = self.env._("Paid: %s.", money(self.env, paid, currency))
        if exceeds(self.env, paid, total, currency):
            return [(FAIL, text + " " + self.env._("That is more than the total."))]
        return [(WARN if exceeds(self.env, required, paid, currency) else PASS, text)]
