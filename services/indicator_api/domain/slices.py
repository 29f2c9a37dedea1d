"""A period cut into days, months, quarters or years."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from indicator_api.domain.selection import TIME, Dimension, Selection
from shared.periods import Cutoff

ND09_CUTOFF_DAY = 15
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slice:
    """The days `start <= day < end` of a period that share their labels."""

    labels: Mapping[Dimension, str]
    start: date
    end: date

    @property
    def last(self) -> date:
        """Return the last day inside."""
        return self.end - ONE_DAY


def slices_of(selection: Selection) -> list[Slice]:
    """Cut the period, up to `as_of`, by the dimensions of time grouped by; oldest first.

    A month cut by the edge of the period keeps its name. Days after `as_of` have not been seen, so
    they make no slices.
    """
    wanted = [dimension for dimension in selection.group_by if dimension in TIME]
    end = selection.as_of + ONE_DAY
    if not wanted:
        return [Slice({}, selection.period.start, end)]
    starts = list(_starts(selection, end))
    labelled = (
        (start, tuple(label_of(start, dimension, selection.cutoff) for dimension in wanted)) for start in starts
    )
    firsts = [(next(group)[0], labels) for labels, group in groupby(labelled, key=lambda pair: pair[1])]
    ends = [start for start, _ in firsts[1:]] + [end]
    return [
        Slice(dict(zip(wanted, labels, strict=True)), start, until)
        for (start, labels), until in zip(firsts, ends, strict=True)
    ]


def up_to(slices: Sequence[Slice], last: date) -> list[Slice]:
    """Return slices without their days after the last; at least an empty one, so that what lies before it is told."""
    end = last + ONE_DAY
    return [replace(one, end=min(one.end, end)) for one in slices if one.start < end] or [
        replace(slices[0], start=end, end=end)
    ]


def label_of(day: date, dimension: Dimension, cutoff: Cutoff) -> str:
    """Return the name of the day, month, quarter or year a day falls in: `2020-Q1`."""
    if dimension is Dimension.DAY:
        return day.isoformat()
    year, month = month_of(day, cutoff)
    if dimension is Dimension.MONTH:
        return f"{year:04}-{month:02}"
    return f"{year:04}-Q{(month + 2) // 3}" if dimension is Dimension.QUARTER else f"{year:04}"


def month_of(day: date, cutoff: Cutoff) -> tuple[int, int]:
    """Return year and month a day is reported in.

    Rule: NĐ 09/2019 Đ.12: from the 15th on it is reported in the next month.
    """
    if cutoff is Cutoff.ND09 and day.day >= ND09_CUTOFF_DAY:
        return (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return day.year, day.month


def _starts(selection: Selection, end: date) -> Iterator[date]:
    """Yield the first day of each finest piece: a day, or a month."""
    day = selection.period.start
    while day < end:
        yield day
        day = day + ONE_DAY if Dimension.DAY in selection.group_by else _next_month(day, selection.cutoff)


def _next_month(day: date, cutoff: Cutoff) -> date:
    cut = 1 if cutoff is Cutoff.CALENDAR else ND09_CUTOFF_DAY
    if day.day < cut:
        return day.replace(day=cut)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=cut)
