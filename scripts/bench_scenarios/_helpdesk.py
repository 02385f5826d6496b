"""Tickets of OCA's helpdesk_mgmt with rules of helpdesk_mgmt_sla, as many as ours have clocks."""

from ._orders import get_user
from ._tickets import get_customer

# The same promises as ours: first response, next response, resolution
HOURS = (1, 2, 4)


def get_helpdesk_agent(env):
    return get_user(env, "bench_helpdesk", "helpdesk_mgmt.group_helpdesk_manager")


def get_helpdesk_team(env):
    """A team whose tickets get a deadline by each of the rules, which end in the closing stage."""
    teams = env["helpdesk.ticket.team"]
    team = teams.search([("name", "=", "Bench")])
    if not team:
        # Its maker would follow the team, and be sent a mail for each of its tickets
        team = teams.with_context(mail_create_nosubscribe=True).create(
            {"name": "Bench", "use_sla": True}
        )
        closed = env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        env["helpdesk.sla"].search([]).action_archive()
        env["helpdesk.sla"].create(
            [
                {
                    "name": f"Bench {hours}",
                    "team_ids": [(6, 0, team.ids)],
                    "hours": hours,
                    "stage_id": closed.id,
                }
                for hours in HOURS
            ]
        )
    return team


def new_helpdesk_tickets(env, team, agent, count):
    """Tickets as ours are: one customer's, with an agent from the start."""
    vals = {
        "name": "It does not work",
        "description": "It does not work",
        "team_id": team.id,
        "user_id": agent.id,
        "partner_id": get_customer(env).id,
    }
    return env["helpdesk.ticket"].with_user(agent).create([dict(vals) for _number in range(count)])
