from odoo import api, models
from odoo.tools import SQL


class OrderAlert(models.Model):
    """Who is told of an alert (R-309): whose job it is, and who stands in for them."""

    _inherit = "order.alert"

    @api.model
    def _get_people(self, wanted):
        """Return the ids of who is told, in a constant number of queries and one a company.

        Who is absent is replaced by their deputies, who has left is passed over. Where nobody is
        left it is the department's manager, and then the company's process manager: an alert
        that nobody hears is none.

        :param list wanted: (company id, ids of the owners, department id, roles to be told)
        :return: a list of tuples of user ids, in the same order
        """
        managers = self._get_department_managers({row[2] for row in wanted if row[2]})
        # sudo: who is told does not depend on who raises; only people are handed out
        companies = self.env["res.company"].sudo().browse({row[0] for row in wanted})
        last = {company.id: self._get_alert_fallback_users(company)._ids for company in companies}
        named = []
        for company_id, owners, department_id, roles in wanted:
            by_role = {
                "owner": tuple(owners or ()),
                "department": managers.get(department_id, ()),
                "manager": last[company_id],
            }
            first = tuple(dict.fromkeys(id_ for role in roles for id_ in by_role[role]))
            named.append((company_id, (first, by_role["department"], by_role["manager"])))
        present = self._get_present(named)
        return [
            next(filter(None, (self._replace(present[company_id], ids) for ids in chain)), ())
            for company_id, chain in named
        ]

    @api.model
    def _replace(self, present, user_ids):
        """Return who of these people can be told, or stands in for them, each once."""
        return tuple(dict.fromkeys(id_ for user_id in user_ids for id_ in present[user_id]))

    @api.model
    def _get_present(self, named):
        """Return ``{company id: {user id: ids of who is there for them}}``."""
        wanted = {}
        for company_id, chain in named:
            wanted.setdefault(company_id, set()).update(*chain)
        working = self._get_working({id_ for ids in wanted.values() for id_ in ids})
        present = {}
        for company_id, user_ids in wanted.items():
            # sudo: as above, of whichever company the alert is
            company = self.env["res.company"].sudo().browse(company_id)
            users = self.env["res.users"].browse(user_ids)
            deputies = self.env["order.deputy"]._get_direct_deputies(company)
            present[company_id] = {
                user.id: ()
                if company_id not in working.get(user.id, ())
                else tuple(self.env["order.deputy"]._get_present_deputies(user, deputies)._ids)
                if user in deputies
                else (user.id,)
                for user in users
            }
        return present

    @api.model
    def _get_working(self, user_ids):
        """Return ``{user id: ids of the companies they work in}`` of those who have not left."""
        if not user_ids:
            return {}
        users = self.env["res.users"]
        users.flush_model(["active", "share", "company_ids"])
        rows = self.env.execute_query(
            SQL(
                """SELECT person.id, array_agg(works.cid) FROM res_users AS person
                     JOIN res_company_users_rel AS works ON works.user_id = person.id
                    WHERE person.id IN %s AND person.active AND person.share IS NOT TRUE
                 GROUP BY person.id""",
                tuple(user_ids),
            )
        )
        return dict(rows)

    @api.model
    def _get_department_managers(self, department_ids):
        """Return ``{department id: (user id,)}`` of the departments whose manager is a user."""
        # sudo: only HR officers read employees; nothing but the manager's user is taken
        departments = self.env["hr.department"].sudo().browse(department_ids)
        return {
            department.id: department.manager_id.user_id._ids for department in departments.exists()
        }

    @api.model
    def _get_alert_fallback_users(self, company):
        """Return who is told when nobody else is left: the process manager of the company, else
        all who may be one."""
        # sudo: companies and roles are not readable for everybody; only people are handed out
        manager = company.sudo().order_process_manager_id
        if manager and manager.active:
            return manager
        group = self.env.ref("order_process_control.group_order_manager").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
