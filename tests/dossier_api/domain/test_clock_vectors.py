"""The province's own cases of clock and class, each by its number.

Cases 10 (its figure), 11 (periods), 15 and 16 (reports) are also told where periods, figures and reports are tested.
"""

from datetime import date
from typing import Any

import pytest

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.errors import AlreadyExtended
from dossier_api.domain.events import Event
from dossier_api.domain.flags import Flag
from dossier_api.domain.fold import fold
from dossier_api.domain.life import class_at, life_of
from shared.contracts.life import Mark, MarkOn, Phase
from tests.dossier_api import given

NINE = "09:00"


def accepted_on(day: str, time: str = NINE, **data: Any) -> Event:
    return given.event("accepted", f"{day} {time}", **data)


def class_of(dossier: Dossier, *, by_extension: bool = False) -> Phase | None:
    assert dossier.finished_at is not None
    return class_at(dossier, dossier.finished_at.date(), by_extension=by_extension)


@pytest.mark.parametrize(
    ("accepted", "term", "due"),
    [
        pytest.param("2025-12-31", 3, "2026-01-07", id="1-a-swap-decided-late"),
        pytest.param("2019-01-03", 2, "2019-01-05", id="2-a-make-up-saturday-in-the-year-after"),
        pytest.param("2026-11-20", 3, "2026-11-26", id="3-culture-day"),
    ],
)
def test_due_day_of_working_days(accepted: str, term: int, due: str) -> None:
    dossier = given.dossier(accepted_on(accepted), by=given.rules(term))

    assert dossier.due_first == dossier.due_statutory == dossier.due_current == given.moment(f"{due} 17:00")


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        pytest.param("restart", "2026-03-17", id="4-restart"),
        pytest.param("exclude", "2026-03-13", id="4-exclude"),
        pytest.param("none", "2026-03-09", id="4-none"),
    ],
)
def test_one_dossier_and_a_supplement_by_policy(policy: str, due: str) -> None:
    dossier = given.dossier(
        accepted_on("2026-03-02"),
        given.event("supplement_requested", "2026-03-04 10:00"),
        given.event("supplemented", "2026-03-10 10:00"),
        by=given.rules(5, supplement_policy=policy),
    )

    assert dossier.due_statutory == dossier.due_current == given.moment(f"{due} 17:00")
    assert dossier.due_first == given.moment("2026-03-09 17:00")
    assert dossier.flags == ()


def test_4_end_at_request_ends_the_clock_on_the_day_of_asking_and_early() -> None:
    dossier = given.dossier(
        accepted_on("2026-03-02"),
        given.event("supplement_requested", "2026-03-04 10:00"),
        given.event("supplemented", "2026-03-10 10:00"),
        given.event("finished", "2026-04-30 10:00"),
        by=given.rules(5, supplement_policy="end_at_request"),
    )

    assert dossier.clock_ended_at == given.moment("2026-03-04 10:00")
    assert dossier.due_statutory == given.moment("2026-03-09 17:00")
    assert class_of(dossier) is Phase.EARLY


@pytest.mark.parametrize(
    ("asked", "flags"),
    [
        pytest.param("2026-03-05", (), id="5-on-the-third-working-day"),
        pytest.param("2026-03-06", (Flag.LATE_SUPPLEMENT_REQUEST,), id="5-on-the-fourth-working-day"),
    ],
)
def test_a_late_supplement_request_is_flagged(asked: str, flags: tuple[Flag, ...]) -> None:
    dossier = given.dossier(accepted_on("2026-03-02"), given.event("supplement_requested", f"{asked} 10:00"))

    assert dossier.flags == flags


# Nine working days from 2 March end on 13 March.
NINE_DAYS = given.rules(9)
EXTENDABLE = accepted_on("2026-03-02")


def extended(on: str, to: str = "2026-03-20 17:00", **data: Any) -> Event:
    return given.event("extended", f"{on} 10:00", due_at=given.moment(to), reason="workload", **data)


def test_6_an_extension_never_turns_late_into_early_by_the_statutory_date() -> None:
    dossier = given.dossier(
        EXTENDABLE, extended("2026-03-12"), given.event("finished", "2026-03-19 10:00"), by=NINE_DAYS
    )

    assert dossier.due_first == dossier.due_statutory == given.moment("2026-03-13 17:00")
    assert dossier.due_current == given.moment("2026-03-20 17:00")
    assert class_of(dossier) is Phase.LATE
    assert class_of(dossier, by_extension=True) is Phase.EARLY
    assert [marked.mark for marked in dossier.marks] == [Mark.EXTENSION, Mark.APOLOGY_IN_TIME]
    assert dossier.flags == ()


