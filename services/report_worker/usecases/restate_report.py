"""Tell what a report would say today, and what moved."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from report_worker.clients.changes import ChangeQuestion, Changes, Moved, Since
from report_worker.clients.indicators import Indicators
from report_worker.domain.causes import Source, sources_of
from report_worker.domain.filling import fill, windows_of
from report_worker.domain.forms import Form, Forms
from report_worker.domain.lifecycle import Action, require_allowed
from report_worker.domain.reported import Entry, ReportedTotal
from report_worker.domain.reports import Content, Report, ReportOrder, Through
from report_worker.domain.restating import DifferingCell, differing_cells
from report_worker.store import reports
from report_worker.usecases.read_numbers import FIRST_PAUSE, read_numbers
from report_worker.usecases.read_reported import with_reported
from report_worker.usecases.report_figures import ReturnOffice

# Beyond so many lists the cells still say by how much they differ, but no longer through which dossiers.
MOST_LISTS = 400
AT_ONCE = 4


@dataclass(frozen=True)
class MovedDossier:
    """A dossier and by how much it moved a cell; in a rate, either part."""

    code: str
    change: int
    denominator_change: int


@dataclass(frozen=True)
class MovedReturn:
    """A unit's return that moved a cell; None where there was or is none."""

    unit_code: str
    unit_name: str
    name: str
    before: int | None
    now: int | None


@dataclass(frozen=True)
class RestatedCell:
    """A cell that would differ, and what moved it."""

    cell: DifferingCell
    dossiers: tuple[MovedDossier, ...]
    returns: tuple[MovedReturn, ...]
    is_truncated: bool


@dataclass(frozen=True)
class Restatement:
    """A report as it was and as it would be: `through` is how far today's figures reach."""

    report: Report
    form: Form
    known_at: date | None
    before: Through
    through: Through
    cells: tuple[RestatedCell, ...]


@dataclass(frozen=True)
class Restater:
    """What a restatement is made with."""

    forms: Forms
    indicators: Indicators
    office: ReturnOffice


@dataclass(frozen=True)
class _Today:
    content: Content
    order: ReportOrder
    form: Form


async def restate_report(report_id: UUID, *, within: str | None, restater: Restater) -> Restatement:
    """Compile a finished report again as known now and list every cell that differs.  Rule: contract section 6.

    Raises ReportNotFound, ActionNotAllowed, FiguresKeptMoving, and what the neighbours' clients raise.
    """
    async with restater.office.begin() as session:
        report = await reports.get(session, report_id, within=within)
    require_allowed(report, Action.RESTATE)
    if report.content is None:
        raise TypeError(f"report {report.id} has nothing to restate")
    today = await _compile(report, restater)
    cells = differing_cells(report.content.figures, today.content.figures)
    explained = await _explained(cells, report, today, restater)
    known_at = report.order.known_at
    return Restatement(report, today.form, known_at, report.content.through, today.content.through, tuple(explained))


async def _compile(report: Report, restater: Restater) -> _Today:
    """Make the report's figures again; nothing but the knowledge is another."""
    order = replace(report.order, known_at=None)
    form = restater.forms.get(order.form, version=order.form_version)
    numbers, through = await read_numbers(form, order, indicators=restater.indicators, first_pause=FIRST_PAUSE)
    numbers, returns = await with_reported(form, order, numbers, office=restater.office)
    return _Today(Content(through, fill(form, numbers, order.subject), (), None, returns), order, form)


async def _explained(
    cells: Sequence[DifferingCell], report: Report, today: _Today, restater: Restater
) -> list[RestatedCell]:
    sources = {cell.place: sources_of(today.form, cell.place) for cell in cells}
    asked = dict.fromkeys(_question(one, today) for found in sources.values() for one in found if not one.is_reported)
    before = report.content.through.position if report.content else 0
    since = Since(before, report.order.known_at)
    moved = await _ask_all(list(asked)[:MOST_LISTS], since, Changes(restater.indicators))
    returns = _moved_returns(report.content.reported if report.content else (), today.content.reported)
    return [_explain(cell, sources[cell.place], today, moved=moved, returns=returns) for cell in cells]


async def _ask_all(questions: Sequence[ChangeQuestion], since: Since, changes: Changes) -> dict[ChangeQuestion, Moved]:
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(question: ChangeQuestion) -> Moved:
        async with places:
            return await changes.ask(question, since)

    answers = await asyncio.gather(*(ask(question) for question in questions))
    return dict(zip(questions, answers, strict=True))


def _question(source: Source, today: _Today) -> ChangeQuestion:
    window = windows_of(today.form, today.order.subject)[source.window]
    return ChangeQuestion(source.name, source.group, today.order.unit_code, window.period, window.as_of)


def _explain(
    cell: DifferingCell,
    sources: Sequence[Source],
    today: _Today,
    *,
    moved: Mapping[ChangeQuestion, Moved],
    returns: Sequence[MovedReturn],
) -> RestatedCell:
    """Add up what each dossier changed in the cell; one that came and went again in it is left out."""
    tally: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    is_truncated = False
    for source in (one for one in sources if not one.is_reported):
        found = moved.get(_question(source, today))
        is_truncated = is_truncated or found is None or found.is_truncated
        for code, times in (found.changes if found else {}).items():
            tally[source.is_denominator][code] += source.sign * times
    codes = sorted(code for code in {*tally[0], *tally[1]} if tally[0][code] or tally[1][code])
    names = {source.reported_name for source in sources if source.is_reported}
    return RestatedCell(
        cell,
        tuple(MovedDossier(code, tally[0][code], tally[1][code]) for code in codes),
        tuple(one for one in returns if one.name in names),
        is_truncated,
    )


def _moved_returns(before: Sequence[ReportedTotal], now: Sequence[ReportedTotal]) -> list[MovedReturn]:
    then, today = _by_unit(before), _by_unit(now)
    found = []
    for key in dict.fromkeys((*then, *today)):
        entry = today.get(key) or then[key]
        values = [one.counted if one else None for one in (then.get(key), today.get(key))]
        if values[0] != values[1]:
            found.append(MovedReturn(entry.unit_code, entry.unit_name, entry.name, values[0], values[1]))
    return found


def _by_unit(totals: Sequence[ReportedTotal]) -> dict[tuple[str, str], Entry]:
    return {(one.name, entry.unit_code): entry for one in totals for entry in one.entries}
