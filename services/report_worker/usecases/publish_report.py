"""Freeze a report, so that what was signed can be shown years later."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.domain.forms import Forms
from report_worker.domain.lifecycle import Action, ActionNotAllowed, ChecksFail, broken_identities, require_allowed
from report_worker.domain.reports import Content, FileFormat, Publication, Report, ReportState
from report_worker.domain.sealing import hash_of, seal_of, with_override
from report_worker.render.files import render_files
from report_worker.store import audit, lifecycle, reports
from shared.clock import Clock, civil_day
from shared.db import Begin
from shared.http.access import Caller

Rendered = Mapping[FileFormat, bytes]


@dataclass(frozen=True)
class Publisher:
    """Who publishes, and why in spite of failing identities."""

    caller: Caller
    override_note: str | None


async def publish_report(
    report_id: UUID, publisher: Publisher, *, forms: Forms, begin: Begin, clock: Clock, zone: ZoneInfo
) -> Report:
    """Freeze a finished report and return it; asked again with the same note it is returned as it is.

    Raises ReportNotFound, ActionNotAllowed, ChecksFail.  Rule: contract section 6, domain f.2.
    """
    async with begin() as session:
        report = await reports.get(session, report_id, within=publisher.caller.unit_code)
    if _is_repeated(report, publisher):
        return report
    noted = await asyncio.to_thread(_with_note, report, publisher.override_note, forms=forms)
    async with begin() as session:
        # Between the two transactions somebody else may have published it.
        locked = await lifecycle.get_for_update(session, report_id, within=publisher.caller.unit_code)
        require_allowed(locked, Action.PUBLISH)
        if noted is not None:
            await lifecycle.save_sealable(session, locked, *noted)
        publication = await _publication(session, locked, publisher, clock=clock, zone=zone)
        details = {"content_hash": publication.content_hash, "override_note": publication.override_note}
        await audit.add(
            session, "report.published", str(report_id), by=publisher.caller.id, at=publication.at, details=details
        )
        return await lifecycle.save_published(session, locked, publication)


def _is_repeated(report: Report, publisher: Publisher) -> bool:
    if report.publication is None:
        return False
    if publisher.override_note not in (None, report.publication.override_note):
        raise ActionNotAllowed(report.id, ReportState.PUBLISHED, Action.PUBLISH)
    return True


def _with_note(report: Report, note: str | None, *, forms: Forms) -> tuple[Content, Rendered] | None:
    """Return content and files that print why failing identities stand; None where all hold.

    Raises ActionNotAllowed, ChecksFail.
    """
    require_allowed(report, Action.PUBLISH)
    broken = broken_identities(report)
    if report.content is None or not broken:
        return None
    if note is None:
        raise ChecksFail(report.id, broken)
    order = report.order
    figures = with_override(report.content.figures, note, identities=broken, language=order.language)
    content = replace(report.content, figures=figures)
    return content, render_files(forms.get(order.form, version=order.form_version), order, content)


async def _publication(
    session: AsyncSession, report: Report, publisher: Publisher, *, clock: Clock, zone: ZoneInfo
) -> Publication:
    now = clock.now()
    caller = publisher.caller
    bodies = await lifecycle.list_files(session, report.id)
    return Publication(
        now,
        caller.id,
        caller.name,
        report.order.known_at or civil_day(report.finished_at or now, zone),
        seal_of(await lifecycle.get_sealed(session, report.id)),
        {format_: hash_of(body) for format_, body in sorted(bodies.items())},
        publisher.override_note if broken_identities(report) else None,
    )
