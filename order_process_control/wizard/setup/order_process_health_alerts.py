from odoo import models


class OrderProcessHealth(models.TransientModel):
    """Alert rules that fail: nobody hears of what they were to find."""

    _inherit = "order.process.health"

    def _find_problems(self):
        return [*super()._find_problems(), *self._find_failing_rules()]

    def _find_failing_rules(self):
        rules = self.env["order.alert.rule"].search(
            [("company_id", "in", self._get_company_ids()), ("failures", ">", 0)]
        )
        return [
            {
                "kind": "record",
                "severity": "danger",
                "what": self.env._(
                    "The alert rule “%(name)s” has failed %(number)s time(s): %(error)s",
                    name=rule.name,
                    number=rule.failures,
                    error=rule.error,
                ),
                "consequence": self.env._("Nobody is told of what it was to find."),
                "res_model": rule._name,
                "res_ids": rule.ids,
            }
            for rule in rules
        ]
