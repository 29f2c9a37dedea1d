"""A dossier's life as dated steps, and what one change of it adds to the figures."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from indicator_api.domain.index_766 import corrections_of
from indicator_api.domain.measures import CURRENT, Measure
from shared.contracts.life import OPEN_PHASES, LifeV1, Mark, Phase, PhaseFrom, PlacementFrom


class Service(NamedTuple):
    """A procedure as a dossier keeps it: its field and online level on the day of acceptance."""

    procedure_code: str
    field: str
    online_level: str


class Traits(NamedTuple):
    """What a life is counted under, wherever and whenever."""

    service: Service
    channel: str | None


class Step(NamedTuple):
    """A measure on a day in a unit."""

    day: date
    unit_code: str
    measure: Measure


class Move(NamedTuple):
    """An open dossier passing from one competent unit to another."""

    day: date
    from_unit_code: str
    to_unit_code: str


@dataclass(frozen=True)
class Steps:
    """How often each step is made under the same traits; a difference of lives may make some less than never."""

    traits: Traits
    counted: Counter[Step] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)

    def subtract(self, other: "Steps") -> None:
        """Take away what another life adds."""
        self.counted.subtract(other.counted)
        self.moves.subtract(other.moves)


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
    Mark.RATED: Measure.RATED,
    Mark.RATED_SATISFIED: Measure.SATISFIED,
}

CHANNEL_MEASURES = {
    "online": Measure.RECEIVED_ONLINE,
    "direct": Measure.RECEIVED_DIRECT,
    "postal": Measure.RECEIVED_POSTAL,
}

_STATUTORY: dict[Phase, tuple[Measure, ...]] = {
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
# Under the current basis only what is judged is counted anew: open, waiting, withdrawn, stopped are the same.
_CURRENT = {
    phase: tuple(CURRENT[measure] for measure in measures if measure in CURRENT)
    for phase, measures in _STATUTORY.items()
}
_BOTH = {phase: (*_STATUTORY[phase], *_CURRENT[phase]) for phase in Phase}


class _State(NamedTuple):
    """How a dossier stands at the close of a day."""

    unit_code: str
    phase: Phase


Change = tuple[date, _State | None, _State]
UnitOn = Callable[[date], str]


def difference(old: LifeV1 | None, new: LifeV1) -> list[Steps]:
    """Return what must be added to the figures when a dossier's life turns from `old` into `new`."""
    after = steps_of(new)
    if old is None:
        return [after]
    before = steps_of(old)
    if before.traits == after.traits:
        after.subtract(before)
        return [after]
    taken_back = Steps(before.traits)
    taken_back.subtract(before)
    return [taken_back, after]


def steps_of(life: LifeV1) -> Steps:
    """Return the dated steps of a life; one without a placement was never filed anywhere."""
    steps = Steps(traits_of(life))
    if not life.placements:
        return steps
    unit_on = _unit_on(life.placements)
    steps.counted.update(_receipt(life, unit_on))
    steps.counted.update(Step(mark.day, unit_on(mark.day), MARK_MEASURES[mark.mark]) for mark in life.marks)
    changes = _changes(life.phases, life.placements, unit_on)
    steps.moves.update(_moves(changes))
    if life.phases_current is None:
        _turn(steps.counted, changes, _BOTH)
    else:
        _turn(steps.counted, changes, _STATUTORY)
        _turn(steps.counted, _changes(life.phases_current, life.placements, unit_on), _CURRENT)
    for correction in corrections_of(life, unit_on):
        steps.counted[Step(*correction[:3])] += correction.times
    return steps


def traits_of(life: LifeV1) -> Traits:
    """Return what a life is counted under."""
    return Traits(Service(life.procedure_code, life.field, life.online_level), life.channel)


def _unit_on(placements: Sequence[PlacementFrom]) -> UnitOn:
    """Return the function that tells who holds the dossier at the close of a day.

    What came before the first placement is counted there.
    """
    first = placements[0].unit_code
    if len(placements) == 1:
        return lambda _: first
    placed_on = [placement.day for placement in placements]
    return lambda day: placements[max(bisect_right(placed_on, day) - 1, 0)].unit_code


def _receipt(life: LifeV1, unit_on: UnitOn) -> Iterator[Step]:
    if life.received_on is not None:
        unit_code = unit_on(life.received_on)
        yield Step(life.received_on, unit_code, Measure.RECEIVED)
        if life.channel in CHANNEL_MEASURES:
            yield Step(life.received_on, unit_code, CHANNEL_MEASURES[life.channel])


def _changes(phases: Sequence[PhaseFrom], placements: Sequence[PlacementFrom], unit_on: UnitOn) -> list[Change]:
    """Return each day on which unit or phase changed, with the close of the day before and its own."""
    if not phases:
        return []
    entered_on = [entry.day for entry in phases]
    days = sorted({*entered_on, *(placement.day for placement in placements if placement.day > entered_on[0])})
    states = [_State(unit_on(day), phases[bisect_right(entered_on, day) - 1].phase) for day in days]
    return [
        (days[0], None, states[0]),
        *((day, before, after) for day, (before, after) in zip(days[1:], pairwise(states), strict=True)),
    ]


def _moves(changes: Sequence[Change]) -> Iterator[Move]:
    for day, before, after in changes:
        if before is not None and before.phase in OPEN_PHASES and before.unit_code != after.unit_code:
            yield Move(day, before.unit_code, after.unit_code)


def _turn(counted: Counter[Step], changes: Sequence[Change], measures: Mapping[Phase, tuple[Measure, ...]]) -> None:
    """Count what every change of state takes away and adds.

    An open dossier is a stock and follows its unit.  An ended one was counted where and when it
    ended, so a later change of unit leaves it alone.
    """
    for day, before, after in changes:
        if before is not None:
            is_open = before.phase in OPEN_PHASES
            if not is_open and before.phase is after.phase:
                continue
            left_by = before.unit_code if is_open else after.unit_code
            for measure in measures[before.phase]:
                counted[Step(day, left_by, measure)] -= 1
        for measure in measures[after.phase]:
            counted[Step(day, after.unit_code, measure)] += 1
