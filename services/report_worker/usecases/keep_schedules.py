"""Make, list and end schedules."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from report_worker.clients.calendars import Calendars
from report_worker.clients.units import Units
from report_worker.domain.forms import Forms
from report_worker.domain.schedules import DueRun, Run, Schedule, ScheduleTerms, runs_due
from report_worker.store import audit, schedules
from shared.clock import Clock, civil_day
from shared.db import Begin
from shared.http.access import Caller

NEXT_WITHIN = timedelta(days=500)
MOST_NEXT = 6
MOST_RUNS = 200


@dataclass(frozen=True)
class ScheduleView:
    """A schedule, what it will make next and what it has made, the latest first."""

    schedule: Schedule
    next_runs: tuple[DueRun, ...]
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Planner:
    """What schedules are kept with."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    forms: Forms
    units: Units
    calendars: Calendars

    @property
    def today(self) -> date:
        """Return the civil day."""
        return civil_day(self.clock.now(), self.zone)


async def add_schedule(
    unit_code: str, terms: ScheduleTerms, caller: Caller, *, bearer: str, planner: Planner
) -> ScheduleView:
    """Keep a schedule; runs that are due already follow at once.

    Raises FormNotFound, UnitNotFound, UpstreamUnavailable, UpstreamNonsense.
    """
    planner.forms.get(terms.form)
    unit = await planner.units.get(unit_code, bearer=bearer)
    at = planner.clock.now()
    async with planner.begin() as session:
        placed = (unit.code, unit.name, tuple(unit.path))
        schedule = await schedules.add(session, terms, unit=placed, created_by=caller.id, at=at)
        details = {"unit_code": unit.code, "form": terms.form, "parts": list(terms.parts)}
        await audit.add(session, "schedule.added", str(schedule.id), by=caller.id, at=at, details=details)
    return (await _foreseen([schedule], planner))[0]


async def read_schedules(within: str | None, planner: Planner) -> list[ScheduleView]:
    """Return the schedules of a subtree, oldest first."""
    async with planner.begin() as session:
        found = await schedules.list_active(session, within=within)
    return await _foreseen(found, planner)


async def read_schedule(schedule_id: UUID, *, within: str | None, planner: Planner) -> ScheduleView:
    """Return a schedule with its runs.  Raises ScheduleNotFound."""
    async with planner.begin() as session:
        schedule = await schedules.get(session, schedule_id, within=within)
        runs = await schedules.list_runs(session, schedule, limit=MOST_RUNS)
    view = (await _foreseen([schedule], planner))[0]
    return ScheduleView(schedule, view.next_runs, tuple(runs))


async def end_schedule(schedule_id: UUID, caller: Caller, planner: Planner) -> None:
    """End a schedule; what it has made stays.  Raises ScheduleNotFound."""
    at = planner.clock.now()
    async with planner.begin() as session:
        schedule = await schedules.get(session, schedule_id, within=caller.unit_code)
        await schedules.save_ended(session, schedule, at=at)
        await audit.add(session, "schedule.ended", str(schedule_id), by=caller.id, at=at)


async def _foreseen(found: list[Schedule], planner: Planner) -> list[ScheduleView]:
    """Add the next runs; one that is due but not yet made is among them."""
    if not found:
        return []
    last = planner.today + NEXT_WITHIN
    first = min(planner.today, *(one.terms.starts_on for one in found))
    calendar = await planner.calendars.of_years(range(first.year - 1, last.year + 1))
    async with planner.begin() as session:
        done = {one.id: await schedules.list_periods_run(session, one) for one in found}
    views = []
    for one in found:
        due = runs_due(one.terms, calendar, first=first, last=last)
        open_runs = [run for run in due if run.period_name not in done[one.id]]
        views.append(ScheduleView(one, tuple(open_runs[:MOST_NEXT])))
    return views
