"""The quarantine: events that could not be applied, kept until they can be."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.events import Identity
from dossier_api.domain.records import KeptEntry, RejectedEntry
from dossier_api.store.tables import rejected_events
from shared.db import array_literal, driver_of, escaped

_KEEP = """
INSERT INTO dossier.rejected_events (source, id, type, subject, occurred_at, received_at, unit_code, key_id,
    content_hash, data, reason, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (source, id) WHERE resolved_at IS NULL DO UPDATE SET
    type = excluded.type, subject = excluded.subject, occurred_at = excluded.occurred_at,
    received_at = excluded.received_at, unit_code = excluded.unit_code, key_id = excluded.key_id,
    content_hash = excluded.content_hash, data = excluded.data, reason = excluded.reason, facts = excluded.facts
"""


async def keep(session: AsyncSession, entries: Iterable[RejectedEntry]) -> None:
    """Keep events; one already kept under its identity is replaced by what was sent last."""
    driver = await driver_of(session)
    await driver.executemany(_KEEP, [tuple(vars(entry).values()) for entry in entries])


async def resolve(session: AsyncSession, identities: Collection[Identity], *, at: datetime) -> None:
    """Mark kept events as applied."""
    driver = await driver_of(session)
    await driver.execute(
        "UPDATE dossier.rejected_events r SET resolved_at = $3"
        " FROM unnest($1::text[], $2::text[]) AS asked (source, id)"
        " WHERE r.source = asked.source AND r.id = asked.id AND r.resolved_at IS NULL",
        [source for source, _ in identities],
        [event_id for _, event_id in identities],
        at,
    )


# Two look-ups by index; one condition for both would read the whole quarantine.
_FIND_KEPT = """
SELECT source, id, type, subject, occurred_at, received_at, unit_code, key_id, content_hash, data::text, reason,
    facts::text, arrival
FROM (
    SELECT arrival FROM dossier.rejected_events
    WHERE subject = ANY ($1::text::text[]) AND resolved_at IS NULL
    UNION
    SELECT arrival FROM dossier.rejected_events
    JOIN unnest($2::text::text[], $3::text::text[]) AS asked (source, id) USING (source, id) WHERE resolved_at IS NULL
) AS found JOIN dossier.rejected_events USING (arrival)
ORDER BY arrival
"""


async def find_kept(session: AsyncSession, codes: Collection[str], identities: Collection[Identity]) -> list[KeptEntry]:
    """Return what is still kept of these dossiers or under these identities, in order of arrival."""
    driver = await driver_of(session)
    rows = await driver.fetch(
        _FIND_KEPT,
        array_literal(codes),
        array_literal(escaped(source) for source, _ in identities),
        array_literal(escaped(event_id) for _, event_id in identities),
    )
    return [KeptEntry(*row) for row in rows]


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
