"""What a summary is made of: the same period a year earlier, a trend by month, children ranked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from indicator_api.domain.counts import Counts
from indicator_api.domain.selection import Dimension, Selection
from indicator_api.domain.slices import ND09_CUTOFF_DAY, month_of
from indicator_api.domain.targets import Ratio
from indicator_api.domain.tree import Tree
from shared.periods import Cutoff, Period

TREND_MONTHS = 13


@dataclass(frozen=True)
class Child:
    """A unit directly below, with all below it, or the unit's own dossiers; equals share a rank, None has no rate."""

    unit_code: str
    is_own: bool
    counts: Counts
    rate: Ratio
    rank: int | None = None


def year_earlier(selection: Selection) -> Selection:
    """Return the selection over the same days of the year before."""
    period = Period(_year_before(selection.period.start), _year_before(selection.period.end))
    as_of = min(max(_year_before(selection.as_of), period.start), period.last)
    return replace(selection, period=period, as_of=as_of)


def trend(selection: Selection) -> Selection:
    """Return the selection month by month, up to its last day and from the same month of the year before.

    The last month ends on the last day seen, so it may be unfinished.
    """
    year, month = month_of(selection.as_of, selection.cutoff)
    start = _start_of_month(year - 1, month, selection.cutoff)
    period = Period(start, selection.as_of + timedelta(days=1))
    return replace(selection, period=period, group_by=(Dimension.MONTH,))


def branches(tree: Tree, placed: Mapping[str, str], root: str) -> dict[str, str]:
    """Return the selected units, each with the child of `root` it stands below; `root` itself stays alone."""
    below = {code: child for child in tree.children(root) for code in tree.subtree(child)}
    return {code: below.get(shown, root) for code, shown in placed.items()}


def ranked(children: Iterable[Child]) -> list[Child]:
    """Return the children from the best rate to the worst, those without one last; equal rates share a rank."""
    known = list(children)
    values = sorted((one.rate.value for one in known if one.rate.value is not None), reverse=True)
    rank_of = {value: values.index(value) + 1 for value in set(values)}
    placed = [replace(one, rank=None if one.rate.value is None else rank_of[one.rate.value]) for one in known]
    return sorted(placed, key=lambda one: (one.rank is None, one.rank or 0, one.unit_code))


def _year_before(day: date) -> date:
    """Return the same day a year earlier; 29 February becomes the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _start_of_month(year: int, month: int, cutoff: Cutoff) -> date:
    """Return the first day reported in a month.  Rule: NĐ 09/2019 Đ.12, from the 15th of the month before."""
    if cutoff is Cutoff.CALENDAR:
        return date(year, month, 1)
    return date(year, month - 1, ND09_CUTOFF_DAY) if month > 1 else date(year - 1, 12, ND09_CUTOFF_DAY)
