"""The fold and its lives against a second, naive reading of the same contract."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.events import Event
from dossier_api.domain.fold import fold
from dossier_api.domain.life import class_at
from tests.dossier_api import given
from tests.dossier_api.domain.histories import diaries, terms
from tests.dossier_api.domain.naive_clock import DAY, Entry, NaiveClock, Office, Term

with given.OFFICIAL_DAYS.open(encoding="utf-8", newline="") as file:
    ROWS = [(date.fromisoformat(row["day"]), row["kind"]) for row in csv.DictReader(file)]
OFFICE = Office(
    frozenset(day for day, kind in ROWS if kind == "off"), frozenset(day for day, kind in ROWS if kind == "worked")
)
LOOKED_BEYOND = timedelta(days=25)


def event_of(entry: Entry, place: int) -> Event:
    data: dict[str, Any] = {"due_at": entry.due_at} if entry.due_at else {}
    reason = {"reason": "workload"} if entry.name == "extended" else {}
    return given.event(entry.name, entry.at, id=str(place), arrival=place, **data, **reason)


def folded(diary: Sequence[Entry], term: Term) -> tuple[Dossier, list[Entry]]:
    """Fold a diary; return the dossier and the entries that applied."""
    events = [event_of(entry, place) for place, entry in enumerate(diary)]
    rules = given.rules(term.amount, term.unit, supplement_policy=term.policy, late_acceptance_after=term.late_after)
    result = fold(events, rules)
    assert result.dossier is not None
    refused = {event_id for _, event_id in result.refused}
    return result.dossier, [entry for place, entry in enumerate(diary) if str(place) not in refused]


def compare(diary: Sequence[Entry], term: Term) -> None:
    dossier, applied = folded(diary, term)
    naive = NaiveClock(OFFICE, term, given.ZONE)

    expected = naive.dues(applied)
    if expected is not None:
        assert (dossier.due_first, dossier.due_statutory, dossier.due_current) == expected
    for by_extension in (False, True):
        day = applied[0].at.date() - DAY
        while day <= applied[-1].at.date() + LOOKED_BEYOND:
            told = (day, by_extension, class_at(dossier, day, by_extension=by_extension))
            assert told == (day, by_extension, naive.class_at(applied, day, by_extension=by_extension))
            day += DAY


def is_by_calendar_days(term: Term) -> bool:
    return term.unit == "calendar_day"


@settings(max_examples=120, deadline=None)
@for_all(diary=diaries(), term=terms().filter(lambda term: not is_by_calendar_days(term)))
def test_dues_and_classes_of_every_day_are_those_of_the_naive_clock(diary: list[Entry], term: Term) -> None:
    compare(diary, term)


@settings(max_examples=50, deadline=None)
@for_all(diary=diaries(pauses_touch=False), term=terms().filter(is_by_calendar_days))
def test_calendar_days_are_those_of_the_naive_clock(diary: list[Entry], term: Term) -> None:
    compare(diary[: _second_pause(diary)], term)


def _second_pause(diary: Sequence[Entry]) -> int:
    """A due day that was off is moved once a pause, so only the first is the same for every reading."""
    pauses = [
        place for place, entry in enumerate(diary) if entry.name.endswith("requested") or entry.name == "outage_started"
    ]
    return pauses[1] if len(pauses) > 1 else len(diary)
