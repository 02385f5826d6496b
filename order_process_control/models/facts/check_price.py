from datetime import timedelta
from itertools import repeat

from odoo import api, fields, models
from odoo.tools import float_compare, float_is_zero

from ..review.fact import FAIL, PASS, WARN, Fact
from .commerce import figure, get_line_name, name_some, number
from .price_book import PriceBook, get_book, with_book


class OrderReviewCriterion(models.Model):
    """Is the price that of the pricelist? (R-038, R-099, R-124)"""

    _inherit = "order.review.criterion"

    @api.model
    def _get_checks(self):
        return super()._get_checks() | {
            "pricelist_price": (
                self.env._("Prices as in the pricelist"),
                self.env._(
                    "Compares the price of each line after discount with what the pricelist gives"
                    " for product, quantity, unit and date. A lower price is not in order, a higher"
                    " one is a warning; gifts that are approved do not count. Limit of the check:"
                    " the difference in percent that is tolerated; 0 tolerates none."
                ),
            ),
        }

    def _check_pricelist_price(self, orders):
        """Compare the net unit price of each line with the one that Odoo would compute now."""
        lines = self._get_commercial_lines(orders)
        by_order = {
            order.id: self._filter_sold(lines[order.id]).filtered(self._has_pricelist_price)
            for order in orders
        }
        # sudo: checks see the whole order, see _get_checks
        all_lines = self.env["sale.order.line"].sudo().concat(*by_order.values())
        book = self._open_book(orders, all_lines)
        return {
            order.id: self._judge_prices(
                order, with_book(by_order[order.id], book).with_prefetch(all_lines._ids)
            )
            for order in orders
        }

    @api.model
    def _has_pricelist_price(self, line):
        """Lines that lower the total are discounts, which another check judges; what is passed on
        at cost has no price of its own."""
        return (
            line.product_uom_qty > 0
            and line.price_unit >= 0
            and line.product_id.type != "combo"
            and not line._is_gift_approved()
        )

    @api.model
    def _open_book(self, orders, lines):
        """Read what the prices of all these lines need, whatever their number."""
        book = PriceBook()
        book.tax_included = self._get_customers(orders).tax_included
        for order in orders:
            company = order.company_id
            key = (
                company.currency_id.id,
                order.currency_id.id,
                company.id,
                order.date_order.date(),
            )
            # Computed by Odoo from the same rate
            book.rates[key] = order.currency_rate or 1.0
        self._skip_attributes(orders, lines)
        products = lines.product_id
        if orders.pricelist_id and products:
            with_book(orders.pricelist_id, book)._fill_book(book, products)
        return book

    def _skip_attributes(self, orders, lines):
        """Put into the cache what is known already: most lines and products have no attributes,
        and to read that takes a query each."""
        attributed = self._get_customers(orders).attributed
        plain = lines.filtered(lambda line: line.id not in attributed)
        field = lines._fields["product_no_variant_attribute_value_ids"]
        field._insert_cache(plain, repeat(()))
        products = lines.product_id.filtered(lambda product: not product.combination_indices)
        field = products._fields["product_template_attribute_value_ids"]
        field._insert_cache(products, repeat(()))

    def _judge_prices(self, order, lines):
        if not lines:
            return Fact(PASS, self.env._("No line has a price from the pricelist."))
        low, high = [], []
        for line in lines:
            expected = self._get_expected_price(order, line)
            net = line.price_unit * (1 - line.discount / 100)
            self._sort_price(line, net, expected, low, high)
        figures = {"lines": len(lines), "below": len(low), "above": len(high)}
        texts = []
        if low:
            names = self._name_prices(order, low)
            texts.append(self.env._("Below the pricelist: %s.", names))
        if high:
            names = self._name_prices(order, high)
            texts.append(self.env._("Above the pricelist: %s.", names))
        if not texts:
            texts.append(self._get_prices_fit_text(len(lines)))
        return Fact(FAIL if low else WARN if high else PASS, " ".join(texts), figures)

    def _sort_price(self, line, net, expected, low, high):
        """Put a price that differs by more than is tolerated where it belongs."""
        digits = max(self.env["decimal.precision"].precision_get("Product Price"), 2)
        tolerated = abs(expected) * max(self.threshold, 0) / 100
        if float_compare(net, expected - tolerated, precision_digits=digits) < 0:
            low.append((line, net, expected))
        elif float_compare(net, expected + tolerated, precision_digits=digits) > 0:
            high.append((line, net, expected))

    @api.model
    def _get_expected_price(self, order, line):
        """Return the price of one unit of the line after discount, in the currency of the order.

        :param line: in an environment with a price book
        """
        line = line.with_company(order.company_id)
        product = line.product_id
        if line.combo_item_id:
            # A share of the bundle's price, whose discount it has as well
            bundle = line._get_linked_line()
            return line._get_combo_item_display_price() * (1 - bundle.discount / 100)
        product = product.with_context(**line._get_product_price_context())
        pricelist = order.pricelist_id.with_env(line.env)
        arguments = {**line._get_pricelist_kwargs(), "date": self._get_price_date(order)}
        price = pricelist._get_product_price(product, **arguments)
        if order.fiscal_position_id and product.id in get_book(line.env).tax_included:
            taxes = product.taxes_id._filter_taxes_by_company(order.company_id)
            price = product._get_tax_included_unit_price_from_price(
                price, product_taxes=taxes, fiscal_position=order.fiscal_position_id
            )
        return price

    @api.model
    def _get_price_date(self, order):
        """Return the moment whose prices count: the date of the order, but no price of long ago
        or of the future for who writes such a date on a quotation."""
        earliest = order.create_date - timedelta(days=1)
        return min(max(order.date_order, earliest), max(fields.Datetime.now(), earliest))

    def _name_prices(self, order, found):
        return name_some(
            self.env,
            [
                self._name_price(order, line, net, expected)
                for line, net, expected in sorted(found, key=self._get_deviation, reverse=True)
            ],
        )

    @api.model
    def _get_deviation(self, found):
        line, net, expected = found
        return abs(net - expected) * line.product_uom_qty

    def _name_price(self, order, line, net, expected):
        if float_is_zero(expected, precision_digits=6):
            change = ""
        else:
            percent = 100 * (net - expected) / expected
            sign = "+" if percent > 0 else "−"
            change = f" ({sign}{number(self.env, abs(percent))} %)"
        return self.env._(
            "%(line)s %(price)s instead of %(expected)s%(change)s",
            line=get_line_name(line),
            price=figure(self.env, net, order.currency_id),
            expected=figure(self.env, expected, order.currency_id),
            change=change,
        )

    def _get_prices_fit_text(self, count):
        if self.threshold > 0:
            return self.env._(
                "Prices within %(tolerance)s %% of the pricelist: all %(count)s.",
                count=count,
                tolerance=number(self.env, self.threshold),
            )
        return self.env._("Prices as in the pricelist: all %s.", count)
