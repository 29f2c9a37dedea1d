"""The figures counted again the slow way: every dossier, every day, straight from the lives.

Shares nothing with the service but the lives and the catalogue themselves, so that an error in the one
shows in the other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from shared.contracts.life import LifeV1

ONE_DAY = timedelta(days=1)
OPEN = {"in_time": "open_in_time", "overdue": "open_overdue", "waiting": "waiting"}
CARRIED = {phase: ["carried_over"] for phase in OPEN} | {"overdue": ["carried_over", "overdue_carried_over"]}
TIME = ("day", "month", "quarter", "year")
MARKS = {
    "submitted": "submitted",
    "submitted_online": "submitted_online",
    "late_acceptance": "late_acceptances",
    "refused": "refused",
    "supplement_request": "supplement_requests",
    "extension": "extensions",
    "apology_in_time": "apologies_in_time",
    "returned": "returned",
    "returned_postal": "returned_postal",
    "rated": "rated",
    "rated_satisfied": "satisfied",
}
# Rule: domain section 0: one part is read as 3, the whole as 4.
LEVEL_OF = {"nd43:1": "1", "nd43:2": "2", "nd43:3": "3", "nd43:4": "4"}
LEVEL_OF |= {
    f"{decree}:{value}": level for decree in ("nd42", "nd224") for value, level in [("partial", "3"), ("full", "4")]
}

Group = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What was recorded of one dossier on one day."""

    recorded_on: date
    code: str
    life: LifeV1


@dataclass(frozen=True)
class UnitTold:
    """A unit as it was recorded on one day."""

    recorded_on: date
    unit: dict[str, Any]


@dataclass(frozen=True)
class ProcedureTold:
    """A procedure and all its versions as recorded on one day."""

    recorded_on: date
    code: str
    versions: tuple[dict[str, Any], ...]


Entry = Told | UnitTold | ProcedureTold
History = Sequence[Entry]


@dataclass(frozen=True)
class Asked:
    """One question, in the words of the query string."""

    start: date
    as_of: date
    unit: str
    basis: str = "statutory"
    known_at: date | None = None
    narrowed: dict[str, str] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()
    map: str = "then"
    cutoff: str = "calendar"

    def of_services_at(self, levels: str) -> "Asked":
        """Return the question put to dossiers of services at some online levels only; `34` is either of two."""
        return replace(self, narrowed={**self.narrowed, "levels": levels})


@dataclass(frozen=True)
class Known:
    """What had been told by the close of a day: the latest of each unit, procedure and dossier."""

    today: date
    units: dict[str, dict[str, Any]]
    procedures: dict[str, tuple[dict[str, Any], ...]]
    lives: dict[str, LifeV1]

    def path(self, unit: str | None) -> list[str]:
        """Return a unit and all above it."""
        path = []
        while unit in self.units:
            path.append(unit)
            unit = self.units[unit]["parent_code"]
        return path

    def shown(self, unit: str, asked: Asked) -> str:
        """Return the unit a figure is reported on: the one of then, or whoever has succeeded it by today."""
        while asked.map == "today":
            told = self.units[unit]
            if told["valid_to"] is None or self.today < date.fromisoformat(told["valid_to"]):
                break
            if not told["successor_codes"]:
                break
            unit = told["successor_codes"][0]
        return unit

    def place(self, unit: str, asked: Asked) -> dict[str, str] | None:
        """Return the labels of the place a unit is reported on, None outside the selection."""
        if unit not in self.units:
            return None
        shown = self.shown(unit, asked)
        level = self.units[shown]["level"]
        inside = shown == asked.unit if asked.narrowed.get("subtree") == "false" else asked.unit in self.path(shown)
        return {"unit": shown, "level": level} if inside and asked.narrowed.get("level", level) == level else None


def known_by(history: History, known_at: date | None) -> Known:
    """Return what was known at the close of a day, None for in the end."""
    known = Known(known_at or history[-1].recorded_on, {}, {}, {})
    for told in history:
        if known_at is not None and told.recorded_on > known_at:
            break
        match told:
            case Told():
                known.lives[told.code] = told.life
            case UnitTold():
                known.units[told.unit["code"]] = told.unit
            case ProcedureTold():
                known.procedures[told.code] = told.versions
    return known


def recount(history: History, asked: Asked) -> dict[Group, Counter[str]]:
    """Return the counts by group, groups of nothing left out."""
    known = known_by(history, asked.known_at)
    return _summed(known, asked, list(known.lives.values()))


def recount_by_dossier(history: History, asked: Asked) -> dict[str, Counter[str]]:
    """Return what each dossier adds to the counts of a question that is not grouped."""
    known = known_by(history, asked.known_at)
    found = {code: _summed(known, asked, [life]) for code, life in known.lives.items()}
    return {code: counts[("*",)] for code, counts in found.items() if counts}


def _summed(known: Known, asked: Asked, lives: Sequence[LifeV1]) -> dict[Group, Counter[str]]:
    found: dict[Group, Counter[str]] = {}
    for life in lives:
        for day in days_of(asked):
            for key, count in _counted_on(life, day, known, asked):
                found.setdefault(key, Counter())[count] += 1
    return found


