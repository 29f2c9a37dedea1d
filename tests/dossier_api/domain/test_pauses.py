"""What stops the clock, what does not, and what an extension in between changes."""

from datetime import date

import pytest

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.events import Event
from dossier_api.domain.life import class_at
from shared.contracts.life import Phase
from tests.dossier_api import given

# 2 March 2026 is a Monday; five working days end on Monday 9, eight working hours on Tuesday 3 at 09:30.
ACCEPTED = given.event("accepted", "2026-03-02 09:00")


def extended(when: str, to: str) -> Event:
    return given.event("extended", when, due_at=given.moment(to), reason="workload")


def due_days(dossier: Dossier) -> tuple[date | None, ...]:
    dues = (dossier.due_first, dossier.due_statutory, dossier.due_current)
    return tuple(due and due.date() for due in dues)


@pytest.mark.parametrize("policy", ["restart", "exclude", "end_at_request", "none"])
@pytest.mark.parametrize(
    ("stops", "resumes"),
    [
        pytest.param("payment_requested", "paid", id="payment"),
        pytest.param("outage_started", "outage_ended", id="outage"),
    ],
)
@pytest.mark.parametrize(
    ("resumed", "due"),
    [
        pytest.param("2026-03-03 16:00", "2026-03-09", id="same-day"),
        pytest.param("2026-03-04 08:00", "2026-03-10", id="next-working-day"),
        pytest.param("2026-03-07 08:00", "2026-03-12", id="saturday-counts-as-friday"),
        pytest.param("2026-03-09 08:00", "2026-03-13", id="over-a-weekend"),
    ],
)
def test_payment_and_outage_always_exclude(policy: str, stops: str, resumes: str, resumed: str, due: str) -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event(stops, "2026-03-03 10:00"),
        given.event(resumes, resumed),
        by=given.rules(5, supplement_policy=policy),
    )

    assert due_days(dossier) == (given.day("2026-03-09"), given.day(due), given.day(due))


def test_two_causes_at_once_exclude_a_day_once() -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event("payment_requested", "2026-03-03 10:00"),
        given.event("outage_started", "2026-03-04 10:00"),
        given.event("paid", "2026-03-05 10:00"),
        given.event("outage_ended", "2026-03-06 10:00"),
    )

    assert due_days(dossier)[1] == given.day("2026-03-12")


def test_an_outage_excludes_while_a_supplement_that_stops_nothing_is_awaited() -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event("supplement_requested", "2026-03-03 10:00"),
        given.event("outage_started", "2026-03-03 11:00"),
        given.event("outage_ended", "2026-03-04 11:00"),
        given.event("supplemented", "2026-03-06 10:00"),
        by=given.rules(5, supplement_policy="none"),
    )

    assert due_days(dossier)[1] == given.day("2026-03-10")
    assert class_at(dossier, given.day("2026-03-03")) is Phase.WAITING
    assert class_at(dossier, given.day("2026-03-06")) is Phase.IN_TIME


def test_a_finish_during_an_outage_is_judged_by_the_date_moved_so_far_and_reopening_takes_that_back() -> None:
    outage = [ACCEPTED, given.event("outage_started", "2026-03-05 10:00")]
    finished = [*outage, given.event("finished", "2026-03-10 10:00")]
    ended = [*finished, given.event("reopened", "2026-03-11 10:00"), given.event("outage_ended", "2026-03-11 11:00")]

    assert due_days(given.dossier(*finished))[1] == given.day("2026-03-12")
    assert due_days(given.dossier(*ended))[1] == given.day("2026-03-13")


@pytest.mark.parametrize(
    ("finished", "phase"),
    [
        pytest.param("2026-03-02 18:00", Phase.EARLY, id="the-day-before"),
        pytest.param("2026-03-03 09:30", Phase.ON_TIME, id="at-the-moment"),
        pytest.param("2026-03-03 09:31", Phase.LATE, id="a-minute-later"),
    ],
)
def test_the_moment_decides_for_an_hour_based_procedure(finished: str, phase: Phase) -> None:
    dossier = given.dossier(ACCEPTED, given.event("finished", finished), by=given.rules(8, "working_hour"))

    assert class_at(dossier, given.day("2026-03-03")) is phase


def test_an_hour_based_dossier_turns_overdue_on_its_due_day() -> None:
    dossier = given.dossier(ACCEPTED, by=given.rules(8, "working_hour"))

    assert class_at(dossier, given.day("2026-03-02")) is Phase.IN_TIME
    assert class_at(dossier, given.day("2026-03-03")) is Phase.OVERDUE


@pytest.mark.parametrize("hours", [pytest.param(2, id="due-at-the-lunch-break"), pytest.param(6, id="due-at-closing")])
def test_a_pause_outside_office_hours_moves_no_hour_based_date(hours: int) -> None:
    accepted = given.event("accepted", "2026-03-02 09:30")
    dossier = given.dossier(
        accepted,
        given.event("outage_started", "2026-03-02 11:35"),
        given.event("outage_ended", "2026-03-02 13:25"),
        by=given.rules(hours, "working_hour"),
    )

    assert dossier.due_statutory == dossier.due_first


