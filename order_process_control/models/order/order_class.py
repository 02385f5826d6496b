from odoo import api, fields, models, tools


class OrderClass(models.Model):
    """What kind of order it is: regular, special, large (R-044 .. R-062)."""

    _name = "order.class"
    _description = "Order Class"
    _inherit = ["order.rule.mixin", "order.configuration.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share the class between companies."
    )
    match_domain = fields.Char(
        string="Orders of this Class",
        help="The first class, in sequence, whose condition an order meets is its class."
        " Without condition the class is only chosen by hand; [] takes every order.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments to Tell",
        help="They are told when an order of this class is registered (R-010, R-011).",
    )
    description = fields.Text(translate=True)
    is_urgent = fields.Boolean(
        string="Urgent by Rule",
        help="Orders that become of this class are urgent, unless somebody chose otherwise and"
        " said why.",
    )

    @api.model
    def _get_rule_field(self):
        return "match_domain"

    @api.constrains("match_domain")
    def _check_match_domain(self):
        self._check_rule()

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """Return (class id, company id, rule) of the classes that have one, in sequence."""
        # sudo: a portal customer or a reviewer places orders into classes without reading rules
        # active_test: a context sent by the client must not bring archived rules back
        classes = self.sudo().with_context(active_test=True)
        return tuple(
            (order_class.id, order_class.company_id.id, order_class._get_rule_or_none())
            for order_class in classes.search([("match_domain", "!=", False)])
        )

    @api.model
    @tools.ormcache()
    def _get_telling_ids(self):
        """Return the ids of the classes whose orders are told to departments."""
        return frozenset(self.sudo().search([("department_ids", "!=", False)])._ids)

    @api.model
    @tools.ormcache()
    def _get_urgent_ids(self):
        """Return the ids of the classes whose orders are urgent, archived ones included."""
        # sudo: whose orders are urgent does not depend on who asks
        classes = self.sudo().with_context(active_test=False)
        return frozenset(classes.search([("is_urgent", "=", True)])._ids)

    @api.model
    def _match_orders(self, orders, in_memory=False):
        """Return ``{order id: class}`` by the rules alone, one query for any number of orders.

        Every order is a key; the class is empty where no rule matches.

        :param bool in_memory: see ``order.rule.mixin._match_rules``
        """
        domains = {class_id: rule for class_id, _company_id, rule in self._get_rules()}
        matched = self._match_rules(orders, domains, in_memory) if orders else {}
        return self._choose_classes(orders, matched)

    @api.model
    def _choose_classes(self, orders, matched):
        """Return ``{order id: class}``: the first in sequence whose rule matches.

        :param dict matched: ``{class id: set of the ids of the orders that match}``
        """
        result = dict.fromkeys(orders._ids, self.browse())
        for class_id, company_id, _rule in self._get_rules() if orders else ():
            for order in orders:
                if not result[order.id] and order.id in matched[class_id]:
                    if not company_id or company_id == order.company_id.id:
                        result[order.id] = self.browse(class_id)
        return result
