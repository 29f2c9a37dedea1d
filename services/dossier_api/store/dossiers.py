"""Dossiers as they stand after their latest event."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.transitions import OPEN, Status
from dossier_api.store.tables import dossiers
from shared.db import array_literal, driver_of


class Versions(msgspec.Struct, frozen=True, gc=False):
    """The calendars of a dossier: the one its first date was promised by, and the one it is now counted by."""

    promised: int
    counted: int


class Saved(msgspec.Struct, frozen=True, gc=False):
    """A dossier to be written, with what is kept beside its state.  `late_from` is by the province's basis."""

    dossier: Dossier
    versions: Versions
    late_from: datetime | None


_TYPES = {
    "code": "text",
    "status": "text",
    "unit_code": "text",
    "receiving_unit_code": "text",
    "procedure_code": "text",
    "due_earliest": "timestamptz",
    "promised_version": "int",
    "calendar_version": "int",
    "late_from": "timestamptz",
    "reception_due": "timestamptz",
    "is_extended": "bool",
    "closed_at": "timestamptz",
}


def upsert_from(first: int, given: str = "") -> str:
    """Return the statement that writes dossiers whose columns are literals of arrays, $`first` and those after it.

    What a dossier looks like is folded from its events; kept here is only what lists are narrowed and sorted by.
    """
    arrays = ", ".join(f"${first + place}::text::{type_}[]" for place, type_ in enumerate(_TYPES.values()))
    changes = ", ".join(f"{name} = excluded.{name}" for name in _TYPES if name != "code")
    return (
        f"INSERT INTO dossier.dossiers ({', '.join(_TYPES)})"  # noqa: S608 - constants of this file
        f" SELECT dossier.* FROM {given} unnest({arrays}) AS dossier ON CONFLICT (code) DO UPDATE SET {changes}"
    )


def columns_of(saved: Sequence[Saved]) -> list[str]:
    """Return the columns of dossiers as literals of arrays."""
    return [array_literal(column) for column in zip(*map(_row, saved), strict=True)] or ["{}"] * len(_TYPES)


_UPSERT = upsert_from(1)


async def save_all(session: AsyncSession, saved: Sequence[Saved]) -> None:
    """Write dossiers as they now stand, new or changed."""
    driver = await driver_of(session)
    await driver.execute(_UPSERT, *columns_of(saved))


async def remove(driver: asyncpg.Connection, codes: Collection[str]) -> None:
    """Take away dossiers that no event makes any more; their events stay in the log."""
    if codes:
        await driver.execute("DELETE FROM dossier.dossiers WHERE code = ANY ($1::text[])", list(codes))


def _row(saved: Saved) -> tuple[object, ...]:
    dossier = saved.dossier
    return (
        dossier.code,
        dossier.status,
        dossier.unit_code,
        dossier.receiving_unit_code,
        dossier.procedure_code,
        min([one.due_statutory for one in dossier.stretches if one.due_statutory], default=None),
        saved.versions.promised,
        saved.versions.counted,
        saved.late_from,
        dossier.reception_due if dossier.status is Status.SUBMITTED else None,
        dossier.extended_to is not None,
        dossier.closed_at,
    )


async def versions_of(session: AsyncSession, codes: Collection[str]) -> dict[str, Versions]:
    """Return the calendars of these dossiers; new ones have none yet."""
    driver = await driver_of(session)
    rows = await driver.fetch(
        "SELECT code, promised_version, calendar_version"
        " FROM unnest($1::text::text[]) AS asked (code) JOIN dossier.dossiers USING (code)",
        array_literal(codes),
    )
    return {code: Versions(promised, counted) for code, promised, counted in rows}


@dataclass(frozen=True)
class DossierFilter:
    """What a list of dossiers is narrowed to; None leaves a thing open.

    `open_within` are the units whose open dossiers count, closed ones with successors included;
    `due_before` keeps those due before an instant, clock running; `perhaps_overdue_at` keeps those that may
    have been overdue then: they had a due date before it, and had not ended.
    """

    within: Sequence[str] | None = None
    open_within: Sequence[str] | None = None
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
        is_open = columns.status.in_(OPEN | {Status.SUBMITTED})
        here = columns.unit_code.in_(narrowed.within) & ~is_open
        with_us = columns.unit_code.in_(narrowed.open_within or ()) & is_open
        yield here | with_us | columns.receiving_unit_code.in_(narrowed.within)
    if narrowed.status is not None:
        yield columns.status == narrowed.status
    if narrowed.procedure_code is not None:
        yield columns.procedure_code == narrowed.procedure_code
    if narrowed.due_before is not None:
        yield columns.late_from <= narrowed.due_before
    if narrowed.perhaps_overdue_at is not None:
        yield columns.due_earliest <= narrowed.perhaps_overdue_at
        yield columns.status.in_(OPEN) | (columns.closed_at >= narrowed.perhaps_overdue_at)
    if after is not None:
        yield columns.code > after
