"""All figures counted anew from the feed, behind a progress bar: `motcua rebuild`."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.store.drafts import DRAFT, draft_of
from indicator_api.usecases.rebuild_figures import rebuild_figures
from motcua.administrator import any_server, passwords_of
from motcua.errors import OperatorError
from motcua.home import read_secrets
from motcua.identity import identity_of
from motcua.roles import prepare
from motcua.services import DOSSIER, INDICATOR, on_database
from motcua.settings import RunSettings
from shared.db import engine_from, transactions
from shared.http.client import client_for
from shared.memory import keep_loaded

# The most the feed gives at once.
PAGE = 5000
# Any number no other program of ours takes; it ends with the connection, however that ends.
LOCK = 7_204_315
FEED_TIMEOUT_S = 60.0


class RebuildRuns(OperatorError):
    """Another rebuild is at work on these figures."""

    def __init__(self) -> None:
        super().__init__("a rebuild of these figures is already running")


class FeedUnknown(OperatorError):
    """Nobody said with which key the feed is read."""

    def __init__(self) -> None:
        super().__init__("no key for the feed is kept here; give one with --key or INDICATOR_KEY")


@dataclass(frozen=True)
class Source:
    """Where the feed is read and whose civil days count; None is where, and with which key, a run of this home does."""

    dossier_url: str | None
    key: str | None
    zone: ZoneInfo


async def rebuild(settings: RunSettings, source: Source, console: Console) -> None:
    """Rebuild all figures while a run serves them.

    Raises RebuildRuns, FeedUnknown, UpstreamUnavailable.
    """
    settings.home.create()
    keep_loaded()
    async with any_server(settings, console) as url:
        databases = await prepare(url, passwords_of(settings.home), database=settings.database)
        known = read_secrets(settings.home).database(await identity_of(databases.of(DOSSIER)))
        key = source.key or known.keys.get(INDICATOR.name)
        if key is None:
            raise FeedUnknown
        dossier_url = source.dossier_url or settings.home.running().get(DOSSIER.name) or settings.address_of(DOSSIER)
        async with (
            draft_schema(on_database(url, settings.database)),
            engine_from(databases.of(INDICATOR)) as engine,
            client_for(dossier_url, key=key, timeout_s=FEED_TIMEOUT_S) as client,
        ):
            with _bar(console) as bar:
                task = bar.add_task("Counting", total=None)
                await rebuild_figures(
                    DossierFeed(client, PAGE, 0),
                    live=transactions(engine),
                    draft=draft_of(engine),
                    zone=source.zone,
                    report=lambda position, goal: bar.update(task, completed=position, total=max(position, goal)),
                )
    console.print("All figures have been counted anew and now serve.")


@contextlib.asynccontextmanager
async def draft_schema(administrator_url: str) -> AsyncIterator[None]:
    """Keep an empty schema of the draft for one rebuild alone.

    Raises RebuildRuns.
    """
    connection = await asyncpg.connect(administrator_url)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            raise RebuildRuns
        # A rebuild that was broken off has left its tables.
        await connection.execute(f"DROP SCHEMA IF EXISTS {DRAFT} CASCADE")
        await connection.execute(f"CREATE SCHEMA {DRAFT} AUTHORIZATION {INDICATOR.role}")
        yield
        await connection.execute(f"DROP SCHEMA {DRAFT}")
    finally:
        await connection.close()


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)
