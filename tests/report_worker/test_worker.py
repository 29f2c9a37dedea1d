"""The loop with real commits: what happens to a report when its worker dies."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.queries import Queries
from pgqueuer.types import QueueEntrypoint, QueueManagerId

from motcua.roles import Databases
from motcua.services import REPORT
from report_worker.clients.calendars import Calendars
from report_worker.clients.indicators import Indicators
from report_worker.clients.units import Units
from report_worker.domain.reports import Report, ReportState
from report_worker.loop import Pace, ReportLoop
from report_worker.reported.reading import read_catalogue
from report_worker.store import lifecycle, queue, reports
from report_worker.store.reports import Placement
from report_worker.usecases.keep_schedules import Planner
from report_worker.usecases.make_report import Workshop
from report_worker.usecases.report_figures import ReturnOffice
from shared.db import Begin, engine_from, transactions
from shared.errors import DomainError
from tests.report_worker.given import CLOCK, FORMS, NOON, FakeFigures, order

PACE = Pace(heartbeat_timeout=timedelta(seconds=1), drain=timedelta(seconds=2), round=timedelta(seconds=0.2))
PATIENCE_S = 20.0
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Answer = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


@pytest.fixture
def url(own_database: Databases) -> str:
    return own_database.of(REPORT)


@pytest.fixture
async def begin(url: str) -> AsyncIterator[Begin]:
    async with engine_from(url) as engine:
        yield transactions(engine)


@asynccontextmanager
async def _working(begin: Begin, url: str, figures: Answer, pace: Pace = PACE) -> AsyncIterator[None]:
    transport = httpx.MockTransport(figures)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://indicator") as client:
        units = Units(client, "unused")
        office = ReturnOffice(begin, CLOCK, ZONE, read_catalogue(), units)
        workshop = Workshop(begin, CLOCK, FORMS, Indicators(client), _describe, office)
        planner = Planner(begin, CLOCK, ZONE, FORMS, units, Calendars(client, "unused"))
        async with ReportLoop(workshop, planner, url, pace).running():
            yield


def _describe(error: DomainError, _language: str) -> dict[str, str]:
    return {"type": error.code}


async def _ordered(begin: Begin) -> UUID:
    async with begin() as session:
        report = await reports.add(session, order(), Placement("k1", None, b""), at=NOON)
        assert report is not None
        await queue.enqueue(session, report.id)
    return report.id


async def _read(begin: Begin, report_id: UUID) -> Report:
    async with begin() as session:
        return await reports.get(session, report_id, within=None)


async def _until_done(begin: Begin, report_id: UUID) -> Report:
    async with asyncio.timeout(PATIENCE_S):
        while (report := await _read(begin, report_id)).state is not ReportState.DONE:
            await asyncio.sleep(0.05)
    return report


async def test_an_ordered_report_is_made(begin: Begin, url: str) -> None:
    async with _working(begin, url, FakeFigures()):
        report = await _until_done(begin, await _ordered(begin))

    assert (report.attempts, report.progress) == (1, 1.0)


async def test_a_report_whose_worker_was_killed_is_made_by_the_next(begin: Begin, url: str) -> None:
    report_id = await _ordered(begin)
    await _begin_and_die(begin, url, report_id)

    async with _working(begin, url, figures := FakeFigures()):
        report = await _until_done(begin, report_id)

    assert report.attempts == 2
    assert len(figures.asked) == 3


async def _begin_and_die(begin: Begin, url: str, report_id: UUID) -> None:
    """Leave what a kill in the middle leaves: a picked job, a running report, nobody's heartbeat."""
    connection = await asyncpg.connect(url)
    jobs = await Queries.from_asyncpg_connection(connection).dequeue(
        batch_size=1,
        entrypoints={QueueEntrypoint(queue.MAKE_REPORT): EntrypointExecutionParameter(concurrency_limit=0)},
        queue_manager_id=QueueManagerId(uuid.uuid4()),
        global_concurrency_limit=None,
        heartbeat_timeout=timedelta(seconds=1),
    )
    connection.terminate()
    assert len(jobs) == 1
    async with begin() as session:
        begun = await reports.begin_attempt(session, report_id)
    assert begun is not None


async def test_a_report_killed_after_it_was_done_is_not_made_again(begin: Begin, url: str) -> None:
    async with _working(begin, url, FakeFigures()):
        report_id = await _ordered(begin)
        first = await _until_done(begin, report_id)
    async with begin() as session:
        await queue.enqueue(session, report_id)

    async with _working(begin, url, figures := FakeFigures()):
        await _until_done(begin, await _ordered(begin))

    assert await _read(begin, report_id) == first
    assert len(figures.asked) == 3


async def test_a_report_without_a_job_is_queued_at_the_start(begin: Begin, url: str) -> None:
    report_id = await _ordered(begin)
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM pgqueuer")
    await connection.close()

    async with _working(begin, url, FakeFigures()):
        report = await _until_done(begin, report_id)

    assert report.attempts == 1


async def test_a_report_cut_off_by_a_stop_is_made_after_the_restart(begin: Begin, url: str) -> None:
    never = asyncio.Event()
    asked = asyncio.Event()

    async def hang(_request: httpx.Request) -> httpx.Response:
        asked.set()
        await never.wait()
        raise AssertionError

    report_id = await _ordered(begin)
    async with _working(begin, url, hang, replace(PACE, drain=timedelta(seconds=0.2))):
        await asyncio.wait_for(asked.wait(), PATIENCE_S)

    async with _working(begin, url, FakeFigures()):
        report = await _until_done(begin, report_id)

    assert report.attempts == 2


async def test_the_loop_outlives_its_connections(begin: Begin, url: str, server_url: str) -> None:
    async with _working(begin, url, FakeFigures()):
        await _until_done(begin, await _ordered(begin))
        administrator = await asyncpg.connect(server_url)
        await administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'motcua_report' AND datname = $1",
            url.rpartition("/")[2],
        )
        await administrator.close()

        report = await _until_done(begin, await _ordered(begin))

    assert report.attempts == 1


async def test_an_order_that_is_rolled_back_queues_nothing(begin: Begin, url: str) -> None:
    async def order_and_fail() -> None:
        async with begin() as session:
            report = await reports.add(session, order(), Placement("k1", None, b""), at=NOON)
            assert report is not None
            await queue.enqueue(session, report.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await order_and_fail()

    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT count(*) FROM pgqueuer") == 0
    await connection.close()


async def test_a_report_retried_while_its_job_still_runs_is_made_after_all(begin: Begin, url: str) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()
    figures = FakeFigures()

    async def wait_first(request: httpx.Request) -> httpx.Response:
        asked.set()
        await go_on.wait()
        return figures(request)

    report_id = await _ordered(begin)
    async with _working(begin, url, wait_first):
        await asyncio.wait_for(asked.wait(), PATIENCE_S)
        async with begin() as session:
            await lifecycle.save_cancelled(session, await reports.get(session, report_id, within=None))
        async with begin() as session:
            await lifecycle.save_retried(session, await reports.get(session, report_id, within=None))
            await queue.enqueue(session, report_id)
        go_on.set()
        report = await _until_done(begin, report_id)

    assert (report.attempts, report.attempts_before) == (2, 1)
