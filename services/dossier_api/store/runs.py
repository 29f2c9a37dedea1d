"""Runs and the dossiers they go through."""

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.runs import Run, RunKind, RunState
from dossier_api.domain.transitions import OPEN, Status
from dossier_api.store.tables import dossiers, runs

_UNENDED = dossiers.c.status.in_([*sorted(OPEN), Status.SUBMITTED])


async def add(session: AsyncSession, run: Run) -> None:
    """Write a new run."""
    await session.execute(insert(runs).values(**vars(run)))


async def save(session: AsyncSession, run: Run) -> None:
    """Write how far a run has come."""
    await session.execute(update(runs).where(runs.c.id == run.id).values(**vars(run)))


async def find(session: AsyncSession, run_id: str) -> Run | None:
    """Return a run."""
    row = (await session.execute(select(runs).where(runs.c.id == run_id))).mappings().one_or_none()
    return _run(row) if row else None


async def find_unfinished(session: AsyncSession) -> Run | None:
    """Return the oldest run that is not done."""
    statement = select(runs).where(runs.c.state == RunState.RUNNING).order_by(runs.c.created_at).limit(1)
    row = (await session.execute(statement)).mappings().one_or_none()
    return _run(row) if row else None


async def list_runs(session: AsyncSession, *, limit: int) -> list[Run]:
    """Return the newest runs, newest first."""
    rows = await session.execute(select(runs).order_by(runs.c.created_at.desc(), runs.c.id).limit(limit))
    return [_run(row) for row in rows.mappings()]


async def count_open(session: AsyncSession) -> int:
    """Return how many dossiers a run will look at."""
    return (await session.scalar(select(func.count()).select_from(dossiers).where(_UNENDED))) or 0


async def list_open_codes(session: AsyncSession, *, after: str, limit: int) -> list[str]:
    """Return codes of dossiers that have not ended, ascending."""
    statement = select(dossiers.c.code).where(_UNENDED, dossiers.c.code > after).order_by(dossiers.c.code)
    return list(await session.scalars(statement.limit(limit)))


def _run(row: RowMapping) -> Run:
    return Run(**{**row, "kind": RunKind(row["kind"]), "state": RunState(row["state"])})
