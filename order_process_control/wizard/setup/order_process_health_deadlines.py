from odoo import models


class OrderProcessHealth(models.TransientModel):
    """What keeps promises from being timed as configured."""

    _inherit = "order.process.health"

    def _find_problems(self):
        return [
            *super()._find_problems(),
            *self._find_unfit_policies(),
            *self._find_idle_calendars(),
            *self._find_poisoned_deadlines(),
        ]

    def _find_unfit_policies(self):
        policies = self.env["order.deadline.policy"]
        policies = policies.search([("company_id", "in", self._get_company_ids())])
        return [
            {
                "kind": "record",
                "severity": "warning",
                "what": self.env._(
                    "The deadline policy “%(name)s”: %(problem)s",
                    name=policy.name,
                    problem=policy.problem,
                ),
                "consequence": self.env._("Its promises are not timed as they should be."),
                "res_model": policy._name,
                "res_ids": policy.ids,
            }
            for policy in policies
            if policy.problem
        ]

    def _find_idle_calendars(self):
        """Name the working hours of the company and its departments that have no hours."""
        # sudo: departments are for HR; that their hours are empty is for managers
        departments = self.env["hr.department"].sudo()
        departments = departments.search(
            [
                ("order_calendar_id", "!=", False),
                ("company_id", "in", self._get_company_ids()),
            ]
        )
        calendars = self.company_id.sudo().resource_calendar_id | departments.order_calendar_id
        return [
            {
                "kind": "record",
                "severity": "warning",
                "what": self.env._("The working hours “%s” are empty.", calendar.name),
                "consequence": self.env._("Deadlines in working time run around the clock."),
                "res_model": calendar._name,
                "res_ids": calendar.ids,
            }
            for calendar in calendars._filter_without_hours()
        ]

    def _find_poisoned_deadlines(self):
        poisoned = self.env["order.deadline"]._get_poisoned(self.company_id)
        if not poisoned:
            return []
        return [
            {
                "kind": "record",
                "severity": "warning",
                "what": self.env._(
                    "Deadlines whose alert cannot be raised: %(number)s.", number=len(poisoned)
                ),
                "consequence": self.env._("They are tried again; the log of the server says why."),
                "res_model": poisoned._name,
                "res_ids": poisoned.ids,
            }
        ]
