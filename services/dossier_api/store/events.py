"""The log of everything that happened, which is the feed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, Text, and_, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.events import Event, decode_data, kind_of
from dossier_api.domain.records import LogEntry
from dossier_api.store.tables import events
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


async def list_after(
    session: AsyncSession, position: int, *, limit: int, within: Sequence[str] | None
) -> list[LogEntry]:
    """Return what was logged after a position, oldest first.

    `within` names the units that may be seen, None is all: other units' dossiers and the catalogue's
    entries about them are left out.
    """
    statement = _entries().where(events.c.position > position)
    if within is not None:
        common = events.c.type.in_((PROCEDURE_TYPE, CALENDAR_DAY_TYPE)) | events.c.subject.in_(within)
        statement = statement.where(events.c.unit_code.in_(within) | and_(events.c.unit_code.is_(None), common))
    return await _fetched(session, statement.limit(limit))


async def list_of_dossier(session: AsyncSession, code: str) -> list[LogEntry]:
    """Return the events of one dossier in order of arrival."""
    return await _fetched(session, _entries().where(events.c.subject == code, events.c.unit_code.is_not(None)))


def _entries() -> Select[Any]:
    """Select whole entries by position, JSON as text."""
    columns = [cast(events.c[name], Text) if name in {"data", "life"} else events.c[name] for name in _COLUMNS]
    return select(*columns).order_by(events.c.position)


async def _fetched(session: AsyncSession, statement: Select[Any]) -> list[LogEntry]:
    return [LogEntry(*row) for row in await session.execute(statement)]
