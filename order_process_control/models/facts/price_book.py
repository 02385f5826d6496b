"""Rules of pricelists and currency rates, read once for many prices.

Odoo searches the rules anew for each price. While a book is open its pricelists answer from
memory, with the very methods of Odoo that choose a rule and compute from it.
"""

from odoo import api, models
from odoo.fields import Date, Datetime, Domain

CONTEXT_KEY = "order_price_book"


class PriceBook:
    """Rules by pricelist id, conversion rates by what they convert, and the ids of the products
    whose price includes tax. Only our own code can make one, and it lives as long as one check."""

    __slots__ = ("rates", "rules", "tax_included")

    def __init__(self):
        self.rules = {}
        self.rates = {}
        self.tax_included = set()


def with_book(records, book):
    """Return ``records`` in an environment whose pricelists answer from ``book``."""
    return records.with_context(**{CONTEXT_KEY: book})


def get_book(env):
    """Return the book set by :func:`with_book`, None without one."""
    book = env.context.get(CONTEXT_KEY)
    return book if isinstance(book, PriceBook) else None


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        book = get_book(self.env)
        if not (self and book and self.id in book.rules):
            return super()._get_applicable_rules(products, date, **kwargs)
        # The bounds of a rule are moments, an order's date is one as well
        return book.rules[self.id].filtered(
            lambda rule: (not rule.date_start or rule.date_start <= Datetime.to_datetime(date))
            and (not rule.date_end or rule.date_end >= Datetime.to_datetime(date))
        )

    def _fill_book(self, book, products):
        """Read the rules of these pricelists, and of those that they are based on, for
        ``products``: one query for each step down."""
        pricelists = self
        while pricelists:
            rules = self.env["product.pricelist.item"]
            # All that Odoo computes from, with the search itself
            rules = rules.search_fetch(
                pricelists._get_book_domain(products),
                [field.name for field in rules._fields.values() if field.prefetch is True],
            )
            if rules.categ_id:
                # One query for the categories of rules and products
                (rules.categ_id | products.categ_id).mapped("parent_path")
            by_pricelist = rules.grouped("pricelist_id")
            for pricelist in pricelists:
                own = by_pricelist.get(pricelist, rules.browse())
                book.rules[pricelist.id] = own.with_prefetch(rules._ids)
            bases = rules.filtered(lambda rule: rule.base == "pricelist").base_pricelist_id
            pricelists = bases.filtered(lambda base: base.id not in book.rules)

    def _get_book_domain(self, products):
        """Like ``_get_applicable_rules_domain``, for several pricelists and any date. Whether a
        category or a quantity fits is Odoo's ``_is_applicable_for``."""
        template_ids = [False, *products.product_tmpl_id.ids]
        return (
            Domain("pricelist_id", "in", self.ids)
            & Domain("product_tmpl_id", "in", template_ids)
            & Domain("product_id", "in", [False, *products.ids])
        )


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _get_conversion_rate(self, from_currency, to_currency, company=None, date=None):
        # ``_convert`` is called on the currency that is converted from: it carries the book
        book = get_book(from_currency.env)
        if not book or from_currency == to_currency:
            return super()._get_conversion_rate(from_currency, to_currency, company, date)
        company = company or self.env.company
        day = Date.to_date(date) if date else Date.context_today(self)
        key = (from_currency.id, to_currency.id, company.id, day)
        if key not in book.rates:
            # By the day, as rates are: a moment would be read anew each time
            book.rates[key] = super()._get_conversion_rate(from_currency, to_currency, company, day)
        return book.rates[key]
