"""A finished report held against the one somebody printed for the same period."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from report_worker.domain.checking import Check, NumbersByName, check_typed
from report_worker.domain.expressions import Number
from report_worker.domain.figures import Figures, printed_values
from report_worker.domain.forms import Form


class Agreement(StrEnum):
    """How a printed figure stands to the computed one."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_PRINTED = "not_printed"


@dataclass(frozen=True)
class Compared:
    """One figure, computed and printed."""

    name: str
    computed: Number | None
    printed: Number | None
    status: Agreement

    @property
    def difference(self) -> Number | None:
        """Return printed less computed; None where either is missing."""
        return None if self.printed is None or self.computed is None else self.printed - self.computed


@dataclass(frozen=True)
class Comparison:
    """What a printed report says, leaves out and gets wrong; `failures` are its own sums that fail."""

    title: str
    figures: tuple[Compared, ...]
    failures: tuple[Check, ...]


def compare(form: Form, figures: Figures, *, title: str, printed: NumbersByName) -> Comparison:
    """Hold the figures against the printed ones.  Raises UnknownFigures."""
    failures = tuple(check for check in check_typed(form, printed) if not check.verdict.holds)
    computed = printed_values(figures)
    return Comparison(title, tuple(_compared(name, computed, printed) for name in form.names), failures)


def _compared(name: str, computed: Mapping[str, Number | None], printed: NumbersByName) -> Compared:
    ours, theirs = computed[name], printed.get(name)
    if theirs is None:
        return Compared(name, ours, None, Agreement.NOT_PRINTED)
    return Compared(name, ours, theirs, Agreement.AGREES if ours == theirs else Agreement.DIFFERS)
