"""Statements that take a report from state to state, and those that freeze it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.domain.reports import (
    Content,
    FileFormat,
    Publication,
    Report,
    ReportNotFound,
    ReportState,
)
from report_worker.store.reports import to_domain, visible
from report_worker.store.tables import files, reports

_CONTENT = TypeAdapter(Content)
_PUBLICATION = TypeAdapter(Publication)
# What a publication's hash is taken over, beside the content.
SEALED = (
    "id",
    "form",
    "form_version",
    "unit_code",
    "unit_name",
    "period_start",
    "period_end",
    "period_name",
    "cutoff",
    "as_of",
    "known_at",
    "language",
    "compare_with",
)


async def get_for_update(session: AsyncSession, report_id: UUID, *, within: str | None) -> Report:
    """Return a report, locked until the transaction ends.  Raises ReportNotFound."""
    statement = visible(select(reports).where(reports.c.id == report_id), within).with_for_update()
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise ReportNotFound(str(report_id))
    return to_domain(row)


async def save_cancelled(session: AsyncSession, report: Report) -> Report:
    """Take a report out of the making; an attempt that runs finds out when it next writes."""
    return await _saved(session, report, {"state": ReportState.CANCELLED})


async def save_retried(session: AsyncSession, report: Report) -> Report:
    """Let a report wait again, with a full number of attempts before it.

    The attempts go on counting, so that one from before the retry stays told apart from the new ones.
    """
    values = {"state": ReportState.QUEUED, "progress": 0.0, "problem": None, "finished_at": None}
    return await _saved(session, report, {**values, "attempts_before": report.attempts})


async def save_sealable(
    session: AsyncSession, report: Report, content: Content, rendered: Mapping[FileFormat, bytes]
) -> None:
    """Replace what a finished report says, and its files, before it is frozen."""
    await session.execute(
        update(reports).where(reports.c.id == report.id).values(content=_CONTENT.dump_python(content, mode="json"))
    )
    await session.execute(delete(files).where(files.c.report_id == report.id))
    rows = [{"report_id": report.id, "format": format_, "content": body} for format_, body in rendered.items()]
    await session.execute(insert(files), rows)


async def save_published(session: AsyncSession, report: Report, publication: Publication) -> Report:
    """Freeze a report; from the end of the transaction on the database refuses every change."""
    values = {"state": ReportState.PUBLISHED, "publication": _PUBLICATION.dump_python(publication, mode="json")}
    return await _saved(session, report, values)


async def get_sealed(session: AsyncSession, report_id: UUID) -> dict[str, Any]:
    """Return what a publication's hash is taken over, as plain JSON values."""
    columns = [reports.c[name] for name in SEALED]
    row = (await session.execute(select(*columns, reports.c.content).where(reports.c.id == report_id))).one()
    plain = {name: _plain(getattr(row, name)) for name in SEALED}
    return {**plain, "content": row.content}


async def list_files(session: AsyncSession, report_id: UUID) -> dict[FileFormat, bytes]:
    """Return a report's files."""
    rows = await session.execute(select(files.c.format, files.c.content).where(files.c.report_id == report_id))
    return {FileFormat(row.format): row.content for row in rows}


async def _saved(session: AsyncSession, report: Report, values: Mapping[str, Any]) -> Report:
    statement = update(reports).where(reports.c.id == report.id).values(**values).returning(reports)
    return to_domain((await session.execute(statement)).one())


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | dict) else str(value)
