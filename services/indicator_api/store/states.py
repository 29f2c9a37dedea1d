"""Which state the figures are in, told by one row: everything an answer is made of changes with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple

import asyncpg

# Each is busy for a fifth of a millisecond at a time.
CONNECTIONS = 2
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
    """Yield a reader with connections of its own, opened when first used: a session costs more than it would save."""
    async with asyncpg.create_pool(database_url, min_size=0, max_size=CONNECTIONS, reset=_leave_as_is) as pool:
        yield partial(find, pool)


async def find(driver: asyncpg.Pool | asyncpg.Connection) -> State | None:
    """Return the present state, None where the database does not answer."""
    try:
        row = await driver.fetchrow(_STATE)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None
    return None if row is None else State(*row)


async def _leave_as_is(_: asyncpg.Connection) -> None:
    """Spare the round trip that would reset a session in which nothing is ever set."""
