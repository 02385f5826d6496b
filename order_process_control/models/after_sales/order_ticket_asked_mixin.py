from odoo import api, fields, models
from odoo.tools import SQL

from ..order import row_condition


class OrderTicketAskedMixin(models.AbstractModel):
    """What people read of a ticket because their department was asked for its part of it, for the
    record rules.

    Asked row by row, as ``order.signer.mixin`` does: nobody's list gets slower by what others
    were asked before.
    """

    _name = "order.ticket.asked.mixin"
    _description = "Readable for Departments That Are Asked"

    is_for_asked = fields.Boolean(
        compute="_compute_is_for_asked",
        search="_search_is_for_asked",
        groups="base.group_user",
        export_string_translation=False,
        help="The user's department is asked, or was.",
    )

    @api.depends_context("uid")
    def _compute_is_for_asked(self):
        row_condition.compute(self, "is_for_asked", self._get_asked_condition(self._table))

    def _search_is_for_asked(self, operator, value):
        return row_condition.search(
            operator, lambda model, alias: model._get_asked_condition(alias)
        )

    @api.model
    def _get_asked_condition(self, alias):
        """Return the SQL that tells whether a row is for the current user to read."""
        return SQL(
            "EXISTS (SELECT FROM order_ticket_part AS part WHERE %s AND %s)",
            self._get_asked_link(alias),
            self._get_asked_rights("part"),
        )

    @api.model
    def _get_asked_link(self, alias):
        """Return the SQL that says which parts ``part`` a row belongs to."""
        return SQL("part.ticket_id = %s", SQL.identifier(alias, "ticket_id"))

    @api.model
    def _get_asked_rights(self, alias):
        """Return the SQL that tells whether a part ``alias`` is the current user's to answer: as
        the person asked, as one of the department or its manager, or because they stand in for
        somebody, as their activity says."""
        signoffs = self.env["order.signoff"]
        return SQL(
            "(%s = %s OR %s OR %s)",
            SQL.identifier(alias, "user_id"),
            self.env.uid,
            signoffs._get_own_department_condition(alias),
            signoffs._get_own_task_condition(alias, "order.ticket.part"),
        )

    @api.model
    def _forget_asked(self):
        """Let the rules ask anew, after somebody was asked or has answered."""
        row_condition.forget(self.env, "order.ticket.asked.mixin", ["is_for_asked"])


class OrderTicket(models.Model):
    _name = "order.ticket"
    _inherit = ["order.ticket", "order.ticket.asked.mixin"]

    @api.model
    def _get_asked_link(self, alias):
        return SQL("part.ticket_id = %s", SQL.identifier(alias, "id"))


class OrderTicketLine(models.Model):
    _name = "order.ticket.line"
    _inherit = ["order.ticket.line", "order.ticket.asked.mixin"]


class OrderTicketPart(models.Model):
    _name = "order.ticket.part"
    _inherit = ["order.ticket.part", "order.ticket.asked.mixin"]

    @api.model
    def _get_asked_link(self, alias):
        return SQL("part.id = %s", SQL.identifier(alias, "id"))
