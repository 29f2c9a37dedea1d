"""Statements on the tables of reports and their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.domain.reports import (
    WAITING_STATES,
    Content,
    FileFormat,
    PrintedReport,
    Publication,
    Report,
    ReportNotFound,
    ReportOrder,
    ReportState,
)
from report_worker.store.tables import files, reports
from shared.periods import Cutoff, Period

_CONTENT = TypeAdapter(Content)
_PRINTED = TypeAdapter(PrintedReport)
_PUBLICATION = TypeAdapter(Publication)


@dataclass(frozen=True)
class Placement:
    """Who ordered a report, and how they name the order for a retry."""

    created_by: str
    idempotency_key: str | None
    order_hash: bytes


async def add(session: AsyncSession, order: ReportOrder, placement: Placement, *, at: datetime) -> Report | None:
    """Add a queued report and return it; None where the same key already ordered under this idempotency key."""
    statement = (
        postgresql_insert(reports)
        .values(
            **_order_values(order),
            created_by=placement.created_by,
            idempotency_key=placement.idempotency_key,
            order_hash=placement.order_hash,
            state=ReportState.QUEUED,
            progress=0.0,
            attempts=0,
            created_at=at,
        )
        .on_conflict_do_nothing(constraint="uq_reports_created_by_idempotency_key")
        .returning(reports)
    )
    row = (await session.execute(statement)).one_or_none()
    return to_domain(row) if row else None


async def get_ordered(session: AsyncSession, placement: Placement) -> tuple[Report, bytes]:
    """Return the report ordered earlier under an idempotency key, and the hash of that order."""
    statement = select(reports).where(
        reports.c.created_by == placement.created_by, reports.c.idempotency_key == placement.idempotency_key
    )
    row = (await session.execute(statement)).one()
    return to_domain(row), row.order_hash


async def get(session: AsyncSession, report_id: UUID, *, within: str | None) -> Report:
    """Return a report whose unit lies in the subtree of `within`; None is the whole tree.

    Raises ReportNotFound.
    """
    statement = visible(select(reports).where(reports.c.id == report_id), within)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise ReportNotFound(str(report_id))
    return to_domain(row)


async def list_reports(
    session: AsyncSession, *, within: str | None, filters: Mapping[str, str], before: UUID | None, limit: int
) -> list[Report]:
    """Return visible reports, newest first, without their content; `filters` are columns and their values."""
    columns = [column for column in reports.c if column.name != "content"]
    statement = visible(select(*columns, literal(None).label("content")), within)
    for name, value in filters.items():
        statement = statement.where(reports.c[name] == value)
    if before is not None:
        statement = statement.where(reports.c.id < before)
    rows = await session.execute(statement.order_by(reports.c.id.desc()).limit(limit))
    return [to_domain(row) for row in rows]


async def begin_attempt(session: AsyncSession, report_id: UUID) -> Report | None:
    """Count one more attempt at a report that still waits to be made; None where it no longer does."""
    statement = (
        update(reports)
        .where(reports.c.id == report_id, reports.c.state.in_(WAITING_STATES))
        .values(state=ReportState.RUNNING, attempts=reports.c.attempts + 1)
        .returning(reports)
    )
    row = (await session.execute(statement)).one_or_none()
    return to_domain(row) if row else None


async def save_progress(session: AsyncSession, report: Report, progress: float) -> bool:
    """Tell how far this attempt is; False where it no longer counts: overtaken or cancelled."""
    saved = await session.execute(_of_attempt(report).values(progress=progress).returning(reports.c.id))
    return saved.one_or_none() is not None


async def save_done(
    session: AsyncSession, report: Report, *, content: Content, rendered: Mapping[FileFormat, bytes], at: datetime
) -> bool:
    """Keep the outcome of this attempt with its files; False where another attempt has taken over."""
    values = {"content": _CONTENT.dump_python(content, mode="json"), "finished_at": at, "progress": 1.0}
    saved = await session.execute(_of_attempt(report).values(state=ReportState.DONE, **values).returning(reports.c.id))
    if saved.one_or_none() is None:
        return False
    rows = [{"report_id": report.id, "format": format_, "content": body} for format_, body in rendered.items()]
    await session.execute(insert(files), rows)
    return True


async def save_failed(session: AsyncSession, report: Report, problem: Mapping[str, Any], *, at: datetime) -> None:
    """Keep why the report cannot be made."""
    await session.execute(_of_attempt(report).values(state=ReportState.FAILED, problem=dict(problem), finished_at=at))


async def find_file(session: AsyncSession, report_id: UUID, format_: FileFormat) -> bytes | None:
    """Return a file of a report, if it has been made."""
    statement = select(files.c.content).where(files.c.report_id == report_id, files.c.format == format_)
    return await session.scalar(statement)


def _of_attempt(report: Report) -> Any:
    """Return an update of the report that does nothing once a later attempt runs.

    A worker that was only slow, and whose job was given to another, must not overwrite that one's outcome.
    """
    return update(reports).where(
        reports.c.id == report.id, reports.c.state == ReportState.RUNNING, reports.c.attempts == report.attempts
    )


def visible(statement: Select[Any], within: str | None) -> Select[Any]:
    """Narrow a statement on reports to a caller's subtree."""
    return statement if within is None else statement.where(reports.c.unit_path.contains([within]))


def _order_values(order: ReportOrder) -> dict[str, Any]:
    return {
        "form": order.form,
        "form_version": order.form_version,
        "unit_code": order.unit_code,
        "unit_name": order.unit_name,
        "unit_path": list(order.unit_path),
        "period_start": order.period.start,
        "period_end": order.period.end,
        "period_name": order.period_name,
        "cutoff": order.cutoff,
        "as_of": order.as_of,
        "known_at": order.known_at,
        "language": order.language,
        "compare_with": _PRINTED.dump_python(order.compare_with, mode="json") if order.compare_with else None,
    }


def to_domain(row: Row[Any]) -> Report:
    """Return the report of a row."""
    return Report(
        row.id,
        _to_order(row),
        ReportState(row.state),
        row.progress,
        row.attempts,
        row.attempts_before,
        row.created_at,
        row.finished_at,
        _CONTENT.validate_python(row.content) if row.content else None,
        row.problem,
        _PUBLICATION.validate_python(row.publication) if row.publication else None,
    )


def _to_order(row: Row[Any]) -> ReportOrder:
    return ReportOrder(
        row.form,
        row.form_version,
        row.unit_code,
        row.unit_name,
        tuple(row.unit_path),
        Period(row.period_start, row.period_end),
        row.period_name,
        Cutoff(row.cutoff),
        row.as_of,
        row.known_at,
        row.language,
        _PRINTED.validate_python(row.compare_with) if row.compare_with else None,
    )
