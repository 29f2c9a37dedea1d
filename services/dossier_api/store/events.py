"""The log of everything that happened, which is the feed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, Text, and_, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.events import DATA_OF, Event, EventData, EventKind, Identity
from dossier_api.domain.recording import Known
from dossier_api.store.tables import events
from shared.contracts.feed import CALENDAR_DAY_TYPE, EVENT_TYPE_PREFIX, PROCEDURE_TYPE
from shared.db import driver_of

TYPE_SUFFIX = ".v1"
_DECODERS: dict[EventKind, msgspec.json.Decoder[EventData]] = {
    kind: msgspec.json.Decoder(data) for kind, data in DATA_OF.items()
}
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


@dataclass(frozen=True)
class LogEntry:
    """One row of the log, ready to be written; `data` and `life` are JSON texts."""

    position: int
    source: str
    id: str
    type: str
    subject: str
    occurred_at: datetime
    recorded_at: datetime
    unit_code: str | None
    key_id: str
    content_hash: bytes
    data: str
    life: str | None


def type_of(kind: EventKind) -> str:
    """Return the CloudEvents type of a dossier event."""
    return f"{EVENT_TYPE_PREFIX}{kind}{TYPE_SUFFIX}"


def kind_of(event_type: str) -> EventKind:
    """Return the kind of a dossier event's type; raises ValueError for any other."""
    if not event_type.startswith(EVENT_TYPE_PREFIX) or not event_type.endswith(TYPE_SUFFIX):
        raise ValueError(event_type)
    return EventKind(event_type[len(EVENT_TYPE_PREFIX) : -len(TYPE_SUFFIX)])


def decode_data(kind: EventKind, data: str | bytes) -> EventData:
    """Return what an event says; raises msgspec.ValidationError or DecodeError."""
    return _DECODERS[kind].decode(data)


async def find_known(session: AsyncSession, identities: Collection[Identity]) -> dict[Identity, Known]:
    """Return those of the identities that the log holds."""
    driver = await driver_of(session)
    rows = await driver.fetch(
        "SELECT e.source, e.id, e.position, e.content_hash, e.subject"
        " FROM unnest($1::text[], $2::text[]) AS asked (source, id) JOIN dossier.events e USING (source, id)",
        [source for source, _ in identities],
        [event_id for _, event_id in identities],
    )
    return {(row[0], row[1]): Known(row[2], row[3], row[4]) for row in rows}


async def list_histories(
    session: AsyncSession, codes: Collection[str], zone: ZoneInfo
) -> dict[str, list[Event]]:
    """Return the logged events of each dossier, in order of arrival."""
    driver = await driver_of(session)
    rows = await driver.fetch(
        "SELECT source, id, type, occurred_at, subject, data, position FROM dossier.events"
        " WHERE subject = ANY($1::text[]) AND unit_code IS NOT NULL ORDER BY subject, position",
        list(codes),
    )
    histories: dict[str, list[Event]] = defaultdict(list)
    for source, event_id, event_type, occurred_at, code, data, position in rows:
        kind = kind_of(event_type)
        at = occurred_at.astimezone(zone)
        histories[code].append(Event(source, event_id, kind, at, code, decode_data(kind, data), position))
    return histories


async def add(session: AsyncSession, entries: Iterable[LogEntry]) -> None:
    """Append entries, whose positions were given out under the head's lock."""
    driver = await driver_of(session)
    records = [tuple(vars(entry).values()) for entry in entries]
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
        statement = statement.where(
            events.c.unit_code.in_(within) | and_(events.c.unit_code.is_(None), common)
        )
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
