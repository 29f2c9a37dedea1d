"""The workbook a unit fills in: given out, and read back."""

import asyncio

from report_worker.domain.reported import NIL
from report_worker.domain.returned_sheets import read_return
from report_worker.render.return_workbook import BlankReturn, render_return
from report_worker.uploads.reading import read_sheets
from report_worker.usecases.report_figures import Return, ReturnOffice, read_totals, unit_of
from shared.periods import Period, parse_period


async def blank_return(unit_code: str, period: Period, *, language: str, office: ReturnOffice) -> bytes:
    """Return the workbook of a unit for a period, what it has sent filled in.

    Raises UnitNotFound, and what `Units` raises.
    """
    unit = await unit_of(unit_code, period, office)
    totals = await read_totals(unit_code, period, known_at=None, office=office, alone=True)
    sent = {one.name: NIL if one.entries[0].is_nil else one.entries[0].value or 0 for one in totals if one.entries}
    figures = office.catalogue.expected_of(unit.reporter)
    blank = BlankReturn(unit, period, figures, office.catalogue.identities, sent, language)
    return await asyncio.to_thread(render_return, blank)


async def sent_workbook(content: bytes, note: str | None) -> tuple[Return, str]:
    """Return what a filled-in workbook sends, and its period as it names it.

    Raises UnreadableWorkbook, UnknownPeriod.
    """
    unit_code, period, submissions = read_return(await asyncio.to_thread(read_sheets, content))
    return Return(unit_code, parse_period(period), submissions, note), period
