"""Slices of time, exact values, online levels, the tree: arithmetic on plain values."""

from datetime import date

import pytest

from indicator_api.domain.counts import Count, Term, Window, counts_of, terms_of
from indicator_api.domain.definitions import DEFINITIONS
from indicator_api.domain.formulae import DossierRatio
from indicator_api.domain.measures import Basis, Measure
from indicator_api.domain.online_levels import labels_at, labels_meant
from indicator_api.domain.rounding import value_of
from indicator_api.domain.selection import Dimension, Selection, at_levels, cells_of
from indicator_api.domain.slices import label_of, slices_of
from indicator_api.domain.tree import Tree, Unit, tree_of
from shared.periods import Cutoff, parse_period


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [
        (8460, 8460, 1.0),
        (5552, 5583, 0.9944),
        (1, 3, 0.3333),
        (2, 3, 0.6667),
        (1, 20_000, 0.0001),
        (1, 20_001, 0.0),
        (-1, 20_000, -0.0001),
        (0, 7, 0.0),
        (0, 0, None),
        (5, 0, None),
    ],
)
def test_values_are_rounded_half_up_to_four_decimals(numerator: int, denominator: int, value: float | None) -> None:
    assert value_of(numerator, denominator) == value


def test_every_half_is_rounded_up_exactly() -> None:
    assert all(value_of(2 * tenth + 1, 20_000) == (tenth + 1) / 10_000 for tenth in range(10_000))


@pytest.mark.parametrize(
    ("day", "month", "quarter", "year"),
    [
        ("2019-12-14", "2019-12", "2019-Q4", "2019"),
        ("2019-12-15", "2020-01", "2020-Q1", "2020"),
        ("2020-03-14", "2020-03", "2020-Q1", "2020"),
        ("2020-03-15", "2020-04", "2020-Q2", "2020"),
    ],
)
def test_nd09_reports_the_second_half_of_a_month_in_the_next(day: str, month: str, quarter: str, year: str) -> None:
    dimensions = (Dimension.MONTH, Dimension.QUARTER, Dimension.YEAR)

    labels = [label_of(date.fromisoformat(day), dimension, Cutoff.ND09) for dimension in dimensions]

    assert labels == [month, quarter, year]


def sliced(period: str, *group_by: Dimension, cutoff: Cutoff = Cutoff.CALENDAR, as_of: str = "") -> list[str]:
    span = parse_period(period, cutoff)
    last = date.fromisoformat(as_of) if as_of else span.last
    slices = slices_of(Selection(span, last, cutoff=cutoff, group_by=group_by))
    return [f"{'/'.join(one.labels.values())} {one.start}–{one.end}" for one in slices]


def test_a_period_is_cut_without_gaps() -> None:
    assert sliced("2020-01-20/2020-03-02", Dimension.MONTH) == [
        "2020-01 2020-01-20–2020-02-01",
        "2020-02 2020-02-01–2020-03-01",
        "2020-03 2020-03-01–2020-03-02",
    ]
    assert sliced("2020-H1", Dimension.QUARTER, cutoff=Cutoff.ND09) == [
        "2020-Q1 2019-12-15–2020-03-15",
        "2020-Q2 2020-03-15–2020-06-15",
    ]
    assert sliced("2020", Dimension.YEAR, Dimension.QUARTER, as_of="2020-04-01") == [
        "2020/2020-Q1 2020-01-01–2020-04-01",
        "2020/2020-Q2 2020-04-01–2020-04-02",
    ]
    assert sliced("2020-02-28/2020-03-02", Dimension.DAY) == [
        "2020-02-28 2020-02-28–2020-02-29",
        "2020-02-29 2020-02-29–2020-03-01",
        "2020-03-01 2020-03-01–2020-03-02",
    ]
    assert sliced("2020-Q1") == [" 2020-01-01–2020-04-01"]


def test_levels_of_three_decrees_meet() -> None:
    assert labels_at({3}) == {"nd43:3", "nd42:partial", "nd224:partial"}
    assert labels_meant("4") == {"nd43:4", "nd42:full", "nd224:full"}
    assert labels_meant("nd42:full") == {"nd42:full"}


