from odoo import api, fields, models


class TicketLineId(int):
    """The id of goods of a ticket that code in this process hands on: no client can send it."""


class OrderTicketDocumentMixin(models.AbstractModel):
    """A document of Odoo that is made for goods of a ticket: which, is said by the ticket alone.
    By it what came back, was sent again and refunded is counted."""

    _name = "order.ticket.document.mixin"
    _description = "Document of a Ticket"

    ticket_line_id = fields.Many2one(
        "order.ticket.line",
        string="Goods of a Ticket",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_ticket_line_vals(vals) for vals in vals_list])

    @api.model
    def _get_ticket_fields(self):
        """Return the fields that only tickets set."""
        return {"ticket_line_id"}

    @api.model
    def _prepare_ticket_line_vals(self, vals):
        value = vals.get("ticket_line_id")
        if isinstance(value, TicketLineId):
            return {**vals, "ticket_line_id": int(value) or False}
        # Explicit: a default of the client's own is as good as a value
        return vals if self.env.su else {**vals, **dict.fromkeys(self._get_ticket_fields(), False)}

    def write(self, vals):
        if not self.env.su:
            names = self._get_ticket_fields()
            vals = {name: value for name, value in vals.items() if name not in names}
        return super().write(vals)
