from datetime import date

import pytest

from report_worker.domain.windows import PREVIOUS, YEAR_AGO, Subject, Window, earlier_windows, year_windows
from shared.periods import Cutoff, Period, parse_period


def _subject(name: str, *, cutoff: Cutoff = Cutoff.CALENDAR, as_of: date | None = None) -> Subject:
    period = parse_period(name, cutoff)
    return Subject("Tỉnh Lai Châu", name, cutoff, period, as_of or period.last, "vi")


@pytest.mark.parametrize(
    ("period", "year_ago", "previous"),
    [
        ("2020-H1", "2019-H1", "2019-H2"),
        ("2020-H2", "2019-H2", "2020-H1"),
        ("2020-Q1", "2019-Q1", "2019-Q4"),
        ("2020-Q3", "2019-Q3", "2020-Q2"),
        ("2020-01", "2019-01", "2019-12"),
        ("2020-12", "2019-12", "2020-11"),
        ("2020-9M", "2019-9M", None),
        ("2020", "2019", None),
        ("2020-03-01/2020-03-11", "2019-03-01/2019-03-11", "2020-02-20/2020-03-01"),
        ("2020-02-29/2020-03-01", "2019-02-28/2019-03-01", "2020-02-28/2020-02-29"),
        ("2000-H1", None, None),
    ],
)
def test_a_period_is_held_against_the_one_a_year_earlier_and_the_one_before(
    period: str, year_ago: str | None, previous: str | None
) -> None:
    found = earlier_windows(_subject(period))

    assert {key: window.name for key, window in found.items()} == {
        key: name for key, name in ((YEAR_AGO, year_ago), (PREVIOUS, previous)) if name
    }


def test_a_running_period_is_held_against_as_many_days_of_the_earlier_ones() -> None:
    found = earlier_windows(_subject("2020-H1", as_of=date(2020, 3, 31)))

    assert found[YEAR_AGO].as_of == date(2019, 4, 1)
    assert found[PREVIOUS].as_of == date(2019, 9, 29)


def test_earlier_periods_are_cut_as_the_reports_own() -> None:
    found = earlier_windows(_subject("2020-H1", cutoff=Cutoff.ND09))

    assert found[YEAR_AGO].period == Period(date(2018, 12, 15), date(2019, 6, 15))


def test_a_series_ends_with_the_reports_own_year_as_far_as_it_is_seen() -> None:
    found = year_windows(_subject("2020-H1"), years=3)

    assert list(found.values()) == [
        Window("2018", Period(date(2018, 1, 1), date(2019, 1, 1)), date(2018, 12, 31)),
        Window("2019", Period(date(2019, 1, 1), date(2020, 1, 1)), date(2019, 12, 31)),
        Window("2020", Period(date(2020, 1, 1), date(2021, 1, 1)), date(2020, 6, 30)),
    ]
