import ast
import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

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

    def _filter_orders(self, orders):
        """Return the ``orders`` that the rule matches. Reads as superuser: the rule judges
        the order, not what its reader may see."""
        self.ensure_one()
        try:
            matched = orders.sudo().filtered_domain(self._parse_rule())
        except Exception:
            _logger.exception("The rule of %s %s cannot be applied", self._name, self.id)
            matched = orders if self._broken_rule_matches else orders.browse()
        return orders.browse(matched._ids)
