"""The engine and the transaction block: the only place that commits."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, cast
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from sqlalchemy import MetaData, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Connect = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def metadata_of(schema: str) -> MetaData:
    """Return empty metadata for one service's schema, every constraint named by rule."""
    return MetaData(schema=schema, naming_convention=NAMING_CONVENTION)


def asyncpg_url(database_url: str) -> str:
    """Return `postgresql://…` as SQLAlchemy hands it to asyncpg, which calls `sslmode` `ssl`."""
    return database_url.replace("postgresql://", "postgresql+asyncpg://", 1).replace("sslmode=", "ssl=")


@asynccontextmanager
async def engine_from(database_url: str, *, pool_size: int = 5) -> AsyncIterator[AsyncEngine]:
    """Open an engine on `postgresql://…` through asyncpg and dispose of it at the end."""
    engine = create_async_engine(
        asyncpg_url(database_url), pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
    )
    try:
        yield engine
    finally:
        await engine.dispose()


def transactions(engine: AsyncEngine) -> Begin:
    """Return `begin`: leaving its block commits, an exception rolls back."""
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def begin() -> AsyncIterator[AsyncSession]:
        async with sessions.begin() as session:
            yield session

    return begin


async def driver_of(session: AsyncSession) -> asyncpg.Connection:
    """Return the asyncpg connection under a session, in the session's transaction, for set-based statements.

    SQLAlchemy opens the transaction with the first statement it sends itself; without one the driver's
    statements would commit alone.
    """
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver = cast(asyncpg.Connection, raw.driver_connection)
    if not driver.is_in_transaction():
        await connection.execute(text("SELECT"))
    return driver


# Look-ups by index and nothing else are sent this way: to plan them anew each time takes longer than to run them,
# and a plan made while the tables were small must not scan them later.
_PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "jit": "off"}


@asynccontextmanager
async def drivers_from(database_url: str, *, most: int, zone: ZoneInfo) -> AsyncIterator[Connect]:
    """Open connections of the driver's own for the paths on which a session costs more than the work.

    What they spell as text has its instants in the zone.
    Measured: BEGIN, SELECT 1, COMMIT through a session is 1.3 ms of CPU, and a round trip of the driver 0.05; to take
    a connection from the driver's pool and give it back is as much again, so they are kept here.
    A statement outside a transaction block commits by itself.
    """
    free: list[asyncpg.Connection] = []
    places = asyncio.Semaphore(most)

    @asynccontextmanager
    async def connect() -> AsyncIterator[asyncpg.Connection]:
        async with places:
            driver = free.pop() if free else None
            if driver is None or driver.is_closed():
                # Left to itself the driver forgets a statement after five minutes, and it is planned anew.
                driver = await asyncpg.connect(
                    database_url,
                    server_settings={**_PLANNED_ONCE, "TimeZone": zone.key},
                    max_cached_statement_lifetime=0,
                )
            try:
                yield driver
            except BaseException:
                # Whatever it was in the middle of, nobody else shall go on there.
                driver.terminate()
                raise
            free.append(driver)

    try:
        yield connect
    finally:
        for driver in free:
            await driver.close()


def drivers_of(begin: Begin, zone: ZoneInfo) -> Connect:
    """Return drivers inside transactions that `begin` opens."""

    @asynccontextmanager
    async def connect() -> AsyncIterator[asyncpg.Connection]:
        async with begin() as session:
            driver = await driver_of(session)
            await driver.execute(f"SET LOCAL TIME ZONE '{zone.key}'")
            yield driver

    return connect


_ENCODER = msgspec.json.Encoder()


def array_literal(values: Iterable[object]) -> str:
    """Return text, numbers, instants or None as one text, to be cast: `$1::text::timestamptz[]`.

    The driver looks at every element of a list several times over; that was a tenth of the time of an ingest.
    But for its brackets a JSON array is spelled like PostgreSQL's literal, as long as text has no control characters.
    """
    return "{" + _ENCODER.encode(list(values))[1:-1].decode() + "}"


async def answers(begin: Begin) -> bool:
    """Say whether the database takes a statement; what it refuses while connecting comes unwrapped from the driver."""
    try:
        async with begin() as session:
            return bool(await session.scalar(text("SELECT true")))
    except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def constraint_of(error: IntegrityError) -> str | None:
    """Return the name of the constraint an insert or update ran into, if the server named one."""
    cause: Any = getattr(error.orig, "__cause__", None)
    return getattr(cause, "constraint_name", None)
