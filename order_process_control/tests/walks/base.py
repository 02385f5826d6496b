import functools
from collections import Counter, deque
from datetime import timedelta

import psycopg2
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .world import ONLOOKERS, PEOPLE, Story

# Most of what happens is done by who is entitled, so that walks get anywhere
WHO = st.sampled_from(("right",) * 3 * len(PEOPLE) + PEOPLE)
# Which of the documents there are: the newest most often
WHICH = st.sampled_from((0, 0, 0, 1, 2, 3, 5))
QUANTITY = st.sampled_from((1, 2, 3, 7))
TEXTS = ("", "  ", "Because of the customer", "As agreed")
TEXT = st.sampled_from(TEXTS[2:] * 6 + TEXTS[:2])
MUTED = (
    "odoo.sql_db",
    "odoo.models",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
)


OVER = ("closed", "cancelled", "resolved")


def just_now(walk):
    """Return the domain of decisions that can still be taken back."""
    return [("decided_at", ">", walk.story.now - timedelta(minutes=10))]


# What a walk may come upon, and how it is found: by a domain, or by what returns one
PLACES = {
    "order": ("sale.order", []),
    "quotation": ("sale.order", [("state", "in", ("draft", "sent"))]),
    "confirmed": ("sale.order", [("state", "=", "sale")]),
    "lines": ("sale.order", [("order_line", "!=", False)]),
    "cancelled": ("sale.order", [("state", "=", "cancel")]),
    "reviewed": ("sale.order", [("current_review_id.state", "=", "in_progress")]),
    "rejected": ("sale.order", [("current_review_id.state", "=", "rejected")]),
    "invoiceable": ("sale.order", [("invoice_status", "=", "to invoice")]),
    "short_of_goods": (
        "sale.order",
        [
            ("state", "=", "sale"),
            ("picking_ids.move_ids.state", "in", ("confirmed", "partially_available")),
        ],
    ),
    "signoff": ("order.signoff", []),
    "pending": ("order.signoff", [("state", "=", "pending")]),
    "decided": ("order.signoff", [("decided_by", "!=", False)]),
    "just_decided": ("order.signoff", just_now),
    "asked": ("order.signoff", [("asked_at", "!=", False), ("answered_at", "=", False)]),
    "change": ("order.change", []),
    "draft_change": ("order.change", [("state", "=", "draft")]),
    "approved_change": ("order.change", [("state", "=", "approved")]),
    "refused_change": ("order.change", [("state", "=", "refused")]),
    "expedite": ("order.expedite", []),
    "draft_expedite": ("order.expedite", [("state", "=", "draft")]),
    "approved_expedite": ("order.expedite", [("state", "=", "approved")]),
    "refused_expedite": ("order.expedite", [("state", "=", "refused")]),
    "applied_expedite": ("order.expedite", [("state", "=", "applied")]),
    "request_signoff": (
        "order.signoff",
        [("state", "=", "pending"), ("review_id.subject", "in", ("change", "expedite"))],
    ),
    "absence": ("order.deputy", [("active", "=", True)]),
    "outgoing": (
        "stock.picking",
        [("state", "not in", ("done", "cancel")), ("picking_type_code", "=", "outgoing")],
    ),
    "incoming": (
        "stock.picking",
        [("state", "not in", ("done", "cancel")), ("picking_type_code", "=", "incoming")],
    ),
    "ticket": ("order.ticket", [("active", "=", True)]),
    "any_ticket": ("order.ticket", []),
    "open_ticket": ("order.ticket", [("state", "not in", OVER)]),
    "answered_ticket": ("order.ticket", [("state", "=", "resolved")]),
    "over_ticket": ("order.ticket", [("state", "in", OVER)]),
    "ended_ticket": ("order.ticket", [("state", "in", ("closed", "cancelled"))]),
    "archived_ticket": ("order.ticket", [("active", "=", False)]),
    # An order that has lost its last line has no goods to complain of
    "order_ticket": ("order.ticket", [("order_id.order_line", "!=", False)]),
    "goods_ticket": ("order.ticket", [("line_ids", "!=", False), ("state", "not in", OVER)]),
    "repair": ("repair.order", [("state", "not in", ("done", "cancel"))]),
    "goods": ("order.ticket.line", []),
    "open_goods": ("order.ticket.line", [("ticket_id.state", "not in", OVER)]),
    "part": ("order.ticket.part", []),
    "open_part": ("order.ticket.part", [("state", "=", "asked")]),
    "credit_note": ("account.move", [("state", "=", "draft"), ("move_type", "=", "out_refund")]),
}


