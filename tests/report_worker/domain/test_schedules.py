"""On which day each report is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_worker.domain.schedules import DueRun, Each, Part, ScheduleTerms, periods_maybe_due, runs_due
from shared.periods import Cutoff
from shared.working_days import WorkingCalendar

CALENDAR = WorkingCalendar(off={date(2026, 1, 1), date(2026, 1, 2)}, worked={date(2026, 1, 10)})


def terms(
    *parts: Part, cutoff: Cutoff = Cutoff.CALENDAR, days: int = 5, starts: date = date(2026, 1, 1)
) -> ScheduleTerms:
    return ScheduleTerms("II.06a", Each.UNIT, parts, cutoff, days, "vi", starts)


@pytest.mark.parametrize(
    ("part", "cutoff", "days", "due"),
    [
        (Part.Q1, Cutoff.CALENDAR, 5, date(2026, 4, 7)),
        (Part.H1, Cutoff.CALENDAR, 5, date(2026, 7, 7)),
        (Part.Q3, Cutoff.CALENDAR, 5, date(2026, 10, 7)),
        (Part.NINE_MONTHS, Cutoff.CALENDAR, 5, date(2026, 10, 7)),
        (Part.Q1, Cutoff.ND09, 5, date(2026, 3, 20)),
        (Part.H1, Cutoff.ND09, 1, date(2026, 6, 15)),
        (Part.NINE_MONTHS, Cutoff.ND09, 1, date(2026, 9, 15)),
        (Part.YEAR, Cutoff.ND09, 5, date(2026, 12, 21)),
    ],
)
def test_each_part_is_due_so_many_working_days_after_its_cut_off(
    part: Part, cutoff: Cutoff, days: int, due: date
) -> None:
    found = runs_due(terms(part, cutoff=cutoff, days=days), CALENDAR, first=date(2026, 1, 20), last=date(2026, 12, 31))

    assert found == [DueRun(due, part.name_in(2026))]


def test_days_off_and_days_worked_instead_move_the_day() -> None:
    found = runs_due(terms(Part.YEAR, days=6), CALENDAR, first=date(2026, 1, 1), last=date(2026, 1, 31))

    # 5, 6, 7, 8, 9 and Saturday the 10th, worked for the 2nd.
    assert found == [DueRun(date(2026, 1, 10), "2025")]


@pytest.mark.parametrize(("starts", "found"), [(date(2026, 4, 7), 1), (date(2026, 4, 8), 0)])
def test_what_was_due_before_the_start_is_not_made(starts: date, found: int) -> None:
    due = runs_due(terms(Part.Q1, starts=starts), CALENDAR, first=date(2026, 1, 1), last=date(2026, 4, 30))

    assert len(due) == found


@given(
    st.sets(st.sampled_from(Part), min_size=1),
    st.sampled_from(Cutoff),
    st.integers(1, 60),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(0, 500),
)
def test_no_due_run_is_missed_before_the_calendar_is_asked(
    parts: set[Part], cutoff: Cutoff, days: int, starts: date, age: int
) -> None:
    wanted = terms(*parts, cutoff=cutoff, days=days, starts=starts)
    today = date.fromordinal(starts.toordinal() + age)

    due = runs_due(wanted, CALENDAR, first=starts, last=today)

    assert {run.period_name for run in due} <= set(periods_maybe_due(wanted, today=today))
