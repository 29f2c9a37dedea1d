"""Make an ordered report: read, fill, check, render, keep."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from report_worker.clients.indicators import Indicators
from report_worker.domain.checking import check_figures
from report_worker.domain.comparing import compare
from report_worker.domain.filling import fill
from report_worker.domain.forms import Form, Forms
from report_worker.domain.numbers import Numbers, SourceMissing
from report_worker.domain.reported import ReportedCatalogue, ReportedTotal, remarks_on_reported
from report_worker.domain.reports import (
    Content,
    FiguresKeptMoving,
    FiguresRefused,
    FiguresTruncated,
    Report,
    ReportGivenUp,
    ReportOrder,
    Through,
)
from report_worker.domain.targets import Target
from report_worker.render.files import render_files
from report_worker.store import reports
from report_worker.usecases.read_numbers import FIRST_PAUSE, read_numbers
from report_worker.usecases.read_reported import with_reported
from report_worker.usecases.read_targets import read_targets
from report_worker.usecases.report_figures import ReturnOffice
from shared.clock import Clock
from shared.db import Begin
from shared.errors import DomainError
from shared.http.client import UpstreamNonsense, UpstreamUnavailable

# With the loop's back-off a neighbour may be away for a quarter of an hour before a report fails.
MOST_ATTEMPTS = 10
NUMBERS_READ = 0.6
FILES_RENDERED = 0.9

# Trying again cannot mend these; the others may pass.
LASTING = (SourceMissing, FiguresRefused, FiguresTruncated)
PASSING = (UpstreamUnavailable, UpstreamNonsense, FiguresKeptMoving)

Describe = Callable[[DomainError, str], Mapping[str, Any]]


@dataclass(frozen=True)
class Workshop:
    """What making a report needs; `describe` turns an error into a problem document in a language."""

    begin: Begin
    clock: Clock
    forms: Forms
    indicators: Indicators
    describe: Describe
    office: ReturnOffice
    first_pause: timedelta = FIRST_PAUSE


async def make_report(report_id: UUID, workshop: Workshop) -> None:
    """Make a report, or keep why it cannot be made; a report that no longer waits is left alone.

    Raises UpstreamUnavailable, UpstreamNonsense, FiguresKeptMoving while another attempt may succeed.
    """
    async with workshop.begin() as session:
        report = await reports.begin_attempt(session, report_id)
    if report is None:
        return
    # A report that kills its worker raises nothing: only the attempts, counted beforehand, can tell.
    attempt = report.attempts - report.attempts_before
    if attempt > MOST_ATTEMPTS:
        await _fail(report, ReportGivenUp(MOST_ATTEMPTS), workshop)
        return
    try:
        await _make(report, workshop)
    except LASTING as error:
        await _fail(report, error, workshop)
    except PASSING as error:
        if attempt < MOST_ATTEMPTS:
            raise
        await _fail(report, error, workshop)


async def _make(report: Report, workshop: Workshop) -> None:
    form = workshop.forms.get(report.order.form, version=report.order.form_version)
    numbers, through = await read_numbers(
        form, report.order, indicators=workshop.indicators, first_pause=workshop.first_pause
    )
    numbers, returns = await with_reported(form, report.order, numbers, office=workshop.office)
    targets = await read_targets(form, report.order, indicators=workshop.indicators)
    if not await _tell(report, NUMBERS_READ, workshop):
        return
    content = compile_content(form, report.order, numbers=numbers, through=through, targets=targets)
    content = _with_returns(content, returns, workshop.office.catalogue, report.order.language)
    rendered = await asyncio.to_thread(render_files, form, report.order, content)
    if not await _tell(report, FILES_RENDERED, workshop):
        return
    async with workshop.begin() as session:
        await reports.save_done(session, report, content=content, rendered=rendered, at=workshop.clock.now())


def compile_content(
    form: Form, order: ReportOrder, *, numbers: Numbers, through: Through, targets: tuple[Target, ...]
) -> Content:
    """Fill the form, judge its identities and hold it against what was printed.  Raises SourceMissing."""
    figures = fill(form, numbers, order.subject, targets)
    printed = order.compare_with
    comparison = compare(form, figures, title=printed.title, printed=printed.figures) if printed else None
    return Content(through, figures, tuple(check_figures(form, figures)), comparison)


def _with_returns(
    content: Content, returns: tuple[ReportedTotal, ...], catalogue: ReportedCatalogue, language: str
) -> Content:
    """Return the content with the units' returns behind it, and what must be said of them below the figures."""
    remarks = remarks_on_reported(returns, catalogue, language)
    figures = replace(content.figures, remarks=(*content.figures.remarks, *remarks))
    return replace(content, figures=figures, reported=returns)


async def _tell(report: Report, progress: float, workshop: Workshop) -> bool:
    """Tell how far the attempt is; False where it was cancelled or overtaken, and the rest is labour lost."""
    async with workshop.begin() as session:
        return await reports.save_progress(session, report, progress)


async def _fail(report: Report, error: DomainError, workshop: Workshop) -> None:
    problem = workshop.describe(error, report.order.language)
    async with workshop.begin() as session:
        await reports.save_failed(session, report, problem, at=workshop.clock.now())
