"""The bells of the order process, as the rooms below make them, and what sign-offs add."""

from odoo.tools import SQL

from ..order import activities as bells
from ..order.activities import close, close_before_tracking, get_type_id, move

__all__ = ["close", "close_before_tracking", "close_decided", "get_type_id", "move", "schedule"]


def schedule(env, tasks):
    """Put tasks on the lists of people, see the module below; who is asked may read it."""
    if tasks:
        bells.schedule(env, tasks)
        env["order.signer.mixin"]._forget_signers()


def close_decided(decided, others, user_id):
    """End everybody's tasks on ``decided`` and this user's on ``others``, in one statement."""
    if not others:
        close(decided)
    elif not decided:
        close(others, user_ids=[user_id])
    else:
        env = decided.env
        condition = SQL(
            "(res_id IN %s OR res_id IN %s AND user_id = %s)",
            tuple(decided.ids),
            tuple(others.ids),
            user_id,
        )
        bells.archive(env, decided | others, [SQL("res_model = %s", decided._name), condition])
