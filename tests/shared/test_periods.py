from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.periods import Cutoff, Period, UnknownPeriod, parse_period

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "cutoff", "first", "last"),
    [
        ("2020", "calendar", "2020-01-01", "2020-12-31"),
        ("2020-H1", "calendar", "2020-01-01", "2020-06-30"),
        ("2020-H2", "calendar", "2020-07-01", "2020-12-31"),
        ("2020-9M", "calendar", "2020-01-01", "2020-09-30"),
        ("2020-Q1", "calendar", "2020-01-01", "2020-03-31"),
        ("2020-Q2", "calendar", "2020-04-01", "2020-06-30"),
        ("2020-Q3", "calendar", "2020-07-01", "2020-09-30"),
        ("2020-Q4", "calendar", "2020-10-01", "2020-12-31"),
        ("2020-02", "calendar", "2020-02-01", "2020-02-29"),
        ("2021-02", "calendar", "2021-02-01", "2021-02-28"),
        ("2020-12", "calendar", "2020-12-01", "2020-12-31"),
        ("2020", "nd09", "2019-12-15", "2020-12-14"),
        ("2020-H1", "nd09", "2019-12-15", "2020-06-14"),
        ("2020-H2", "nd09", "2020-06-15", "2020-12-14"),
        ("2020-9M", "nd09", "2019-12-15", "2020-09-14"),
        ("2020-Q1", "nd09", "2019-12-15", "2020-03-14"),
        ("2020-Q2", "nd09", "2020-03-15", "2020-06-14"),
        ("2020-Q3", "nd09", "2020-06-15", "2020-09-14"),
        ("2020-Q4", "nd09", "2020-09-15", "2020-12-14"),
        ("2020-01", "nd09", "2019-12-15", "2020-01-14"),
        ("2020-12", "nd09", "2020-11-15", "2020-12-14"),
        # An explicit period is half-open and already cut.
        ("2019-10-01/2020-01-01", "calendar", "2019-10-01", "2019-12-31"),
        ("2019-10-01/2020-01-01", "nd09", "2019-10-01", "2019-12-31"),
        ("2020-02-29/2020-03-01", "calendar", "2020-02-29", "2020-02-29"),
    ],
)
def test_named_and_explicit_periods(text: str, cutoff: str, first: str, last: str) -> None:
    period = parse_period(text, Cutoff(cutoff))

    assert (period.start, period.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert period.end == period.last + DAY


def is_in(day: date, period: Period) -> bool:
    return period.start <= day < period.end


@pytest.mark.parametrize(
    ("day", "period"),
    [
        pytest.param("2020-06-14", "2020-H1", id="11-accepted-on-14-june-at-16:59"),
        pytest.param("2020-06-15", "2020-H2", id="11-accepted-on-15-june-at-00:01"),
    ],
)
def test_a_day_at_the_cut_lies_in_one_half_year(day: str, period: str) -> None:
    halves = {
        name for name in ("2020-H1", "2020-H2") if is_in(date.fromisoformat(day), parse_period(name, Cutoff.ND09))
    }

    assert halves == {period}


PARTITIONS = (("H1", "H2"), ("Q1", "Q2", "Q3", "Q4"), ("9M", "Q4"), tuple(f"{month:02}" for month in range(1, 13)))


@given(year=st.integers(2000, 2098), cutoff=st.sampled_from(Cutoff), parts=st.sampled_from(PARTITIONS))
def test_parts_tile_the_year_and_years_each_other(year: int, cutoff: Cutoff, parts: tuple[str, ...]) -> None:
    whole, following = parse_period(str(year), cutoff), parse_period(str(year + 1), cutoff)
    periods = [parse_period(f"{year}-{part}", cutoff) for part in parts]

    assert (periods[0].start, periods[-1].end) == (whole.start, whole.end)
    assert all(before.end == after.start for before, after in pairwise(periods))
    assert whole.end == following.start


@pytest.mark.parametrize("cutoff", Cutoff)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "1999",
        "2100",
        "2020-",
        "2020-H3",
        "2020-h1",
        "2020-Q0",
        "2020-Q5",
        "2020-6M",
        "2020-00",
        "2020-13",
        "2020-1",
        "2020-H1 ",
        "2020-H1\n",
        "２０20",
        "20٢٠-H1",
        "2020-01-01",
        "2020-01-01/",
        "2020-01-01/2020-01-01",
        "2020-02-01/2020-01-01",
        "2020-02-30/2020-03-01",
        "2020-01-01/2020-13-01",
        "2020-01-01/2020-02-01/2020-03-01",
        "0000-01-01/2020-01-01",
        "٢٠٢٠-01-01/2020-02-01",
    ],
)
def test_any_other_text_names_no_period(text: str, cutoff: Cutoff) -> None:
    with pytest.raises(UnknownPeriod) as refused:
        parse_period(text, cutoff)

    assert refused.value.facts == {"period": text}
