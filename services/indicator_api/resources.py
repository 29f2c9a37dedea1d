"""What the routes of indicator_api work with, opened and closed in one place."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.progress import Progress
from indicator_api.loop import project_for_ever
from indicator_api.settings import Settings
from indicator_api.store.states import StateReader, state_reader
from indicator_api.usecases.read_figures import Source
from shared.clock import Clock, SystemClock
from shared.db import Begin, engine_from, transactions
from shared.http.access import Authenticator
from shared.http.client import client_for
from shared.http.health import Check
from shared.http.introspection import Introspection
from shared.memory import keep_loaded

# Above the feed's own wait: a quiet feed is no failure.
FEED_MARGIN_S = 10.0


@dataclass(frozen=True)
class Resources:
    """The figures, who may read them, and what is to be known of the service itself."""

    source: Source
    begin: Begin
    clock: Clock
    progress: Progress
    settings: Settings
    authenticator: Authenticator
    checks: Mapping[str, Check]
    state: StateReader


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    """Open everything, keep the projection running meanwhile, and close everything."""
    async with AsyncExitStack() as opened:
        engine = await opened.enter_async_context(engine_from(str(settings.database_url)))
        url, key = str(settings.dossier_url), settings.key.get_secret_value()
        asking = await opened.enter_async_context(client_for(url))
        reading = await opened.enter_async_context(
            client_for(url, key=key, timeout_s=settings.feed_wait_s + FEED_MARGIN_S)
        )
        snapshots = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        snapshot, begin, clock = transactions(snapshots), transactions(engine), SystemClock()
        feed = DossierFeed(reading, settings.feed_page, settings.feed_wait_s)
        keep_loaded()
        opened.push_async_callback(_end, asyncio.create_task(project_for_ever(feed, begin=begin, settings=settings)))
        authenticator = Introspection(asking, clock)
        checks = {"database": database_check(snapshot)}
        state = await opened.enter_async_context(state_reader(str(settings.database_url)))
        yield Resources(Source(snapshot), begin, clock, feed.progress, settings, authenticator, checks, state)


def database_check(snapshot: Begin) -> Check:
    """Return the check that the database answers."""

    async def answers() -> bool:
        with suppress(OSError, SQLAlchemyError):
            async with snapshot() as session:
                return bool(await session.scalar(text("SELECT true")))
        return False

    return answers


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
