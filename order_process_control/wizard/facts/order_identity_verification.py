from odoo import fields, models


class OrderIdentityVerification(models.TransientModel):
    """Which document was seen when the identity of customers was verified (R-009)."""

    _name = "order.identity.verification"
    _description = "Verify the Identity of a Customer"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    document_kind = fields.Selection(
        selection=lambda self: self.env["res.partner"]
        ._fields["identity_document_kind"]
        ._description_selection(self.env),
        string="Document Seen",
        required=True,
    )

    def action_verify(self):
        """Stamp the customers, see ``res.partner.action_verify_identity``.

        :return: an action that closes the window
        """
        self.ensure_one()
        self.partner_ids.action_verify_identity(self.document_kind)
        return {"type": "ir.actions.act_window_close"}
