"""A reader that has been given position p is never later given an event before it, whatever writers do.

The same poller reads the real log and one with positions from a bare sequence: there it loses events, so the test is
known to be able to fail.  Rule: contract section 3; ADR-0003.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text

from dossier_api.store import events
from shared.db import Begin
from tests.dossier_api.recording import posted, processes, recorder_on
from tests.dossier_api.wire import CATALOGUE_ENTRIES, event

WRITERS, ROUNDS = 8, 15
GATE = 4711
SLOW = "/slow"
HOLD_BACK = f"""
CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.source = '{SLOW}' THEN PERFORM pg_advisory_xact_lock_shared({GATE}); END IF;
    RETURN NEW;
END $$
"""
BARE = "CREATE TABLE bare_events (position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, source text NOT NULL)"


@dataclass
class Log:
    """A log under test: `write` returns the position of a new event, `read` those after a position."""

    write: Callable[[Begin, str, str], Coroutine[Any, Any, int]]
    read: Callable[[Begin, int], Coroutine[Any, Any, list[int]]]
    table: str
    start: int


async def write_ours(begin: Begin, source: str, name: str) -> int:
    [outcome] = await recorder_on(begin).record(posted(event(id=name, dossier=name, source=source)))
    assert outcome.position is not None, outcome
    return outcome.position


async def read_ours(begin: Begin, after: int) -> list[int]:
    async with begin() as session:
        return [entry.position for entry in await events.list_after(session, after, limit=50, within=None)]


async def write_bare(begin: Begin, source: str, _: str) -> int:
    async with begin() as session:
        statement = text("INSERT INTO bare_events (source) VALUES (:source) RETURNING position")
        return int((await session.execute(statement, {"source": source})).scalar_one())


async def read_bare(begin: Begin, after: int) -> list[int]:
    async with begin() as session:
        statement = text("SELECT position FROM bare_events WHERE position > :after ORDER BY position LIMIT 50")
        return list(await session.scalars(statement, {"after": after}))


OURS = Log(write_ours, read_ours, "events", CATALOGUE_ENTRIES)
BARE_SEQUENCE = Log(write_bare, read_bare, "bare_events", 0)


@dataclass
class Poller:
    """Reads on from where it stopped, as every reader of the feed does."""

    begin: Begin
    log: Log
    cursor: int
    seen: list[int] = field(default_factory=list)

    async def poll(self) -> bool:
        """Read one page; say whether there was anything."""
        page = await self.log.read(self.begin, self.cursor)
        self.seen += page
        self.cursor = page[-1] if page else self.cursor
        return bool(page)


@pytest.fixture
async def begins(dossier_url: str) -> AsyncIterator[list[Begin]]:
    """Return one `begin` for each writer, one for the poller and one for the test itself."""
    async with processes(dossier_url, WRITERS + 2) as found:
        yield list(found)


async def test_every_event_of_many_writers_is_seen_once_and_in_order(begins: list[Begin]) -> None:
    poller = Poller(begins[-1], OURS, OURS.start)

    async def write(number: int) -> list[int]:
        return [await write_ours(begins[number], f"/{number}", f"e{number}-{n}") for n in range(ROUNDS)]

    writing = asyncio.gather(*(write(number) for number in range(WRITERS)))
    while not writing.done() or await poller.poll():
        await poller.poll()

    written = sorted(position for positions in await writing for position in positions)
    assert len(written) == WRITERS * ROUNDS
    assert poller.seen == written


async def hold_one_back(log: Log, begins: list[Begin]) -> tuple[list[int], list[int]]:
    """Let one writer take its position and wait while others commit and the poller reads; return written and seen."""
    *writers, gatekeeper, polling = begins
    poller = Poller(polling, log, log.start)
    async with gatekeeper() as session:
        await session.execute(text(HOLD_BACK))
        trigger = f"CREATE TRIGGER hold_back BEFORE INSERT ON {log.table} FOR EACH ROW EXECUTE FUNCTION hold_back()"
        await session.execute(text(trigger))

    async with gatekeeper() as session:
        await session.execute(text(f"SELECT pg_advisory_xact_lock({GATE})"))
        slow = asyncio.create_task(log.write(writers[0], SLOW, "slow"))
        while not await session.scalar(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        ):
            await asyncio.sleep(0.01)
        fast = [asyncio.create_task(log.write(begin, f"/{n}", f"e{n}")) for n, begin in enumerate(writers[1:])]
        await asyncio.wait(fast, timeout=0.3)
        await poller.poll()

    written = await asyncio.gather(slow, *fast)
    while await poller.poll():
        pass
    return written, poller.seen


async def test_one_writer_held_back_is_not_overtaken(begins: list[Begin]) -> None:
    written, seen = await hold_one_back(OURS, begins)

    assert seen == sorted(written)
    assert written[0] == CATALOGUE_ENTRIES + 1


async def test_a_bare_sequence_loses_the_event_that_was_held_back(begins: list[Begin]) -> None:
    async with begins[0]() as session:
        await session.execute(text(BARE))

    written, seen = await hold_one_back(BARE_SEQUENCE, begins)

    assert [position for position in written if position not in seen] == written[:1]
