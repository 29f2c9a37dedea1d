"""What recording reads, and what it writes: one statement each.

Where few events wait, each statement more would cost more than the events themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from msgspec.structs import astuple

from dossier_api.domain.events import Event, Identity
from dossier_api.domain.recording import Known
from dossier_api.domain.records import KeptEntry, LogEntry
from dossier_api.store.dossiers import Saved, Versions, columns_of, upsert_from
from dossier_api.store.events import HISTORIES, histories_of
from dossier_api.store.feed_head import FeedHead
from shared.contracts.feed import RECALCULATED_TYPE
from shared.db import array_literal


@dataclass(frozen=True)
class Found:
    """What the tables know, all of it at one moment.

    `turn` names that moment: it is another as soon as anyone has written. `kept` is in quarantine.
    """

    turn: str
    head: FeedHead
    known: dict[Identity, Known]
    logged: dict[str, list[Event]]
    versions: dict[str, Versions]
    kept: list[KeptEntry]


# $1 and $2 as for histories, $3 and $4 sources and ids as literals of arrays. Everything is looked up by an index; what
# is kept is looked up twice, since one condition for both would read the whole quarantine.
_FIND = f"""
SELECT xmin::text, position, recorded_at, catalogue_version, calendar_version,
    ARRAY(
        SELECT ROW(e.source, e.id, e.position, e.content_hash, e.subject)
        FROM unnest($3::text::text[], $4::text::text[]) AS asked (source, id) JOIN dossier.events e USING (source, id)
    ),
    ARRAY(SELECT told FROM ({HISTORIES}) AS told ORDER BY told.subject, told.position),
    ARRAY(
        SELECT ROW(code, promised_version, calendar_version)
        FROM unnest($1::text::text[]) AS asked (code) JOIN dossier.dossiers USING (code) WHERE status <> 'submitted'
    ),
    ARRAY(
        SELECT ROW(source, id, type, subject, occurred_at, received_at, unit_code, key_id, content_hash, data::text,
            reason, facts::text, arrival)
        FROM (
            SELECT arrival FROM dossier.rejected_events
            WHERE subject = ANY ($1::text::text[]) AND resolved_at IS NULL
            UNION
            SELECT arrival FROM unnest($3::text::text[], $4::text::text[]) AS asked (source, id)
            JOIN dossier.rejected_events USING (source, id) WHERE resolved_at IS NULL
        ) AS found JOIN dossier.rejected_events USING (arrival) ORDER BY arrival
    )
FROM dossier.feed_head
"""  # noqa: S608 - constants of this package


async def find(
    driver: asyncpg.Connection, codes: Collection[str], identities: Collection[Identity], *, zone: ZoneInfo
) -> Found:
    """Return what is known of dossiers and of identities.

    Versions are those of dossiers that were promised a date: one that was only filed has none yet.
    """
    turn, *head, known, logged, versions, kept = await driver.fetchrow(
        _FIND,
        array_literal(codes),
        RECALCULATED_TYPE,
        array_literal(source for source, _ in identities),
        array_literal(event_id for _, event_id in identities),
    )
    return Found(
        turn,
        FeedHead(*head),
        {(one[0], one[1]): Known(one[2], one[3], one[4]) for one in known},
        histories_of(logged, zone),
        {code: Versions(promised, counted) for code, promised, counted in versions},
        [KeptEntry(*one) for one in kept],
    )


# $1 the turn this was decided in, $2 the head's position then, $3 instant, $4 how far the head moves; $5 to $14 columns
# of the log, the rest columns of the dossiers. Nothing at all is written if anyone has written since.
_WRITE = f"""
WITH moved AS (
    UPDATE dossier.feed_head SET position = $2::bigint + $4, recorded_at = $3 WHERE xmin::text = $1 RETURNING xmin::text
), logged AS (
    INSERT INTO dossier.events (position, recorded_at, source, id, type, subject, occurred_at, unit_code, key_id,
        content_hash, data, life)
    SELECT $2 + place, $3, source, id, type, subject, occurred_at, unit_code, key_id, content_hash, data, life
    FROM moved, unnest($5::text::text[], $6::text::text[], $7::text::text[], $8::text::text[], $9::text::timestamptz[],
        $10::text::text[], $11::text::text[], $12::text::bytea[], $13::text::json[], $14::text::json[]) WITH ORDINALITY
        AS entry (source, id, type, subject, occurred_at, unit_code, key_id, content_hash, data, life, place)
), saved AS ({upsert_from(15, "moved,")})
SELECT xmin FROM moved
"""  # noqa: S608 - constants of this package


class Draft(msgspec.Struct, frozen=True, gc=False):
    """What is to be appended to the log after `position`, and the dossiers that leaves, as columns of the statement."""

    position: int
    now: datetime
    length: int
    columns: tuple[str, ...]


def draft_of(entries: Sequence[LogEntry], saved: Sequence[Saved], *, position: int, now: datetime) -> Draft:
    """Return entries, whose positions follow `position`, and dossiers as they now stand, ready to be written."""
    log = list(zip(*map(astuple, entries), strict=True)) or [()] * len(LogEntry.__struct_fields__)
    _, source, ids, types, subjects, occurred, _, units, keys, hashes, data, lives = log
    spelled = [f"\\x{content_hash.hex()}" for content_hash in hashes]
    told = (source, ids, types, subjects, occurred, units, keys, spelled, data, lives)
    columns = (*map(array_literal, told), *columns_of(saved))
    return Draft(position, now, len(entries), columns)


async def write(driver: asyncpg.Connection, turn: str, draft: Draft) -> str | None:
    """Write a draft that was decided in a turn; return the turn after it.

    None where somebody has written since: then nothing of it is.
    """
    left: str | None = await driver.fetchval(_WRITE, turn, draft.position, draft.now, draft.length, *draft.columns)
    return left
