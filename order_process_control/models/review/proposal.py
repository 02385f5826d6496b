"""What goes into a round of review, and what is known of the rounds before it."""

from dataclasses import dataclass, field


@dataclass
class Proposal:
    """A subject with the content that is to be signed, and the steps that have to sign it."""

    record: object
    order: object
    content: dict
    snapshot: dict
    step_ids: tuple
    subject: str = "order"
    # (content, snapshot) to compare with; None: the order's last round
    before: tuple = None
    # The rejected round that a final approver is asked to overrule
    overrules: object = None
    # {criterion id: Fact}
    outcomes: dict = field(default_factory=dict)
    # The clock of the subject begins with the round
    starts_clock: bool = False

    @property
    def key(self):
        """What rounds are numbered by."""
        return self.record._name, self.record.id, self.subject


@dataclass
class History:
    """The earlier rounds of one order, as far as a new one needs them."""

    # {(res_model, res_id, subject): highest number}
    numbers: dict = field(default_factory=dict)
    # Steps of the last round that was, or became, the order's own
    last_steps: set = field(default_factory=set)
    # {step id: (state, id of the sign-off that a person decided)}, the newest decision
    decisions: dict = field(default_factory=dict)
    last_round_id: int = 0
    # {step id: id of the sign-off that a person gave} of the round that released the order
    released: dict = field(default_factory=dict)
