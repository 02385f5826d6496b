from odoo import api, fields, models
from odoo.fields import Domain


class OrderSignoff(models.Model):
    """Who may sign, and who is asked when nobody is left (design: "Who may sign")."""

    _inherit = "order.signoff"

    candidate_ids = fields.Many2many(
        "res.users", string="Can be Signed by", compute="_compute_candidate_ids"
    )
    can_decide = fields.Boolean(compute="_compute_can_decide", search="_search_can_decide")
    why_not = fields.Char(compute="_compute_can_decide")

    @api.depends("state", "reviewer_ids", "department_id", "allow_requester", "vote_ids")
    def _compute_candidate_ids(self):
        candidates = self._get_candidates()
        for signoff in self:
            signoff.candidate_ids = candidates[signoff.id][0]

    @api.depends_context("uid")
    @api.depends("state", "reviewer_ids", "department_id", "allow_requester", "vote_ids")
    def _compute_can_decide(self):
        reasons = self._get_cannot_decide_reasons()
        for signoff in self:
            signoff.why_not = reasons[signoff.id]
            signoff.can_decide = not reasons[signoff.id]

    def _search_can_decide(self, operator, value):
        """Only open sign-offs are looked at, however many finished ones there are."""
        if operator != "in":
            return NotImplemented
        pending = self.search(Domain("state", "=", "pending"))
        reasons = pending._get_cannot_decide_reasons()
        return Domain(
            "id", "in", [signoff_id for signoff_id in pending._ids if not reasons[signoff_id]]
        )

    def _get_cannot_decide_reasons(self):
        """Return ``{sign-off id: sentence or False}`` for the current user.

        Button, search and server refusal all read this one answer.
        """
        user, candidates = self.env.user, self._get_candidates()
        reasons = {}
        for signoff in self:
            users, _entitlement = candidates[signoff.id]
            if signoff.state == "waiting":
                reason = self.env._(
                    "%s signs after the departments before it.", signoff.display_name
                )
            elif signoff.state != "pending":
                reason = self.env._("%s is not open any more.", signoff.display_name)
            elif user in users:
                reason = False
            elif user in signoff._get_excluded_users():
                reason = self.env._(
                    "%(signoff)s: you submitted, created or sell this order, or signed it for"
                    " another department. Somebody else has to sign: %(names)s.",
                    signoff=signoff.display_name,
                    names=", ".join(users.sudo().mapped("name")) or self.env._("nobody yet"),
                )
            else:
                reason = self.env._(
                    "%(signoff)s is signed by %(names)s.",
                    signoff=signoff.display_name,
                    names=", ".join(users.sudo().mapped("name")) or self.env._("nobody yet"),
                )
            reasons[signoff.id] = reason
        return reasons

    def _get_excluded_users(self):
        """Return who must not sign: nobody signs an order of their own, nor for two departments."""
        self.ensure_one()
        if self.allow_requester:
            return self.env["res.users"]
        # sudo: a reviewer need not be able to read who created the order or signed elsewhere
        signoff = self.sudo()
        order, others = signoff.order_id, signoff.review_id.signoff_ids - signoff
        return (
            signoff.review_id.requested_by
            | order.user_id
            | order.create_uid
            | others.vote_ids.user_id
        ).sudo(False)

    @api.model
    def _filter_able_users(self, users, company):
        """Return the active ``users`` of ``company`` who have the right to see what they sign."""
        users = users if users is not None else self.env["res.users"]
        return (
            users.sudo()
            .filtered(
                lambda user: user.active
                and company in user.company_ids
                and user.has_groups(
                    "order_process_control.group_order_reviewer,"
                    "order_process_control.group_order_user"
                )
            )
            .sudo(False)
        )

    def _get_candidates(self):
        """Return ``{sign-off id: (users, entitlement)}``: who may sign now, and as what.

        Reviewers are looked up live, so that who leaves drops out and who joins can sign. Where
        nobody is left the next in line is asked: the managers of the department and of its
        parents, then the process manager of the company, then all process managers.
        """
        users_by_department = self.sudo().department_id._get_signing_users()
        result = {}
        for signoff in self:
            company, excluded = signoff.company_id, signoff._get_excluded_users()
            for entitlement, users in signoff._iter_candidates(users_by_department):
                able = self._filter_able_users(users, company) - excluded
                if able:
                    result[signoff.id] = (able, entitlement)
                    break
            else:
                result[signoff.id] = (self.env["res.users"], False)
        return result

    def _iter_candidates(self, users_by_department):
        """Yield (entitlement, users), the first choice first; later ones are only looked up
        when nobody among the earlier ones is able."""
        self.ensure_one()
        signoff = self.sudo()
        department = signoff.department_id
        if signoff.reviewer_ids:
            yield "reviewer", signoff.reviewer_ids.sudo(False)
        else:
            yield "department", users_by_department.get(department.sudo(False))
        for user in department._get_manager_chain() if department else ():
            yield "department_manager", user
        yield "process_manager", signoff.company_id.order_process_manager_id.sudo(False)
        group = self.env.ref("order_process_control.group_order_manager").sudo()
        yield "process_manager", group.all_user_ids.sudo(False)