def test_a_selection_is_narrowed_to_levels_within_those_it_names() -> None:
    named = Selection(parse_period("2020"), date(2020, 12, 31), online_labels=labels_meant("nd43:3"))

    assert at_levels(named, frozenset({3, 4})).online_labels == frozenset({"nd43:3"})
    assert at_levels(named, frozenset({4})).online_labels == frozenset()
    assert at_levels(named, frozenset()) == named


def small_tree() -> Tree:
    opened = date(2004, 1, 1)
    return tree_of(
        [
            Unit("H35", "province", None, opened, None, has_one_stop=True),
            Unit("H35.12", "district", "H35", opened, date(2025, 7, 1), has_one_stop=True),
            Unit("H35.12.01", "commune", "H35.12", opened, None, has_one_stop=False),
        ]
    )


def test_a_subtree_holds_its_root_and_closed_units() -> None:
    assert small_tree().subtree("H35.12") == {"H35.12", "H35.12.01"}
    assert small_tree().subtree(None) == {"H35", "H35.12", "H35.12.01"}
    assert small_tree().subtree("X") == set()


@pytest.mark.parametrize(("day", "codes"), [("2025-06-30", ["H35", "H35.12"]), ("2025-07-01", ["H35"])])
def test_a_unit_exists_until_the_day_before_its_end(day: str, codes: list[str]) -> None:
    on = date.fromisoformat(day)

    assert [unit.code for unit in small_tree().existing(["H35.12", "H35"], on, on)] == codes


def test_a_ring_of_parents_ends_the_walk() -> None:
    opened = date(2004, 1, 1)
    ring = tree_of(Unit(a, "commune", b, opened, None, has_one_stop=True) for a, b in [("a", "b"), ("b", "a")])

    assert ring.subtree("a") == {"a", "b"}
    assert ring.root is None


def test_units_are_sorted_into_cells_by_their_labels() -> None:
    selection = Selection(parse_period("2020"), date(2020, 12, 31), group_by=(Dimension.MONTH, Dimension.LEVEL))

    cells = cells_of(small_tree(), {code: code for code in small_tree().units}, selection)

    assert [labels[Dimension.LEVEL] for labels in cells.labels] == ["commune", "district", "province"]
    assert cells.cells == {"H35": 2, "H35.12": 1, "H35.12.01": 0}


def test_counts_of_a_period_come_from_before_and_within() -> None:
    before = {Measure.OPEN: 5, Measure.OVERDUE: 2, Measure.LATE: 9}
    within = {Measure.OPEN: -1, Measure.OVERDUE: 1, Measure.WAITING: 1, Measure.RECEIVED: 2, Measure.LATE: 3}

    counts = counts_of(before, within, Basis.STATUTORY)

    assert {count: number for count, number in counts.values.items() if number} == {
        Count.CARRIED_OVER: 5,
        Count.OVERDUE_CARRIED_OVER: 2,
        Count.RECEIVED: 2,
        Count.LATE: 3,
        Count.OPEN: 4,
        Count.OPEN_OVERDUE: 3,
        Count.WAITING: 1,
    }
    assert counts.identity_holds


def test_terms_of_a_sum_of_counts_are_merged_and_cancelled() -> None:
    linear = {Count.OPEN: 1, Count.OPEN_OVERDUE: -1, Count.OPEN_IN_TIME: -1, Count.LATE: 2}

    assert terms_of(linear, Basis.CURRENT) == [
        Term(Window.UNTIL_END, Measure.WAITING, 1),
        Term(Window.WITHIN, Measure.LATE_CURRENT, 2),
    ]


RATIOS = [(one.formula.en, one.computed) for one in DEFINITIONS.values() if isinstance(one.computed, DossierRatio)]


@pytest.mark.parametrize(("formula", "ratio"), RATIOS)
def test_a_formula_names_what_is_computed(formula: str, ratio: DossierRatio) -> None:
    assert [count for count in {*ratio.numerator, *ratio.denominator} if count.value not in formula] == []
