from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


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
        saved = tuple(id_ for id_ in self._origin._ids if isinstance(id_, int))
        own = set()
        if saved:
            query = SQL(
                "SELECT id FROM %s WHERE id IN %s AND %s",
                SQL.identifier(self._table),
                saved,
                self._get_asked_condition(self._table),
            )
            own = {id_ for (id_,) in self.env.execute_query(query)}
        for record in self:
            record.is_for_asked = record._origin.id in own

    def _search_is_for_asked(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, _query: model._get_asked_condition(alias))

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
        tasks, departments = self.env["mail.activity"], self.env["hr.department"]
        return SQL(
            """(%(user)s = %(uid)s
             OR %(department)s = ANY (ARRAY(
                   SELECT member.department_id FROM (%(members)s) AS member
                    WHERE member.user_id = %(uid)s
                    UNION
                   SELECT department.id FROM hr_department AS department
                     JOIN hr_employee AS boss ON boss.id = %(manager)s
                    WHERE boss.user_id = %(uid)s))
             OR EXISTS (SELECT FROM mail_activity AS task
                         WHERE task.res_id = %(id)s AND task.res_model = 'order.ticket.part'
                           AND %(task_user)s = %(uid)s))""",
            id=SQL.identifier(alias, "id"),
            user=SQL.identifier(alias, "user_id"),
            department=SQL.identifier(alias, "department_id"),
            members=self.env["order.signoff"]._get_member_query(),
            manager=SQL.identifier(
                "department", "manager_id", to_flush=departments._fields["manager_id"]
            ),
            task_user=SQL.identifier("task", "user_id", to_flush=tasks._fields["user_id"]),
            uid=self.env.uid,
        )

    @api.model
    def _forget_asked(self):
        """Let the rules ask anew, after somebody was asked or has answered."""
        for name in self.pool.descendants(["order.ticket.asked.mixin"], "_inherit"):
            if not self.pool[name]._abstract:
                self.env[name].invalidate_model(["is_for_asked"], flush=False)


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
