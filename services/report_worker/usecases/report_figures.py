"""Take in, and give back, the figures that units report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.clients.units import ListedUnitV1, Units
from report_worker.domain.reported import (
    Entry,
    ReportableFigure,
    ReportedCatalogue,
    ReportedFiguresInconsistent,
    ReportedTotal,
    ReportingUnit,
    Submission,
    require_reportable,
    total_of,
)
from report_worker.domain.reports import UnitNotFound
from report_worker.store import audit, reported
from shared.clock import Clock, civil_day
from shared.db import Begin
from shared.periods import Period

MOST_HISTORY = 1000


@dataclass(frozen=True)
class ReturnOffice:
    """What reported figures are kept with."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    catalogue: ReportedCatalogue
    units: Units


@dataclass(frozen=True)
class Return:
    """What a unit sends for a period; with a note it stands although identities fail."""

    unit_code: str
    period: Period
    submissions: tuple[Submission, ...]
    note: str | None = None


async def report_figures(sent: Return, *, by: str, bearer: str, office: ReturnOffice) -> list[ReportedTotal]:
    """Keep a unit's figures and return all it has reported for the period.

    Raises UnitNotFound, UnknownReportedFigures, NotReportedByUnit, ReportedFiguresInconsistent, and what `Units`
    raises.
    """
    await office.units.get(sent.unit_code, bearer=bearer)
    unit = await unit_of(sent.unit_code, sent.period, office)
    require_reportable(office.catalogue, unit, (one.name for one in sent.submissions))
    at = office.clock.now()
    async with office.begin() as session:
        failures = await _failures(session, unit, sent, office)
        if failures and sent.note is None:
            raise ReportedFiguresInconsistent(unit.code, failures)
        note = sent.note if failures else None
        on = civil_day(at, office.zone)
        await reported.add(session, unit, sent.period, sent.submissions, note=note, by=by, at=at, on=on)
        subject = f"{unit.code} {sent.period.start}/{sent.period.end}"
        details = {"names": [one.name for one in sent.submissions], "note": note}
        await audit.add(session, "figures.reported", subject, by=by, at=at, details=details)
    return await read_totals(unit.code, sent.period, known_at=None, office=office, alone=True)


async def read_totals(
    unit_code: str, period: Period, *, known_at: date | None, office: ReturnOffice, alone: bool = False
) -> list[ReportedTotal]:
    """Return every figure over a unit's subtree, or of the unit `alone`, in the order of the catalogue.

    Raises UpstreamUnavailable, UpstreamNonsense.
    """
    listed = await office.units.subtree(unit_code, on=period.last)
    units = [reporting(one) for one in listed if not alone or one.code == unit_code]
    async with office.begin() as session:
        entries = await reported.list_current(session, period, within=unit_code, known_at=known_at)
    if alone:
        entries = [one for one in entries if one.unit_code == unit_code]
    return totals_of(office.catalogue.figures, entries, units)


async def read_history(unit_code: str, period: Period, *, name: str | None, office: ReturnOffice) -> list[Entry]:
    """Return all that a subtree ever sent for a period, the newest first."""
    async with office.begin() as session:
        return await reported.list_history(session, period, within=unit_code, name=name, limit=MOST_HISTORY)


def totals_of(
    figures: Sequence[ReportableFigure], entries: Sequence[Entry], units: Sequence[ReportingUnit]
) -> list[ReportedTotal]:
    """Return the figures that somebody sent or is expected to send."""
    totals = [total_of(figure, entries, units) for figure in figures]
    return [one for one in totals if one.entries or one.missing]


async def unit_of(code: str, period: Period, office: ReturnOffice) -> ReportingUnit:
    """Return a unit as it stood at a period's end.  Raises UnitNotFound, and what `Units` raises."""
    for one in await office.units.subtree(code, on=period.last):
        if one.code == code:
            return reporting(one)
    raise UnitNotFound(code)


def reporting(unit: ListedUnitV1) -> ReportingUnit:
    """Return a unit as far as reporting goes."""
    return ReportingUnit(unit.code, unit.name, unit.level, tuple(unit.path))


async def _failures(
    session: AsyncSession, unit: ReportingUnit, sent: Return, office: ReturnOffice
) -> list[dict[str, Any]]:
    """Judge what the unit would have reported with these figures added, and return what fails."""
    entries = await reported.list_current(session, sent.period, within=unit.code)
    cells = {one.name: one.counted for one in entries if one.unit_code == unit.code}
    cells |= {one.name: 0 if one.is_nil else one.value for one in sent.submissions}
    there = {name: value for name, value in cells.items() if value is not None}
    return [
        {"identity": one.identity, "left": one.left, "right": one.right, "difference": one.difference}
        for one in office.catalogue.verdicts(there)
        if not one.holds
    ]
