"""Taking a dossier in: what is fixed on that day, and the first due date."""

from datetime import date, time
from typing import Any

import pytest

from dossier_api.domain.catalogue import OfficeHours, Procedure
from dossier_api.domain.clock import first_dues
from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.errors import ProcedureNotInForce, ProcedureUnknown, UnitNotOpen, UnitUnknown
from dossier_api.domain.flags import Flag
from dossier_api.domain.fold import fold
from shared.working_days import WorkingCalendar
from tests.dossier_api import given

FIFTEEN = time(15, 0)


def due(when: str, rules: Rules) -> str | None:
    due_first = given.dossier(given.event("accepted", when), by=rules).due_first
    return f"{due_first:%Y-%m-%d %H:%M}" if due_first else None


# 6 March 2026 is a Friday.
@pytest.mark.parametrize(
    ("when", "term", "expected"),
    [
        pytest.param("2026-03-05 09:00", 1, "2026-03-06 17:00", id="day-of-acceptance-is-day-0"),
        pytest.param("2026-03-06 23:45", 1, "2026-03-09 17:00", id="after-hours-is-the-same-day"),
        pytest.param("2026-03-07 10:00", 1, "2026-03-09 17:00", id="saturday-counts-as-friday"),
        pytest.param("2026-03-08 10:00", 2, "2026-03-10 17:00", id="sunday-counts-as-friday"),
        pytest.param("2026-01-09 09:00", 1, "2026-01-10 17:00", id="due-on-a-worked-saturday"),
        pytest.param("2026-01-10 09:00", 1, "2026-01-12 17:00", id="accepted-on-a-worked-saturday"),
        pytest.param("2026-02-13 09:00", 1, "2026-02-23 17:00", id="over-tet"),
    ],
)
def test_working_days(when: str, term: int, expected: str) -> None:
    assert due(when, given.rules(term)) == expected


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("2026-03-05 15:00", "2026-03-06 17:00", id="at-15:00"),
        pytest.param("2026-03-05 15:01", "2026-03-09 17:00", id="a-minute-later"),
        pytest.param("2026-03-06 15:01", "2026-03-10 17:00", id="friday-afternoon"),
        # A day off counts as the close of Friday, which is after 15:00: else waiting for Saturday would gain a day.
        pytest.param("2026-03-07 10:00", "2026-03-10 17:00", id="day-off"),
    ],
)
def test_after_three_o_clock_the_next_working_day_counts(when: str, expected: str) -> None:
    assert due(when, given.rules(1, late_acceptance_after=FIFTEEN)) == expected


@pytest.mark.parametrize(
    ("when", "hours", "expected"),
    [
        pytest.param("2026-03-05 09:00", 2, "2026-03-05 11:00", id="within-the-morning"),
        pytest.param("2026-03-05 09:30", 2, "2026-03-05 11:30", id="ends-as-the-lunch-break-begins"),
        pytest.param("2026-03-05 10:30", 2, "2026-03-05 14:30", id="over-lunch"),
        pytest.param("2026-03-05 12:00", 1, "2026-03-05 14:30", id="accepted-in-the-lunch-break"),
        pytest.param("2026-03-05 06:00", 1, "2026-03-05 08:30", id="accepted-before-opening"),
        pytest.param("2026-03-06 16:30", 1, "2026-03-09 08:00", id="over-the-weekend"),
        pytest.param("2026-03-07 10:00", 1, "2026-03-09 08:30", id="accepted-on-a-day-off"),
        pytest.param("2026-01-09 16:30", 1, "2026-01-10 08:00", id="worked-saturday-has-monday-s-hours"),
        pytest.param("2026-03-05 09:00", 15, "2026-03-09 09:00", id="two-days-of-seven-and-a-half-hours"),
    ],
)
def test_working_hours(when: str, hours: int, expected: str) -> None:
    assert due(when, given.rules(hours, "working_hour")) == expected


def test_working_hours_after_three_o_clock_begin_at_the_next_opening() -> None:
    rules = given.rules(1, "working_hour", late_acceptance_after=FIFTEEN)

    assert due("2026-03-06 15:01", rules) == "2026-03-09 08:30"


