"""The server of a test session, its migrated template, and clones of it."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from anyio.from_thread import start_blocking_portal
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker

from motcua.cluster import Cluster
from motcua.postgres import running
from motcua.roles import Databases, databases_on, grant_inside, prepare
from motcua.schemas import migrate
from motcua.services import SERVICES
from shared.db import Begin

PASSWORDS = {service.role: service.role for service in SERVICES}
TEMPLATE = "template_motcua"
# Any number, as long as every worker of the session names the same.
TEMPLATE_LOCK = 1
_numbers = itertools.count()


@contextmanager
def session_server(*, is_durable: bool = False) -> Iterator[str]:
    """Run a server, by default one a power cut would ruin, in a thread of its own; yield the administrator's URL."""
    with TemporaryDirectory(prefix="motcua-tests-") as folder, start_blocking_portal() as portal:
        data = Path(folder) / "postgres"
        cluster = Cluster(data, data.with_suffix(".log"), "administrator", is_durable)
        with portal.wrap_async_context_manager(running(cluster, report=print)) as url:
            yield url


async def make_template(server_url: str) -> None:
    """Make the database with all migrations run, unless another worker of the session has."""
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", TEMPLATE_LOCK)
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", TEMPLATE):
            await migrate(await prepare(server_url, PASSWORDS, database="draft"))
            await connection.execute(f"ALTER DATABASE draft RENAME TO {TEMPLATE}")
    finally:
        await connection.close()


@asynccontextmanager
async def clone(server_url: str) -> AsyncIterator[Databases]:
    """Lend a copy of the template, in which commits are real; it is dropped after."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        # Rights on a database, and the roles' settings in it, do not come with the copy.
        await grant_inside(server_url, name)
        yield databases_on(server_url, PASSWORDS, database=name)
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


def joined(connection: AsyncConnection) -> Begin:
    """Return a `begin` whose transactions are savepoints of the connection's own, so that none survives."""
    sessions = async_sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    @asynccontextmanager
    async def begin() -> AsyncIterator[AsyncSession]:
        async with sessions.begin() as session:
            yield session

    return begin
