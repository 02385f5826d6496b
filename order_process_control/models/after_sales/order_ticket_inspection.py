from odoo import api, fields, models

from ..order.process_token import is_process


class OrderTicketInspection(models.Model):
    """What the warehouse found when goods came back, and where they went (R-384).

    Money and exchanges move for nothing else. Kept for ever; ``order.ticket.line`` writes it.
    """

    _name = "order.ticket.inspection"
    _description = "Inspection of Returned Goods"
    _inherit = "order.kept.mixin"
    _order = "id desc"

    line_id = fields.Many2one(
        "order.ticket.line", required=True, readonly=True, index=True, ondelete="restrict"
    )
    ticket_id = fields.Many2one(
        "order.ticket", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    product_id = fields.Many2one(related="line_id.product_id")
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    condition = fields.Selection(
        [("intact", "Intact"), ("defective", "Defective")], required=True, readonly=True
    )
    disposition = fields.Selection(
        [
            ("stock", "Back to Stock"),
            ("repair", "To be Repaired"),
            ("scrap", "Scrapped"),
            ("supplier", "Back to the Supplier"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", string="Inspected by", required=True, readonly=True)
    inspected_at = fields.Datetime(string="Inspected On", required=True, readonly=True)
    scrap_id = fields.Many2one("stock.scrap", readonly=True, ondelete="set null")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        # With a ticket whose time in the archive is over, and by that way alone
        return None if is_process(self.env) else super()._unlink_never()

    def _scrap(self):
        """Scrap what is of no use, from where it was received (as superuser)."""
        scraps = self.env["stock.scrap"].create([row._prepare_scrap_vals() for row in self])
        scraps.do_scrap()
        self._update_rows([{"scrap_id": scrap.id} for scrap in scraps])

    def _prepare_scrap_vals(self):
        self.ensure_one()
        line, reception = self.line_id, self.line_id._get_receptions()[-1:]
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.uom_id.id,
            "scrap_qty": self.quantity,
            "lot_id": line.lot_id.id or reception.move_line_ids.lot_id[:1].id,
            "location_id": reception.location_dest_id.id,
            "company_id": self.company_id.id,
            "origin": self.ticket_id.name,
        }
