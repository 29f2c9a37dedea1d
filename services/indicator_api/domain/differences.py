"""What a change of a dossier's life adds to the figures, worked out once for all changes alike.

What steps a life makes depends on the order of its days and on which of its units are the same, not on what day or
unit it is. So each change is first told in typical days and units: of those a province knows some dozens. What is
worked out for them is then dated and placed again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count
from operator import attrgetter
from typing import NamedTuple

from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.steps import Steps, Traits, difference, traits_of
from shared.contracts.life import LifeV1, MarkOn, PhaseFrom, PlacementFrom

# How much is added to each measure, in the order of STEP_MEASURES.
Counted = tuple[int, ...]
# About 3 KB each.
MOST_REMEMBERED = 2048

_PLACES = {measure: place for place, measure in enumerate(STEP_MEASURES)}
_DAY, _UNIT = attrgetter("day"), attrgetter("unit_code")


@dataclass(frozen=True, eq=False)
class Pattern:
    """What changes alike add: days and units are numbered.  Changes alike have one and the same, so it is its own key.

    Rows are a day, a unit, and what is added there; moves a day, the unit left, the one entered, and how many pass.
    """

    rows: Sequence[tuple[int, int, Counted]]
    moves: Sequence[tuple[int, int, int, int]]


class Difference(NamedTuple):
    """What is added under the same traits: a pattern, in days and units of its own."""

    traits: Traits
    pattern: Pattern
    days: Sequence[date]
    units: Sequence[str]


def differences(old: LifeV1 | None, new: LifeV1) -> list[Difference]:
    """Return what must be added to the figures when a dossier's life turns from `old` into `new`.

    Where its traits change, what it added under the old ones is taken back first.
    """
    lives = [new] if old is None else [old, new]
    traits = [traits_of(life) for life in lives]
    if traits[0] == traits[-1]:
        traits = traits[:1]
    days = sorted(set().union(*map(_days_of, lives)))
    units = list(dict.fromkeys([code for life in lives for code in map(_UNIT, life.placements)]))
    on = dict(zip(days, map(date.fromordinal, count(1)), strict=False))
    at = dict(zip(units, map(str, count()), strict=False))
    before = None if old is None else _typical(old, "taken back" if len(traits) > 1 else "", on, at)
    return [
        Difference(one, pattern, days, units)
        for one, pattern in zip(traits, _patterns(before, _typical(new, "", on, at)), strict=True)
    ]


def _days_of(life: LifeV1) -> list[date]:
    days = [*map(_DAY, life.placements), *map(_DAY, life.phases), *map(_DAY, life.marks)]
    if life.received_on is not None:
        days.append(life.received_on)
    if life.phases_current is not None:
        days += map(_DAY, life.phases_current)
    return [*days, *(life.late_766 or ()), *(life.late_766_current or ())]


def _typical(life: LifeV1, service: str, on: Mapping[date, date], at: Mapping[str, str]) -> LifeV1:
    """Return a life told in other days, units and service."""
    phases, current = life.phases, life.phases_current
    late, late_current = life.late_766, life.late_766_current
    return LifeV1(
        procedure_code=service,
        field="",
        online_level="",
        channel=life.channel,
        placements=tuple([PlacementFrom(on[entry.day], at[entry.unit_code]) for entry in life.placements]),
        received_on=None if life.received_on is None else on[life.received_on],
        phases=tuple([PhaseFrom(on[entry.day], entry.phase) for entry in phases]),
        phases_current=None if current is None else tuple([PhaseFrom(on[entry.day], entry.phase) for entry in current]),
        marks=tuple([MarkOn(on[entry.day], entry.mark) for entry in life.marks]),
        late_766=None if late is None else tuple([on[day] for day in late]),
        late_766_current=None if late_current is None else tuple([on[day] for day in late_current]),
    )


@lru_cache(MOST_REMEMBERED)
def _patterns(old: LifeV1 | None, new: LifeV1) -> list[Pattern]:
    """Return what the change from one typical life to another adds; days and units are numbered from 0."""
    return [_numbered(steps) for steps in difference(old, new)]


def _numbered(steps: Steps) -> Pattern:
    rows: dict[tuple[int, int], list[int]] = {}
    for (day, unit_code, measure), times in steps.counted.items():
        if times:
            row = rows.setdefault((day.toordinal() - 1, int(unit_code)), [0] * len(STEP_MEASURES))
            row[_PLACES[measure]] = times
    moves = [
        (move.day.toordinal() - 1, int(move.from_unit_code), int(move.to_unit_code), times)
        for move, times in steps.moves.items()
        if times
    ]
    return Pattern([(day, unit, tuple(row)) for (day, unit), row in rows.items()], moves)
