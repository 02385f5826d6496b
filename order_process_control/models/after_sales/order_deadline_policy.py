from odoo import api, fields, models, tools

CLOCKS = [
    ("first_response", "Ticket: First Response"),
    ("next_response", "Ticket: Next Response"),
    ("resolution", "Ticket: Solution"),
]
# Not of the ticket: it is timed as the department's promise
PART_CLOCK = ("ticket_part", "Ticket: Part of a Department")


class OrderDeadlinePolicy(models.Model):
    """Service levels: the times of tickets by category, customer and priority (R-340, R-355)."""

    _inherit = "order.deadline.policy"

    clock = fields.Selection(
        selection_add=[*CLOCKS, PART_CLOCK],
        ondelete={key: "cascade" for key, _label in (*CLOCKS, PART_CLOCK)},
    )
    ticket_category_ids = fields.Many2many(
        "order.ticket.category",
        "order_deadline_policy_ticket_category_rel",
        "policy_id",
        "category_id",
        string="Ticket Categories",
        check_company=True,
        help="Empty: all those that have no policy of their own.",
    )
    ticket_partner_ids = fields.Many2many(
        "res.partner",
        "order_deadline_policy_ticket_partner_rel",
        "policy_id",
        "partner_id",
        string="Customers",
        check_company=True,
        domain="[('parent_id', '=', False)]",
        help="Customers to whom other times were promised. Empty: all others.",
    )

    @api.model
    @tools.ormcache()
    def _get_ticket_scopes(self):
        """Return ``{policy id: (category ids, customer ids)}`` of the policies for tickets."""
        # sudo: how long a promise takes does not depend on who starts it
        policies = (
            self.sudo()
            .with_context(active_test=True)
            .search([("clock", "in", [key for key, _label in CLOCKS])])
        )
        return {
            policy.id: (
                frozenset(policy.ticket_category_ids._ids),
                frozenset(policy.ticket_partner_ids._ids),
            )
            for policy in policies
        }

    @api.model
    def _find_ticket_info(self, clock, ticket):
        """Return the policy of a ticket's promise as it is kept in memory, or None.

        The customer's own goes before the category's, the department's and the company's.

        :param ticket: as superuser
        """
        infos, best, best_rank = self._get_infos(), None, ()
        for policy_id, (categories, partners) in self._get_ticket_scopes().items():
            info = infos[policy_id]
            department_id = ticket.team_id.department_id.id
            if (
                info.clock == clock
                and info.company_id in (False, ticket.company_id.id)
                and (not categories or ticket.category_id.id in categories)
                and (not partners or ticket.commercial_partner_id.id in partners)
                and (not info.department_ids or department_id in info.department_ids)
            ):
                wanted = (partners, categories, info.department_ids, info.company_id)
                rank = tuple(map(bool, wanted))
                if best is None or rank > best_rank:
                    best, best_rank = info, rank
        return best
