from odoo import api, fields, models


class OrderClass(models.Model):
    """What kind of order it is: regular, special, large (R-044 .. R-062)."""

    _name = "order.class"
    _description = "Order Class"
    _inherit = "order.rule.mixin"
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

    @api.model
    def _get_rule_field(self):
        return "match_domain"

    @api.constrains("match_domain")
    def _check_match_domain(self):
        self._check_rule()

    @api.model
    def _match_orders(self, orders):
        """Return ``{order id: class}`` by the rules alone, one search for any number of orders.

        Every order is a key; the class is empty where no rule matches.
        """
        result = dict.fromkeys(orders._ids, self.browse())
        # sudo: a portal customer or a reviewer places orders into classes without reading rules
        # active_test: a context sent by the client must not bring archived rules back
        classes = self.sudo().with_context(active_test=True)
        for order_class in classes.search([("match_domain", "!=", False)]):
            waiting = orders.filtered(
                lambda order, company=order_class.company_id: not result[order.id]
                and (not company or company == order.company_id)
            )
            if not waiting:
                continue
            for order in order_class._filter_orders(waiting):
                result[order.id] = self.browse(order_class.id)
        return result
