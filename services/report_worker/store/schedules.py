"""Statements on schedules and their runs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.domain.schedules import Each, Part, Run, Schedule, ScheduleNotFound, ScheduleTerms
from report_worker.store.tables import reports, schedule_runs, schedules
from shared.periods import Cutoff


async def add(
    session: AsyncSession,
    terms: ScheduleTerms,
    *,
    unit: tuple[str, str, tuple[str, ...]],
    created_by: str,
    at: datetime,
) -> Schedule:
    """Add a schedule for a unit given as code, name and path, and return it."""
    code, name, path = unit
    statement = insert(schedules).values(
        form=terms.form,
        unit_code=code,
        unit_name=name,
        unit_path=list(path),
        each=terms.each,
        parts=list(terms.parts),
        cutoff=terms.cutoff,
        working_days=terms.working_days,
        language=terms.language,
        starts_on=terms.starts_on,
        created_by=created_by,
        created_at=at,
    )
    return _to_domain((await session.execute(statement.returning(schedules))).one())


async def get(session: AsyncSession, schedule_id: UUID, *, within: str | None) -> Schedule:
    """Return a schedule that has not ended.  Raises ScheduleNotFound."""
    found = [one for one in await list_active(session, within=within) if one.id == schedule_id]
    if not found:
        raise ScheduleNotFound(schedule_id)
    return found[0]


async def list_active(session: AsyncSession, *, within: str | None) -> list[Schedule]:
    """Return the schedules of a subtree that have not ended, oldest first."""
    statement = select(schedules).where(schedules.c.ended_at.is_(None))
    if within is not None:
        statement = statement.where(schedules.c.unit_path.contains([within]))
    return [_to_domain(row) for row in await session.execute(statement.order_by(schedules.c.id))]


async def save_ended(session: AsyncSession, schedule: Schedule, *, at: datetime) -> None:
    """End a schedule; its reports stay."""
    await session.execute(update(schedules).where(schedules.c.id == schedule.id).values(ended_at=at))


async def lock(session: AsyncSession, schedule: Schedule) -> bool:
    """Keep other workers from running a schedule until the transaction ends; False where it has ended."""
    statement = select(schedules.c.id).where(schedules.c.id == schedule.id, schedules.c.ended_at.is_(None))
    return await session.scalar(statement.with_for_update()) is not None


async def list_periods_run(session: AsyncSession, schedule: Schedule) -> set[str]:
    """Return the periods that have been run: all units of a run are added in one transaction."""
    statement = select(schedule_runs.c.period_name).where(schedule_runs.c.schedule_id == schedule.id).distinct()
    return set(await session.scalars(statement))


async def add_run(
    session: AsyncSession, schedule: Schedule, *, period_name: str, unit_code: str, due_on: date, at: datetime,
    report_id: UUID | None = None, problem: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write down what became of one unit's run; the key refuses a second one."""
    values = {"schedule_id": schedule.id, "period_name": period_name, "unit_code": unit_code, "due_on": due_on}
    outcome = {"report_id": report_id, "problem": problem and dict(problem), "created_at": at}
    await session.execute(insert(schedule_runs).values(**values, **outcome))


async def list_runs(session: AsyncSession, schedule: Schedule, *, limit: int) -> list[Run]:
    """Return a schedule's runs, the latest due first, then by unit."""
    run = schedule_runs.c
    statement = (
        select(run.period_name, run.unit_code, run.due_on, run.report_id, reports.c.state, run.problem)
        .join_from(schedule_runs, reports, reports.c.id == run.report_id, isouter=True)
        .where(run.schedule_id == schedule.id)
        .order_by(run.due_on.desc(), run.period_name, run.unit_code)
        .limit(limit)
    )
    return [Run(*row) for row in await session.execute(statement)]


def _to_domain(row: Row[Any]) -> Schedule:
    terms = ScheduleTerms(
        row.form,
        Each(row.each),
        tuple(Part(part) for part in row.parts),
        Cutoff(row.cutoff),
        row.working_days,
        row.language,
        row.starts_on,
    )
    return Schedule(row.id, terms, row.unit_code, row.unit_name, tuple(row.unit_path), row.created_by, row.created_at)
