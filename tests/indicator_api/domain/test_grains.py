from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicator_api.domain.grains import Grain, Piece, pieces_of, start_of
from indicator_api.domain.slices import Slice

UNIT_GRAINS = (Grain.YEAR, Grain.MONTH, Grain.DAY)
SERVICE_GRAINS = (Grain.YEAR, Grain.HALF, Grain.DAY)
days = st.dates(date(2018, 12, 1), date(2021, 3, 1))


def slice_between(start: str, end: str) -> Slice:
    return Slice({}, date.fromisoformat(start), date.fromisoformat(end))


def piece(grain: Grain, start: str, end: str) -> Piece:
    return Piece(grain, date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(
            "2020-01-01",
            "2020-07-01",
            [piece(Grain.YEAR, "0001-01-01", "2020-01-01"), piece(Grain.MONTH, "2020-01-01", "2020-07-01")],
            id="a named period needs no days",
        ),
        pytest.param(
            "2020-02-28",
            "2020-03-02",
            [
                piece(Grain.YEAR, "0001-01-01", "2020-01-01"),
                piece(Grain.MONTH, "2020-01-01", "2020-02-01"),
                piece(Grain.DAY, "2020-02-01", "2020-03-02"),
            ],
            id="days on both sides of a start are read at once",
        ),
        pytest.param(
            "2019-12-31",
            "2021-01-02",
            [
                piece(Grain.YEAR, "0001-01-01", "2019-01-01"),
                piece(Grain.MONTH, "2019-01-01", "2019-12-01"),
                piece(Grain.DAY, "2019-12-01", "2020-01-01"),
                piece(Grain.YEAR, "2020-01-01", "2021-01-01"),
                piece(Grain.DAY, "2021-01-01", "2021-01-02"),
            ],
            id="a whole year within",
        ),
    ],
)
def test_the_fewest_sums_make_a_period(start: str, end: str, expected: list[Piece]) -> None:
    assert pieces_of([slice_between(start, end)], UNIT_GRAINS) == expected


def test_a_period_of_either_cut_off_needs_no_days_of_services() -> None:
    pieces = pieces_of([slice_between("2019-12-15", "2020-06-15")], SERVICE_GRAINS)

    assert pieces == [
        piece(Grain.YEAR, "0001-01-01", "2019-01-01"),
        piece(Grain.HALF, "2019-01-01", "2020-06-15"),
    ]


def test_the_last_year_of_the_calendar_can_be_cut() -> None:
    pieces = pieces_of([slice_between("9999-06-01", "9999-12-31")], UNIT_GRAINS)

    assert pieces[-1] == piece(Grain.DAY, "9999-12-01", "9999-12-31")


@given(st.lists(days, min_size=2, max_size=5, unique=True).map(sorted), st.sampled_from([UNIT_GRAINS, SERVICE_GRAINS]))
def test_pieces_cover_each_day_once_and_cross_no_edge(edges: list[date], grains: tuple[Grain, ...]) -> None:
    slices = [Slice({}, start, end) for start, end in pairwise(edges)]

    pieces = pieces_of(slices, grains)

    assert pieces[0].start == date.min
    assert pieces[-1].end == edges[-1]
    assert all(earlier.end == later.start for earlier, later in pairwise(pieces))
    for edge in edges:
        (around,) = [one for one in pieces if one.start < edge <= one.end]
        assert start_of(around.grain, edge) == edge


@given(days, st.sampled_from(list(Grain)))
def test_a_grain_starts_on_or_before_each_of_its_days(day: date, grain: Grain) -> None:
    start = start_of(grain, day)

    assert start <= day
    assert start_of(grain, start) == start
