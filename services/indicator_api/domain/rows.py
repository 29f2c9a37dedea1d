"""From sums by cell and slice to the rows of a table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indicator_api.domain.counts import Counts, counts_of
from indicator_api.domain.measures import STOCKS, Measure
from indicator_api.domain.selection import PLACE, TIME, Dimension, Selection, UnitCells
from indicator_api.domain.slices import Slice

Labels = Mapping[Dimension, str]
Group = tuple[str, ...]


class Sum(NamedTuple):
    """What was added in one slice to one cell; slice 0 is everything before the period."""

    cell: int
    labels: Group
    slice_number: int
    measures: Mapping[Measure, int]


@dataclass(frozen=True)
class CountRow:
    """The counts of one group; `slice` says of which days."""

    labels: Labels
    slice: Slice
    counts: Counts


@dataclass(frozen=True)
class RatioRow:
    """Numerator and denominator of one group; `slice` says of which days."""

    labels: Labels
    slice: Slice
    numerator: int
    denominator: int


class Contribution(NamedTuple):
    """A dossier and how often it is counted; less than 0 where a formula takes it away."""

    code: str
    times: int


def traits(selection: Selection) -> list[Dimension]:
    """Return the dimensions of the dossier itself grouped by, as asked."""
    return [dimension for dimension in selection.group_by if dimension not in PLACE and dimension not in TIME]


def rows_of(
    sums: Iterable[Sum], selection: Selection, *, cells: UnitCells, slices: Sequence[Slice], limit: int
) -> list[CountRow]:
    """Return one row per group and slice, ordered by the labels in the order they were asked for.

    A group in which nothing counts has no row; without any group but time there is always one.
    Past `limit` rows no further group is begun: groups are cut whole, and more than `limit` rows
    tell that some may be missing.
    """
    by_group = _by_group(sums, is_undivided=all(dimension in TIME for dimension in selection.group_by))
    rows: list[CountRow] = []
    for (cell, labels), by_slice in sorted(by_group.items()):
        if len(rows) > limit:
            break
        fixed = {**cells.labels[cell], **dict(zip(traits(selection), labels, strict=True))}
        if not fixed or _counts_something(by_slice):
            rows += _slice_rows(fixed, by_slice, selection, slices)
    return sorted(rows, key=order_of)


def whole_groups(sums: Sequence[Sum], limit: int) -> Sequence[Sum]:
    """Return sums that were read with one more than `limit`, without a last group that may be torn."""
    if len(sums) <= limit:
        return sums
    torn = sums[-1]
    return [one for one in sums if (one.cell, one.labels) != (torn.cell, torn.labels)]


def in_order(selection: Selection, labels: Labels) -> Labels:
    """Return the labels of a row in the order they were asked for."""
    return {dimension: labels[dimension] for dimension in selection.group_by}


def order_of(row: CountRow | RatioRow) -> Group:
    """Return the sort key of a row: its labels, in the order they were asked for."""
    return tuple(row.labels.values())


def _by_group(sums: Iterable[Sum], *, is_undivided: bool) -> dict[tuple[int, Group], dict[int, Counter[Measure]]]:
    groups: dict[tuple[int, Group], dict[int, Counter[Measure]]] = {(0, ()): {}} if is_undivided else {}
    for one in sums:
        by_slice = groups.setdefault((one.cell, one.labels), {})
        # update, not +: a Counter's sum drops what is not positive.
        by_slice.setdefault(one.slice_number, Counter()).update(one.measures)
    return groups


def _counts_something(by_slice: Mapping[int, Counter[Measure]]) -> bool:
    """Say whether anything happened within the period or was still open when it began."""
    return any(
        any(measures.values()) if number else any(measures[stock] for stock in STOCKS)
        for number, measures in by_slice.items()
    )


def _slice_rows(
    fixed: Labels, by_slice: Mapping[int, Counter[Measure]], selection: Selection, slices: Sequence[Slice]
) -> Iterator[CountRow]:
    before = Counter(by_slice.get(0, Counter()))
    for number, one in enumerate(slices, start=1):
        within = by_slice.get(number, Counter())
        yield CountRow(in_order(selection, {**fixed, **one.labels}), one, counts_of(before, within, selection.basis))
        before.update(within)
