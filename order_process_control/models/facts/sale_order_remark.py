from odoo import api, fields, models

from ..order.process_token import as_process


class SaleOrder(models.Model):
    """What the customer asks for in words is seen by somebody (R-062)."""

    _inherit = "sale.order"

    customer_remark = fields.Text(
        string="Customer's Remark",
        copy=False,
        groups="base.group_user",
        help="What the customer asks for beside the goods: packing, delivery, documents.",
    )
    remark_acknowledged_by = fields.Many2one(
        "res.users",
        string="Remark Seen by",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    remark_acknowledged_at = fields.Datetime(
        string="Remark Seen On", readonly=True, copy=False, groups="base.group_user"
    )

    @api.model
    def _get_watched_fields(self):
        watched = super()._get_watched_fields()
        fields_of_order, fields_of_lines = watched["goods"]
        return {**watched, "goods": ([*fields_of_order, "customer_remark"], fields_of_lines)}

    @api.model
    def _get_optional_facts(self):
        return super()._get_optional_facts() | {"customer_remark"}

    def _get_process_fields(self):
        return super()._get_process_fields() | {"remark_acknowledged_by", "remark_acknowledged_at"}

    def write(self, vals):
        if "customer_remark" not in vals:
            return super().write(vals)
        remark = vals["customer_remark"] or False
        changed = self.filtered(lambda order: (order.customer_remark or False) != remark)
        result = super().write(vals)
        changed._forget_acknowledgement()
        return result

    def _forget_acknowledgement(self):
        """Another remark has to be seen anew."""
        # sudo: who may write the order need not see the field's groups
        seen = self.sudo().filtered("remark_acknowledged_at")
        if seen:
            as_process(seen).write(
                {"remark_acknowledged_by": False, "remark_acknowledged_at": False}
            )

    def action_acknowledge_remark(self):
        """Say that one has seen what the customer remarked and wrote, and will see to it (R-062).

        :return: True
        :raise AccessError: without the right to submit, or without write access to the orders
        """
        self._check_may_submit()
        as_process(self).write(
            {
                "remark_acknowledged_by": self.env.uid,
                "remark_acknowledged_at": fields.Datetime.now(),
            }
        )
        self._log_review(self.env._("The customer's remark was seen."))
        return True