def days_of(asked: Asked) -> Iterator[date]:
    """Yield the days of a question, the first to the last seen."""
    day = asked.start
    while day <= asked.as_of:
        yield day
        day += ONE_DAY


def _counted_on(life: LifeV1, day: date, known: Known, asked: Asked) -> Iterator[tuple[Group, str]]:
    """Yield every count the dossier makes on a day, with its group."""
    if not life.placements or not _is_chosen(life, asked):
        return
    now, before = phase_of(life, day, asked.basis), phase_of(life, day - ONE_DAY, asked.basis)
    here, there = _group(life, day, day, known, asked), _group(life, day - ONE_DAY, day, known, asked)
    is_first = day == asked.start or time_of(day, asked) != time_of(day - ONE_DAY, asked)
    is_last = day == asked.as_of or time_of(day, asked) != time_of(day + ONE_DAY, asked)
    if before in OPEN:
        yield from ((there, count) for count in CARRIED[before] if is_first and there)
        if here != there:
            yield from ((place, way) for place, way in [(there, "transferred_out"), (here, "transferred_in")] if place)
    if not here:
        return
    if life.received_on == day:
        yield here, "received"
        yield here, f"received_{life.channel}"
    if now and now not in OPEN and now != before:
        yield here, now
        yield from ((here, "ended_in_time_766") for _ in [0] if not is_late_766(life, day, asked.basis))
    if is_last and now in OPEN:
        yield from ((here, "open_in_time_766") for _ in [0] if not is_late_766(life, day, asked.basis))
        yield here, "open"
        yield here, OPEN[now]
    for mark in life.marks:
        if mark.day == day and mark.mark.value in MARKS:
            yield here, MARKS[mark.mark.value]


def phase_of(life: LifeV1, day: date, basis: str) -> str:
    """Return how a dossier stands at the close of a day; nothing before it was received."""
    phases = life.phases if basis == "statutory" or life.phases_current is None else life.phases_current
    return next((entry.phase.value for entry in reversed(phases) if entry.day <= day), "")


def is_late_766(life: LifeV1, day: date, basis: str) -> bool:
    """Say whether QĐ 766 calls a dossier late at the close of a day."""
    turns = life.late_766 if basis == "statutory" else life.late_766_current
    if turns is None:
        return phase_of(life, day, basis) in {"overdue", "late"}
    return len([turn for turn in turns if turn <= day]) % 2 == 1


def unit_of(life: LifeV1, day: date) -> str:
    """Return the competent unit at the close of a day."""
    placed = (entry.unit_code for entry in reversed(life.placements) if entry.day <= day)
    return next(placed, life.placements[0].unit_code)


def services_wanted(labels: dict[str, str], asked: Asked) -> bool:
    """Say whether a service of this field, procedure and online level is asked for."""
    level = LEVEL_OF.get(labels["online_level"], "none")
    wanted = asked.narrowed.get("online_level", level)
    return (
        asked.narrowed.get("field", labels["field"]) == labels["field"]
        and asked.narrowed.get("procedure", labels["procedure"]) == labels["procedure"]
        and wanted in {level, labels["online_level"]}
        and level in asked.narrowed.get("levels", level)
    )


def labels_of(life: LifeV1) -> dict[str, str]:
    """Return what a dossier is told apart by, wherever and whenever."""
    service = {"field": life.field, "procedure": life.procedure_code, "online_level": life.online_level}
    return {**service, "channel": life.channel or "unknown"}


def _is_chosen(life: LifeV1, asked: Asked) -> bool:
    labels = labels_of(life)
    return services_wanted(labels, asked) and asked.narrowed.get("channel", labels["channel"]) == labels["channel"]


def _group(life: LifeV1, placed_on: date, day: date, known: Known, asked: Asked) -> Group | None:
    """Return the labels of the group the dossier stands in, None outside the selection."""
    place = known.place(unit_of(life, placed_on), asked)
    return None if place is None else group_of({**labels_of(life), **place}, day, asked)


def group_of(labels: dict[str, str], day: date, asked: Asked) -> Group:
    """Return the group of labels on a day; the star keeps an undivided one from being empty."""
    named = labels | time_labels(day, asked.cutoff)
    return ("*", *(named[dimension] for dimension in asked.group_by))


@cache
def time_labels(day: date, cutoff: str) -> dict[str, str]:
    """Return what the day, month, quarter and year of a day are called.

    Rule: NĐ 09/2019 Đ.12: from the 15th on it belongs to the next month.
    """
    year, month = day.year, day.month
    if cutoff == "nd09" and day.day >= 15:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    named = {"month": f"{year}-{month:02}", "quarter": f"{year}-Q{(month + 2) // 3}", "year": f"{year}"}
    return {"day": day.isoformat(), **named}


def time_of(day: date, asked: Asked) -> Any:
    """Return what tells the slices of time apart."""
    return [time_labels(day, asked.cutoff)[dimension] for dimension in asked.group_by if dimension in TIME]
