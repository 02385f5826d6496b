from odoo import api, models

from .requirement_properties import RequirementProperties, has_value


class SaleOrder(models.Model):
    """What the customer requires, asked before the review (R-063 .. R-073)."""

    _inherit = "sale.order"

    requirement_properties = RequirementProperties(
        string="Requirements",
        definition="class_id.requirement_definition",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        given = orders.browse(
            order.id
            for order, vals in zip(orders, vals_list, strict=True)
            if vals.get("requirement_properties")
        )
        rules = self.env["order.class"]._get_requirement_rules().values()
        if given or any(row.get("default") for definitions, _names in rules for row in definitions):
            orders._fit_requirements()
        return orders

    def _fit_requirements(self):
        """Let new orders have the values that their class asks for, and its defaults."""
        field = self._fields["requirement_properties"]
        # sudo: who creates an order, the customer for one, need not read its class
        for order in self.sudo():
            before = order.requirement_properties._values or {}
            values = {"requirement_properties": before, "class_id": order.class_id}
            after = field.convert_to_cache(field._add_default_values(order.env, values), order)
            if not order.class_id:
                after = {}
            if (after or {}) != before:
                order.requirement_properties = after

    # === SUBMISSION ===#

    def _get_submission_problems(self):
        problems = super()._get_submission_problems()
        for order, labels in self._get_missing_requirements().items():
            problems[order].append(
                self.env._(
                    "Fill in what the customer requires, on the Requirements page: %s.",
                    ", ".join(labels),
                )
            )
        return problems

    def _get_missing_requirements(self):
        """Return ``{order: labels}`` of the mandatory requirements that say nothing."""
        rules = self.env["order.class"]._get_requirement_rules()
        # sudo: the class says what is asked, whoever submits
        asked = self.sudo().filtered(lambda o: o.class_id.id in rules and rules[o.class_id.id][1])
        missing = {}
        for row in asked.read(["requirement_properties"]):
            order = self.browse(row["id"])
            names = rules[order.sudo().class_id.id][1]
            labels = [
                requirement["string"]
                for requirement in row["requirement_properties"]
                if requirement["name"] in names and not has_value(_strip(requirement.get("value")))
            ]
            if labels:
                missing[order] = labels
        return missing


def _strip(value):
    return value.strip() if isinstance(value, str) else value
