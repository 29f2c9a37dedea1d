"""The counts of a selection, each as a sum of measures over days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import NamedTuple

from indicator_api.domain.measures import STOCKS, Basis, Measure, on_basis


class Count(StrEnum):
    """What can be counted in a period.  Rule: contract section 5."""

    CARRIED_OVER = "carried_over"
    RECEIVED = "received"
    RECEIVED_ONLINE = "received_online"
    RECEIVED_DIRECT = "received_direct"
    RECEIVED_POSTAL = "received_postal"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    UNDETERMINED = "undetermined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    OPEN = "open"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"
    WAITING = "waiting"
    REFUSED = "refused"
    SUPPLEMENT_REQUESTS = "supplement_requests"
    EXTENSIONS = "extensions"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    SUBMITTED_ONLINE = "submitted_online"
    LATE_ACCEPTANCES = "late_acceptances"
    APOLOGIES_IN_TIME = "apologies_in_time"
    RETURNED_POSTAL = "returned_postal"
    OVERDUE_CARRIED_OVER = "overdue_carried_over"
    ENDED_IN_TIME_766 = "ended_in_time_766"
    OPEN_IN_TIME_766 = "open_in_time_766"
    RATED = "rated"
    SATISFIED = "satisfied"


class Window(StrEnum):
    """Which days of a measure make a count."""

    BEFORE = auto()
    WITHIN = auto()
    UNTIL_END = auto()


class Term(NamedTuple):
    """One measure over one window, added or taken away."""

    window: Window
    measure: Measure
    weight: int = 1


Linear = Mapping[Count, int]
Sums = Mapping[Measure, int]

_OPEN_IN_TIME = (
    Term(Window.UNTIL_END, Measure.OPEN),
    Term(Window.UNTIL_END, Measure.OVERDUE, -1),
    Term(Window.UNTIL_END, Measure.WAITING, -1),
)
_COMPOSED: dict[Count, tuple[Term, ...]] = {
    Count.CARRIED_OVER: (Term(Window.BEFORE, Measure.OPEN),),
    Count.OVERDUE_CARRIED_OVER: (Term(Window.BEFORE, Measure.OVERDUE),),
    Count.OPEN: (Term(Window.UNTIL_END, Measure.OPEN),),
    Count.OPEN_OVERDUE: (Term(Window.UNTIL_END, Measure.OVERDUE),),
    Count.WAITING: (Term(Window.UNTIL_END, Measure.WAITING),),
    Count.OPEN_IN_TIME: _OPEN_IN_TIME,
    Count.OPEN_IN_TIME_766: (*_OPEN_IN_TIME, Term(Window.UNTIL_END, Measure.OPEN_766)),
    Count.ENDED_IN_TIME_766: (
        Term(Window.WITHIN, Measure.EARLY),
        Term(Window.WITHIN, Measure.ON_TIME),
        Term(Window.WITHIN, Measure.ENDED_766),
    ),
}
# Every other flow is named like its measure.
_TERMS = {count: _COMPOSED.get(count) or (Term(Window.WITHIN, Measure(count.value)),) for count in Count}

_TERMS_ON = {
    basis: {
        count: tuple(term._replace(measure=on_basis(term.measure, basis)) for term in terms)
        for count, terms in _TERMS.items()
    }
    for basis in Basis
}

# What stands on the two sides of the identity.  Rule: contract section 5.
CAME = (Count.CARRIED_OVER, Count.RECEIVED, Count.TRANSFERRED_IN)
WENT = (
    Count.EARLY,
    Count.ON_TIME,
    Count.LATE,
    Count.UNDETERMINED,
    Count.WITHDRAWN,
    Count.STOPPED,
    Count.TRANSFERRED_OUT,
    Count.OPEN,
)


@dataclass(frozen=True)
class Counts:
    """Every count of one selection in one period."""

    values: Mapping[Count, int]

    def __getitem__(self, count: Count) -> int:
        return self.values[count]

    def total(self, linear: Linear) -> int:
        """Return a sum of counts, each with its weight."""
        return sum(weight * self.values[count] for count, weight in linear.items())

    @property
    def identity_holds(self) -> bool:
        """Say whether all that came has gone or is still open."""
        return sum(self[count] for count in CAME) == sum(self[count] for count in WENT)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all was counted."""
        return not any(self.values.values())


def terms_of(linear: Linear, basis: Basis) -> list[Term]:
    """Return the measures behind a sum of counts, each window and measure once, zero weights gone."""
    weights: dict[tuple[Window, Measure], int] = {}
    for count, weight in linear.items():
        for term in _TERMS_ON[basis][count]:
            place = (term.window, term.measure)
            weights[place] = weights.get(place, 0) + weight * term.weight
    return [Term(window, measure, weight) for (window, measure), weight in weights.items() if weight]


def measures_of(counted: Iterable[Count], basis: Basis) -> frozenset[Measure]:
    """Return every measure that some of the counts are summed from."""
    return frozenset(term.measure for count in counted for term in _TERMS_ON[basis][count])


def counts_of(before: Sums, within: Sums, basis: Basis) -> Counts:
    """Return the counts of a period from what was summed before it and within it."""
    until_end = {stock: before.get(stock, 0) + within.get(stock, 0) for stock in STOCKS}
    windows = {Window.BEFORE: before, Window.WITHIN: within, Window.UNTIL_END: until_end}
    values: dict[Count, int] = {}
    for count, terms in _TERMS_ON[basis].items():
        total = 0
        for window, measure, weight in terms:
            total += weight * windows[window].get(measure, 0)
        values[count] = total
    return Counts(values)
