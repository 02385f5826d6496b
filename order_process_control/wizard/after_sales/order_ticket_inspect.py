from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderTicketInspect(models.TransientModel):
    """What was found when goods came back, for all of them on one screen (R-384)."""

    _name = "order.ticket.inspect"
    _description = "Inspection of Returned Goods"

    line_ids = fields.One2many("order.ticket.inspect.line", "wizard_id", string="Goods")

    @api.model
    def _open(self, lines):
        """Return the action that opens the screen with those of ``lines`` that have arrived.

        :raise UserError: when nothing has
        """
        lines = lines._filter_to_inspect()
        if not lines:
            raise UserError(
                self.env._("Nothing has arrived that is not inspected: receive the return first.")
            )
        wizard = self.create(
            {
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "line_id": line.id,
                            "quantity": line.received_quantity - line.inspected_quantity,
                            "finding": self._get_expected_finding(line),
                        },
                    )
                    for line in lines
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspect"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _get_expected_finding(self, line):
        """Return what is most likely found: what comes to be repaired is defective."""
        return "repair" if line._get_outcome() == "repair" else "intact"

    def action_go(self):
        """Record what was found; who may is asked by the goods."""
        self.ensure_one()
        for row in self.line_ids.filtered("quantity"):
            condition = "intact" if row.finding == "intact" else "defective"
            disposition = "stock" if row.finding == "intact" else row.finding
            disposition = "stock" if row.finding == "defective" else disposition
            row.line_id.action_inspect(condition, disposition, row.quantity, row.note)
        return {"type": "ir.actions.act_window_close"}


class OrderTicketInspectLine(models.TransientModel):
    """One kind of goods on the screen."""

    _name = "order.ticket.inspect.line"
    _description = "Goods to Inspect"

    wizard_id = fields.Many2one("order.ticket.inspect", required=True, ondelete="cascade")
    line_id = fields.Many2one("order.ticket.line", required=True, readonly=True)
    product_id = fields.Many2one(related="line_id.product_id")
    lot_id = fields.Many2one(related="line_id.lot_id")
    quantity = fields.Float(digits="Product Unit")
    finding = fields.Selection(
        [
            ("intact", "Intact: back to stock"),
            ("repair", "Defective: repair"),
            ("scrap", "Defective: scrap"),
            ("supplier", "Defective: back to the supplier"),
            ("defective", "Defective: keep in stock"),
        ],
        required=True,
        default="intact",
    )
    note = fields.Char(string="Remark")
