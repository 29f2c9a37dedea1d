from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.working_days import FIRST, LAST, OutsideCalendar, WorkingCalendar

DAY = timedelta(days=1)
# 2026-01-02 is off and Saturday the 10th worked for it; 2018-12-31 for Saturday 2019-01-05.
OFF = {date(2018, 12, 31), date(2019, 1, 1), date(2026, 1, 1), date(2026, 1, 2)}
WORKED = {date(2019, 1, 5), date(2026, 1, 10)}
CALENDAR = WorkingCalendar(off=OFF, worked=WORKED)


def days_from(day: date, step: timedelta = DAY) -> Iterator[date]:
    while True:
        yield day
        day += step


def works(day: date, off: set[date], worked: set[date]) -> bool:
    return day in worked or (day.isoweekday() <= 5 and day not in off)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param("2026-01-05", True, id="monday"),
        pytest.param("2026-01-09", True, id="friday"),
        pytest.param("2026-01-03", False, id="saturday"),
        pytest.param("2026-01-04", False, id="sunday"),
        pytest.param("2026-01-02", False, id="weekday-off"),
        pytest.param("2026-01-10", True, id="saturday-worked-instead"),
        pytest.param("2024-02-29", True, id="leap-day"),
        pytest.param("2000-01-01", False, id="first-day-a-saturday"),
        pytest.param("2000-01-03", True, id="first-working-day"),
        pytest.param("2060-12-31", True, id="last-day"),
    ],
)
def test_is_working(day: str, *, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("day", "term", "due"),
    [
        pytest.param("2026-01-05", 1, "2026-01-06", id="next-day"),
        pytest.param("2026-01-09", 1, "2026-01-10", id="worked-saturday"),
        pytest.param("2025-12-31", 1, "2026-01-05", id="over-the-year-end"),
        pytest.param("2018-12-28", 1, "2019-01-02", id="swap-over-the-year-end"),
        pytest.param("2019-01-04", 1, "2019-01-05", id="its-make-up-day"),
        pytest.param("2026-01-18", 1, "2026-01-19", id="sunday-counts-as-friday"),
        pytest.param("2026-01-11", 1, "2026-01-12", id="sunday-counts-as-worked-saturday"),
        pytest.param("2026-01-05", 0, "2026-01-05", id="same-day"),
        pytest.param("2026-01-04", 0, "2025-12-31", id="day-off-and-no-term-is-the-working-day-before"),
        pytest.param("2024-02-28", 1, "2024-02-29", id="leap-day"),
    ],
)
def test_add(day: str, term: int, due: str) -> None:
    assert CALENDAR.add(date.fromisoformat(day), term) == date.fromisoformat(due)


def test_both_halves_of_a_swap_leave_the_year_as_long_as_it_was() -> None:
    swapped = WorkingCalendar(off={date(2026, 1, 2)}, worked={date(2026, 1, 10)})

    for calendar in (swapped, WorkingCalendar()):
        assert calendar.between(date(2025, 12, 31), date(2026, 12, 31)) == 261


@pytest.mark.parametrize(
    ("day", "found"),
    [
        pytest.param("2026-01-10", "2026-01-10", id="worked"),
        pytest.param("2026-01-11", "2026-01-12", id="off"),
        pytest.param("2026-01-01", "2026-01-05", id="several-off"),
    ],
)
def test_on_or_after(day: str, found: str) -> None:
    assert CALENDAR.on_or_after(date.fromisoformat(day)) == date.fromisoformat(found)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: CALENDAR.ordinal(FIRST - 2 * DAY), id="before-the-first-day"),
        pytest.param(lambda: CALENDAR.ordinal(LAST + DAY), id="after-the-last-day"),
        pytest.param(lambda: CALENDAR.add(LAST, 1), id="a-term-beyond-it"),
        pytest.param(lambda: CALENDAR.add(FIRST, 0), id="no-working-day-before"),
        pytest.param(lambda: CALENDAR.on_or_after(LAST + DAY), id="next-day-beyond-it"),
        pytest.param(lambda: CALENDAR.between(FIRST, date.max), id="span-beyond-it"),
    ],
)
def test_outside_its_days_a_calendar_says_so(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(OutsideCalendar):
        ask()


years = st.dates(date(2018, 12, 1), date(2019, 2, 28))
some_days = st.sets(years, max_size=12)


@settings(max_examples=25, deadline=None)
@given(off=some_days, worked=some_days, day=years, term=st.integers(1, 15), later=st.integers(0, 40))
def test_the_running_count_says_what_walking_says(
    off: set[date], worked: set[date], day: date, term: int, later: int
) -> None:
    calendar = WorkingCalendar(off=off, worked=worked)
    end = day + later * DAY

    worked_after = [one for one, _ in zip(days_from(day + DAY), range(120), strict=False) if works(one, off, worked)]
    assert calendar.is_working(day) is works(day, off, worked)
    assert calendar.add(day, term) == worked_after[term - 1]
    assert calendar.between(day, end) == sum(one <= end for one in worked_after)
    assert calendar.between(end, day) == -calendar.between(day, end)
    assert calendar.on_or_after(day) == (day if works(day, off, worked) else worked_after[0])