# How many other moves lie between two of a kind: a walk that goes in circles finds nothing
SPREAD = 8


def move(*places, **strategies):
    """Make a rule of a method: a move that is tried where there is something of these kinds."""

    def decorate(function):
        name = function.__name__

        @functools.wraps(function)
        def remembered(walk, *args, **kwargs):
            walk.recent.append(name)
            result = function(walk, *args, **kwargs)
            if walk.is_beginning:
                # Several moves in one step of the walk
                walk.everything_holds()
            return result

        def is_possible(walk):
            return name not in walk.recent and all(place in walk.there for place in places)

        return precondition(is_possible)(rule(**strategies)(remembered))

    return decorate


class WalkBase(RuleBasedStateMachine):
    """Somebody tries something; that the system refuses it is as good as that it does it.

    Each move is a transaction of its own: all of it is done or nothing, and what waits for the
    commit runs. Any error but a refusal ends the walk, and so does a broken invariant.
    """

    def __init__(self, world):
        super().__init__()
        self.world = world
        self.story = Story()
        self.there, self._found = set(), {}
        self.recent = deque(maxlen=SPREAD)
        self.is_beginning = False
        self.done, self.refused = Counter(), Counter()
        world.env.flush_all()
        world._set_time(self.story.now)
        self._savepoint = world.env.cr.savepoint()

    def teardown(self):
        self._savepoint.close(rollback=True)
        self.world.env.cr.precommit.clear()
        self.world.env.cr.postcommit.clear()
        self.world.env.registry.clear_all_caches()
        self.world.tally(self.done, self.refused)

    @property
    def env(self):
        """As superuser: to look at what there is, never to do something."""
        return self.world.env

    # === WHO AND WHAT ===#

    def person(self, who, right):
        """Return the user of this name; "right" stands for ``right``."""
        if who == "right" and right:
            return right if not isinstance(right, str) else getattr(self.world, right)
        return getattr(self.world, "salesperson" if who == "right" else who)

    def pick(self, place, which):
        """Return one of what there is of a kind, the newest first, none where there is none."""
        model, domain = PLACES[place]
        domain = domain(self) if callable(domain) else domain
        found = self._mine(model, *domain)
        return found[which % len(found)] if found else found

    def _mine(self, model, *domain):
        """Return what this walk has made, the newest first; what is archived as well, but for
        activities: those are done."""
        if model not in self._found:
            records = self.env[model].with_context(active_test=model == "mail.activity")
            mine = [("id", ">", self.world.last_ids[model])]
            found = records.search(mine, order="id desc")
            self._found[model] = self.env[model].browse(found.ids)
        return self._found[model].filtered_domain(list(domain))

    def look(self):
        """See what there is, for the next move to be one that can be made."""
        self._found = {}
        self.there = {place for place in PLACES if self.pick(place, 0)}

    # === DOING ===#

    def let_pass(self, **delta):
        """Let time pass; each hour the scheduled action follows who is absent."""
        hour = self.story.now.replace(minute=0)
        now = self.story.go(**delta)
        self.world._set_time(now)
        if now.replace(minute=0) != hour:
            self.world._follow_absences()

    def act(self, user, do, *records, what=None):
        """Let ``user`` do something, in a minute of its own.

        :param do: called with ``records`` as that user
        :param str what: what it is counted as, else the name of the move
        :return: what it returned, None when it was refused
        """
        self.let_pass(minutes=1)
        what = what or do.__qualname__.split(".")[1]
        env, failed = self.env, False
        result = None
        try:
            with mute_logger(*MUTED), env.cr.savepoint():
                result = do(*(record.with_user(user) for record in records))
                env.flush_all()
                env.cr.precommit.run()
        except UserError:
            failed = True
        except psycopg2.IntegrityError as error:
            # A request answers with the sentence of the constraint
            if not (error.diag.constraint_name or "").startswith(("order_", "sale_order_sale")):
                raise
            failed = True
        env.invalidate_all(flush=False)
        self._found = {}
        env.cr.postcommit.clear()
        (self.refused if failed else self.done)[what] += 1
        if failed:
            return None
        assert user not in self.onlookers, f"{user.login}: {what}"
        return True if result is None else result

    @property
    def onlookers(self):
        return self.env["res.users"].union(*(getattr(self.world, name) for name in ONLOOKERS))
