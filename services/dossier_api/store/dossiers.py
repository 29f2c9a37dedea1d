"""Dossiers as they stand after their latest event."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.life import life_of
from dossier_api.domain.transitions import OPEN
from dossier_api.store.tables import dossiers
from shared.db import driver_of


@dataclass(frozen=True)
class Saved:
    """A dossier to be written, with what is kept beside its state."""

    dossier: Dossier
    calendar_version: int
    last_event_at: datetime
    position: int


# text[] columns cannot be passed as arrays of arrays of unequal length, so flags travel joined.
_UPSERT = """
INSERT INTO dossier.dossiers (code, status, class, unit_code, receiving_unit_code, procedure_code, channel,
    submitted_at, accepted_at, due_first, due_statutory, due_current, finished_at, outcome, returned_at,
    flags, calendar_version, last_event_at, position)
SELECT code, status, class, unit_code, receiving_unit_code, procedure_code, channel,
    submitted_at, accepted_at, due_first, due_statutory, due_current, finished_at, outcome, returned_at,
    string_to_array(flags, ','), calendar_version, last_event_at, position
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
    $13::timestamptz[], $14::text[], $15::timestamptz[], $16::text[], $17::int[], $18::timestamptz[], $19::bigint[])
    AS given (code, status, class, unit_code, receiving_unit_code, procedure_code, channel,
        submitted_at, accepted_at, due_first, due_statutory, due_current, finished_at, outcome, returned_at,
        flags, calendar_version, last_event_at, position)
ON CONFLICT (code) DO UPDATE SET
    status = excluded.status, class = excluded.class, unit_code = excluded.unit_code,
    receiving_unit_code = excluded.receiving_unit_code, procedure_code = excluded.procedure_code,
    channel = excluded.channel, submitted_at = excluded.submitted_at, accepted_at = excluded.accepted_at,
    due_first = excluded.due_first, due_statutory = excluded.due_statutory, due_current = excluded.due_current,
    finished_at = excluded.finished_at, outcome = excluded.outcome, returned_at = excluded.returned_at,
    flags = excluded.flags, calendar_version = excluded.calendar_version,
    last_event_at = excluded.last_event_at, position = excluded.position
"""


async def save_all(session: AsyncSession, saved: Sequence[Saved]) -> None:
    """Write dossiers as they now stand, new or changed."""
    if saved:
        driver = await driver_of(session)
        await driver.execute(_UPSERT, *zip(*(_row(one) for one in saved), strict=True))


def _row(saved: Saved) -> tuple[object, ...]:
    dossier = saved.dossier
    return (
        dossier.code,
        dossier.status,
        _class_of(dossier),
        dossier.unit_code,
        dossier.receiving_unit_code,
        dossier.procedure_code,
        dossier.channel,
        dossier.submitted_at,
        dossier.accepted_at,
        dossier.due_first,
        dossier.due_statutory,
        dossier.due_current,
        dossier.finished_at,
        dossier.outcome,
        dossier.returned_at,
        ",".join(dossier.flags),
        saved.calendar_version,
        saved.last_event_at,
        saved.position,
    )


def _class_of(dossier: Dossier) -> str | None:
    return life_of(dossier).phases[-1].phase if dossier.accepted_at and dossier.status not in OPEN else None


async def calendar_versions(session: AsyncSession, codes: Collection[str]) -> Mapping[str, int]:
    """Return the calendar each of these dossiers was promised by; new ones have none yet."""
    driver = await driver_of(session)
    rows = await driver.fetch(
        "SELECT code, calendar_version FROM dossier.dossiers WHERE code = ANY($1::text[])", list(codes)
    )
    return dict(rows)


@dataclass(frozen=True)
class DossierFilter:
    """What a list of dossiers is narrowed to; None leaves a thing open.

    `due_before` keeps open dossiers due before an instant; `perhaps_overdue_at` keeps those that may
    have been overdue then: a due date never moves before the first one, and nothing that happened
    wholly earlier is open any more.
    """

    within: Sequence[str] | None = None
    status: str | None = None
    procedure_code: str | None = None
    due_before: datetime | None = None
    perhaps_overdue_at: datetime | None = None


async def list_codes(session: AsyncSession, narrowed: DossierFilter, *, after: str | None, limit: int) -> list[str]:
    """Return codes of dossiers, ascending."""
    statement = select(dossiers.c.code).order_by(dossiers.c.code).limit(limit)
    for condition in _conditions(narrowed, after):
        statement = statement.where(condition)
    return list(await session.scalars(statement))


def _conditions(narrowed: DossierFilter, after: str | None) -> Iterator[ColumnElement[bool]]:
    columns = dossiers.c
    if narrowed.within is not None:
        yield columns.unit_code.in_(narrowed.within) | columns.receiving_unit_code.in_(narrowed.within)
    if narrowed.status is not None:
        yield columns.status == narrowed.status
    if narrowed.procedure_code is not None:
        yield columns.procedure_code == narrowed.procedure_code
    if narrowed.due_before is not None:
        yield columns.due_statutory < narrowed.due_before
        yield columns.status.in_(OPEN)
    if narrowed.perhaps_overdue_at is not None:
        yield columns.due_first <= narrowed.perhaps_overdue_at
        yield columns.status.in_(OPEN) | (columns.last_event_at >= narrowed.perhaps_overdue_at)
    if after is not None:
        yield columns.code > after
