from odoo import api, fields, models
from odoo.exceptions import UserError

from ..order.process_token import as_process
from .order_ticket_line import RETURN_OUTCOMES


class OrderTicket(models.Model):
    """Goods come back: one return a delivery, by Odoo's own return (R-383)."""

    _inherit = "order.ticket"

    transfer_ids = fields.Many2many(
        "stock.picking", string="Transfers", compute="_compute_pickings", compute_sudo=True
    )
    transfer_count = fields.Integer(compute="_compute_pickings", compute_sudo=True)

    @api.depends("line_ids.transfer_move_ids.picking_id")
    def _compute_pickings(self):
        for ticket in self:
            ticket.transfer_ids = ticket.line_ids.transfer_move_ids.picking_id
            ticket.transfer_count = len(ticket.transfer_ids)

    @api.readonly
    def action_view_pickings(self):
        """Return the action that shows what comes back and goes out for this ticket."""
        self.ensure_one()
        self.check_access("read")
        return self.transfer_ids.sudo(False)._get_records_action(name=self.env._("Transfers"))

    # === CREATING ===#

    def _begin_documents(self, outcomes, nothing):
        """Return the lines (as superuser) of this ticket for which documents are asked, with what
        the customer asks for taken as decided where nothing else is (R-359), and locked.

        :param outcomes: which outcomes need the document
        :param str nothing: what to say when no line does
        :raise AccessError: for whoever is not an agent of the ticket
        :raise UserError: for a ticket that has ended, without such lines, or out of time
        """
        self.ensure_one()
        self._check_may_act()
        self._check_state(self._get_open_states(), self.env._("is solved or has ended, reopen it."))
        lines = self.line_ids.filtered(lambda line: line._get_outcome() in outcomes)
        if not lines:
            raise UserError(nothing)
        lines._check_windows()
        # sudo: the order, stock and accounts, for an agent who may act on the ticket
        lines = lines.sudo().with_company(self.company_id)
        # Two clicks at once are one document, also for goods without an order.
        # sudo: the lock on the row of the ticket
        self.sudo()._take()
        lines._check_quantities()
        for line in lines.filtered(lambda line: not line.decided_outcome):
            as_process(line).decided_outcome = line.requested_outcome
        return lines

    def action_create_return(self):
        """Let everything that is to be returned, exchanged or repaired come back: one return for
        each delivery that it came with; what is on its way or back already is left out.

        :return: the action that shows the returns
        :raise UserError: when nothing is to come back, too late, or more than was delivered
        """
        lines = self._begin_documents(
            RETURN_OUTCOMES,
            self.env._(
                "Say on the goods what is to be returned, exchanged or repaired, then create the"
                " return."
            ),
        )
        portions = lines._get_return_portions()
        if not portions:
            raise UserError(
                self.env._("All of it is on its way back already: see the transfers above.")
            )
        pickings = self._return_transfers(portions)
        self._log_documents(self.env._("Return"), pickings)
        return pickings.sudo(False)._get_records_action(name=self.env._("Returns"))

    def _return_transfers(self, portions):
        """Return goods by Odoo's wizard, which takes one transfer at a time: deliveries come back,
        receptions go out again.

        :param dict portions: ``{transfer: [(move, quantity in its unit, ticket line)]}``
        :return: the new transfers, as superuser
        """
        # sudo: the stock, for an agent who may act on the ticket
        wizards = self.env["stock.return.picking"].sudo().with_company(self.company_id)
        pickings = self.env["stock.picking"].sudo()
        for wizard in wizards.create(
            [
                {
                    "picking_id": transfer.id,
                    "product_return_moves": [
                        (0, 0, self._prepare_return_line_vals(*portion)) for portion in of_transfer
                    ],
                }
                for transfer, of_transfer in portions.items()
            ]
        ):
            pickings |= wizard._create_return()
        self._set_return_lots(pickings)
        return pickings

    @api.model
    def _prepare_return_line_vals(self, move, quantity, line):
        return {
            "move_id": move.id,
            "product_id": move.product_id.id,
            "quantity": quantity,
            "ticket_line_id": line.id,
            # What is repaired remains sold
            "to_refund": line.decided_outcome != "repair",
        }

    @api.model
    def _set_return_lots(self, pickings):
        """Move the very serial numbers that the customer has named, or that were repaired."""
        for move in pickings.move_ids:
            lots = move._get_ticket_lots()
            share = move.product_uom_qty if len(lots) == 1 else 1.0
            # Where numbers and quantity do not match, people choose
            if lots and move.product_uom.compare(len(lots) * share, move.product_uom_qty) == 0:
                vals = {**move._prepare_move_line_vals(), "quantity": share}
                rows = [(0, 0, {**vals, "lot_id": lot.id}) for lot in lots]
                # A list, for one write: deletes what Odoo has chosen
                move.move_line_ids = [(2, row.id) for row in move.move_line_ids] + rows

    def _log_documents(self, title, documents):
        """Say in the history of the ticket which documents were made for it."""
        if documents:
            names = ", ".join(name or self.env._("Draft") for name in documents.mapped("name"))
            self._log(self.env._("%(title)s: %(documents)s", title=title, documents=names))

    # === UNDOING ===#

    def action_undo_documents(self):
        """Take back what was made by mistake: returns and deliveries of which nothing has arrived
        or left, and credit notes that are drafts.

        :return: True
        :raise UserError: when there is nothing of that kind
        """
        self.ensure_one()
        self._check_may_act()
        self._check_state(self._get_open_states(), self.env._("is solved or has ended, reopen it."))
        # sudo: documents of this ticket, whose agent the user is
        lines = self.line_ids.sudo().with_company(self.company_id)
        lines._lock()
        moves = lines.transfer_move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        drafts = self._get_refunds().filtered(lambda refund: refund.state == "draft")
        if not moves and not drafts:
            raise UserError(
                self.env._("Nothing to undo: what has arrived, left or was posted stays.")
            )
        pickings = moves.picking_id
        self._log_documents(self.env._("Undone"), pickings)
        self._log_documents(self.env._("Undone"), drafts)
        moves._action_cancel()
        drafts.unlink()
        return True

    def _get_refunds(self):
        """Return the credit notes for these tickets, as superuser."""
        return self.line_ids._get_refund_lines().move_id

    def _check_documents(self):
        """Goods on their way are waited for."""
        result = super()._check_documents()
        # sudo: whatever is on its way counts
        moves = self.sudo().line_ids.transfer_move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
        )
        coming = moves.filtered(lambda m: m._is_ticket_return())
        if coming:
            raise UserError(
                self.env._(
                    "%(ticket)s: goods are still on their way back (%(transfers)s). Wait for them"
                    " or undo the return.",
                    ticket=", ".join(coming.ticket_line_id.ticket_id.mapped("name")),
                    transfers=", ".join(coming.picking_id.mapped("name")),
                )
            )
        return result
