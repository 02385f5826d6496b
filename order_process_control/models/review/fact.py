"""What an automatic check says of one order."""

from typing import NamedTuple

PASS, WARN, FAIL, UNKNOWN = "pass", "warn", "fail", "unknown"
SEVERITY = (PASS, WARN, UNKNOWN, FAIL)


class Source(NamedTuple):
    """Records behind a figure, for whoever wants to see them: a title, a model and a domain.

    The domain is kept as JSON: ids, numbers, texts and dates as texts.
    """

    name: str
    model: str
    domain: list


class Fact(NamedTuple):
    """A result with its evidence in words, the plain figures in it, and where they come from."""

    result: str
    evidence: str
    figures: dict = {}
    sources: tuple = ()

    def worsen(self, result):
        """Return this fact with the worse of its result and ``result``."""
        return self._replace(result=max(self.result, result, key=SEVERITY.index))
