"""When a dossier is late by QĐ 766 index 2.1, and what of it a life tells."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import given as for_all

from dossier_api.domain.catalogue import ProcessingTime, TimeUnit
from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.events import Event
from dossier_api.domain.index_766 import is_judged_otherwise, turns_in, turns_of
from dossier_api.domain.life import class_at, life_of, phases_of
from shared.contracts.life import LifeV1, Mark, MarkOn, Phase
from tests.dossier_api import given
from tests.dossier_api.domain.histories import diaries, terms
from tests.dossier_api.domain.naive_clock import Entry, Term
from tests.dossier_api.domain.test_naive_clock import folded

# Five working days from Monday 2 March 2026: due on the 9th, late from the 10th.
ACCEPTED = given.event("accepted", "2026-03-02 09:00")
ASKED = given.event("supplement_requested", "2026-03-04 09:00")
ANSWERED = given.event("supplemented", "2026-03-05 09:00")
ASKED_LATE = given.event("supplement_requested", "2026-03-10 09:00")
FIFTEEN_DAYS = given.version(15, valid_to=date(2026, 1, 1))
UNLIMITED = given.version(None, valid_from=date(2026, 1, 1))


def dossier(*events: Event, by: Rules | None = None) -> Dossier:
    return given.dossier(ACCEPTED, *events, by=by)


def days(*told: str) -> tuple[date, ...]:
    return tuple(map(given.day, told))


def once_limited() -> Rules:
    """Return the rules of a procedure that had a limit of fifteen working days until 2026."""
    return Rules(given.catalogue(FIFTEEN_DAYS, UNLIMITED), given.official_calendar())


@pytest.mark.parametrize(
    ("events", "turns"),
    [
        pytest.param([], ["2026-03-10"], id="unfinished-is-judged-at-the-period-s-end"),
        pytest.param([given.event("finished", "2026-03-09 17:30")], [], id="finished-on-the-due-day"),
        pytest.param([given.event("finished", "2026-03-10 08:00")], ["2026-03-10"], id="finished-the-day-after"),
        pytest.param([given.event("withdrawn", "2026-03-09 17:00")], [], id="withdrawn-on-the-due-day"),
        pytest.param([given.event("withdrawn", "2026-03-10 08:00")], ["2026-03-10"], id="withdrawn-the-day-after"),
        pytest.param([given.event("stopped", "2026-03-09 17:00")], [], id="stopped-on-the-due-day"),
        pytest.param([given.event("stopped", "2026-03-12 08:00")], ["2026-03-10"], id="stopped-later"),
        pytest.param([ASKED], [], id="one-request-is-the-end"),
        pytest.param([ASKED_LATE], ["2026-03-10"], id="one-request-after-the-due-day"),
        pytest.param(
            [ASKED, ANSWERED, given.event("finished", "2026-04-30 09:00")], [], id="one-request-whatever-follows"
        ),
        pytest.param(
            [ASKED, ANSWERED, given.event("supplement_requested", "2026-03-06 09:00")],
            ["2026-03-06"],
            id="a-second-request-is-late",
        ),
        pytest.param(
            [
                ASKED,
                ANSWERED,
                given.event("supplement_requested", "2026-03-06 09:00"),
                given.event("supplemented", "2026-03-06 10:00"),
                given.event("finished", "2026-03-06 11:00"),
            ],
            ["2026-03-06"],
            id="a-second-request-however-soon-it-is-finished",
        ),
        pytest.param([given.event("payment_requested", "2026-03-09 09:00")], [], id="waits-for-payment-in-time"),
        pytest.param(
            [given.event("payment_requested", "2026-03-12 09:00")], ["2026-03-10"], id="was-late-before-it-waited"
        ),
        pytest.param(
            [given.event("payment_requested", "2026-03-09 09:00"), given.event("stopped", "2026-05-04 09:00")],
            [],
            id="stopped-while-the-clock-stood-still",
        ),
        pytest.param(
            [given.event("finished", "2026-03-12 09:00"), given.event("reopened", "2026-03-13 09:00")],
            ["2026-03-10"],
            id="reopened-was-never-finished",
        ),
    ],
)
def test_late_by_766(events: list[Event], turns: list[str]) -> None:
    assert turns_of(dossier(*events)) == days(*turns)


@pytest.mark.parametrize(
    ("events", "turns"),
    [
        pytest.param([], ["2026-03-24"], id="open"),
        pytest.param([given.event("finished", "2026-03-23 09:00")], [], id="finished-on-its-last-day"),
        pytest.param([given.event("finished", "2026-03-24 09:00")], ["2026-03-24"], id="finished-the-day-after"),
    ],
)
def test_without_a_due_date_the_longest_time_the_procedure_had_is_judged(events: list[Event], turns: list[str]) -> None:
    assert turns_of(dossier(*events, by=once_limited())) == days(*turns)


def test_the_longest_of_several_times_is_taken_and_later_ones_are_not_known() -> None:
    week = replace(FIFTEEN_DAYS, processing_time=ProcessingTime(7, TimeUnit.CALENDAR_DAY), valid_to=date(2019, 1, 1))
    months = given.version(60, valid_from=date(2027, 1, 1))
    versions = (week, replace(FIFTEEN_DAYS, valid_from=date(2019, 1, 1)), UNLIMITED, months)

    told = dossier(by=Rules(given.catalogue(*versions), given.official_calendar()))

    assert told.due_longest == given.moment("2026-03-23 17:00")


def test_a_procedure_that_never_had_a_limit_is_never_late() -> None:
    assert turns_of(dossier(given.event("finished", "2027-03-01 09:00"), by=given.rules(None))) == ()


def test_an_extension_moves_the_judgement_by_the_current_date_only() -> None:
    extended = given.event("extended", "2026-03-11 09:00", due_at=given.moment("2026-03-20 17:00"), reason="workload")
    asked = given.event("supplement_requested", "2026-03-19 09:00")

    assert turns_of(dossier(extended, asked)) == days("2026-03-10")
    assert turns_of(dossier(extended, asked), by_extension=True) == days("2026-03-10", "2026-03-11")


@pytest.mark.parametrize(
    ("events", "late", "late_current"),
    [
        pytest.param([], None, None, id="open"),
        pytest.param([given.event("finished", "2026-03-12 09:00")], None, None, id="finished-late"),
        pytest.param([ASKED], None, None, id="waiting-in-time"),
        pytest.param([given.event("withdrawn", "2026-03-04 09:00")], None, None, id="withdrawn-in-time"),
        pytest.param([ASKED_LATE], days("2026-03-10"), days("2026-03-10"), id="asked-too-late"),
        pytest.param([ASKED, ANSWERED], (), (), id="would-turn-late-by-the-clock"),
    ],
)
def test_a_life_tells_what_its_phases_do_not(
    events: list[Event], late: tuple[date, ...] | None, late_current: tuple[date, ...] | None
) -> None:
    told = life(*events)

    assert (told.late_766, told.late_766_current) == (late, late_current)


def life(*events: Event) -> LifeV1:
    return life_of(dossier(*events), given.rules().catalogue)


@pytest.mark.parametrize(("score", "marks"), [(3, []), (4, [Mark.RATED_SATISFIED]), (5, [Mark.RATED_SATISFIED])])
def test_from_4_of_5_a_citizen_is_satisfied(score: int, marks: list[Mark]) -> None:
    told = life(given.event("finished", "2026-03-04 09:00"), given.event("rated", "2026-03-05 09:00", score=score))

    assert told.marks == tuple(MarkOn(date(2026, 3, 5), mark) for mark in [Mark.RATED, *marks])


def test_the_last_rating_stands_for_all_on_its_own_day() -> None:
    again = [given.event("rated", f"2026-03-0{day} 09:00", score=score) for day, score in ((5, 5), (6, 2), (8, 4))]

    told = life(given.event("finished", "2026-03-04 09:00"), *again)

    assert told.marks == (MarkOn(date(2026, 3, 8), Mark.RATED), MarkOn(date(2026, 3, 8), Mark.RATED_SATISFIED))


@settings(max_examples=80, deadline=None)
@for_all(diary=diaries(), term=terms())
def test_what_the_index_sees_as_the_clock_does_need_not_be_judged_again(diary: list[Entry], term: Term) -> None:
    dossier, _ = folded(diary, term)
    assume(not is_judged_otherwise(dossier))

    for by_extension in (False, True):
        entries = phases_of(dossier, by_extension=by_extension)
        by_phases = turns_in((entry.day, entry.phase in {Phase.OVERDUE, Phase.LATE}) for entry in entries)
        assert turns_of(dossier, by_extension=by_extension) == by_phases


@settings(max_examples=80, deadline=None)
@for_all(diary=diaries(), term=terms())
def test_without_an_extension_both_dates_judge_alike(diary: list[Entry], term: Term) -> None:
    dossier, _ = folded([entry for entry in diary if entry.name != "extended"], term)

    assert phases_of(dossier, by_extension=True) == phases_of(dossier)
    assert turns_of(dossier, by_extension=True) == turns_of(dossier)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@for_all(diary=diaries(), term=terms())
def test_a_first_request_is_judged_as_if_the_dossier_had_been_finished_then(diary: list[Entry], term: Term) -> None:
    _, applied = folded(diary, term)
    asked = [place for place, entry in enumerate(applied) if entry.name == "supplement_requested"]
    assume(asked)
    finished, _ = folded([*applied[: asked[0]], replace(applied[asked[0]], name="finished")], term)
    dossier, _ = folded(applied[: asked[1]] if asked[1:] else applied, term)

    for by_extension in (False, True):
        judged = class_at(finished, applied[asked[0]].at.date(), by_extension=by_extension)
        is_late = bool(len(turns_of(dossier, by_extension=by_extension)) % 2)
        assert is_late == (judged is Phase.LATE)
