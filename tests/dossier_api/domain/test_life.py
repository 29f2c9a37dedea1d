"""A life: one phase and one unit at the close of each day, and what is counted besides."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import settings

from dossier_api.domain.dossier import Rules
from dossier_api.domain.events import Event
from dossier_api.domain.lateness import late_from
from dossier_api.domain.life import class_at, life_of, phases_of
from shared.contracts.life import LifeV1, Mark, MarkOn, Phase, PhaseFrom, PlacementFrom
from tests.dossier_api import given
from tests.dossier_api.domain.histories import diaries, terms
from tests.dossier_api.domain.naive_clock import Entry, Term
from tests.dossier_api.domain.test_naive_clock import folded

ACCEPTED = given.event("accepted", "2026-03-02 09:00")


def extended(when: str, to: str) -> Event:
    return given.event("extended", when, due_at=given.moment(to), reason="workload")


def life(*events: Event, by: Rules | None = None) -> LifeV1:
    return life_of(given.dossier(*events, by=by), (by or given.rules()).catalogue)


def phases(*entries: tuple[str, Phase]) -> tuple[PhaseFrom, ...]:
    return tuple(PhaseFrom(given.day(day), phase) for day, phase in entries)


def test_a_life_as_a_whole() -> None:
    events = [
        given.event("submitted", "2026-02-27 09:00"),
        given.event("accepted", "2026-03-02 09:00", channel="online"),
        given.event("supplement_requested", "2026-03-03 09:00"),
        given.event("supplemented", "2026-03-04 09:00"),
        extended("2026-03-10 09:00", to="2026-03-20 17:00"),
        given.event("transferred", "2026-03-11 09:00"),
        given.event("finished", "2026-03-13 09:00"),
        given.event("returned", "2026-03-16 09:00", channel="postal"),
    ]

    assert life(*events) == LifeV1(
        procedure_code=given.BIRTH,
        field="Hộ tịch",
        online_level="nd43:4",
        channel="online",
        placements=(
            PlacementFrom(date(2026, 2, 27), given.DISTRICT),
            PlacementFrom(date(2026, 3, 11), given.OTHER_DISTRICT),
        ),
        received_on=date(2026, 3, 2),
        phases=phases(
            ("2026-03-02", Phase.IN_TIME),
            ("2026-03-03", Phase.WAITING),
            ("2026-03-04", Phase.IN_TIME),
            ("2026-03-12", Phase.OVERDUE),
            ("2026-03-13", Phase.LATE),
        ),
        phases_current=phases(
            ("2026-03-02", Phase.IN_TIME),
            ("2026-03-03", Phase.WAITING),
            ("2026-03-04", Phase.IN_TIME),
            ("2026-03-13", Phase.EARLY),
        ),
        marks=(
            MarkOn(date(2026, 2, 27), Mark.SUBMITTED),
            MarkOn(date(2026, 2, 27), Mark.SUBMITTED_ONLINE),
            MarkOn(date(2026, 3, 3), Mark.SUPPLEMENT_REQUEST),
            MarkOn(date(2026, 3, 10), Mark.EXTENSION),
            MarkOn(date(2026, 3, 10), Mark.APOLOGY_IN_TIME),
            MarkOn(date(2026, 3, 16), Mark.RETURNED),
            MarkOn(date(2026, 3, 16), Mark.RETURNED_POSTAL),
        ),
        late_766=(),
    )


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param(
            [given.event("finished", "2026-03-02 16:00")], [("2026-03-02", Phase.EARLY)], id="finished-the-same-day"
        ),
        pytest.param([], [("2026-03-02", Phase.IN_TIME), ("2026-03-10", Phase.OVERDUE)], id="overdue-in-the-future"),
        pytest.param(
            [given.event("supplement_requested", "2026-03-02 10:00"), given.event("supplemented", "2026-03-02 11:00")],
            [("2026-03-02", Phase.IN_TIME), ("2026-03-10", Phase.OVERDUE)],
            id="a-wait-within-a-day-is-none-at-its-close",
        ),
        pytest.param(
            [given.event("supplement_requested", "2026-03-12 10:00")],
            [("2026-03-02", Phase.IN_TIME), ("2026-03-10", Phase.OVERDUE), ("2026-03-12", Phase.WAITING)],
            id="overdue-before-it-waited",
        ),
        pytest.param(
            [given.event("stopped", "2026-03-10 10:00")],
            [("2026-03-02", Phase.IN_TIME), ("2026-03-10", Phase.STOPPED)],
            id="stopped-on-the-day-it-would-turn-overdue",
        ),
        pytest.param(
            [given.event("finished", "2026-03-10 10:00")],
            [("2026-03-02", Phase.IN_TIME), ("2026-03-10", Phase.LATE)],
            id="finished-on-the-day-it-would-turn-overdue",
        ),
    ],
)
def test_phases_at_the_close_of_day(events: list[Event], expected: list[tuple[str, Phase]]) -> None:
    told = life(ACCEPTED, *events)

    assert told.phases == phases(*expected)
    assert told.phases_current is None


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([given.event("submitted", "2026-03-02 09:00")], id="filed"),
        pytest.param(
            [given.event("submitted", "2026-03-02 09:00"), given.event("refused", "2026-03-02 10:00")], id="refused"
        ),
    ],
)
def test_what_was_never_accepted_was_never_received(events: list[Event]) -> None:
    told = life(*events)

    assert (told.received_on, told.phases) == (None, ())


# Filed online on Wednesday 4 March at 09:00: eight working hours end on Thursday at 09:30.
FILED = given.event("submitted", "2026-03-04 09:00")
LATE = MarkOn(date(2026, 3, 5), Mark.LATE_ACCEPTANCE)


@pytest.mark.parametrize(
    ("events", "is_late"),
    [
        pytest.param([FILED, given.event("accepted", "2026-03-05 09:30")], False, id="13-accepted-at-the-last-moment"),
        pytest.param([FILED, given.event("accepted", "2026-03-05 09:31")], True, id="13-a-minute-later"),
        pytest.param([FILED, given.event("refused", "2026-03-05 09:30")], False, id="refused-in-time"),
        pytest.param([FILED, given.event("refused", "2026-03-09 09:30")], True, id="refused-late"),
        pytest.param([FILED], True, id="not-answered-comes-true-by-itself"),
        pytest.param(
            [
                given.event("submitted", "2026-03-04 09:00", channel="postal"),
                given.event("accepted", "2026-03-30 09:00"),
            ],
            False,
            id="not-online",
        ),
    ],
)
def test_late_acceptance_is_counted_on_the_day_it_became_late(events: list[Event], *, is_late: bool) -> None:
    assert (LATE in life(*events).marks) is is_late


def test_the_units_of_a_day_are_those_at_its_close_and_a_closed_unit_s_successor_takes_over() -> None:
    successor = given.unit("H35.90", given.PROVINCE, valid_from=date(2026, 3, 10))
    closing = given.unit(
        given.OTHER_DISTRICT, given.PROVINCE, valid_to=date(2026, 3, 10), successor_codes=(successor.code,)
    )
    rules = Rules(given.catalogue(units=[closing, successor]), given.official_calendar())

    assert life(ACCEPTED, given.event("transferred", "2026-03-04 09:00"), by=rules).placements == (
        PlacementFrom(date(2026, 3, 2), given.DISTRICT),
        PlacementFrom(date(2026, 3, 4), given.OTHER_DISTRICT),
        PlacementFrom(date(2026, 3, 10), successor.code),
    )
    finished = [ACCEPTED, given.event("transferred", "2026-03-04 09:00"), given.event("finished", "2026-03-09 09:00")]
    assert [entry.unit_code for entry in life(*finished, by=rules).placements] == [given.DISTRICT, given.OTHER_DISTRICT]


@settings(max_examples=60, deadline=None)
@for_all(diary=diaries(), term=terms())
def test_a_life_ascends_ends_once_and_agrees_with_the_instant_of_lateness(diary: list[Entry], term: Term) -> None:
    dossier, applied = folded(diary, term)

    for by_extension in (False, True):
        entries = phases_of(dossier, by_extension=by_extension)
        assert entries[0].day == applied[0].at.date()
        assert all(before.day < after.day and before.phase != after.phase for before, after in pairwise(entries))
        assert all(entry.phase in {Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING} for entry in entries[:-1])
        late = late_from(dossier, by_extension=by_extension)
        assert (late is not None) == (entries[-1].phase is Phase.OVERDUE)
        if late:
            shown_on = max(late.date(), applied[-1].at.date())
            assert class_at(dossier, shown_on, by_extension=by_extension) is Phase.OVERDUE
