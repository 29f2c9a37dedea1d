"""Order a report: settle every detail, then queue its making."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.clients.units import Units, UnitV1
from report_worker.domain.checking import check_typed
from report_worker.domain.forms import Form, Forms
from report_worker.domain.reports import IdempotencyKeyReused, PeriodNotBegun, PrintedReport, Report, ReportOrder
from report_worker.store import audit, queue, reports
from report_worker.store.reports import Placement
from shared.clock import Clock, civil_day
from shared.db import Begin
from shared.periods import Cutoff, Period, parse_period


@dataclass(frozen=True)
class ReportWish:
    """What a caller asks for; no version means the one in force at the period's end."""

    form: str
    form_version: int | None
    unit_code: str
    period: str
    cutoff: Cutoff
    known_at: date | None
    language: str
    compare_with: PrintedReport | None


@dataclass(frozen=True)
class Orderer:
    """Who orders: the id and secret of their key, and how they name the order for a retry."""

    caller_id: str
    bearer: str
    idempotency_key: str | None


_WISH = TypeAdapter(ReportWish)


async def order_report(
    wish: ReportWish, orderer: Orderer, *, forms: Forms, units: Units, begin: Begin, clock: Clock, zone: ZoneInfo
) -> Report:
    """Queue a report and return it; a retry under the same Idempotency-Key returns the first one.

    Raises UnknownPeriod, PeriodNotBegun, FormNotFound, UnknownFigures, UnitNotFound, IdempotencyKeyReused.
    """
    settle = settler_of(wish, forms=forms, today=civil_day(clock.now(), zone))
    order = settle(await units.get(wish.unit_code, bearer=orderer.bearer))
    placement = Placement(orderer.caller_id, orderer.idempotency_key, _hash(wish))
    async with begin() as session:
        report = await place(session, order, placement, at=clock.now())
        if report is not None:
            return report
        earlier, order_hash = await reports.get_ordered(session, placement)
    if order_hash != placement.order_hash:
        raise IdempotencyKeyReused
    return earlier


def settler_of(wish: ReportWish, *, forms: Forms, today: date) -> Callable[[UnitV1], ReportOrder]:
    """Check a wish as far as it speaks of no unit; return what turns it into the order of one.

    Raises UnknownPeriod, PeriodNotBegun, FormNotFound, UnknownFigures.
    """
    period = parse_period(wish.period, wish.cutoff)
    as_of = last_day_seen(period, wish.period, today=today)
    form = forms.get(wish.form, version=wish.form_version, on=period.last)
    if wish.compare_with is not None:
        check_typed(form, wish.compare_with.figures)
    return lambda unit: _order(wish, period, as_of=as_of, form=form, unit=unit)


async def place(session: AsyncSession, order: ReportOrder, placement: Placement, *, at: datetime) -> Report | None:
    """Queue a report in an open transaction; None where the same orderer placed it already."""
    report = await reports.add(session, order, placement, at=at)
    if report is not None:
        await queue.enqueue(session, report.id)
        await audit.add(session, "report.ordered", str(report.id), by=placement.created_by, at=at)
    return report


def last_day_seen(period: Period, name: str, *, today: date) -> date:
    """Return the day whose close the report shows: the period's last, or today while the period runs.

    A later day would call overdue what only falls due after today.
    Raises PeriodNotBegun.  Rule: contract section 1.
    """
    if today < period.start:
        raise PeriodNotBegun(name, period.start)
    return min(period.last, today)


def _order(wish: ReportWish, period: Period, *, as_of: date, form: Form, unit: UnitV1) -> ReportOrder:
    return ReportOrder(
        form.head.code,
        form.head.version,
        unit.code,
        unit.name,
        tuple(unit.path),
        period,
        wish.period,
        wish.cutoff,
        as_of,
        wish.known_at,
        wish.language,
        wish.compare_with,
    )


def _hash(wish: ReportWish) -> bytes:
    return hashlib.sha256(_WISH.dump_json(wish)).digest()
