from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderTicket(models.Model):
    """Repairs: one a product, free of charge within the warranty."""

    _inherit = "order.ticket"

    repair_ids = fields.Many2many(
        "repair.order", string="Repairs", compute="_compute_repairs", compute_sudo=True
    )
    repair_count = fields.Integer(compute="_compute_repairs", compute_sudo=True)

    @api.depends("line_ids.repair_ids")
    def _compute_repairs(self):
        for ticket in self:
            ticket.repair_ids = ticket.line_ids.repair_ids
            ticket.repair_count = len(ticket.repair_ids)

    @api.readonly
    def action_view_repairs(self):
        """Return the action that shows the repairs for this ticket."""
        self.ensure_one()
        self.check_access("read")
        return self.repair_ids.sudo(False)._get_records_action(name=self.env._("Repairs"))

    def action_create_repair(self):
        """Order the repair of what is to be repaired: of what has come back as far as it was
        inspected, of what does not come back at the customer's.

        :return: the action that shows the repairs
        :raise UserError: when there is nothing to repair
        """
        lines = self._begin_documents(
            ("repair",), self.env._("Say on the goods what is to be repaired.")
        )
        vals_list = [
            line._prepare_repair_vals(quantity)
            for line in lines
            if (quantity := line._get_repairable_quantity())
        ]
        if not vals_list:
            raise UserError(
                self.env._(
                    "Nothing to repair: what comes back has to arrive and be inspected first, or"
                    " the repair was ordered already."
                )
            )
        repairs = lines.env["repair.order"].create(vals_list)
        lines.invalidate_recordset(["repair_ids"])
        self._log_documents(self.env._("Repair"), repairs)
        return repairs.sudo(False)._get_records_action(name=self.env._("Repairs"))
