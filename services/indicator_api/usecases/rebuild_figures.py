"""Count everything anew from the feed, beside the figures that serve, then let it take their place."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.cursor import Cursor
from indicator_api.store import cursors, drafts, kept_sums
from indicator_api.usecases.project_feed import count_entries, project_next
from shared.contracts.feed import FeedItemV1
from shared.db import Begin

# Before another attempt to take the place of figures that were ahead, or in use.
PAUSE_S = 0.2
BEGINNING = Cursor(0, None, None)

# Told the position reached, and the one the serving figures had reached when it began.
Reporter = Callable[[int, int], None]
Work = Callable[[AsyncSession], Awaitable[None]]


async def rebuild_figures(feed: DossierFeed, *, live: Begin, draft: Begin, zone: ZoneInfo, report: Reporter) -> None:
    """Rebuild all figures; those that serve go on serving, and following the feed, until the exchange.

    Broken off at any point it leaves them as they are; the next rebuild begins at the beginning.
    The draft's schema must exist, and no other rebuild may use it.
    Raises UpstreamUnavailable, UpstreamNonsense.
    """
    async with live() as session:
        goal = (await cursors.get(session)).position
    async with draft() as session:
        await drafts.create(session)
    await _count_all(feed, draft=draft, zone=zone, report=lambda position: report(position, goal))
    await sum_up(draft)
    while not await _taken_over(feed, live=live, draft=draft, zone=zone):
        await asyncio.sleep(PAUSE_S)


async def sum_up(begin: Begin) -> None:
    """Make indexes and sums of all steps and transfers there are, side by side: none needs the other."""
    works: list[Work] = [drafts.create_indexes]
    works += [partial(kept_sums.add_all, table=table) for table in kept_sums.KEPT]
    async with asyncio.TaskGroup() as group:
        for work in works:
            group.create_task(_committed(work, begin))
    await _committed(drafts.analyze, begin)


async def _committed(work: Work, begin: Begin) -> None:
    async with begin() as session:
        await work(session)


async def _count_all(feed: DossierFeed, *, draft: Begin, zone: ZoneInfo, report: Callable[[int], None]) -> None:
    cursor = BEGINNING
    async with _read_ahead(feed) as pages:
        async for items in pages:
            cursor = await count_entries(items, before=cursor, begin=draft, zone=zone, is_bulk=True)
            report(cursor.position)


@asynccontextmanager
async def _read_ahead(feed: DossierFeed) -> AsyncIterator[AsyncIterator[list[FeedItemV1]]]:
    """Yield the pages of the whole feed, each fetched while the one before it is being counted."""
    fetching = asyncio.create_task(feed.list_after(0))

    async def pages() -> AsyncIterator[list[FeedItemV1]]:
        nonlocal fetching
        while items := await fetching:
            fetching = asyncio.create_task(feed.list_after(items[-1].position))
            yield items

    try:
        yield pages()
    finally:
        fetching.cancel()


async def _taken_over(feed: DossierFeed, *, live: Begin, draft: Begin, zone: ZoneInfo) -> bool:
    while await project_next(feed, begin=draft, zone=zone):
        pass
    async with live() as session:
        return await drafts.put_in_place(session)
