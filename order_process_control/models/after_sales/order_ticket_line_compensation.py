from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class OrderTicketLine(models.Model):
    """Money for goods that stay with the customer (R-388).

    It is no refund of a quantity: once the ticket has ended the same goods can be returned or
    repaired like others, while all money together never exceeds what was invoiced.
    """

    _inherit = "order.ticket.line"

    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    compensation_amount = fields.Monetary(
        string="Compensation",
        copy=False,
        help="Agreed with the customer, in the way of the order's prices: without tax where these"
        " are without it.",
    )
    compensated_amount = fields.Monetary(
        string="Compensated",
        compute="_compute_compensated_amount",
        compute_sudo=True,
        help="With tax, on credit notes that are not cancelled.",
    )

    _compensation_positive = models.Constraint(
        "CHECK(compensation_amount >= 0)", "Enter a compensation above zero."
    )

    @api.depends("order_line_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.order_line_id.currency_id or line.company_id.currency_id

    @api.depends("order_line_id", "currency_id")
    def _compute_compensated_amount(self):
        for line in self:
            line.compensated_amount = sum(
                row.currency_id._convert(
                    row.price_total, line.currency_id, line.company_id, row.date
                )
                for row in line._get_refund_lines().filtered("is_ticket_compensation")
            )

    @api.constrains("decided_outcome", "compensation_amount")
    def _check_compensation_amount(self):
        """:raise ValidationError: for a compensation of nothing"""
        for line in self:
            if line.decided_outcome == "compensation" and line.compensation_amount <= 0:
                raise ValidationError(
                    self.env._(
                        "%s: enter the compensation that was agreed with the customer.",
                        line.product_id.display_name,
                    )
                )

    def write(self, vals):
        if "compensation_amount" in vals:
            self._check_compensation_open(vals["compensation_amount"])
        return super().write(vals)

    def _check_compensation_open(self, amount):
        """:raise UserError: for another amount than was given already"""
        given = self.filtered(
            lambda line: line.compensated_amount and line.compensation_amount != amount
        )
        if given:
            raise UserError(
                self.env._(
                    "%s: there is a credit note for its compensation. Undo it first.",
                    ", ".join(given.product_id.mapped("display_name")),
                )
            )

    @api.model
    def _get_internal_fields(self):
        return super()._get_internal_fields() | {"compensation_amount", "compensated_amount"}
