from odoo import api, fields, models
from odoo.tools import SQL

from ..order import row_condition


class OrderSignerMixin(models.AbstractModel):
    """What a reviewer reads of an order without any right in Sales, for the record rules.

    It is what belongs to the sign-offs of their department, to those that they are named for, to
    what they were asked as deputy, delegate or next in line (their activity says so), and to what
    they have signed. Asked row by row, so that a list of what is open costs the same however much
    was signed before: a rule over the fields reads all that the person may read, first.
    """

    _name = "order.signer.mixin"
    _description = "Readable for Signers"

    is_for_signer = fields.Boolean(
        compute="_compute_is_for_signer",
        search="_search_is_for_signer",
        groups="base.group_user",
        export_string_translation=False,
        help="The user signs it or has signed it.",
    )

    @api.depends_context("uid")
    def _compute_is_for_signer(self):
        row_condition.compute(self, "is_for_signer", self._get_signer_condition(self._table))

    def _search_is_for_signer(self, operator, value):
        return row_condition.search(
            operator, lambda model, alias: model._get_signer_condition(alias)
        )

    @api.model
    def _get_signer_condition(self, alias):
        """Return the SQL that tells whether a row is for the current user to read."""
        return SQL(
            "EXISTS (SELECT FROM order_signoff AS own WHERE %s AND %s)",
            self._get_signer_link(alias),
            self.env["order.signoff"]._get_signer_rights("own"),
        )

    @api.model
    def _get_signer_link(self, alias):
        """Return the SQL that says which sign-offs ``own`` a row belongs to."""
        return SQL("own.order_id = %s", SQL.identifier(alias, "order_id"))

    @api.model
    def _forget_signers(self):
        """Let the rules ask anew, after somebody was asked, has signed, or has come or gone."""
        row_condition.forget(self.env, "order.signer.mixin", ["is_for_signer"])


class OrderSignerPartMixin(models.AbstractModel):
    """The same for what belongs to one sign-off: read with the whole round."""

    _name = "order.signer.part.mixin"
    _inherit = "order.signer.mixin"
    _description = "Part of a Sign-off, Readable for Signers"

    @api.model
    def _get_signer_link(self, alias):
        return SQL(
            "own.review_id = (SELECT review_id FROM order_signoff WHERE id = %s)",
            SQL.identifier(alias, "signoff_id"),
        )


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "order.signer.mixin"]

    @api.model
    def _get_signer_link(self, alias):
        return SQL("own.order_id = %s", SQL.identifier(alias, "id"))


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "order.signer.mixin"]


class OrderLedger(models.Model):
    _name = "order.ledger"
    _inherit = ["order.ledger", "order.signer.mixin"]


class OrderEvent(models.Model):
    _name = "order.event"
    _inherit = ["order.event", "order.signer.mixin"]


class OrderDeadline(models.Model):
    _name = "order.deadline"
    _inherit = ["order.deadline", "order.signer.mixin"]


class OrderDeadlineEvent(models.Model):
    _name = "order.deadline.event"
    _inherit = ["order.deadline.event", "order.signer.mixin"]

    @api.model
    def _get_signer_link(self, alias):
        return SQL(
            "own.order_id = (SELECT order_id FROM order_deadline WHERE id = %s)",
            SQL.identifier(alias, "deadline_id"),
        )


class OrderReview(models.Model):
    _name = "order.review"
    _inherit = ["order.review", "order.signer.mixin"]

    @api.model
    def _get_signer_link(self, alias):
        return SQL("own.review_id = %s", SQL.identifier(alias, "id"))


class OrderSignoff(models.Model):
    _name = "order.signoff"
    _inherit = ["order.signoff", "order.signer.mixin"]

    @api.model
    def _get_signer_link(self, alias):
        return SQL("own.review_id = %s", SQL.identifier(alias, "review_id"))

    @api.model
    def _get_signer_rights(self, alias):
        """Return the SQL that tells whether a sign-off ``alias`` is the current user's to sign,
        or was."""
        return SQL(
            """(%(is_department)s
             OR EXISTS (SELECT FROM order_signoff_res_users_rel AS named
                         WHERE named.order_signoff_id = %(id)s AND named.res_users_id = %(uid)s)
             OR EXISTS (SELECT FROM order_signoff_vote AS vote
                         WHERE vote.signoff_id = %(id)s AND vote.user_id = %(uid)s)
             OR %(is_asked)s)""",
            is_department=self._get_own_department_condition(alias),
            is_asked=self._get_own_task_condition(alias, self._name),
            id=SQL.identifier(alias, "id"),
            uid=self.env.uid,
        )

    @api.model
    def _get_own_department_condition(self, alias):
        """Return the SQL that tells whether the current user is one of the department of a row, or
        its manager."""
        departments = self.env["hr.department"]
        return SQL(
            """%(department)s = ANY (ARRAY(
                   SELECT member.department_id FROM (%(members)s) AS member
                    WHERE member.user_id = %(uid)s
                    UNION
                   SELECT department.id FROM hr_department AS department
                     JOIN hr_employee AS boss ON boss.id = %(manager)s
                    WHERE boss.user_id = %(uid)s))""",
            department=SQL.identifier(alias, "department_id"),
            members=self._get_member_query(),
            manager=SQL.identifier(
                "department", "manager_id", to_flush=departments._fields["manager_id"]
            ),
            uid=self.env.uid,
        )

    @api.model
    def _get_own_task_condition(self, alias, model):
        """Return the SQL that tells whether an activity on a row is the current user's."""
        tasks = self.env["mail.activity"]
        return SQL(
            """EXISTS (SELECT FROM mail_activity AS task
                        WHERE task.res_id = %s AND task.res_model = %s AND %s = %s)""",
            SQL.identifier(alias, "id"),
            model,
            SQL.identifier("task", "user_id", to_flush=tasks._fields["user_id"]),
            self.env.uid,
        )


class OrderSignoffVote(models.Model):
    _name = "order.signoff.vote"
    _inherit = ["order.signoff.vote", "order.signer.part.mixin"]


class OrderSignoffAnswer(models.Model):
    _name = "order.signoff.answer"
    _inherit = ["order.signoff.answer", "order.signer.part.mixin"]


class OrderSignoffQuestion(models.Model):
    _name = "order.signoff.question"
    _inherit = ["order.signoff.question", "order.signer.part.mixin"]


class OrderSignoffPoint(models.Model):
    _name = "order.signoff.point"
    _inherit = ["order.signoff.point", "order.signer.part.mixin"]
