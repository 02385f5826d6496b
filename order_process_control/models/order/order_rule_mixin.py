import ast
import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .amount_window import widen_amounts

_logger = logging.getLogger(__name__)


class OrderRuleMixin(models.AbstractModel):
    """A rule on sales orders, written as a domain and never as code (design, principle 1)."""

    _name = "order.rule.mixin"
    _description = "Rule on Sales Orders"

    # What a rule says of an order when it has become unreadable, for example because the
    # module of one of its fields was uninstalled.
    _broken_rule_matches = False

    rule_error = fields.Char(
        compute="_compute_rule_error",
        help="Why the rule cannot be applied as it stands.",
    )

    @api.model
    def _get_rule_field(self):
        """Return the name of the field that holds the rule, the only thing a model must say."""
        raise NotImplementedError

    @api.depends_context("lang")
    def _compute_rule_error(self):
        for record in self:
            record.rule_error = record._get_rule_error()

    def _parse_rule(self):
        """Return the rule as a Domain; the empty rule matches every order.

        :raise ValueError: when the text is not a domain on sales orders.
        """
        self.ensure_one()
        text = self[self._get_rule_field()] or "[]"
        try:
            domain = Domain(ast.literal_eval(text))
        except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise ValueError(str(error)) from error
        domain.validate(self.env["sale.order"])
        return domain

    def _get_rule_error(self):
        """Return why the rule is unusable, in words, or False.

        Besides reading it the rule is tried in the database and in memory: a wrong value
        (``amount_total > "many"``) shows itself only there.
        """
        self.ensure_one()
        orders = self.env["sale.order"].sudo()
        try:
            domain = self._parse_rule()
            with self.env.cr.savepoint(flush=False):
                orders.search(domain, limit=1).filtered_domain(domain)
        except Exception as error:  # noqa: BLE001 - any failure means the same to the user
            return str(error).partition("\n")[0] or type(error).__name__
        return False

    def _check_rule(self):
        """Refuse a rule that cannot be applied.

        :raise ValidationError: names the record and what is wrong with its rule.
        """
        for record in self:
            error = record._get_rule_error()
            if error:
                raise ValidationError(
                    self.env._(
                        "The rule of “%(name)s” cannot be applied to sales orders: %(error)s."
                        " Build it again with the condition editor, or leave it empty.",
                        name=record.display_name,
                        error=error.rstrip("."),
                    )
                )

    def _get_rule_or_none(self):
        """Return the rule as a Domain, or None where it has become unreadable."""
        self.ensure_one()
        try:
            return self._parse_rule()
        except Exception:
            _logger.exception("The rule of %s %s cannot be applied", self._name, self.id)
            return None

    @api.model
    def _match_rules(self, orders, rules, in_memory=False):
        """Apply rules to orders, as superuser: a rule judges the order, not what its reader sees.

        :param dict rules: ``{key: Domain}``; None is a rule that cannot be read
        :param bool in_memory: for orders that are being edited or computed right now
        :return: ``{key: set of the ids of the orders that match}``; one query for all saved orders
        """
        orders = orders.sudo().with_context(active_test=False)
        matched, to_search = self._split_rules(orders, rules)
        if in_memory:
            for key, rule in to_search.items():
                matched[key] = set(orders.filtered_domain(rule)._ids)
        elif to_search and orders:
            for key, order_id in self.env.execute_query(self._get_match_query(orders, to_search)):
                matched[key].add(order_id)
        return matched

    @api.model
    def _split_rules(self, orders, rules):
        """Judge the rules that need no look at the orders.

        :return: (``{key: set of the ids of the orders that match}``, the other rules)
        """
        matched, others = {key: set() for key in rules}, {}
        for key, rule in rules.items():
            if rule is not None and not rule.is_true():
                others[key] = rule
            elif rule is not None or self._broken_rule_matches:
                matched[key] = set(orders._ids)
        return matched, others

    @api.model
    def _get_match_query(self, orders, rules):
        """Return the query of (key, order id) of the orders that match."""
        orders = orders.sudo().with_context(active_test=False)
        own = Domain("id", "in", orders._ids)
        return SQL(" UNION ALL ").join(
            SQL("(%s)", query.select(SQL("%s AS rule", key), SQL.identifier(query.table, "id")))
            for key, rule in rules.items()
            for query in [orders.browse()._search(own & widen_amounts(rule))]
        )