@pytest.mark.parametrize(
    ("event", "marks", "flags"),
    [
        pytest.param(extended("2026-03-12"), [Mark.EXTENSION, Mark.APOLOGY_IN_TIME], (), id="7-a-day-before"),
        pytest.param(extended("2026-03-13"), [Mark.EXTENSION], (Flag.LATE_APOLOGY,), id="7-on-the-due-day"),
        pytest.param(
            extended("2026-03-13", apology_on=date(2026, 3, 12)),
            [Mark.EXTENSION, Mark.APOLOGY_IN_TIME],
            (),
            id="7-a-letter-dated-the-day-before",
        ),
        pytest.param(
            extended("2026-03-12", apology_on=date(2026, 3, 13)),
            [Mark.EXTENSION],
            (Flag.LATE_APOLOGY,),
            id="7-a-letter-dated-on-the-due-day",
        ),
    ],
)
def test_an_apology_is_in_time_a_day_before_the_due_day(
    event: Event, marks: list[Mark], flags: tuple[Flag, ...]
) -> None:
    dossier = given.dossier(EXTENDABLE, event, by=NINE_DAYS)

    assert [marked.mark for marked in dossier.marks] == marks
    assert dossier.flags == flags


def test_8_a_second_extension_is_refused() -> None:
    second = extended("2026-03-18", to="2026-03-27 17:00")

    folded = fold([EXTENDABLE, extended("2026-03-12"), second], NINE_DAYS)

    assert {identity: type(error) for identity, error in folded.refused.items()} == {second.identity: AlreadyExtended}
    assert folded.dossier is not None
    assert folded.dossier.due_current == given.moment("2026-03-20 17:00")


@pytest.mark.parametrize(
    ("finished", "phase"),
    [
        pytest.param("2026-03-12 23:59", Phase.EARLY, id="9-the-day-before"),
        pytest.param("2026-03-13 00:00", Phase.ON_TIME, id="9-on-the-due-day-early-in-the-morning"),
        pytest.param("2026-03-13 17:45", Phase.ON_TIME, id="9-on-the-due-day-after-hours"),
        pytest.param("2026-03-14 00:00", Phase.LATE, id="9-the-day-after"),
    ],
)
def test_the_civil_day_decides_for_a_day_based_procedure(finished: str, phase: Phase) -> None:
    assert class_of(given.dossier(EXTENDABLE, given.event("finished", finished), by=NINE_DAYS)) is phase


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        pytest.param("2026-03-01", None, id="10-before-acceptance"),
        pytest.param("2026-03-02", Phase.IN_TIME, id="10-on-the-day-of-acceptance"),
        pytest.param("2026-03-13", Phase.IN_TIME, id="10-at-the-close-of-the-due-day"),
        pytest.param("2026-03-14", Phase.OVERDUE, id="10-from-the-next-day"),
    ],
)
def test_an_open_dossier_is_overdue_from_the_day_after_its_due_day(day: str, phase: Phase | None) -> None:
    assert class_at(given.dossier(EXTENDABLE, by=NINE_DAYS), given.day(day)) is phase


def test_12_without_a_time_limit_a_dossier_is_undetermined() -> None:
    dossier = given.dossier(
        EXTENDABLE, given.event("finished", "2026-12-24"), by=given.rules(None, supplement_policy="restart")
    )

    assert (dossier.due_first, dossier.due_statutory, dossier.due_current) == (None, None, None)
    assert class_at(dossier, date(2026, 12, 23)) is Phase.IN_TIME
    assert class_of(dossier) is Phase.UNDETERMINED


def test_13_an_online_dossier_is_received_on_acceptance_and_late_after_eight_working_hours() -> None:
    # 2026-06-10 is a Wednesday.
    dossier = given.dossier(given.event("submitted", "2026-06-10 09:00"), accepted_on("2026-06-16", channel="online"))

    life = life_of(dossier, given.catalogue())

    assert life.received_on == date(2026, 6, 16)
    assert class_at(dossier, date(2026, 6, 15)) is None
    assert MarkOn(date(2026, 6, 11), Mark.LATE_ACCEPTANCE) in life.marks


def test_14_a_dossier_withdrawn_after_acceptance_has_an_end_of_its_own() -> None:
    dossier = given.dossier(EXTENDABLE, given.event("withdrawn", "2026-03-20"), by=NINE_DAYS)

    assert class_at(dossier, date(2026, 3, 19)) is Phase.OVERDUE
    assert class_at(dossier, date(2026, 3, 20)) is Phase.WITHDRAWN


def test_17_working_hours_begin_when_offices_open_again() -> None:
    dossier = given.dossier(accepted_on("2026-09-01", "10:00"), by=given.rules(8, "working_hour"))

    assert dossier.due_first == given.moment("2026-09-04 08:00")
