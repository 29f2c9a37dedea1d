"""Tables in which all figures are counted anew beside those that serve, and the exchange of the two."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.schema import CreateIndex, DropIndex

from indicator_api.store.tables import COUNTED, feed_cursor, metadata, steps, transfers
from shared.db import Begin, transactions

# Owned by the service's role like its own schema; the administrator makes it, for a role may not.
DRAFT = "indicator_draft"
LIVE = "indicator"
# Longer, and readers that came after us would feel our wait; shorter, and autovacuum would not give way.
LOCK_TIMEOUT = "2s"
LOCK_NOT_AVAILABLE = "55P03"
# Rows come in bulk; their indexes are built once they are there.
_BUILT_LATE = (*steps.indexes, *transfers.indexes)
# To sort rows in: with the 64 MB of PostgreSQL's default, 40 million steps are merged from a hundred pieces.
_ROOM = "256MB"


def draft_of(engine: AsyncEngine) -> Begin:
    """Return `begin` on the draft: every statement of the store means the draft's tables there."""
    begin = transactions(engine.execution_options(schema_translate_map={LIVE: DRAFT}))

    @asynccontextmanager
    async def begin_draft() -> AsyncIterator[AsyncSession]:
        async with begin() as session:
            await session.execute(text(f"SET LOCAL search_path = {DRAFT}"))
            yield session

    return begin_draft


async def create(session: AsyncSession) -> None:
    """Make the draft's tables, empty."""

    def make(connection: Connection) -> None:
        metadata.create_all(connection, tables=COUNTED)
        for index in _BUILT_LATE:
            connection.execute(DropIndex(index))

    await (await session.connection()).run_sync(make)
    await session.execute(insert(feed_cursor).values(id=1, position=0))


async def create_indexes(session: AsyncSession) -> None:
    """Make the indexes of the bulk."""
    await session.execute(text(f"SET LOCAL maintenance_work_mem = '{_ROOM}'"))
    for index in _BUILT_LATE:
        await session.execute(CreateIndex(index))


async def analyze(session: AsyncSession) -> None:
    """Tell the planner how much there is, before the first reader asks."""
    await session.execute(text("ANALYZE " + ", ".join(table.name for table in COUNTED)))


async def put_in_place(session: AsyncSession) -> bool:
    """Let the draft's tables take the place of those that serve; say whether they could.

    They cannot while they are behind, or while readers hold the others too long. Every reader and
    the projection begin with the cursor, so who holds that has the rest for the asking.
    """
    await session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    try:
        async with session.begin_nested():
            await session.execute(text(f"LOCK TABLE {LIVE}.feed_cursor IN ACCESS EXCLUSIVE MODE"))
            if await session.scalar(text(_IS_BEHIND)):
                return False
            for table in COUNTED:
                await session.execute(text(f"DROP TABLE {LIVE}.{table.name}"))
                await session.execute(text(f"ALTER TABLE {DRAFT}.{table.name} SET SCHEMA {LIVE}"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            return False
        raise
    return True


_IS_BEHIND = f"SELECT (SELECT position FROM {DRAFT}.feed_cursor) < (SELECT position FROM {LIVE}.feed_cursor)"  # noqa: S608