@pytest.mark.parametrize(
    ("when", "days", "expected"),
    [
        pytest.param("2026-03-05 09:00", 1, "2026-03-06 17:00", id="friday"),
        pytest.param("2026-03-05 09:00", 2, "2026-03-09 17:00", id="last-day-saturday-moves-to-monday"),
        pytest.param("2026-03-05 09:00", 5, "2026-03-10 17:00", id="days-off-within-count"),
        pytest.param("2026-01-08 09:00", 2, "2026-01-10 17:00", id="last-day-a-worked-saturday-stays"),
        pytest.param("2026-02-06 09:00", 10, "2026-02-23 17:00", id="last-day-in-tet-moves-behind-it"),
    ],
)
def test_calendar_days(when: str, days: int, expected: str) -> None:
    assert due(when, given.rules(days, "calendar_day")) == expected


def test_the_due_moment_is_the_close_of_the_unit_s_own_hours() -> None:
    short = OfficeHours(date(2026, 1, 1), given.hours(("08:00", "12:00")))
    own = {given.PROVINCE: (given.OFFICE_HOURS,), given.DISTRICT: (short,)}
    rules = Rules(given.catalogue(given.version(1), office_hours=own), given.official_calendar())

    assert due("2026-03-05 09:00", rules) == "2026-03-06 12:00"
    # Before its own hours began, the province's were its own.
    assert due("2025-03-05 09:00", rules) == "2025-03-06 17:00"


def test_a_worked_saturday_without_hours_of_its_own_has_monday_s() -> None:
    weekdays = given.hours(("07:30", "17:00"))
    short_monday = OfficeHours(date(2026, 1, 1), {**weekdays, 0: given.hours(("08:00", "12:00"))[0]})
    own_saturday = OfficeHours(date(2026, 1, 1), {**short_monday.weekdays, 5: given.hours(("07:00", "10:00"))[0]})

    for hours, close in ((short_monday, "12:00"), (own_saturday, "10:00")):
        catalogue = given.catalogue(given.version(1), office_hours={given.PROVINCE: (hours,)})
        # 10 January 2026 is a Saturday worked for 2 January.
        assert due("2026-01-09 09:00", Rules(catalogue, given.official_calendar())) == f"2026-01-10 {close}"


def test_saturday_hours_make_no_saturday_a_working_day() -> None:
    with_saturday = OfficeHours(
        date(2026, 1, 1), {**given.OFFICE_HOURS.weekdays, 5: given.hours(("07:30", "11:30"))[0]}
    )
    catalogue = given.catalogue(given.version(1, "working_hour"), office_hours={given.PROVINCE: (with_saturday,)})

    assert due("2026-03-06 16:30", Rules(catalogue, given.official_calendar())) == "2026-03-09 08:00"


def test_a_dossier_keeps_the_version_in_force_on_the_day_of_acceptance() -> None:
    old = given.version(5, valid_to=date(2026, 3, 3))
    new = given.version(1, valid_from=date(2026, 3, 3), field="Đất đai")
    rules = Rules(given.catalogue(old, new), given.official_calendar())
    filed = given.event("submitted", "2026-03-02 09:00")

    day_before = given.dossier(filed, given.event("accepted", "2026-03-02 10:00"), by=rules)
    first_day = given.dossier(filed, given.event("accepted", "2026-03-03 10:00"), by=rules)

    assert (day_before.version, first_day.version) == (old, new)


PRINTED = given.moment("2026-03-10 10:00")


@pytest.mark.parametrize(
    ("term", "flags"),
    [
        pytest.param(5, (Flag.PRINTED_DUE_LATER,), id="later-than-the-law-s"),
        pytest.param(6, (), id="the-law-s-day"),
        pytest.param(9, (), id="earlier-than-the-law-s"),
        pytest.param(None, (), id="the-law-has-none"),
    ],
)
def test_the_printed_date_is_the_first(term: int | None, flags: tuple[Flag, ...]) -> None:
    dossier = given.dossier(given.event("accepted", "2026-03-02 09:00", due_at=PRINTED), by=given.rules(term))

    assert dossier.due_first == dossier.due_statutory == dossier.due_current == PRINTED
    assert dossier.flags == flags


# Accepted on Thursday 25 December 2025 for five working days: promised for 2 January, which was decided off later.
PROMISED = WorkingCalendar(off={date(2026, 1, 1)})


