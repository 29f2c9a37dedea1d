"""Units, procedures, calendar and office hours, as rows and as the domain's catalogue."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.catalogue import (
    WEEKDAYS,
    CalendarDay,
    Catalogue,
    Level,
    OfficeHours,
    OnlineLevel,
    Procedure,
    ProcedureVersion,
    ProcessingTime,
    SupplementPolicy,
    TimeUnit,
    Unit,
)
from dossier_api.store import tables

Rows = list[dict[str, Any]]


async def load(session: AsyncSession) -> Catalogue:
    """Return the whole catalogue as it now stands."""
    units = [_unit(row) for row in await _rows(session, tables.units)]
    procedures: dict[str, list[ProcedureVersion]] = defaultdict(list)
    for row in await _rows(session, tables.procedure_versions):
        procedures[row["procedure_code"]].append(_version(row))
    hours: dict[str, list[OfficeHours]] = defaultdict(list)
    for row in await _rows(session, tables.office_hours):
        hours[row["unit_code"]].append(OfficeHours(row["valid_from"], _spans(row["weekdays"])))
    return Catalogue(
        units={unit.code: unit for unit in units},
        procedures={code: Procedure(code, tuple(sorted(found, key=_start))) for code, found in procedures.items()},
        office_hours={code: tuple(sorted(found, key=_start, reverse=True)) for code, found in hours.items()},
    )


async def list_calendar(session: AsyncSession, *, version: int) -> list[CalendarDay]:
    """Return the official days as a calendar version has them, by day; each day's latest entry holds."""
    days = tables.calendar_days.c
    latest = (
        select(days.day, days.kind, days.decision, days.name, days.is_estimate)
        .ext(distinct_on(days.day))
        .where(days.version <= version)
        .order_by(days.day, days.version.desc())
    )
    return [CalendarDay(*row) for row in await session.execute(latest)]


async def save_units(session: AsyncSession, units: Iterable[Unit]) -> None:
    """Write units, new or changed."""
    rows = [{**vars(unit), "level": str(unit.level), "successor_codes": list(unit.successor_codes)} for unit in units]
    await _upsert(session, tables.units, rows)


async def save_procedures(session: AsyncSession, procedures: Collection[Procedure]) -> None:
    """Write procedures with exactly the versions given."""
    codes = [procedure.code for procedure in procedures]
    versions = tables.procedure_versions
    await session.execute(delete(versions).where(versions.c.procedure_code.in_(codes)))
    rows = [_version_row(procedure.code, one) for procedure in procedures for one in procedure.versions]
    await _upsert(session, versions, rows)


async def save_calendar(session: AsyncSession, days: Iterable[CalendarDay], *, version: int) -> None:
    """Write official days as a new calendar version says them."""
    await _upsert(session, tables.calendar_days, [{**vars(day), "version": version} for day in days])


async def save_office_hours(session: AsyncSession, unit_code: str, hours: OfficeHours) -> None:
    """Write the office hours of one unit from one day on."""
    row = {"unit_code": unit_code, "valid_from": hours.valid_from, "weekdays": weekdays_of(hours)}
    await _upsert(session, tables.office_hours, [row])


def weekdays_of(hours: OfficeHours) -> dict[str, list[list[str]]]:
    """Return office hours as the wire says them: `{"mon": [["07:30", "11:30"], …], …}`."""
    return {
        WEEKDAYS[weekday]: [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans]
        for weekday, spans in sorted(hours.weekdays.items())
    }


async def _rows(session: AsyncSession, table: Table) -> Rows:
    return [dict(row) for row in (await session.execute(select(table))).mappings()]


async def _upsert(session: AsyncSession, table: Table, rows: Rows) -> None:
    if not rows:
        return
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), rows)


def _start(dated: ProcedureVersion | OfficeHours) -> date:
    return dated.valid_from


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(**{**row, "level": Level(row["level"]), "successor_codes": tuple(row["successor_codes"])})


def _version(row: Mapping[str, Any]) -> ProcedureVersion:
    return ProcedureVersion(
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        name=row["name"],
        field=row["field"],
        level=Level(row["level"]),
        processing_time=ProcessingTime(row["time_amount"], TimeUnit(row["time_unit"])),
        online_level=OnlineLevel(row["online_scheme"], row["online_value"]),
        at_one_stop=row["at_one_stop"],
        interlinked=row["interlinked"],
        postal=row["postal"],
        supplement_policy=SupplementPolicy(row["supplement_policy"]),
        late_acceptance_after=row["late_acceptance_after"],
    )


def _version_row(code: str, version: ProcedureVersion) -> dict[str, Any]:
    row = {name: value for name, value in vars(version).items() if name not in {"processing_time", "online_level"}}
    return {
        **row,
        "procedure_code": code,
        "level": str(version.level),
        "supplement_policy": str(version.supplement_policy),
        "time_amount": version.processing_time.amount,
        "time_unit": str(version.processing_time.unit),
        "online_scheme": version.online_level.scheme,
        "online_value": version.online_level.value,
    }


def _spans(weekdays: Mapping[str, list[list[str]]]) -> dict[int, tuple[tuple[time, time], ...]]:
    return {
        WEEKDAYS.index(name): tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
        for name, spans in weekdays.items()
    }
