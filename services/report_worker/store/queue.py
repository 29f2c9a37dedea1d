"""The queue of reports to make: pgqueuer's tables, in this service's transactions."""

from uuid import UUID

from pgqueuer.queries import Queries
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from report_worker.domain.reports import WAITING_STATES
from shared.db import driver_of

MAKE_REPORT = "make_report"

# Reports that wait to be made while no job in the queue is for them, oldest first.
# :states text[], the states of a report that waits.  Returns id.
_UNQUEUED = text("""
    SELECT reports.id FROM report.reports
    WHERE reports.state = ANY(:states)
      AND NOT EXISTS (
          SELECT FROM report.pgqueuer
          WHERE pgqueuer.dedupe_key = reports.id::text AND pgqueuer.status IN ('queued', 'picked'))
    ORDER BY reports.id
""")


async def enqueue(session: AsyncSession, report_id: UUID) -> None:
    """Queue the making of a report, to be seen by the worker when this transaction commits."""
    queries = Queries.from_asyncpg_connection(await driver_of(session))
    name = str(report_id)
    await queries.enqueue(MAKE_REPORT, name.encode(), dedupe_key=name, on_conflict="skip")


async def list_unqueued(session: AsyncSession) -> list[UUID]:
    """Return the reports that wait to be made and that no job is for."""
    return list(await session.scalars(_UNQUEUED, {"states": sorted(WAITING_STATES)}))
