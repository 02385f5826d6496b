from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_round, formatLang


class OrderTicketLine(models.Model):
    """How much of it may be paid back now, and with which values (as superuser).

    Quantities are in the line's unit. Money is what the customer gets, with tax, in the currency
    of the last invoice for the order's line.
    """

    _inherit = "order.ticket.line"

    # === WHAT MAY BE PAID BACK ===#

    def _get_refund_plan(self):
        """Return [ticket line id, quantity, amount in the company's currency] of what may be
        given back now; a quantity of 0 stands for a compensation."""
        left = {
            line: [quantity, money]
            for line, (quantity, money) in self.order_line_id._get_ticket_refundable().items()
        }
        plan = []
        for line in self:
            of_order = left.get(line.order_line_id, [0.0, 0.0])
            row = line._get_refund_row(*of_order)
            if row:
                quantity, money = row
                of_order[0] -= quantity
                of_order[1] -= money
                plan.append([line.id, quantity, round(line._get_company_amount(money), 6)])
        return plan

    def _get_refund_row(self, quantity_left, money_left):
        """Return (quantity, money) that may be given back now, or None.

        :param float quantity_left: of the order's line, invoiced and not given back
        :param float money_left: the same in money
        """
        self.ensure_one()
        if self._get_outcome() == "compensation":
            money = self._get_compensation_money()
            is_within = self._get_invoice_currency().compare_amounts(money, money_left) <= 0
            return (0.0, money) if money and is_within else None
        quantity = self._get_refundable_quantity(quantity_left)
        money = self._get_refund_money(quantity)
        if not quantity or (money > 0 and money_left <= 0):
            return None
        # What was compensated before is not paid twice
        return quantity, min(money, max(money_left, 0.0))

    def _get_refundable_quantity(self, left):
        """Return how much may be given back now: what was inspected, or what does not come back;
        never more than ``left``."""
        self.ensure_one()
        is_return = self._get_outcome() == "return"
        basis = min(self.inspected_quantity, self.quantity) if is_return else self.quantity
        settled = self.refunded_quantity + self.sent_quantity
        return max(self.uom_id.round(min(basis - settled, left)), 0.0)

    def _get_refund_money(self, quantity):
        """Return the price of ``quantity``, as it was invoiced last."""
        self.ensure_one()
        invoiced = self.order_line_id._get_ticket_invoice_line()
        if not invoiced.quantity:
            return 0.0
        share = self.uom_id._compute_quantity(quantity, invoiced.product_uom_id) / invoiced.quantity
        return invoiced.price_total * share

    def _get_compensation_money(self):
        """Return what was agreed and not given yet, with tax; 0 where nothing was."""
        self.ensure_one()
        invoiced = self.order_line_id._get_ticket_invoice_line()
        if not invoiced or self.compensated_amount or not self.compensation_amount:
            return 0.0
        taxes = invoiced.tax_ids.compute_all(
            self._get_compensation_price(),
            currency=invoiced.currency_id,
            product=invoiced.product_id,
            partner=invoiced.partner_id,
        )
        return taxes["total_included"]

    def _get_compensation_price(self):
        """Return what was agreed in the currency of the invoice, at the rate of its day."""
        invoiced = self.order_line_id._get_ticket_invoice_line()
        return self.currency_id._convert(
            self.compensation_amount,
            invoiced.currency_id,
            self.company_id,
            invoiced.date,
        )

    def _check_compensations(self):
        """:raise UserError: for agreed compensations above what is left of what was invoiced"""
        left = self.order_line_id._get_ticket_refundable()
        for line in self.filtered(lambda line: line._get_outcome() == "compensation"):
            currency = line._get_invoice_currency()
            _quantity, money_left = left.get(line.order_line_id, (0.0, 0.0))
            money = line._get_compensation_money() or (
                not line.compensated_amount and line.compensation_amount
            )
            if currency.compare_amounts(money, money_left) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: the compensation is %(amount)s with tax. Of what was"
                        " invoiced for it %(left)s can be given back still: agree on less, or"
                        " wait for the invoice.",
                        product=line.product_id.display_name,
                        amount=formatLang(self.env, money, currency_obj=currency),
                        left=formatLang(self.env, max(money_left, 0.0), currency_obj=currency),
                    )
                )

    def _get_invoice_currency(self):
        invoiced = self.order_line_id._get_ticket_invoice_line()
        return invoiced.currency_id or self.currency_id

    def _get_company_amount(self, money):
        """Return ``money`` in the currency of the company, at the rate of the invoice: what was
        signed stays the same the day after."""
        invoiced = self.order_line_id._get_ticket_invoice_line()
        return self._to_company_currency(invoiced.currency_id, money, invoiced.date)

    def _to_company_currency(self, currency, amount, day):
        company = self.company_id
        return currency._convert(amount, company.currency_id, company, day)

    def _get_refund_words(self, quantity):
        """Return for how much of what money is given, as a signer reads it."""
        name = self.product_id.display_name
        return f"{quantity:g} × {name}" if quantity else self.env._("%s (compensation)", name)

    # === THE LINE OF THE CREDIT NOTE ===#

    def _prepare_refund_line_vals(self, quantity, amount):
        """Return the line of a credit note.

        :param float amount: in the company's currency, see ``_get_refund_plan``
        """
        self.ensure_one()
        invoiced = self.order_line_id._get_ticket_invoice_line()
        vals = {
            "ticket_line_id": self.id,
            "tax_ids": [(6, 0, invoiced.tax_ids.ids)],
            "account_id": invoiced.account_id.id,
            "analytic_distribution": invoiced.analytic_distribution,
        }
        if not quantity:
            return {**vals, **self._prepare_compensation_vals(invoiced)}
        vals |= {
            "product_id": invoiced.product_id.id,
            "name": invoiced.name,
            "product_uom_id": invoiced.product_uom_id.id,
            "quantity": self.uom_id._compute_quantity(quantity, invoiced.product_uom_id),
            "price_unit": self._get_refund_price(invoiced, quantity, amount),
            "discount": invoiced.discount,
        }
        if self._get_outcome() == "return":
            # Without it Odoo would invoice again what stays with the customer
            vals["sale_line_ids"] = [(6, 0, self.order_line_id.ids)]
        return vals

    def _get_refund_price(self, invoiced, quantity, amount):
        """Return the price that was invoiced last, less what was compensated before."""
        full = self._get_company_amount(self._get_refund_money(quantity))
        if self.company_id.currency_id.compare_amounts(amount, full) >= 0:
            return invoiced.price_unit
        digits = self.env["decimal.precision"].precision_get("Product Price")
        # Down: never more than is left
        return float_round(
            invoiced.price_unit * amount / full, precision_digits=digits, rounding_method="DOWN"
        )

    def _prepare_compensation_vals(self, invoiced):
        """Return what makes it money alone: without product no stock is valued, and the order's
        quantities stay as they are."""
        line = self.with_context(lang=invoiced.partner_id.lang)
        return {
            "is_ticket_compensation": True,
            "name": line.env._("Compensation: %s", line.product_id.display_name),
            "quantity": 1.0,
            "price_unit": self._get_compensation_price(),
        }
