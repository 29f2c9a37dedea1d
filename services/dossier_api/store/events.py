"""The log of everything that happened, which is the feed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.events import Event, decode_data, kind_of
from dossier_api.domain.records import LogEntry
from shared.contracts.feed import CALENDAR_DAY_TYPE, PROCEDURE_TYPE, RECALCULATED_TYPE
from shared.contracts.life import LifeV1
from shared.db import array_literal, driver_of

_LIFE = msgspec.json.Decoder(LifeV1)
_COLUMNS = (
    "position",
    "source",
    "id",
    "type",
    "subject",
    "occurred_at",
    "recorded_at",
    "unit_code",
    "key_id",
    "content_hash",
    "data",
    "life",
)
# JSON is read as the text it was written as.
_READ = ", ".join(f"{name}::text" if name in {"data", "life"} else name for name in _COLUMNS)

# $1 dossier codes as the literal of an array, $2 the type that tells no event.
HISTORIES = """
    SELECT e.source, e.id, e.type, e.occurred_at, e.subject, e.data::text, e.position
    FROM unnest($1::text::text[]) AS asked (subject) JOIN dossier.events e USING (subject)
    WHERE e.unit_code IS NOT NULL AND e.type <> $2 ORDER BY e.subject, e.position
"""


async def list_histories(session: AsyncSession, codes: Collection[str], zone: ZoneInfo) -> dict[str, list[Event]]:
    """Return the logged events of each dossier, in order of arrival."""
    driver = await driver_of(session)
    return histories_of(await driver.fetch(HISTORIES, array_literal(codes), RECALCULATED_TYPE), zone)


def histories_of(rows: Iterable[Sequence[Any]], zone: ZoneInfo) -> dict[str, list[Event]]:
    """Return events by dossier, from rows of HISTORIES."""
    histories: dict[str, list[Event]] = defaultdict(list)
    for source, event_id, event_type, occurred_at, code, data, position in rows:
        kind = kind_of(event_type)
        at = occurred_at.astimezone(zone)
        histories[code].append(Event(source, event_id, kind, at, code, decode_data(kind, data), position))
    return histories


async def latest_lives(session: AsyncSession, codes: Collection[str]) -> dict[str, LifeV1]:
    """Return the life last told on the feed of each dossier."""
    driver = await driver_of(session)
    rows = await driver.fetch(
        "SELECT DISTINCT ON (subject) subject, life::text FROM dossier.events"
        " WHERE subject = ANY($1::text[]) AND unit_code IS NOT NULL ORDER BY subject, position DESC",
        list(codes),
    )
    return {code: _LIFE.decode(life) for code, life in rows}


async def add(session: AsyncSession, entries: Iterable[LogEntry]) -> None:
    """Append entries, whose positions were given out under the head's lock."""
    driver = await driver_of(session)
    records = [msgspec.structs.astuple(entry) for entry in entries]
    await driver.copy_records_to_table("events", schema_name="dossier", columns=_COLUMNS, records=records)


# $1 the position before, $2 how many at most, $3 units that may be seen, null is all, $4 types that concern everybody.
_AFTER = f"""
    SELECT {_READ} FROM dossier.events
    WHERE position > $1 AND ($3::text[] IS NULL OR unit_code = ANY($3)
        OR (unit_code IS NULL AND (type = ANY($4::text[]) OR subject = ANY($3))))
    ORDER BY position LIMIT $2
"""  # noqa: S608 - put together from constants of this file


async def list_after(
    session: AsyncSession, position: int, *, limit: int, within: Sequence[str] | None
) -> list[LogEntry]:
    """Return what was logged after a position, oldest first.

    `within` names the units that may be seen, None is all: other units' dossiers and the catalogue's
    entries about them are left out.
    """
    driver = await driver_of(session)
    everybodys = [PROCEDURE_TYPE, CALENDAR_DAY_TYPE]
    return [LogEntry(*row) for row in await driver.fetch(_AFTER, position, limit, within, everybodys)]


async def list_of_dossier(session: AsyncSession, code: str) -> list[LogEntry]:
    """Return the events of one dossier in order of arrival."""
    driver = await driver_of(session)
    return [LogEntry(*row) for row in await driver.fetch(_OF_DOSSIER, code)]


# $1 code of a dossier.
_OF_DOSSIER = f"""
    SELECT {_READ} FROM dossier.events WHERE subject = $1 AND unit_code IS NOT NULL ORDER BY position
"""  # noqa: S608 - put together from constants of this file
