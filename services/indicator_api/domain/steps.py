"""A dossier's life as dated steps, and what one change of it adds to the figures."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from indicator_api.domain.measures import CURRENT, Measure
from shared.contracts.life import OPEN_PHASES, LifeV1, Mark, Phase, PhaseFrom


class Service(NamedTuple):
    """A procedure as a dossier keeps it: its field and online level on the day of acceptance."""

    procedure_code: str
    field: str
    online_level: str


class Cell(NamedTuple):
    """Where a step is counted."""

    day: date
    unit_code: str
    service: Service
    channel: str | None


class Move(NamedTuple):
    """An open dossier passing from one competent unit to another."""

    day: date
    from_unit_code: str
    to_unit_code: str
    service: Service
    channel: str | None


@dataclass(frozen=True)
class Steps:
    """Everything one life adds to the figures; a difference of two lives may add less than nothing."""

    counted: Counter[tuple[Cell, Measure]]
    moves: Counter[Move]


MARK_MEASURES = {
    Mark.SUBMITTED: Measure.SUBMITTED,
    Mark.SUBMITTED_ONLINE: Measure.SUBMITTED_ONLINE,
    Mark.LATE_ACCEPTANCE: Measure.LATE_ACCEPTANCES,
    Mark.REFUSED: Measure.REFUSED,
    Mark.SUPPLEMENT_REQUEST: Measure.SUPPLEMENT_REQUESTS,
    Mark.EXTENSION: Measure.EXTENSIONS,
    Mark.APOLOGY_IN_TIME: Measure.APOLOGIES_IN_TIME,
    Mark.RETURNED: Measure.RETURNED,
    Mark.RETURNED_POSTAL: Measure.RETURNED_POSTAL,
}

CHANNEL_MEASURES = {
    "online": Measure.RECEIVED_ONLINE,
    "direct": Measure.RECEIVED_DIRECT,
    "postal": Measure.RECEIVED_POSTAL,
}

PHASE_MEASURES = {
    Phase.IN_TIME: (Measure.OPEN,),
    Phase.OVERDUE: (Measure.OPEN, Measure.OVERDUE),
    Phase.WAITING: (Measure.OPEN, Measure.WAITING),
    Phase.EARLY: (Measure.EARLY,),
    Phase.ON_TIME: (Measure.ON_TIME,),
    Phase.LATE: (Measure.LATE,),
    Phase.UNDETERMINED: (Measure.UNDETERMINED,),
    Phase.WITHDRAWN: (Measure.WITHDRAWN,),
    Phase.STOPPED: (Measure.STOPPED,),
}


def difference(old: LifeV1 | None, new: LifeV1) -> Steps:
    """Return what must be added to the figures when a dossier's life turns from `old` into `new`."""
    after = steps_of(new)
    if old is None:
        return after
    before = steps_of(old)
    after.counted.subtract(before.counted)
    after.moves.subtract(before.moves)
    return after


def steps_of(life: LifeV1) -> Steps:
    """Return the dated steps of a life; one without a placement was never filed anywhere."""
    steps = Steps(Counter(), Counter())
    if life.placements:
        _Walk(life, steps).all()
    return steps


class _State(NamedTuple):
    """How a dossier stands at the close of a day."""

    unit_code: str
    phase: Phase

    @property
    def is_open(self) -> bool:
        return self.phase in OPEN_PHASES


class _Walk:
    """Goes through one life once and notes its steps."""

    def __init__(self, life: LifeV1, steps: Steps) -> None:
        self._life = life
        self._steps = steps
        self._service = Service(life.procedure_code, life.field, life.online_level)
        self._placed_on = [placement.day for placement in life.placements]

    def all(self) -> None:
        """Note receipt, marks, phases under both bases, and moves."""
        life = self._life
        if life.received_on is not None:
            self._receive(life.received_on)
        for mark in life.marks:
            self._add(mark.day, self._unit_on(mark.day), MARK_MEASURES[mark.mark])
        for day, before, after in self._changes(life.phases):
            self._pass_on(day, before, after)
            self._count(day, before, after)
        for day, before, after in self._changes(life.phases if life.phases_current is None else life.phases_current):
            self._count_current(day, before, after)

    def _receive(self, day: date) -> None:
        unit_code = self._unit_on(day)
        self._add(day, unit_code, Measure.RECEIVED)
        if self._life.channel in CHANNEL_MEASURES:
            self._add(day, unit_code, CHANNEL_MEASURES[self._life.channel])

    def _changes(self, phases: tuple[PhaseFrom, ...]) -> Iterator[tuple[date, _State | None, _State]]:
        """Yield each day on which unit or phase changed, with the close of the day before and its own."""
        if not phases:
            return
        entered_on = [entry.day for entry in phases]
        days = sorted({*entered_on, *(day for day in self._placed_on if day > entered_on[0])})
        states = [_State(self._unit_on(day), phases[bisect_right(entered_on, day) - 1].phase) for day in days]
        yield days[0], None, states[0]
        yield from ((day, before, after) for day, (before, after) in zip(days[1:], pairwise(states), strict=True))

    def _pass_on(self, day: date, before: _State | None, after: _State) -> None:
        if before is not None and before.is_open and before.unit_code != after.unit_code:
            move = Move(day, before.unit_code, after.unit_code, self._service, self._life.channel)
            self._steps.moves[move] += 1

    def _count(self, day: date, before: _State | None, after: _State) -> None:
        for unit_code, measure, sign in _turn(before, after):
            self._add(day, unit_code, measure, sign)

    def _count_current(self, day: date, before: _State | None, after: _State) -> None:
        for unit_code, measure, sign in _turn(before, after):
            if measure in CURRENT:
                self._add(day, unit_code, CURRENT[measure], sign)

    def _unit_on(self, day: date) -> str:
        """Return who holds the dossier at the close of a day; what came before the first placement is its."""
        return self._life.placements[max(bisect_right(self._placed_on, day) - 1, 0)].unit_code

    def _add(self, day: date, unit_code: str, measure: Measure, sign: int = 1) -> None:
        self._steps.counted[Cell(day, unit_code, self._service, self._life.channel), measure] += sign


def _turn(before: _State | None, after: _State) -> Iterator[tuple[str, Measure, int]]:
    """Yield what one change of state takes away and adds.

    An open dossier is a stock and follows its unit.  An ended one was counted where and when it
    ended, so a later change of unit leaves it alone.
    """
    if before is not None and not before.is_open and before.phase is after.phase:
        return
    if before is not None:
        left_by = before.unit_code if before.is_open else after.unit_code
        yield from ((left_by, measure, -1) for measure in PHASE_MEASURES[before.phase])
    yield from ((after.unit_code, measure, 1) for measure in PHASE_MEASURES[after.phase])
