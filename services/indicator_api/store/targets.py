"""The province's targets: every set ever put, and those shipped until one is."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.targets import Target, TargetSet
from indicator_api.store.tables import target_sets

_targets = msgspec.json.Decoder(tuple[Target, ...])
SHIPPED = _targets.decode((Path(__file__).parents[1] / "data" / "targets.json").read_bytes())


async def get_current(session: AsyncSession, *, known_at: date | None = None, zone: ZoneInfo) -> TargetSet:
    """Return the targets as known at the close of a day, None for as known now."""
    latest = select(target_sets).order_by(target_sets.c.id.desc()).limit(1)
    if known_at is not None:
        latest = latest.where(target_sets.c.recorded_at < _close_of(known_at, zone))
    row = (await session.execute(latest)).mappings().one_or_none()
    return _to_domain(row) if row else TargetSet(0, None, None, SHIPPED)


async def list_sets(session: AsyncSession, *, before: int | None, limit: int) -> list[TargetSet]:
    """Return the sets put so far, newest first, from before a number on."""
    chosen = select(target_sets).order_by(target_sets.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(target_sets.c.id < before)
    return [_to_domain(row) for row in (await session.execute(chosen)).mappings()]


async def add(session: AsyncSession, targets: tuple[Target, ...], *, at: datetime, by: str) -> TargetSet:
    """Append a set; from now on it holds."""
    row = {"recorded_at": at, "recorded_by": by, "targets": msgspec.json.encode(targets).decode()}
    number = await session.scalar(insert(target_sets).values(row).returning(target_sets.c.id))
    return TargetSet(number or 0, at, by, targets)


def _to_domain(row: RowMapping) -> TargetSet:
    return TargetSet(row["id"], row["recorded_at"], row["recorded_by"], _targets.decode(row["targets"]))


def _close_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
