from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..order.process_token import as_process

REFUND_OUTCOMES = ("return", "refund", "compensation")


class OrderTicket(models.Model):
    """Money goes back: one credit note for all goods of one invoice address and currency."""

    _inherit = "order.ticket"

    company_currency_id = fields.Many2one(related="company_id.currency_id")
    refund_ids = fields.Many2many(
        "account.move",
        string="Credit Notes",
        compute="_compute_refunds",
        compute_sudo=True,
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    refund_count = fields.Integer(compute="_compute_refunds", compute_sudo=True)
    refund_amount = fields.Monetary(
        string="Refunded",
        compute="_compute_refunds",
        compute_sudo=True,
        currency_field="company_currency_id",
    )

    @api.depends("line_ids.quantity")
    def _compute_refunds(self):
        for ticket in self:
            refunds = ticket._get_refunds()
            ticket.refund_ids = refunds
            ticket.refund_count = len(refunds)
            ticket.refund_amount = sum(-refund.amount_total_signed for refund in refunds)

    @api.readonly
    def action_view_refunds(self):
        """Return the action that shows the credit notes for this ticket."""
        self.ensure_one()
        self.check_access("read")
        return self._show_refunds(self._get_refunds())

    def _show_refunds(self, refunds):
        """Return the action that shows credit notes, or says what they are to an agent who has no
        right to open them."""
        own = refunds.sudo(False)
        if own.has_access("read"):
            return own._get_records_action(name=self.env._("Credit Notes"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Credit Notes"),
                "message": ", ".join(self._describe_refund(refund) for refund in refunds),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _describe_refund(self, refund):
        """Return the number, amount and status of a credit note in words (as superuser)."""
        states = dict(refund._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(number)s: %(amount)s (%(status)s)",
            number=refund.name or self.env._("Credit note"),
            amount=formatLang(self.env, refund.amount_total, currency_obj=refund.currency_id),
            status=states[refund.state],
        )

    def action_create_refund(self):
        """Give money back for what was returned and inspected, for what need not come back, and
        the compensations that were agreed: one draft credit note. Above the company's limit it
        needs signatures first (a round with subject refund).

        :return: the action that shows the credit notes (see ``_show_refunds``), or True when it
            waits for signatures
        :raise UserError: when nothing may be refunded
        """
        lines = self._begin_documents(
            REFUND_OUTCOMES,
            self.env._("Say on the goods what is to be returned, refunded or compensated."),
        )
        lines._check_compensations()
        plan = lines._get_refund_plan()
        if not plan:
            raise UserError(
                self.env._(
                    "Nothing to refund: what is returned has to arrive and be inspected first,"
                    " or it was not invoiced, or refunded already."
                )
            )
        # sudo: rounds and accounts, for an agent who may act on the ticket
        ticket = self.sudo()
        if ticket._needs_refund_round(plan):
            ticket._open_refund_round(plan)
            return True
        return self._show_refunds(ticket._create_refund(plan))

    # === THE LIMIT (as superuser) ===#

    def _needs_refund_round(self, plan):
        """Tell whether this needs signatures: all that tickets refund of the same orders counts,
        so that nobody stays below the limit by doing it in parts."""
        self.ensure_one()
        limit = self.company_id.ticket_refund_limit
        return bool(limit) and self._get_refund_total(plan) > limit

    def _get_refund_total(self, plan):
        lines = self.env["order.ticket.line"].browse(row[0] for row in plan)
        others = lines.search([("order_id", "in", lines.order_id.ids)])
        # With tax, in the currency of the company
        before = sum(
            line._to_company_currency(row.currency_id, row.price_total, row.date)
            for line in others
            for row in line._get_refund_lines()
        )
        return before + sum(amount for _line, _quantity, amount in plan)

    # === THE CREDIT NOTE (as superuser) ===#

    def _create_refund(self, plan):
        """Create the draft credit note of a plan.

        :param list plan: [ticket line id, quantity, amount], see ``_get_refund_plan``
        """
        self.ensure_one()
        lines = self.env["order.ticket.line"].browse(row[0] for row in plan)
        by_line = {line_id: row for line_id, *row in plan}
        groups = {}
        for line in lines.with_company(self.company_id):
            invoice = line.order_line_id._get_ticket_invoice_line().move_id
            key = (invoice.partner_id, invoice.currency_id, invoice.journal_id)
            groups.setdefault(key, []).append((invoice, line))
        moves = self.env["account.move"].with_company(self.company_id)
        refunds = moves.create(
            [self._prepare_refund_vals(rows, by_line) for rows in groups.values()]
        )
        lines.invalidate_recordset(
            ["refund_line_ids", "refunded_quantity", "compensated_amount", "progress_text"],
            flush=False,
        )
        self.invalidate_recordset(["refund_ids", "refund_count", "refund_amount"], flush=False)
        self._log_documents(self.env._("Credit note"), refunds)
        return refunds

    def _prepare_refund_vals(self, rows, by_line):
        """Return the values of a credit note.

        :param dict by_line: ``{ticket line id: [quantity, amount]}``, see ``_get_refund_plan``
        :param list rows: (invoice, ticket line), of one customer, currency and journal
        """
        invoices = self.env["account.move"].union(*(invoice for invoice, _line in rows))
        invoice = invoices[-1:]
        return {
            "move_type": "out_refund",
            "company_id": self.company_id.id,
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "currency_id": invoice.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_user_id": invoice.invoice_user_id.id,
            "invoice_origin": ", ".join(filter(None, [self.name, invoice.invoice_origin])),
            "ref": self.env._(
                "%(ticket)s: %(invoices)s",
                ticket=self.name,
                invoices=", ".join(invoices.mapped("name")),
            ),
            "reversed_entry_id": invoice.id if len(invoices) == 1 else False,
            "invoice_line_ids": [
                (0, 0, line._prepare_refund_line_vals(*by_line[line.id])) for _invoice, line in rows
            ],
        }

    def _format_amount(self, amount):
        return formatLang(self.env, amount, currency_obj=self.company_id.currency_id)

    def _set_process_vals(self, **vals):
        # sudo: process fields, the caller has checked
        as_process(self.sudo()).write(vals)
