"""What the dossiers say, counted by looking at each one in each period.

Written without a glance at indicator_api's steps and sums, so that a mistake in either shows as a difference.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from shared.contracts.life import OPEN_PHASES, LifeV1, Mark, Phase, PhaseFrom

ONE_DAY = timedelta(days=1)
BASES = ("statutory", "current")
BOTH = "both"

# Rule: contract section 5, the names of the counts.
OPEN_COUNTS = {Phase.IN_TIME: "open_in_time", Phase.OVERDUE: "open_overdue", Phase.WAITING: "waiting"}
MARK_COUNTS = {
    Mark.SUBMITTED: "submitted",
    Mark.SUBMITTED_ONLINE: "submitted_online",
    Mark.LATE_ACCEPTANCE: "late_acceptances",
    Mark.REFUSED: "refused",
    Mark.SUPPLEMENT_REQUEST: "supplement_requests",
    Mark.EXTENSION: "extensions",
    Mark.APOLOGY_IN_TIME: "apologies_in_time",
    Mark.RETURNED: "returned",
    Mark.RETURNED_POSTAL: "returned_postal",
    Mark.RATED: "rated",
    Mark.RATED_SATISFIED: "satisfied",
}
CHANNELS = frozenset({"online", "direct", "postal"})


class Window(NamedTuple):
    """The days `start <= day < end`, by the name a reader asks for them."""

    name: str
    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Say whether a day lies inside."""
        return self.start <= day < self.end


class Happening(NamedTuple):
    """A dossier counted under a name in a unit on a day."""

    day: date
    unit_code: str
    name: str


class Crossing(NamedTuple):
    """An open dossier handed from one unit to another."""

    day: date
    from_unit: str
    to_unit: str


class Sight(NamedTuple):
    """What one basis sees of a dossier: its phases, and when it turns late by QĐ 766 where they do not tell."""

    phases: Sequence[PhaseFrom]
    turns_766: Sequence[date] | None


class Told(NamedTuple):
    """One dossier as one basis judges it, and everything that happens to it."""

    life: LifeV1
    sight: Sight
    happenings: Sequence[Happening]
    crossings: Sequence[Crossing]

    @property
    def phases(self) -> Sequence[PhaseFrom]:
        """Return its phases by close of day."""
        return self.sight.phases


