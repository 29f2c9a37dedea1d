"""kill -9 of the whole service at each step of a report: the report is still made, and made once."""

import asyncio
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from motcua.roles import Databases
from motcua.services import REPORT
from report_worker.store import queue, reports
from report_worker.store.reports import Placement
from shared.db import engine_from, transactions
from tests.report_worker.given import NOON, FakeDossiers, FakeFigures, order

PATIENCE_S = 90.0
# JSON, XLSX and PDF.
FILES_OF_A_TABLE = 3
Hold = Callable[["Neighbours", asyncpg.Connection, str], Awaitable[None]]


@dataclass
class Neighbours:
    """Both neighbours behind one port; `on_question` is awaited before each figure is answered."""

    figures: FakeFigures = field(default_factory=FakeFigures)
    dossiers: FakeDossiers = field(default_factory=FakeDossiers)
    on_question: Callable[[], Awaitable[None]] | None = None
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def let_go(self) -> None:
        """Answer whatever is held back, and hold nothing more."""
        self.on_question = None
        self.is_over.set()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one request and close; whoever was killed before it asked, or before it heard, is let go."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *lines = head.split("\r\n")
        headers = dict(one.split(": ", 1) for one in lines if one)
        request = httpx.Request("GET", f"http://neighbour{line.split()[1]}", headers=headers)
        answer = await self._answer(request)
        writer.write(
            f"HTTP/1.1 {answer.status_code} OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            f"Content-Length: {len(answer.content)}\r\n\r\n".encode()
            + answer.content
        )
        await writer.drain()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.startswith(("/v1/counts", "/v1/indicators")):
            return self.dossiers(request)
        if self.on_question is not None:
            await self.on_question()
        return self.figures(request)


@asynccontextmanager
async def _service(database_url: str, neighbours_port: int) -> AsyncIterator[Process]:
    """Run the service as its own process; whoever leaves the block finds it dead."""
    upstream = f"http://127.0.0.1:{neighbours_port}"
    settings = {
        "REPORT_DATABASE_URL": database_url,
        "REPORT_DOSSIER_URL": upstream,
        "REPORT_INDICATOR_URL": upstream,
        "REPORT_KEY": "report_worker",
        "REPORT_HEARTBEAT_TIMEOUT_S": "3",
        "REPORT_ROUND_S": "1",
    }
    command = ("-m", "uvicorn", "report_worker.app:create_app", "--factory", "--port", "0", "--log-level", "error")
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env={**os.environ, **settings})
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def _order(url: str) -> UUID:
    async with engine_from(url) as engine, transactions(engine)() as session:
        report = await reports.add(session, order(), Placement("k1", None, b""), at=NOON)
        assert report is not None
        await queue.enqueue(session, report.id)
        return report.id


async def _until(url: str, question: str) -> None:
    """Ask until the answer is yes, outside any transaction: within one, pg_stat_activity stands still."""
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await connection.fetchval(question):
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


WAITS_FOR_A_LOCK = """
    SELECT EXISTS (SELECT FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%{statement}%')
"""


async def _while_it_asks(neighbours: Neighbours, _connection: asyncpg.Connection, _url: str) -> None:
    """Never answer the first question."""
    asked = asyncio.Event()

    async def hang() -> None:
        asked.set()
        await neighbours.is_over.wait()

    neighbours.on_question = hang
    await asyncio.wait_for(asked.wait(), PATIENCE_S)


async def _while_it_tells_its_progress(neighbours: Neighbours, connection: asyncpg.Connection, url: str) -> None:
    """Hold the report's row from the first question on."""
    await _hold(neighbours, connection, "SELECT FROM report.reports FOR UPDATE")
    await _until(url, WAITS_FOR_A_LOCK.format(statement="UPDATE report.reports SET progress"))


async def _while_it_saves(neighbours: Neighbours, connection: asyncpg.Connection, url: str) -> None:
    """Hold the table of files, which the last transaction writes last."""
    await _hold(neighbours, connection, "LOCK TABLE report.files IN SHARE MODE")
    await _until(url, WAITS_FOR_A_LOCK.format(statement="INSERT INTO report.files"))


async def _before_it_drops_the_job(neighbours: Neighbours, connection: asyncpg.Connection, url: str) -> None:
    """Hold the queue, so that the report is done and its job is still there."""
    await _hold(neighbours, connection, "LOCK TABLE report.pgqueuer IN SHARE MODE")
    await _until(url, "SELECT EXISTS (SELECT FROM report.reports WHERE state = 'done')")


async def _hold(neighbours: Neighbours, connection: asyncpg.Connection, statement: str) -> None:
    held, first = asyncio.Event(), asyncio.Lock()

    async def hold_once() -> None:
        # The connection serves one at a time; whoever waits for `held` may use it afterwards.
        async with first:
            if not held.is_set():
                await connection.execute(f"BEGIN; {statement}")
                held.set()

    neighbours.on_question = hold_once
    await asyncio.wait_for(held.wait(), PATIENCE_S)


@pytest.mark.parametrize(
    ("hold", "attempts"),
    [
        (_while_it_asks, 2),
        (_while_it_tells_its_progress, 2),
        (_while_it_saves, 2),
        (_before_it_drops_the_job, 1),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_report_is_made_once_wherever_its_worker_is_killed(
    own_database: Databases, hold: Hold, attempts: int
) -> None:
    url = own_database.of(REPORT)
    await _order(url)
    async with _neighbours() as (neighbours, port), _connected(url) as connection:
        async with _service(url, port):
            await hold(neighbours, connection, url)
        await connection.execute("ROLLBACK")
        neighbours.let_go()
        async with _service(url, port):
            await _until(url, "SELECT NOT EXISTS (SELECT FROM report.pgqueuer)")

        assert await _state(connection) == {"state": "done", "attempts": attempts, "files": FILES_OF_A_TABLE}


@asynccontextmanager
async def _neighbours() -> AsyncIterator[tuple[Neighbours, int]]:
    neighbours = Neighbours()
    async with await asyncio.start_server(neighbours.serve, "127.0.0.1", 0) as server:
        yield neighbours, server.sockets[0].getsockname()[1]
        neighbours.let_go()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def _state(connection: asyncpg.Connection) -> Mapping[str, Any]:
    row = await connection.fetchrow(
        "SELECT state, attempts, (SELECT count(*) FROM report.files) AS files FROM report.reports"
    )
    return dict(row)
