"""What a preset consists of: data, written down in ``presets/``, one file each.

Names are lazy translations (``_lt``): what is created from a preset is in every language of the
database. Domains may name limits that the wizard asks for, in the company's currency:
``{review}`` (from here on departments review) and ``{final}`` (from here on the general manager
approves).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """What a department answers when it signs."""

    key: str
    name: object
    aspect: str = "executability"
    guidance: object = ""
    is_required: bool = True

    def get_values(self):
        return {"kind": "manual", "aspect": self.aspect, "is_required": self.is_required}


@dataclass(frozen=True)
class Fact:
    """What Odoo looks up; left out where the check is not known."""

    code: str
    name: object
    aspect: str = "accuracy"
    guidance: object = ""
    # Further fields of the criterion, left out where they are not known
    values: dict = field(default_factory=dict)

    @property
    def key(self):
        return f"fact_{self.code}"

    def get_values(self):
        return {
            "kind": "automatic",
            "check_code": self.code,
            "aspect": self.aspect,
            "is_required": False,
            **self.values,
        }


@dataclass(frozen=True)
class Rule:
    """One of the reasons why an order needs a step or is of a class."""

    label: object
    domain: str


@dataclass(frozen=True)
class PresetClass:
    """An order class that the preset brings along."""

    key: str
    name: object
    sequence: int
    rule: Rule
    description: object = ""


@dataclass(frozen=True)
class PresetStep:
    """A department that signs."""

    key: str
    name: object
    sequence: int
    # Names by which the department is found, besides the name of the step in any language
    aliases: tuple = ()
    # Keys of classes: those of the preset, or of the addon's data (``special``). Empty: every order
    classes: tuple = ()
    # Any of them is reason enough; no rule: every order of the classes
    rules: tuple = ()
    criteria: tuple = ()
    # Further fields of the step, left out where they are not known
    values: dict = field(default_factory=dict)

    @property
    def is_final(self):
        return bool(self.values.get("is_final"))


@dataclass(frozen=True)
class Preset:
    code: str
    name: object
    description: object
    steps: tuple
    classes: tuple = ()
    # {name of a limit: amount that the wizard proposes}
    limits: dict = field(default_factory=dict)
