"""One server a session, one database a worker, one transaction a test.

`dossier_begin`, `indicator_begin` and `report_begin` open a service's transactions; what they commit is undone after
the test. Locks, notifications and SKIP LOCKED need true commits: `own_database` lends a database for one test.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from motcua.roles import Databases
from motcua.services import DOSSIER, INDICATOR, REPORT
from shared.db import Begin, engine_from
from tests.support.databases import clone, joined, make_template, session_server
from tests.support.network import forbid_outgoing

forbid_outgoing()

SERVER_URL = "server_url"
_servers = ExitStack()
_urls: list[str] = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist the server that all of them share; it dies with the controller."""
    if not _urls:
        _urls.append(_servers.enter_context(session_server()))
    node.workerinput[SERVER_URL] = _urls[0]


def pytest_unconfigure() -> None:
    """Stop the controller's server."""
    _servers.close()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run everything asynchronous of a session on one loop."""
    return "asyncio"


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the administrator's URL on the session's server."""
    worker: dict[str, Any] = getattr(request.config, "workerinput", {})
    if SERVER_URL in worker:
        yield worker[SERVER_URL]
        return
    with session_server() as url:
        yield url


@pytest.fixture(scope="session")
async def template(server_url: str, anyio_backend: str) -> str:
    """Return the server's URL once its template is made."""
    await make_template(server_url)
    return server_url


@pytest.fixture(scope="session")
async def databases(template: str) -> AsyncIterator[Databases]:
    """Return the URLs of the three services on this worker's database; only `…_begin` may write to it."""
    async with clone(template) as lent:
        yield lent


@pytest.fixture
async def own_database(template: str) -> AsyncIterator[Databases]:
    """Return the three services' URLs on a database of the test's own, where commits are real."""
    async with clone(template) as lent:
        yield lent


@pytest.fixture(scope="session")
async def dossier_engine(databases: Databases) -> AsyncIterator[AsyncEngine]:
    """Return an engine of dossier_api's role."""
    async with engine_from(databases.of(DOSSIER)) as engine:
        yield engine


@pytest.fixture(scope="session")
async def indicator_engine(databases: Databases) -> AsyncIterator[AsyncEngine]:
    """Return an engine of indicator_api's role."""
    async with engine_from(databases.of(INDICATOR)) as engine:
        yield engine


@pytest.fixture(scope="session")
async def report_engine(databases: Databases) -> AsyncIterator[AsyncEngine]:
    """Return an engine of report_worker's role."""
    async with engine_from(databases.of(REPORT)) as engine:
        yield engine


@pytest.fixture
async def dossier_connection(dossier_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Return a connection whose transaction is rolled back after the test."""
    async with _rolled_back(dossier_engine) as connection:
        yield connection


@pytest.fixture
async def indicator_connection(indicator_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Return a connection whose transaction is rolled back after the test."""
    async with _rolled_back(indicator_engine) as connection:
        yield connection


@pytest.fixture
async def report_connection(report_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Return a connection whose transaction is rolled back after the test."""
    async with _rolled_back(report_engine) as connection:
        yield connection


@pytest.fixture
def dossier_begin(dossier_connection: AsyncConnection) -> Begin:
    """Return dossier_api's `begin`, inside the test's transaction."""
    return joined(dossier_connection)


@pytest.fixture
def indicator_begin(indicator_connection: AsyncConnection) -> Begin:
    """Return indicator_api's `begin`, inside the test's transaction."""
    return joined(indicator_connection)


@pytest.fixture
def report_begin(report_connection: AsyncConnection) -> Begin:
    """Return report_worker's `begin`, inside the test's transaction."""
    return joined(report_connection)


@asynccontextmanager
async def _rolled_back(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()
