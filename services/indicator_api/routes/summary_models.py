"""A unit's page in JSON, kept short: the whole of it is to be read over a slow line."""

from datetime import date
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from indicator_api.domain.counts import Count, Counts
from indicator_api.domain.definitions import definition_of
from indicator_api.domain.rounding import rounded
from indicator_api.domain.rows import CountRow
from indicator_api.domain.selection import Dimension
from indicator_api.domain.summaries import Child
from indicator_api.domain.targets import Ratio
from indicator_api.domain.tree import Unit
from indicator_api.routes.responses import CountsResponse, PeriodResponse, StateResponse
from indicator_api.routes.verdicts import VerdictResponse
from indicator_api.usecases.summarise import Summary, Totals, rate_of


class UnitResponse(BaseModel):
    """The unit a summary is about."""

    code: str
    name: str
    level: str
    parent_code: str | None


class RateResponse(BaseModel):
    """An indicator now and a year earlier; `change` is the difference of the two values."""

    indicator: str
    definition_version: int
    numerator: int | None
    denominator: int | None
    value: float | None
    year_earlier: float | None
    change: float | None


class YearEarlierResponse(BaseModel):
    """The same days a year earlier."""

    period: PeriodResponse
    as_of: date
    counts: CountsResponse


class BriefResponse(BaseModel):
    """The counts a row of a list shows, and `on_time_strict` as numerator, denominator and value."""

    received: int
    finished: int
    late: int
    open: int
    open_overdue: int
    numerator: int | None
    denominator: int | None
    value: float | None


class ChildResponse(BriefResponse):
    """A unit directly below, with all below it; `own` is the unit itself without those."""

    rank: int | None
    unit: str
    name: str
    own: bool


class MonthResponse(BriefResponse):
    """A month of the trend."""

    month: str


class SummaryResponse(StateResponse[UnitResponse]):
    """One page: counts, rates, targets, children ranked by `on_time_strict`, the year before, thirteen months."""

    truncated: bool
    counts: CountsResponse
    indicators: list[RateResponse]
    year_earlier: YearEarlierResponse
    targets: list[VerdictResponse]
    children: list[ChildResponse]
    months: list[MonthResponse]


def told_unit(unit: Unit) -> UnitResponse:
    """Return the unit of a summary."""
    return UnitResponse(code=unit.code, name=unit.name, level=unit.level, parent_code=unit.parent_code)


def told_rates(now: Totals, before: Totals) -> list[RateResponse]:
    """Return every indicator beside its value of the year before."""
    return [_told_rate(indicator, now.figures[indicator], before.figures[indicator]) for indicator in now.figures]


def told_year_earlier(before: Totals) -> YearEarlierResponse:
    """Return the counts of the year before."""
    period = before.selection.period
    return YearEarlierResponse(
        period=PeriodResponse(start=period.start, end=period.end),
        as_of=before.selection.as_of,
        counts=told_counts(before.counts),
    )


def told_children(summary: Summary) -> list[ChildResponse]:
    """Return the children in their order."""
    return [_told_child(child, summary.child_units[child.unit_code]) for child in summary.children]


def told_month(row: CountRow) -> MonthResponse:
    """Return one month of the trend."""
    return MonthResponse(month=row.labels[Dimension.MONTH], **_brief(row.counts, rate_of(row.counts)))


def told_counts(counts: Counts) -> CountsResponse:
    """Return every count there is to answer."""
    return CountsResponse.model_validate({count.value: number for count, number in counts.values.items()})


def _told_child(child: Child, unit: Unit) -> ChildResponse:
    brief = _brief(child.counts, child.rate)
    return ChildResponse(rank=child.rank, unit=unit.code, name=unit.name, own=child.is_own, **brief)


def _brief(counts: Counts, rate: Ratio) -> dict[str, Any]:
    finished = (Count.EARLY, Count.ON_TIME, Count.LATE, Count.UNDETERMINED)
    return {
        "received": counts[Count.RECEIVED],
        "finished": sum(counts[count] for count in finished),
        "late": counts[Count.LATE],
        "open": counts[Count.OPEN],
        "open_overdue": counts[Count.OPEN_OVERDUE],
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": _printed(rate.value),
    }


def _told_rate(indicator: str, now: Ratio, before: Ratio) -> RateResponse:
    has_both = now.value is not None and before.value is not None
    return RateResponse(
        indicator=indicator,
        definition_version=definition_of(indicator).version,
        numerator=now.numerator,
        denominator=now.denominator,
        value=_printed(now.value),
        year_earlier=_printed(before.value),
        change=_printed((now.value or Fraction(0)) - (before.value or Fraction(0))) if has_both else None,
    )


def _printed(value: Fraction | None) -> float | None:
    return None if value is None else rounded(value)
