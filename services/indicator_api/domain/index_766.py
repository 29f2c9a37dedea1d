"""What QĐ 766 judges otherwise than the clock, as dated corrections of the counts made by the clock."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from indicator_api.domain.measures import Measure
from shared.contracts.life import OPEN_PHASES, LifeV1, Phase, PhaseFrom

_IN_TIME = frozenset({Phase.IN_TIME, Phase.EARLY, Phase.ON_TIME})
_LATE = frozenset({Phase.OVERDUE, Phase.LATE})
# What the clock calls neither in time nor late.
_UNJUDGED = frozenset(Phase) - _IN_TIME - _LATE


class Correction(NamedTuple):
    """What is added to a measure on a day in a unit."""

    day: date
    unit_code: str
    measure: Measure
    times: int


class _Measures(NamedTuple):
    ended: Measure
    open: Measure


_STATUTORY = _Measures(Measure.ENDED_766, Measure.OPEN_766)
_CURRENT = _Measures(Measure.ENDED_766_CURRENT, Measure.OPEN_766_CURRENT)


def corrections_of(life: LifeV1, unit_on: Callable[[date], str]) -> Iterator[Correction]:
    """Yield the corrections of both bases, none for a life that both judge alike."""
    current = life.phases if life.phases_current is None else life.phases_current
    for phases, told, measures in (
        (life.phases, life.late_766, _STATUTORY),
        (current, life.late_766_current, _CURRENT),
    ):
        if told is not None or any(entry.phase in _UNJUDGED for entry in phases):
            turns = _turns_in(phases) if told is None else told
            yield from _corrections(life, phases, turns, unit_on=unit_on, measures=measures)


def _turns_in(phases: Sequence[PhaseFrom]) -> list[date]:
    """Return the days on which the phases themselves turn late or in time again."""
    is_late = [False, *(entry.phase in _LATE for entry in phases)]
    return [entry.day for entry, (before, after) in zip(phases, pairwise(is_late), strict=True) if before != after]


def _corrections(
    life: LifeV1,
    phases: Sequence[PhaseFrom],
    turns: Sequence[date],
    *,
    unit_on: Callable[[date], str],
    measures: _Measures,
) -> Iterator[Correction]:
    """Yield what is entered and left by an open dossier, which follows its unit, and last what its end adds."""
    entered_on = [entry.day for entry in phases]
    days = {*entered_on, *turns, *(placement.day for placement in life.placements)}
    unit_code, standing = "", 0
    for day in sorted(day for day in days if entered_on and day >= entered_on[0]):
        phase = phases[bisect_right(entered_on, day) - 1].phase
        if standing:
            yield Correction(day, unit_code, measures.open, -standing)
        unit_code, standing = unit_on(day), _otherwise(phase, is_late=bool(bisect_right(turns, day) % 2))
        is_open = phase in OPEN_PHASES
        if standing:
            yield Correction(day, unit_code, measures.open if is_open else measures.ended, standing)
        if not is_open:
            return


def _otherwise(phase: Phase, *, is_late: bool) -> int:
    """Return 1 where only QĐ 766 sees a dossier in time, -1 where only the clock does, 0 where both agree."""
    return int(not is_late) - int(phase in _IN_TIME)
