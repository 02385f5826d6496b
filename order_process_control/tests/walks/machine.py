from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from .invariants_orders import OrderInvariants
from .invariants_tickets import TicketInvariants
from .situations import SITUATIONS, Situations

# Moves that few situations allow: where one is possible it is drawn as often as WEIGHT others
RARE = (
    "delegate",
    "take_decision_back",
    "decide_by_mistake",
    "approve_as_asked",
    "approve_at_a_bad_moment",
    "apply_change",
    "correct_change",
    "submit_change",
    "simulate_expedite",
    "submit_expedite",
    "apply_expedite",
    "correct_expedite",
    "revert_expedite",
    "add_goods",
    "create_document",
    "receive",
    "inspect",
    "repair",
)
WEIGHT = 3

BEGINNINGS = st.lists(st.sampled_from(SITUATIONS), min_size=1, max_size=3, unique=True)


class Walk(Situations, OrderInvariants, TicketInvariants):
    """Everything that people do, in random order, with what must hold after each step."""

    @initialize(situations=BEGINNINGS)
    def begin(self, situations):
        """Do not begin with nothing: much of what can happen needs something to happen to."""
        self.is_beginning = True
        for situation in situations:
            getattr(self, situation)()
        self.is_beginning = False

    @invariant()
    def everything_holds(self):
        self.look()
        self.votes_are_of_others()
        self.carried_signatures_are_of_others()
        self.orders_are_confirmed_as_released()
        self.ledgers_are_whole()
        self.rounds_are_as_their_signoffs()
        self.requests_are_open_for_confirmed_orders()
        self.stock_is_reserved_once()
        self.tickets_end_by_the_customer()
        self.quantities_are_within_what_was_delivered()
        self.clocks_run_where_they_have_to()
        self.nobody_is_asked_for_what_has_ended()
        self.whoever_has_to_sign_is_asked()


for name in RARE:
    for number in range(1, WEIGHT):
        setattr(Walk, f"{name}_{number}", getattr(Walk, name))


def walk(world, count, length, seed=None):
    """Take ``count`` walks of ``length`` steps; the shortest that breaks something is printed.

    :param world: the test case with the company they take place in
    :param int seed: which walks; the same every time where there is none
    """

    def factory():
        return Walk(world)

    if seed is not None:
        factory._hypothesis_internal_use_seed = seed
    phases = [Phase.generate] + [Phase.shrink] * world.shrinks
    run_state_machine_as_test(
        factory,
        settings=settings(
            max_examples=count,
            stateful_step_count=length,
            derandomize=seed is None,
            database=None,
            deadline=None,
            phases=phases,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
