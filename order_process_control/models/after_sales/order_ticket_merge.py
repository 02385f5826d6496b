from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..order.process_token import as_process

SIMILAR_LIMIT = 20


class OrderTicket(models.Model):
    """Several tickets about one thing, and one ticket about several things."""

    _inherit = "order.ticket"

    similar_ids = fields.Many2many(
        "order.ticket",
        string="Similar Open Tickets",
        compute="_compute_similar_ids",
        help="Of the same customer, order, product or serial number.",
    )
    similar_count = fields.Integer(compute="_compute_similar_ids")

    @api.depends("partner_id", "order_id", "line_ids.product_id", "line_ids.lot_id")
    @api.depends_context("uid")
    def _compute_similar_ids(self):
        for ticket in self:
            # Only of those that the user may read
            ticket.similar_ids = self.search(ticket._get_similar_domain(), limit=SIMILAR_LIMIT)
            ticket.similar_count = len(ticket.similar_ids)

    def _get_similar_domain(self):
        self.ensure_one()
        same = Domain("commercial_partner_id", "=", self.partner_id.commercial_partner_id.id)
        for name in ("product_id", "lot_id"):
            same |= Domain(f"line_ids.{name}", "in", self.line_ids[name].ids)
        return (
            same
            & Domain("id", "!=", self._origin.id)
            & Domain("state", "in", self._get_open_states())
        )

    def _get_mergeable(self):
        """Return the similar tickets that may be the same one: of one customer and company."""
        self.ensure_one()
        return self.similar_ids.filtered(
            lambda other: other.commercial_partner_id == self.commercial_partner_id
            and other.company_id == self.company_id
        )

    @api.readonly
    def action_view_similar(self):
        """Return the action that shows the similar open tickets."""
        self.ensure_one()
        return self._get_list_action(
            [("id", "in", self.similar_ids.ids)], self.env._("Similar Open Tickets")
        )

    # === MERGE ===#

    def action_open_merge(self):
        """Return the action that asks which of these tickets goes on, with the similar ones when
        it is only one."""
        self._check_may_act()
        self._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        tickets = self | self._get_mergeable() if len(self) == 1 else self
        if len(tickets) < 2:
            raise UserError(
                self.env._("There is no other open ticket of this customer to merge it with.")
            )
        wizard = self.env["order.ticket.merge"].create(
            {"ticket_ids": tickets.ids, "target_id": tickets.sorted("id")[:1].id}
            if len(self) > 1
            else {"ticket_ids": tickets.ids, "target_id": tickets[1].id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Tickets"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_merge(self, target_id):
        """Let these tickets go on in another one: messages, files and goods move there.

        :param int target_id: the order.ticket that goes on
        :return: True
        :raise UserError: for tickets of another customer or company, or that have ended
        """
        target = self.browse(target_id)
        (self | target)._check_may_act()
        self._check_merge(target)
        # sudo: messages of everybody, for an agent of all these tickets
        for ticket in self.sudo():
            ticket.message_change_thread(target.sudo())
            ticket._move_goods(ticket.line_ids, target)
            ticket._move_parts(target.sudo())
            ticket._cancel(
                self.env._("It is the same as %s, which goes on.", target.name),
                merged_into_id=target.id,
            )
        target._log(self.env._("Merged into this one: %s", ", ".join(self.mapped("name"))))
        return True

    @api.model
    def _move_goods(self, lines, target):
        """Give goods, with what was found out about them, to another ticket (as superuser)."""
        as_process(lines).write({"ticket_id": target.id})
        inspections = lines.inspection_ids
        inspections._update_rows([{"ticket_id": target.id}] * len(inspections))

    def _check_merge(self, target):
        """:raise UserError: names why they cannot be one ticket"""
        if target in self:
            raise UserError(self.env._("A ticket cannot be merged into itself."))
        (self | target)._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        if self.commercial_partner_id != target.commercial_partner_id:
            raise UserError(self.env._("Only tickets of one customer can be merged."))
        if self.company_id != target.company_id:
            raise UserError(self.env._("Only tickets of one company can be merged."))
        self._check_documents()

    # === SPLIT ===#

    def action_open_split(self):
        """Return the action that asks what is another matter, and which goods go there."""
        self.ensure_one()
        self._check_may_act()
        self._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        wizard = self.env["order.ticket.split"].create(
            {"ticket_id": self.id, "subject": self.subject}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_split(self, subject, line_ids=None):
        """Make another ticket of the same customer, for what is another matter.

        :param str subject: what it is about, not blank
        :param list line_ids: ids of goods of this ticket that move to the new one
        :return: the action that opens it
        :raise UserError: without a subject, for goods of another ticket or with documents under
            way, or for a ticket that is solved or has ended
        """
        self.ensure_one()
        self._check_may_act()
        self._check_state(
            self._get_open_states(), self.env._("is solved or has ended, reopen it first.")
        )
        subject = self._get_text(subject, self.env._("Write what the other ticket is about."))
        lines = self.line_ids.filtered(lambda line: line.id in (line_ids or ()))
        if len(lines) != len(set(line_ids or ())):
            raise UserError(self.env._("Choose goods of this ticket."))
        if lines:
            self._check_documents()
        new = self.create(self._prepare_split_vals(subject))
        # The same agent goes on; sudo: goods stay on their ticket otherwise
        self.sudo()._move_goods(lines.sudo(), new)
        self._log(self.env._("Split: %s", new.display_name))
        return new._get_records_action()

    def _prepare_split_vals(self, subject):
        self.ensure_one()
        names = (
            *("partner_id", "order_id", "company_id", "category_id", "team_id", "user_id"),
            *("channel", "impact", "urgency", "phase"),
        )
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in names}
        return {**values, "subject": subject, "description": self.description}
