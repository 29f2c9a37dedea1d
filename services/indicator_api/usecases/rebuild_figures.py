"""Count everything anew from the feed, beside the figures that serve, then let it take their place."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.store import cursors, drafts, kept_sums
from indicator_api.usecases.project_feed import project_feed
from shared.db import Begin

# Before another attempt to take the place of figures that were ahead, or in use.
PAUSE_S = 0.2

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
    await project_feed(feed, begin=draft, zone=zone, is_bulk=True, report=lambda cursor: report(cursor.position, goal))
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


async def _taken_over(feed: DossierFeed, *, live: Begin, draft: Begin, zone: ZoneInfo) -> bool:
    await project_feed(feed, begin=draft, zone=zone)
    async with live() as session:
        return await drafts.put_in_place(session)
