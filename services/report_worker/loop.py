"""Keeps the worker of the queue running, through errors and restarts of the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries

from report_worker.store.queue import MAKE_REPORT
from report_worker.usecases.keep_schedules import Planner
from report_worker.usecases.make_report import Workshop, make_report
from report_worker.usecases.requeue_reports import requeue_reports
from report_worker.usecases.run_schedules import run_schedules

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LONGEST_RETRY = timedelta(minutes=5)
# Between notifications the queue is looked at anyway, for jobs whose worker fell silent.
POLL = timedelta(seconds=2)
# pgqueuer wants room for twice a batch; two reports at once keep two cores busy.
BATCH = 1
AT_ONCE = 2

log = structlog.get_logger()


@dataclass(frozen=True)
class Pace:
    """How long a job's worker may be silent, how long jobs may take to end at a stop, how often rounds are made."""

    heartbeat_timeout: timedelta
    drain: timedelta
    round: timedelta = timedelta(seconds=30)


class ReportLoop:
    """Works through the queue, and looks after schedules and lost jobs, until it is told to stop."""

    def __init__(self, workshop: Workshop, planner: Planner, database_url: str, pace: Pace) -> None:
        self._workshop = workshop
        self._planner = planner
        self._database_url = database_url
        self._pace = pace
        self._stopping = asyncio.Event()
        self._manager: QueueManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background of this block; at its end reports in the making may finish."""
        task = asyncio.create_task(self._keep_working())
        rounds = asyncio.create_task(self._keep_making_rounds())
        try:
            yield
        finally:
            self._stopping.set()
            if self._manager is not None:
                self._manager.shutdown.set()
            _done, late = await asyncio.wait({task}, timeout=self._pace.drain.total_seconds())
            # A report that is cut off here waits on in its row; the next start queues it again.
            for one in {*late, rounds}:
                one.cancel()
            await asyncio.gather(task, rounds, return_exceptions=True)

    async def _keep_working(self) -> None:
        """Start pgqueuer again whenever it ends, as it does when the database restarts."""
        pause = FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                await self._work()
                pause = FIRST_PAUSE_S
            except Exception as error:
                log.warning("report-loop-broken", error=repr(error), pause_s=pause)
                await self._sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _keep_making_rounds(self) -> None:
        """Order what is due and queue what fell out; a round that breaks is made up for by the next."""
        while not self._stopping.is_set():
            try:
                requeued = await requeue_reports(self._workshop.begin)
                ordered = await run_schedules(self._planner, self._workshop.describe)
                if ordered or requeued:
                    log.info("round-made", ordered=ordered, requeued=requeued)
            except Exception as error:
                log.warning("round-broken", error=repr(error), exc_info=error)
            await self._sleep(self._pace.round.total_seconds())

    async def _work(self) -> None:
        connection = await asyncpg.connect(self._database_url)
        try:
            self._manager = self._manager_on(connection)
            if not self._stopping.is_set():
                await self._manager.run(
                    dequeue_timeout=POLL,
                    batch_size=BATCH,
                    max_concurrent_tasks=AT_ONCE,
                    heartbeat_timeout=self._pace.heartbeat_timeout,
                    shutdown_on_listener_failure=True,
                )
        finally:
            self._manager = None
            connection.terminate()

    def _manager_on(self, connection: asyncpg.Connection) -> QueueManager:
        manager = QueueManager(Queries.from_asyncpg_connection(connection))
        manager.entrypoint(MAKE_REPORT)(self._handle)
        return manager

    async def _handle(self, job: Job) -> None:
        """Make one report; whatever goes wrong is logged and tried again later, ever more rarely."""
        report_id = UUID((job.payload or b"").decode())
        try:
            await make_report(report_id, self._workshop)
        except Exception as error:
            log.warning("report-attempt-failed", report=str(report_id), error=repr(error), exc_info=error)
            raise RetryRequested(delay=_delay(job.attempts), reason=type(error).__name__) from error

    async def _sleep(self, pause_s: float) -> None:
        await asyncio.wait({asyncio.create_task(self._stopping.wait())}, timeout=pause_s)


def _delay(attempts: int) -> timedelta:
    return min(timedelta(seconds=2**attempts), LONGEST_RETRY)
