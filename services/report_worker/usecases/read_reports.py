"""Read reports and their files, as far as the caller may see."""

from collections.abc import Mapping
from uuid import UUID

from report_worker.domain.forms import Forms
from report_worker.domain.reports import FileFormat, FileNotFound, Report, ReportNotReady
from report_worker.render.files import formats_of
from report_worker.store import reports
from shared.db import Begin


async def read_report(report_id: UUID, *, within: str | None, begin: Begin) -> Report:
    """Return a report.  Raises ReportNotFound."""
    async with begin() as session:
        return await reports.get(session, report_id, within=within)


async def read_reports(
    filters: Mapping[str, str], *, within: str | None, before: UUID | None, limit: int, begin: Begin
) -> list[Report]:
    """Return reports, newest first, without their content."""
    async with begin() as session:
        return await reports.list_reports(session, within=within, filters=filters, before=before, limit=limit)


async def read_file(
    report_id: UUID, format_: str, *, within: str | None, forms: Forms, begin: Begin
) -> tuple[Report, bytes]:
    """Return a report and one of its files.  Raises ReportNotFound, FileNotFound, ReportNotReady."""
    async with begin() as session:
        report = await reports.get(session, report_id, within=within)
        formats = formats_of(forms.get(report.order.form, version=report.order.form_version))
        if format_ not in formats:
            raise FileNotFound(format_, formats)
        content = await reports.find_file(session, report_id, FileFormat(format_))
    if content is None:
        raise ReportNotReady(report_id, report.state)
    return report, content