def test_an_outage_that_began_before_the_due_moment_keeps_an_hour_based_dossier_in_time() -> None:
    dossier = given.dossier(
        ACCEPTED, given.event("outage_started", "2026-03-03 08:00"), by=given.rules(8, "working_hour")
    )

    assert class_at(dossier, given.day("2026-03-03")) is Phase.IN_TIME


@pytest.mark.parametrize(
    ("began", "phase"),
    [
        pytest.param("2026-03-09 16:00", Phase.IN_TIME, id="on-the-due-day"),
        pytest.param("2026-03-10 08:00", Phase.OVERDUE, id="after-it"),
    ],
)
def test_an_outage_makes_nothing_overdue_and_takes_no_lateness_back(began: str, phase: Phase) -> None:
    dossier = given.dossier(ACCEPTED, given.event("outage_started", began))

    assert class_at(dossier, given.day("2026-03-20")) is phase


def test_a_supplement_that_stops_nothing_turns_overdue_while_it_is_awaited() -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event("supplement_requested", "2026-03-04 10:00"),
        by=given.rules(5, supplement_policy="none"),
    )

    assert class_at(dossier, given.day("2026-03-09")) is Phase.WAITING
    assert class_at(dossier, given.day("2026-03-10")) is Phase.OVERDUE


@pytest.mark.parametrize("policy", ["restart", "exclude", "end_at_request"])
def test_a_dossier_waits_for_its_supplement_whatever_its_due_date(policy: str) -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event("supplement_requested", "2026-03-04 10:00"),
        by=given.rules(5, supplement_policy=policy),
    )

    assert class_at(dossier, given.day("2026-12-31")) is Phase.WAITING


@pytest.mark.parametrize(
    ("asked", "phase"),
    [
        pytest.param("2026-03-09 10:00", Phase.IN_TIME, id="on-the-due-day"),
        pytest.param("2026-03-10 10:00", Phase.OVERDUE, id="when-already-late"),
    ],
)
def test_a_clock_ended_at_the_request_keeps_what_it_had_come_to(asked: str, phase: Phase) -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event("supplement_requested", asked),
        given.event("supplemented", "2026-03-16 10:00"),
        by=given.rules(5, supplement_policy="end_at_request"),
    )

    assert class_at(dossier, given.day("2026-03-15")) is Phase.WAITING
    assert class_at(dossier, given.day("2026-12-31")) is phase


@pytest.mark.parametrize(
    ("stops", "resumes", "policy"),
    [
        pytest.param("payment_requested", "paid", "restart", id="payment"),
        pytest.param("outage_started", "outage_ended", "restart", id="outage"),
        pytest.param("supplement_requested", "supplemented", "exclude", id="supplement"),
    ],
)
def test_an_extension_within_a_pause_loses_no_day_of_it(stops: str, resumes: str, policy: str) -> None:
    dossier = given.dossier(
        ACCEPTED,
        given.event(stops, "2026-03-03 10:00"),
        extended("2026-03-05 10:00", to="2026-03-16 17:00"),
        given.event(resumes, "2026-03-06 10:00"),
        by=given.rules(5, supplement_policy=policy),
    )

    # Three working days were excluded of the law's term, one of the new date's.
    assert due_days(dossier) == (given.day("2026-03-09"), given.day("2026-03-12"), given.day("2026-03-17"))


def test_an_extension_within_an_outage_makes_nothing_overdue() -> None:
    dossier = given.dossier(
        ACCEPTED, given.event("outage_started", "2026-03-09 10:00"), extended("2026-03-11 10:00", to="2026-03-20 17:00")
    )

    assert class_at(dossier, given.day("2026-03-11")) is Phase.IN_TIME


def test_an_extension_stands_where_a_restart_would_end_before_it() -> None:
    dossier = given.dossier(
        ACCEPTED,
        extended("2026-03-03 10:00", to="2026-03-20 17:00"),
        given.event("payment_requested", "2026-03-04 10:00"),
        given.event("paid", "2026-03-06 10:00"),
        given.event("supplement_requested", "2026-03-06 11:00"),
        given.event("supplemented", "2026-03-09 10:00"),
    )

    assert due_days(dossier) == (given.day("2026-03-09"), given.day("2026-03-16"), given.day("2026-03-24"))


def test_a_printed_date_without_a_term_is_put_off_where_nothing_can_be_given_anew() -> None:
    dossier = given.dossier(
        given.event("accepted", "2026-03-02 09:00", due_at=given.moment("2026-03-09 17:00")),
        given.event("supplement_requested", "2026-03-04 10:00"),
        given.event("supplemented", "2026-03-06 10:00"),
        by=given.rules(None, supplement_policy="restart"),
    )

    assert due_days(dossier) == (given.day("2026-03-09"), given.day("2026-03-11"), given.day("2026-03-11"))
