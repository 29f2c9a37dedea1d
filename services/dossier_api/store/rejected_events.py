"""The quarantine: events that could not be applied, kept until they can be."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import asyncpg
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.records import KeptEntry, RejectedEntry
from dossier_api.store.tables import rejected_events

_KEEP = """
INSERT INTO dossier.rejected_events (source, id, type, subject, occurred_at, received_at, unit_code, key_id,
    content_hash, data, reason, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (source, id, unit_code) WHERE resolved_at IS NULL DO UPDATE SET
    type = excluded.type, subject = excluded.subject, occurred_at = excluded.occurred_at,
    received_at = excluded.received_at, unit_code = excluded.unit_code, key_id = excluded.key_id,
    content_hash = excluded.content_hash, data = excluded.data, reason = excluded.reason, facts = excluded.facts
"""


async def keep(driver: asyncpg.Connection, entries: Iterable[RejectedEntry]) -> None:
    """Keep events; one its sender already has kept under its identity is replaced by what was sent last."""
    await driver.executemany(_KEEP, [tuple(vars(entry).values()) for entry in entries])


async def resolve(driver: asyncpg.Connection, arrivals: Collection[int], *, at: datetime) -> None:
    """Mark kept events as applied."""
    await driver.execute(
        "UPDATE dossier.rejected_events SET resolved_at = $2"
        " WHERE arrival = ANY ($1::bigint[]) AND resolved_at IS NULL",
        list(arrivals),
        at,
    )


async def list_open(
    session: AsyncSession, *, within: Sequence[str] | None, after: int | None, limit: int, reason: str | None = None
) -> list[KeptEntry]:
    """Return what is still kept, oldest first; `within` are the subtrees whose keys' events may be seen."""
    columns = [
        cast(rejected_events.c[name], Text) if name in {"data", "facts"} else rejected_events.c[name]
        for name in KeptEntry.__dataclass_fields__
    ]
    statement = select(*columns).where(rejected_events.c.resolved_at.is_(None))
    if within is not None:
        statement = statement.where(rejected_events.c.unit_code.in_(within))
    if reason is not None:
        statement = statement.where(rejected_events.c.reason == reason)
    if after is not None:
        statement = statement.where(rejected_events.c.arrival > after)
    rows = await session.execute(statement.order_by(rejected_events.c.arrival).limit(limit))
    return [KeptEntry(*row) for row in rows]
