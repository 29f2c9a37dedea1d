"""One row tells whether anything could be answered differently."""

from datetime import UTC, datetime

import asyncpg

from indicator_api.store.states import state_reader
from motcua.roles import Databases
from motcua.services import INDICATOR, database_of, on_database

INSERT_TARGETS = "INSERT INTO indicator.target_sets (recorded_at, recorded_by, targets) VALUES ($1, 'keeper', '[]')"
EXCHANGE_CURSOR = """
    CREATE TABLE indicator.counted_anew (LIKE indicator.feed_cursor INCLUDING ALL);
    INSERT INTO indicator.counted_anew SELECT * FROM indicator.feed_cursor;
    DROP TABLE indicator.feed_cursor;
    ALTER TABLE indicator.counted_anew RENAME TO feed_cursor
"""


async def test_a_state_changes_with_the_position_the_targets_and_a_rebuild(own_database: Databases) -> None:
    url = own_database.of(INDICATOR)
    connection = await asyncpg.connect(url)
    async with state_reader(url) as state:
        states = [await state(), await state()]
        await connection.execute("UPDATE indicator.feed_cursor SET position = position + 1")
        states.append(await state())
        await connection.execute(INSERT_TARGETS, datetime(2020, 7, 1, tzinfo=UTC))
        states.append(await state())
        await connection.execute(EXCHANGE_CURSOR)
        states.append(await state())
    await connection.close()

    assert None not in states
    assert states[0] == states[1]
    assert len(set(states)) == 4


async def test_a_lost_connection_is_opened_anew(own_database: Databases, server_url: str) -> None:
    url = own_database.of(INDICATOR)
    administrator = await asyncpg.connect(on_database(server_url, database_of(url)))
    async with state_reader(url) as state:
        before = await state()
        await administrator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = $1",
            INDICATOR.role,
        )
        lost, after = await state(), await state()
    await administrator.close()

    assert lost in {None, before}
    assert before == after


async def test_without_a_database_there_is_no_state() -> None:
    async with state_reader("postgresql://nobody:nothing@127.0.0.1:1/none") as state:
        assert await state() is None
