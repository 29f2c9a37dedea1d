"""The figures counted again the slow way: every dossier, every day, straight from the lives.

Shares nothing with the service but the lives themselves, so that an error in the one shows in the other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from shared.contracts.life import LifeV1

ONE_DAY = timedelta(days=1)
PARENTS = {
    "H35": None,
    "H35.01": "H35",
    "H35.12": "H35",
    "H35.13": "H35",
    "H35.12.01": "H35.12",
    "H35.12.02": "H35.12",
    "H35.13.01": "H35.13",
}
LEVELS = {
    "H35": "province",
    "H35.01": "province",
    "H35.12": "district",
    "H35.13": "district",
    "H35.12.01": "commune",
    "H35.12.02": "commune",
    "H35.13.01": "commune",
}
OPEN = {"in_time", "overdue", "waiting"}
MARKS = {
    "refused": "refused",
    "supplement_request": "supplement_requests",
    "extension": "extensions",
    "returned": "returned",
    "rated": "rated",
    "rated_satisfied": "satisfied",
}


@dataclass(frozen=True)
class Told:
    """What was recorded of one dossier on one day."""

    recorded_on: date
    code: str
    life: LifeV1


@dataclass(frozen=True)
class Asked:
    """One question, in the words of the query string."""

    start: date
    as_of: date
    unit: str
    basis: str
    known_at: date | None = None
    narrowed: dict[str, str] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()


def recount(history: Sequence[Told], asked: Asked) -> dict[tuple[str, ...], Counter[str]]:
    """Return the counts by group, groups of nothing left out."""
    found: dict[tuple[str, ...], Counter[str]] = {}
    for life in _lives_known(history, asked.known_at):
        for day in _days(asked.start, asked.as_of):
            for key, count in _counted_on(life, day, asked):
                found.setdefault(key, Counter())[count] += 1
    return {key: counts for key, counts in found.items() if any(counts.values())}


def _lives_known(history: Sequence[Told], known_at: date | None) -> list[LifeV1]:
    latest = {told.code: told.life for told in history if known_at is None or told.recorded_on <= known_at}
    return list(latest.values())


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _counted_on(life: LifeV1, day: date, asked: Asked) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every count the dossier makes on a day, with its group."""
    if not _is_chosen(life, asked) or not life.placements:
        return
    now, before = _phase(life, day, asked.basis), _phase(life, day - ONE_DAY, asked.basis)
    here, there = _group(life, day, day, asked), _group(life, day - ONE_DAY, day, asked)
    is_first = day == asked.start or _time(day, asked) != _time(day - ONE_DAY, asked)
    is_last = day == asked.as_of or _time(day, asked) != _time(day + ONE_DAY, asked)
    if before in OPEN:
        yield from ((there, "carried_over") for _ in [0] if is_first and there)
        if here != there:
            yield from ((there, "transferred_out") for _ in [0] if there)
            yield from ((here, "transferred_in") for _ in [0] if here)
    if not here:
        return
    if life.received_on == day:
        yield here, "received"
        yield here, f"received_{life.channel}"
    if now and now not in OPEN and now != before:
        yield here, now
        yield from ((here, "ended_in_time_766") for _ in [0] if not _is_late_766(life, day, asked.basis))
    if is_last and now in OPEN:
        yield from ((here, "open_in_time_766") for _ in [0] if not _is_late_766(life, day, asked.basis))
        yield here, "open"
        yield here, {"in_time": "open_in_time", "overdue": "open_overdue"}.get(now, now)
    for mark in life.marks:
        if mark.day == day and mark.mark.value in MARKS:
            yield here, MARKS[mark.mark.value]


def _phase(life: LifeV1, day: date, basis: str) -> str:
    phases = life.phases if basis == "statutory" or life.phases_current is None else life.phases_current
    return next((entry.phase.value for entry in reversed(phases) if entry.day <= day), "")


def _is_late_766(life: LifeV1, day: date, basis: str) -> bool:
    turns = life.late_766 if basis == "statutory" else life.late_766_current
    if turns is None:
        return _phase(life, day, basis) in {"overdue", "late"}
    return len([turn for turn in turns if turn <= day]) % 2 == 1


def _unit(life: LifeV1, day: date) -> str:
    placed = (entry.unit_code for entry in reversed(life.placements) if entry.day <= day)
    return next(placed, life.placements[0].unit_code)


def _is_chosen(life: LifeV1, asked: Asked) -> bool:
    traits = {"field": life.field, "procedure": life.procedure_code, "channel": life.channel or "unknown"}
    wanted = {name: value for name, value in asked.narrowed.items() if name in traits}
    return all(traits[name] == value for name, value in wanted.items())


def _group(life: LifeV1, placed_on: date, day: date, asked: Asked) -> tuple[str, ...] | None:
    """Return the labels of the group the dossier stands in, None outside the selection."""
    unit = _unit(life, placed_on)
    if asked.unit not in _path(unit) or asked.narrowed.get("level", LEVELS[unit]) != LEVELS[unit]:
        return None
    labels = {
        "unit": unit,
        "level": LEVELS[unit],
        "field": life.field,
        "procedure": life.procedure_code,
        "channel": life.channel or "unknown",
        "online_level": life.online_level,
        "day": day.isoformat(),
        "month": day.isoformat()[:7],
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": str(day.year),
    }
    return ("*", *(labels[dimension] for dimension in asked.group_by))


def _path(unit: str | None) -> list[str]:
    path = []
    while unit:
        path.append(unit)
        unit = PARENTS[unit]
    return path


def _time(day: date, asked: Asked) -> Any:
    """Return what tells the slices of time apart."""
    if "day" in asked.group_by:
        return day
    if "month" in asked.group_by:
        return day.year, day.month
    if "quarter" in asked.group_by:
        return day.year, (day.month + 2) // 3
    return day.year if "year" in asked.group_by else None