@pytest.mark.parametrize(
    ("printed", "off", "expected"),
    [
        pytest.param(None, set(), ("2026-01-02", "2026-01-02"), id="nothing-decided-since"),
        pytest.param(None, {"2026-01-02"}, ("2026-01-02", "2026-01-05"), id="the-promised-day-is-off-now"),
        pytest.param(None, {"2025-12-30"}, ("2026-01-02", "2026-01-02"), id="the-promise-is-earlier-and-worked"),
        pytest.param("2026-01-06", set(), ("2026-01-06", "2026-01-02"), id="the-print-is-later-than-the-law"),
        pytest.param("2025-12-31", {"2025-12-30"}, ("2025-12-31", "2025-12-31"), id="the-print-is-earlier"),
    ],
)
def test_after_a_new_calendar_a_promise_stands_where_it_is_no_later_and_worked(
    printed: str | None, off: set[str], expected: tuple[str, str]
) -> None:
    now = WorkingCalendar(off={date(2026, 1, 1), *map(date.fromisoformat, off)})
    rules = Rules(given.catalogue(given.version(5)), now, promised=PROMISED)

    _, first, statutory = first_dues(
        given.moment("2025-12-25 09:00"),
        given.version(5),
        rules=rules,
        unit_code=given.DISTRICT,
        printed=given.moment(f"{printed} 17:00") if printed else None,
    )

    assert first is not None
    assert statutory is not None
    assert (first.date().isoformat(), statutory.date().isoformat()) == expected


def test_after_a_new_calendar_a_printed_date_without_a_term_stands() -> None:
    printed = given.moment("2026-01-03 17:00")
    rules = Rules(given.catalogue(given.version(None)), given.official_calendar(), promised=PROMISED)

    dossier = given.dossier(given.event("accepted", "2025-12-25 09:00", due_at=printed), by=rules)

    assert dossier.due_first == dossier.due_statutory == printed


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param({"unit_code": "H99"}, UnitUnknown, id="no-such-unit"),
        pytest.param({"unit_code": "H35.80"}, UnitNotOpen, id="a-unit-of-tomorrow"),
        pytest.param({"unit_code": "H35.81"}, UnitNotOpen, id="a-unit-closed-today"),
        pytest.param({"receiving_unit_code": "H99"}, UnitUnknown, id="no-such-receiving-unit"),
        pytest.param({"receiving_unit_code": "H35.80"}, UnitNotOpen, id="a-receiving-unit-of-tomorrow"),
        pytest.param({"procedure_code": "9.9"}, ProcedureUnknown, id="no-such-procedure"),
        pytest.param({"procedure_code": "2.1"}, ProcedureNotInForce, id="a-procedure-of-tomorrow"),
    ],
)
@pytest.mark.parametrize("name", ["submitted", "accepted"])
def test_what_does_not_exist_that_day_is_refused(name: str, data: dict[str, Any], error: type[Exception]) -> None:
    today, tomorrow = date(2026, 3, 2), date(2026, 3, 3)
    units = [
        given.unit("H35.80", given.PROVINCE, valid_from=tomorrow),
        given.unit("H35.81", given.PROVINCE, valid_to=today),
    ]
    procedures = {
        given.BIRTH: Procedure(given.BIRTH, (given.version(),)),
        "2.1": Procedure("2.1", (given.version(valid_from=tomorrow),)),
    }
    rules = Rules(given.catalogue(units=units, procedures=procedures), given.official_calendar())
    event = given.event(name, "2026-03-02 09:00", **data)

    assert {identity: type(found) for identity, found in fold([event], rules).refused.items()} == {
        event.identity: error
    }


def filed_and_accepted(code: str) -> Dossier:
    return given.dossier(
        given.event("submitted", "2026-02-27 09:00", dossier=code),
        given.event("accepted", "2026-03-02 09:00", dossier=code),
    )


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        pytest.param("000.01.12.H35-260302-0001", (), id="the-day-of-acceptance"),
        pytest.param("000.01.12.H35-260227-0001", (Flag.CODE_DATE_DIFFERS,), id="the-day-of-filing"),
        pytest.param("000.01.12.H35-260302-1", (Flag.CODE_NOT_STANDARD,), id="another-shape"),
    ],
)
def test_a_code_s_date_is_the_day_of_acceptance(code: str, flags: tuple[Flag, ...]) -> None:
    assert filed_and_accepted(code).flags == flags
    assert given.dossier(given.event("accepted", "2026-03-02 09:00", dossier=code)).flags == flags


def test_a_code_is_not_held_to_a_day_before_acceptance() -> None:
    assert given.dossier(given.event("submitted", "2026-02-27 09:00")).flags == ()
