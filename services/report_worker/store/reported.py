"""Statements on the figures that units report; nothing is ever overwritten."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.domain.reported import Entry, ReportingUnit, Submission
from report_worker.store.tables import reported_figures
from shared.periods import Period

_kept = reported_figures.c
_ENTRY = (
    _kept.unit_code,
    _kept.unit_name,
    _kept.name,
    _kept.value,
    _kept.is_nil,
    _kept.note,
    _kept.submitted_by,
    _kept.recorded_at,
    _kept.recorded_on,
)


async def add(
    session: AsyncSession,
    unit: ReportingUnit,
    period: Period,
    submissions: Sequence[Submission],
    *,
    note: str | None,
    by: str,
    at: datetime,
    on: date,
) -> None:
    """Keep what a unit sent, beside all it sent before."""
    common = {
        "unit_code": unit.code,
        "unit_name": unit.name,
        "unit_level": unit.level,
        "unit_path": list(unit.path),
        "period_start": period.start,
        "period_end": period.end,
        "note": note,
        "submitted_by": by,
        "recorded_at": at,
        "recorded_on": on,
    }
    rows = [{**common, "name": one.name, "value": one.value, "is_nil": one.is_nil} for one in submissions]
    await session.execute(insert(reported_figures), rows)


async def list_current(
    session: AsyncSession, period: Period, *, within: str | None, known_at: date | None = None
) -> list[Entry]:
    """Return each unit's latest entry of each figure, as known by the close of a day, by figure and unit."""
    statement = (
        _of_period(period, within)
        .ext(distinct_on(_kept.name, _kept.unit_code))
        .order_by(_kept.name, _kept.unit_code, _kept.id.desc())
    )
    if known_at is not None:
        statement = statement.where(_kept.recorded_on <= known_at)
    return [Entry(*row) for row in await session.execute(statement)]


async def list_history(
    session: AsyncSession, period: Period, *, within: str | None, name: str | None, limit: int
) -> list[Entry]:
    """Return every entry of a period, the newest first."""
    statement = _of_period(period, within)
    if name is not None:
        statement = statement.where(_kept.name == name)
    return [Entry(*row) for row in await session.execute(statement.order_by(_kept.id.desc()).limit(limit))]


def _of_period(period: Period, within: str | None) -> Select[Any]:
    statement = select(*_ENTRY).where(_kept.period_start == period.start, _kept.period_end == period.end)
    return statement if within is None else statement.where(_kept.unit_path.contains([within]))
