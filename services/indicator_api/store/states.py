"""Which state the figures are in, told by one row: everything an answer is made of changes with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

# The table that holds the cursor, which a rebuild replaces; the position; the newest set of targets.
_STATE = "SELECT tableoid, position, (SELECT max(id) FROM indicator.target_sets) FROM indicator.feed_cursor"


class State(NamedTuple):
    """What two equal answers have in common. Units and procedures come by the feed, so the position tells of them."""

    counted_in: int
    position: int
    target_set: int | None


# Returns None where the database does not answer.
StateReader = Callable[[], Awaitable[State | None]]


@asynccontextmanager
async def state_reader(database_url: str) -> AsyncIterator[StateReader]:
    """Yield a reader with a connection of its own, opened when first used.

    A session, and even the driver's pool, would cost more than half of what an answer from memory does.
    """
    own = _OwnConnection(database_url)
    try:
        yield own.state
    finally:
        await own.close()


class _OwnConnection:
    """One connection, which one reader uses at a time: each is done within a fifth of a millisecond."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._connection: asyncpg.Connection | None = None
        self._statement: PreparedStatement | None = None
        self._turn = asyncio.Lock()

    async def state(self) -> State | None:
        """Return the present state over the connection, opened anew where it was lost."""
        async with self._turn:
            try:
                if self._connection is None or self._statement is None or self._connection.is_closed():
                    self._connection = await asyncpg.connect(self._database_url)
                    self._statement = await self._connection.prepare(_STATE)
                return _told(await self._statement.fetchrow())
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                return None

    async def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            await self._connection.close()


async def find(connection: asyncpg.Connection) -> State | None:
    """Return the present state."""
    return _told(await connection.fetchrow(_STATE))


def _told(row: asyncpg.Record | None) -> State | None:
    return None if row is None else State(*row)
