"""Order the reports that are due by schedule, the missed ones too, each once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.clients.units import UnitV1
from report_worker.domain.forms import FormNotFound
from report_worker.domain.reports import UnitNotFound
from report_worker.domain.schedules import DueRun, Each, NoUnitsBelow, Schedule, periods_maybe_due, runs_due
from report_worker.store import reports, schedules
from report_worker.store.reports import Placement
from report_worker.usecases.keep_schedules import Planner
from report_worker.usecases.make_report import Describe
from report_worker.usecases.order_report import ReportWish, place, settler_of
from shared.http.client import UpstreamNonsense, UpstreamUnavailable
from shared.periods import parse_period

log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """The reports of one period: a unit each, or the problem that keeps a unit from having one."""

    run: DueRun
    units: tuple[UnitV1, ...]
    problems: Mapping[str, Mapping[str, Any]]


async def run_schedules(planner: Planner, describe: Describe) -> int:
    """Order everything that is due by now; return how many reports.

    A schedule whose neighbour is away waits for the next round and holds up no other.
    """
    async with planner.begin() as session:
        found = await schedules.list_active(session, within=None)
    ordered = 0
    for schedule in found:
        try:
            ordered += await _run(schedule, planner, describe)
        except (UpstreamUnavailable, UpstreamNonsense) as error:
            log.warning("schedule-put-off", schedule=str(schedule.id), error=str(error))
    return ordered


async def _run(schedule: Schedule, planner: Planner, describe: Describe) -> int:
    async with planner.begin() as session:
        done = await schedules.list_periods_run(session, schedule)
    maybe = set(periods_maybe_due(schedule.terms, today=planner.today)) - done
    if not maybe:
        return 0
    years = range(schedule.terms.starts_on.year - 1, planner.today.year + 1)
    calendar = await planner.calendars.of_years(years)
    due = runs_due(schedule.terms, calendar, first=schedule.terms.starts_on, last=planner.today)
    ordered = 0
    for run in due:
        if run.period_name in maybe:
            batch = await _batch(schedule, run, planner, describe)
            ordered += await _order(schedule, batch, planner, describe)
    return ordered


async def _batch(schedule: Schedule, run: DueRun, planner: Planner, describe: Describe) -> Batch:
    """Settle who gets a report; a unit that is no more is named and keeps nobody else waiting."""
    try:
        units = await _units(schedule, run, planner)
    except (UnitNotFound, NoUnitsBelow) as error:
        return Batch(run, (), {schedule.unit_code: describe(error, schedule.terms.language)})
    return Batch(run, tuple(units), {})


async def _units(schedule: Schedule, run: DueRun, planner: Planner) -> Sequence[UnitV1]:
    if schedule.terms.each is Each.UNIT:
        return [await planner.units.get_own(schedule.unit_code)]
    last = parse_period(run.period_name, schedule.terms.cutoff).last
    tree = await planner.units.subtree(schedule.unit_code, on=last)
    below = [unit for unit in tree if unit.parent_code == schedule.unit_code]
    if not below:
        raise NoUnitsBelow(schedule.unit_code)
    return below


async def _order(schedule: Schedule, batch: Batch, planner: Planner, describe: Describe) -> int:
    """Order a period's reports in one transaction, so that it is run for all units or for none."""
    async with planner.begin() as session:
        if not await schedules.lock(session, schedule):
            return 0
        if batch.run.period_name in await schedules.list_periods_run(session, schedule):
            return 0
        problems: dict[str, Mapping[str, Any]] = {}
        for unit in batch.units:
            try:
                await _place(session, schedule, batch.run, unit=unit, planner=planner)
            except FormNotFound as error:
                problems[unit.code] = describe(error, schedule.terms.language)
        for code, problem in {**batch.problems, **problems}.items():
            await _note(session, schedule, batch.run, code, planner=planner, problem=problem)
    return len(batch.units) - len(problems)


async def _place(session: AsyncSession, schedule: Schedule, run: DueRun, *, unit: UnitV1, planner: Planner) -> None:
    settle = settler_of(_wish(schedule, run, unit, planner), forms=planner.forms, today=planner.today)
    # The key tells this order apart from every other, should a run's row ever be lost.
    name = f"{run.period_name}:{unit.code}"
    placement = Placement(f"schedule:{schedule.id}", name, hashlib.sha256(name.encode()).digest())
    report = await place(session, settle(unit), placement, at=planner.clock.now())
    if report is None:
        report, _hash = await reports.get_ordered(session, placement)
    await _note(session, schedule, run, unit.code, planner=planner, report_id=report.id)


async def _note(
    session: AsyncSession, schedule: Schedule, run: DueRun, unit_code: str, *, planner: Planner, **outcome: Any
) -> None:
    await schedules.add_run(
        session,
        schedule,
        period_name=run.period_name,
        unit_code=unit_code,
        due_on=run.due_on,
        at=planner.clock.now(),
        **outcome,
    )


def _wish(schedule: Schedule, run: DueRun, unit: UnitV1, planner: Planner) -> ReportWish:
    """Return the order of one unit; a run caught up later still uses only what was known on the day it was due."""
    known_at = run.due_on if planner.today > run.due_on else None
    terms = schedule.terms
    return ReportWish(
        terms.form, None, unit.code, run.period_name, terms.cutoff, known_at, terms.language, compare_with=None
    )
