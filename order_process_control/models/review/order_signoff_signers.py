from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .signers import Signers

# Who is asked first; later ones only when nobody of the earlier ones is able
FIRST, DEPARTMENT_MANAGER, PARENT_MANAGER, PROCESS_MANAGER, ALL_MANAGERS = range(1, 6)
# Can sign beside those who are asked, whoever they are, and replaces none of them
BESIDE = 0


class OrderSignoff(models.Model):
    """Who may sign, and who is asked when nobody is left (design: "Who may sign")."""

    _inherit = "order.signoff"

    candidate_ids = fields.Many2many(
        "res.users", string="Can be Signed by", compute="_compute_candidate_ids"
    )
    can_decide = fields.Boolean(compute="_compute_can_decide", search="_search_can_decide")
    why_not = fields.Char(compute="_compute_can_decide")
    signing_for = fields.Char(string="On Behalf of", compute="_compute_can_decide")

    @api.depends("state", "reviewer_ids", "department_id", "allow_requester", "vote_ids")
    def _compute_candidate_ids(self):
        candidates = self._get_candidates()
        for signoff in self:
            signoff.candidate_ids = candidates[signoff.id]

    @api.depends_context("uid", "lang")
    @api.depends("state", "reviewer_ids", "department_id", "allow_requester", "vote_ids")
    def _compute_can_decide(self):
        signers = self._get_signers()
        reasons = self._get_cannot_decide_reasons(signers)
        for signoff in self:
            signoff.signing_for = signoff._get_signing_words(signers[signoff.id])
            signoff.why_not = reasons[signoff.id]
            signoff.can_decide = not reasons[signoff.id]

    def _search_can_decide(self, operator, value):
        """Only open sign-offs are looked at, however many finished ones there are."""
        if operator != "in":
            return NotImplemented
        # sudo: who may sign is decided by the candidates, whoever may read what
        pending = self.sudo().search(Domain("state", "=", "pending"))
        signers = pending._get_signers()
        return Domain(
            "id", "in", [id_ for id_ in pending._ids if self.env.uid in signers[id_].able]
        )

    def _get_cannot_decide_reasons(self, signers=None):
        """Return ``{sign-off id: sentence or False}`` for the current user.

        Button, search and server refusal all read this one answer.
        """
        signers = signers or self._get_signers()
        reasons = dict.fromkeys(self._ids, False)
        refused = self.filtered(
            lambda s: s.state != "pending" or self.env.uid not in signers[s.id].able
        )
        barred = refused._get_barred_ids()
        able = {user_id for signoff in refused for user_id in signers[signoff.id].able}
        people = {user.id: user for user in self.env["res.users"].sudo().browse(able)}
        for signoff in refused:
            names = [people[user_id].name for user_id in signers[signoff.id].able]
            reasons[signoff.id] = signoff._get_cannot_decide_reason(
                ", ".join(names) or self.env._("nobody yet"),
                is_barred=self.env.uid in barred[signoff.id],
            )
        return reasons

    def _get_cannot_decide_reason(self, names, is_barred):
        self.ensure_one()
        if self.state == "waiting":
            return self.env._("%s signs after the departments before it.", self.display_name)
        if self.state != "pending":
            return self.env._("%s is not open any more.", self.display_name)
        if is_barred:
            return self.env._(
                "%(signoff)s: you submitted, created, sell or changed this order, or signed it for"
                " another department. Somebody else has to sign: %(names)s.",
                signoff=self.display_name,
                names=names,
            )
        if self.env.user in self.sudo()._get_votes().user_id:
            return self.env._(
                "%(signoff)s: you have signed already. Still to sign: %(names)s.",
                signoff=self.display_name,
                names=names,
            )
        return self.env._(
            "%(signoff)s is signed by %(names)s.", signoff=self.display_name, names=names
        )

    def _get_votes(self):
        """Return the votes that count: those that were not taken back."""
        return self.vote_ids.filtered(lambda vote: not vote.undone_at)

    @api.model
    def _filter_able_users(self, users, company):
        """Return the active ``users`` of ``company`` who have the right to see what they sign."""
        users = users if users is not None else self.env["res.users"]
        return (
            users.sudo()
            .filtered(
                lambda user: user.active
                and company in user.company_ids
                and self._has_signing_right(user)
            )
            .sudo(False)
        )

    @api.model
    def _has_signing_right(self, user):
        return user.has_groups(
            "order_process_control.group_order_reviewer,order_process_control.group_order_user"
        )

    # === LOOKING UP ===#

    def _get_barred_ids(self):
        """Return ``{sign-off id: ids of who must not sign it}``: nobody signs an order of their
        own or one they have changed, nor for two departments."""
        barred = {signoff_id: set() for signoff_id in self._ids}
        if self:
            # sudo: a reviewer need not be able to read who created the order or signed elsewhere
            query = SQL(
                "WITH %s, %s, %s SELECT signoff_id, user_id FROM barred",
                *self.sudo()._get_barred_ctes(),
            )
            for signoff_id, user_id in self.env.execute_query(query):
                barred[signoff_id].add(user_id)
        return barred

    def _get_signers(self):
        """Return ``{sign-off id: Signers}``: who may sign now, and as what.

        People are looked up live, so that who leaves drops out and who joins can sign. Where
        nobody is left the next in line is asked: the managers of the department and of its
        parent, then the process manager of the company, then all process managers.
        """
        result = {signoff_id: Signers() for signoff_id in self._ids}
        undecided = self.sudo().filtered(lambda s: s.state in ("waiting", "pending"))
        if not undecided:
            return result
        rows = self.env.execute_query(undecided._get_signer_query())
        return result | undecided._prepare_signers(rows)

    def _prepare_signers(self, rows):
        """Return ``{sign-off id: Signers}``.

        :param rows: of :meth:`_get_signer_query`
        """
        result = {signoff_id: Signers() for signoff_id in self._ids}
        tiers = {signoff_id: defaultdict(list) for signoff_id in self._ids}
        # Who may sign in several ways does it by the nearest right: their own before a deputy's
        for signoff_id, tier, *person in sorted(rows, key=lambda row: (row[4] == "deputy", row[2])):
            tiers[signoff_id][tier].append(person)
        for signoff in self.filtered(lambda s: s.decision_rule in ("all", "number")):
            # A vote counts by the right of its moment, whatever became of the voter
            result[signoff.id].voted |= set(signoff._get_votes().user_id.ids)
        for signoff in self:
            people = tiers[signoff.id]
            signoff._choose_signers(result[signoff.id], people)
            if not result[signoff.id].able and not result[signoff.id].voted:
                people[ALL_MANAGERS] = signoff._get_last_resort()
                signoff._choose_signers(result[signoff.id], people)
        return result

    def _choose_signers(self, signers, tiers):
        """Take the nearest people who are enough; fill ``signers`` with them."""
        self.ensure_one()
        wanted = self.required_count if self.decision_rule == "number" else 1
        for tier in sorted(tiers.keys() - {BESIDE}):
            self._take_people(signers, tiers[tier])
            if signers.count({*signers.able, *signers.voted}) >= wanted:
                break
        self._take_people(signers, tiers.get(BESIDE, ()))

    def _take_people(self, signers, people):
        users = self.env["res.users"].sudo()
        for user_id, root_id, kind, has_voted in people:
            if has_voted:
                signers.voted.add(user_id)
            elif self._has_signing_right(users.browse(user_id)):
                # Who may sign in several ways does it by the nearest right
                signers.able.setdefault(user_id, kind)
            else:
                continue
            signers.roots[user_id].add(root_id)

    def _get_last_resort(self):
        """Return all process managers of the company, as rows of :meth:`_get_signer_query`."""
        self.ensure_one()
        group = self.env.ref("order_process_control.group_order_manager").sudo()
        barred = self._get_barred_ids()[self.id]
        users = group.all_user_ids.filtered(
            lambda user: user.active
            and not user.share
            and user.id not in barred
            and self.company_id in user.company_ids
        )
        return [(user.id, user.id, "process_manager", False) for user in users]

    def _get_signer_query(self, condition=None):
        """Return the query of (sign-off, tier, user, on behalf of, entitlement, has voted).

        :param SQL condition: which sign-offs ``signoff`` it is about, instead of these
        """
        self.env.flush_all()
        return SQL(
            """
            WITH RECURSIVE %(asked)s, %(vote)s, %(barred)s,
            source (signoff_id, tier, user_id, root_id, kind) AS (%(sources)s),
            person (signoff_id, tier, root_id, user_id, kind) AS (
                SELECT source.signoff_id, tier, root_id, source.user_id, kind
                  FROM source JOIN res_users AS colleague ON colleague.id = source.user_id
                 WHERE colleague.active AND NOT EXISTS (
                       SELECT FROM barred
                        WHERE barred.signoff_id = source.signoff_id
                          AND barred.user_id IN (source.user_id, source.root_id))
                 UNION
                SELECT person.signoff_id, tier, root_id, deputy.deputy_id, 'deputy'
                  FROM person
                  JOIN asked ON asked.id = person.signoff_id
                  JOIN (%(deputies)s) AS deputy
                    ON deputy.user_id = person.user_id AND deputy.company_id = asked.company_id
                  JOIN res_users AS colleague ON colleague.id = deputy.deputy_id
                 WHERE colleague.active AND NOT EXISTS (
                       SELECT FROM barred
                        WHERE barred.signoff_id = person.signoff_id
                          AND barred.user_id = deputy.deputy_id)
            )
            SELECT person.signoff_id, tier, person.user_id, root_id, kind,
                   EXISTS (SELECT FROM vote
                            WHERE vote.signoff_id = person.signoff_id
                              AND vote.user_id = person.user_id) AS has_voted
              FROM person
              JOIN asked ON asked.id = person.signoff_id
              JOIN res_users AS colleague ON colleague.id = person.user_id
             WHERE colleague.active AND NOT colleague.share
               AND EXISTS (SELECT FROM res_company_users_rel AS employer
                            WHERE employer.user_id = colleague.id
                              AND employer.cid = asked.company_id)
               AND NOT EXISTS (SELECT FROM barred
                                WHERE barred.signoff_id = person.signoff_id
                                  AND barred.user_id = person.user_id)
            """,
            **dict(zip(("asked", "vote", "barred"), self._get_barred_ctes(condition), strict=True)),
            sources=SQL(" UNION ALL ").join(self._get_signer_sources()),
            deputies=self._get_deputy_query(),
        )

    def _get_barred_ctes(self, condition=None):
        """Return the queries ``asked`` (these sign-offs), ``vote`` (who signed in their rounds)
        and ``barred`` (who must not sign which of them)."""
        return (
            SQL(
                """asked AS (
                    SELECT signoff.*, EXISTS (
                           SELECT FROM order_signoff_res_users_rel AS named
                            WHERE named.order_signoff_id = signoff.id) AS is_named
                      FROM order_signoff AS signoff WHERE %s
                )""",
                condition or SQL("signoff.id IN %s", self._ids),
            ),
            SQL(
                """vote AS (
                    SELECT signoff.id AS signoff_id, signoff.review_id, vote.user_id
                      FROM order_signoff AS signoff
                      JOIN order_signoff_vote AS vote
                        ON vote.signoff_id = signoff.id AND vote.undone_at IS NULL
                     WHERE signoff.review_id IN (SELECT review_id FROM asked)
                     UNION
                    SELECT signoff.id, signoff.review_id, vote.user_id
                      FROM order_signoff AS signoff
                      JOIN order_signoff_vote AS vote
                        ON vote.signoff_id = signoff.carried_from_id AND vote.undone_at IS NULL
                     WHERE signoff.review_id IN (SELECT review_id FROM asked)
                )"""
            ),
            SQL(
                """barred AS (
                    SELECT asked.id AS signoff_id, own.user_id
                      FROM asked
                      JOIN order_review AS review ON review.id = asked.review_id
                      LEFT JOIN sale_order ON sale_order.id = asked.order_id
                     CROSS JOIN LATERAL (
                           VALUES (review.requested_by),
                                  (sale_order.user_id),
                                  (sale_order.create_uid)) AS own (user_id)
                     WHERE asked.allow_requester IS NOT TRUE
                     UNION
                    SELECT asked.id, editor.user_id
                      FROM asked
                      JOIN order_content_editor_rel AS editor ON editor.order_id = asked.order_id
                     WHERE asked.allow_requester IS NOT TRUE
                     UNION
                    SELECT asked.id, vote.user_id
                      FROM asked
                      JOIN vote ON vote.review_id = asked.review_id
                       AND vote.signoff_id != asked.id
                     WHERE asked.allow_requester IS NOT TRUE
                     %s
                )""",
                SQL(" ").join(SQL("UNION %s", query) for query in self._get_own_sources()),
            ),
        )

    @api.model
    def _get_own_sources(self):
        """Return one query for each further way in which what is signed is somebody's own:
        (sign-off of ``asked``, user)."""
        return []

    @api.model
    def _get_signer_sources(self):
        """Return one query for each way to become a signer:
        (sign-off, tier, user, on behalf of, entitlement)."""
        return [
            SQL(
                """SELECT asked.id, %s, named.res_users_id, named.res_users_id, 'reviewer'
                     FROM asked JOIN order_signoff_res_users_rel AS named
                       ON named.order_signoff_id = asked.id
                    WHERE asked.decision_rule != 'manager'""",
                FIRST,
            ),
            SQL(
                """SELECT asked.id, %s, member.user_id, member.user_id, 'department'
                     FROM asked JOIN (%s) AS member
                       ON member.department_id = asked.department_id
                    WHERE asked.decision_rule != 'manager' AND NOT asked.is_named""",
                FIRST,
                self._get_member_query(),
            ),
            SQL(
                """SELECT asked.id, %s, delegate_id, delegated_by, 'delegate'
                     FROM asked JOIN res_users AS lender ON lender.id = delegated_by
                    WHERE delegated_until >= %s AND lender.active""",
                BESIDE,
                fields.Datetime.now(),
            ),
            SQL(
                """SELECT asked.id, %s, boss.user_id, boss.user_id, 'department_manager'
                     FROM asked
                     JOIN hr_department AS department ON department.id = asked.department_id
                     JOIN hr_employee AS boss ON boss.id = department.manager_id""",
                DEPARTMENT_MANAGER,
            ),
            SQL(
                """SELECT asked.id, %s, boss.user_id, boss.user_id, 'department_manager'
                     FROM asked
                     JOIN hr_department AS department ON department.id = asked.department_id
                     JOIN hr_department AS parent ON parent.id = department.parent_id
                     JOIN hr_employee AS boss ON boss.id = parent.manager_id""",
                PARENT_MANAGER,
            ),
            SQL(
                """SELECT asked.id, %s, company.order_process_manager_id,
                          company.order_process_manager_id, 'process_manager'
                     FROM asked JOIN res_company AS company ON company.id = asked.company_id""",
                PROCESS_MANAGER,
            ),
        ]

    @api.model
    def _get_member_query(self):
        """Return the query of (department, user) of the active employees."""
        # sudo: only HR officers read employees; nothing but their users is taken from them
        employees = self.env["hr.employee"].sudo().with_context(active_test=True)
        query = employees._search([("user_id", "!=", False)])
        return query.select(
            SQL(
                "%s AS department_id", employees._field_to_sql(query.table, "department_id", query)
            ),
            SQL("%s AS user_id", employees._field_to_sql(query.table, "user_id", query)),
        )

    @api.model
    def _get_deputy_query(self):
        """Return the query of (person, deputy, company) for who is absent today, where they
        live; see ``order.deputy``."""
        return SQL(
            """SELECT absence.user_id, absence.deputy_id, absence.company_id
                 FROM order_deputy AS absence
                 JOIN res_users AS absentee ON absentee.id = absence.user_id
                 JOIN res_partner AS person ON person.id = absentee.partner_id
                WHERE absence.active
                  AND (%s AT TIME ZONE 'UTC' AT TIME ZONE coalesce(nullif(person.tz, ''), 'UTC'))
                      ::date BETWEEN absence.date_from AND absence.date_to""",
            fields.Datetime.now(),
        )

    def _get_candidates(self):
        """Return ``{sign-off id: users who may sign now}``."""
        signers = self._get_signers()
        return {id_: self.env["res.users"].browse(signers[id_].able) for id_ in self._ids}