class Tally:
    """Counts by unit, and how often units handed open dossiers to one another, in one window."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.crossings: Counter[tuple[str, str]] = Counter()

    def add(self, told: Told, window: Window, times: int) -> None:
        """Count one dossier: what it brings along, what happens to it, what it leaves behind."""
        for happening in told.happenings:
            if window.holds(happening.day):
                self.counts[happening.unit_code][happening.name] += times
        for crossing in told.crossings:
            if window.holds(crossing.day):
                self.crossings[crossing.from_unit, crossing.to_unit] += times
        if phase_at(told.phases, window.start - ONE_DAY) in OPEN_PHASES:
            self.counts[unit_at(told.life, window.start - ONE_DAY)]["carried_over"] += times
        last = window.end - ONE_DAY
        closing = phase_at(told.phases, last)
        if closing in OPEN_COUNTS:
            counts = self.counts[unit_at(told.life, last)]
            counts["open"] += times
            counts[OPEN_COUNTS[closing]] += times
            if not is_late_766(told.sight, last):
                counts["open_in_time_766"] += times


class Recount:
    """A tally for each basis and window; dossiers both bases judge alike are kept once, for both."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self._windows = windows
        self._tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)

    def add(self, life: LifeV1, times: int = 1) -> None:
        """Count one dossier; -1 takes it out again."""
        days = days_of(life)
        for basis, sight in judged(life):
            phases = sight.phases
            told = Told(life, sight, list(_happenings(life, sight)), list(_crossings(life, phases)))
            is_left_open = bool(phases) and phases[-1].phase in OPEN_PHASES
            for window in self._windows:
                if days[0] < window.end and (is_left_open or window.start <= days[-1]):
                    self._tallies[basis, window.name].add(told, window, times)

    def by_label(self, basis: str, window: str, labels: Mapping[str, str]) -> dict[str, Counter[str]]:
        """Return the counts of each group of units, `labels` naming every unit's; units without one are outside."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for tally in (self._tallies[BOTH, window], self._tallies[basis, window]):
            for unit_code, counts in tally.counts.items():
                if unit_code in labels:
                    found[labels[unit_code]].update(counts)
            for (from_unit, to_unit), times in tally.crossings.items():
                source, target = labels.get(from_unit), labels.get(to_unit)
                if source is not None and source != target:
                    found[source]["transferred_out"] += times
                if target is not None and source != target:
                    found[target]["transferred_in"] += times
        return found


def judged(life: LifeV1) -> list[tuple[str, Sight]]:
    """Return what each basis sees; nothing for a dossier that was never filed anywhere."""
    if not life.placements:
        return []
    statutory = Sight(life.phases, life.late_766)
    current = Sight(life.phases if life.phases_current is None else life.phases_current, life.late_766_current)
    if statutory == current:
        return [(BOTH, statutory)]
    return list(zip(BASES, (statutory, current), strict=True))


def is_late_766(sight: Sight, day: date) -> bool:
    """Say whether QĐ 766 calls a received dossier late at the close of a day."""
    if sight.turns_766 is None:
        return phase_at(sight.phases, day) in {Phase.OVERDUE, Phase.LATE}
    return bisect_right(sight.turns_766, day) % 2 == 1


def _happenings(life: LifeV1, sight: Sight) -> Iterator[Happening]:
    if life.received_on is not None:
        unit_code = unit_at(life, life.received_on)
        yield Happening(life.received_on, unit_code, "received")
        if life.channel in CHANNELS:
            yield Happening(life.received_on, unit_code, f"received_{life.channel}")
    for entry in sight.phases:
        if entry.phase not in OPEN_PHASES:
            unit_code = unit_at(life, entry.day)
            yield Happening(entry.day, unit_code, entry.phase.value)
            if not is_late_766(sight, entry.day):
                yield Happening(entry.day, unit_code, "ended_in_time_766")
    for mark in life.marks:
        yield Happening(mark.day, unit_at(life, mark.day), MARK_COUNTS[mark.mark])


def _crossings(life: LifeV1, phases: Sequence[PhaseFrom]) -> Iterator[Crossing]:
    """Yield each hand-over of a dossier that was open the evening before."""
    for before, after in pairwise(life.placements):
        was_open = phase_at(phases, after.day - ONE_DAY) in OPEN_PHASES
        if was_open and before.unit_code != after.unit_code:
            yield Crossing(after.day, before.unit_code, after.unit_code)


def phase_at(phases: Sequence[PhaseFrom], day: date) -> Phase | None:
    """Return the phase at the close of a day, None before acceptance."""
    for entry in reversed(phases):
        if entry.day <= day:
            return entry.phase
    return None


def unit_at(life: LifeV1, day: date) -> str:
    """Return who holds the dossier at the close of a day; what came before the first unit is counted there."""
    if len(life.placements) == 1:
        return life.placements[0].unit_code
    held = bisect_right(life.placements, day, key=lambda placement: placement.day)
    return life.placements[max(held - 1, 0)].unit_code


def days_of(life: LifeV1) -> list[date]:
    """Return every day on which something happens to a dossier, oldest first."""
    phases = (*life.phases, *(life.phases_current or ()))
    days = {
        *(entry.day for entry in phases),
        *(placement.day for placement in life.placements),
        *(mark.day for mark in life.marks),
    }
    return sorted(days | {life.received_on} if life.received_on else days)


def years_of(lives: Iterable[LifeV1]) -> Collection[int]:
    """Return the years in which anything happens, ascending."""
    return sorted({day.year for life in lives for day in days_of(life)})
