"""Turn the feed into steps, each entry exactly once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.cursor import Cursor
from indicator_api.store import catalogue, cursors, dossiers, places
from indicator_api.store.catalogue import UNIT, Catalogue
from indicator_api.store.steps import Adding, Recorded
from indicator_api.usecases.prepare_page import Page, page_of, recorded_of
from shared.db import Begin

# Entries counted in one transaction while more are waiting: it takes some two seconds, and pages that follow one
# another change the same sums, so that each is written half as often as page by page.
AT_ONCE = 16_000
# Longer a transaction does not wait for a page that it might count as well.
PATIENCE_S = 0.5
# Pages prepared while a transaction adds to the kept sums, when Python would have nothing else to do: 4 MB each.
MOST_AHEAD = 3
Result = TypeVar("Result")


async def project_feed(
    feed: DossierFeed,
    *,
    begin: Begin,
    zone: ZoneInfo,
    is_bulk: bool = False,
    at_once: int = AT_ONCE,
    report: Callable[[Cursor], None] = lambda _: None,
) -> None:
    """Count page after page until the feed has no more, after its wait.

    Pages count whole or not at all, together with their cursor. One that another process has counted
    meanwhile is dropped, and reading begins again where that has come to.
    In bulk the kept sums are left to be added up at the end, and every entry keeps a difference of
    its own: any of them may have been the last of a page once, up to which a report was drawn.
    Raises UpstreamUnavailable, UpstreamNonsense.
    """
    while not await _projected(feed, begin=begin, zone=zone, is_bulk=is_bulk, at_once=at_once, report=report):
        pass


async def _projected(
    feed: DossierFeed, *, begin: Begin, zone: ZoneInfo, is_bulk: bool, at_once: int, report: Callable[[Cursor], None]
) -> bool:
    """Count page after page; say if all were."""
    async with begin() as session:
        cursor = await cursors.get(session)
    async with _beside() as start:
        ahead = _Ahead(feed, cursor, start=start, begin=begin, zone=zone, is_merged=not is_bulk)
        while first := await ahead.next():
            counted = await _counted(first, ahead, begin=begin, at_once=at_once, with_sums=not is_bulk)
            if counted is None:
                return False
            ahead.forget(counted)
            report(counted)
    return True


class _Start(Protocol):
    """Starts work beside one's own."""

    def __call__(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Return the task that does it."""
        ...


@asynccontextmanager
async def _beside() -> AsyncIterator[_Start]:
    """Yield what starts work beside one's own; what still runs at the end is broken off."""
    started: list[asyncio.Task[Any]] = []

    def start(work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        started[:] = [one for one in started if not one.done()]
        started.append(asyncio.create_task(work))
        return started[-1]

    try:
        yield start
    finally:
        for one in started:
            one.cancel()
        await asyncio.gather(*started, return_exceptions=True)


class _Prepared(NamedTuple):
    """A page with what it adds; the last is the one that all the feed holds ends with."""

    page: Page
    recorded: list[Recorded]
    is_last: bool


class _Ahead:
    """The pages of the feed in their order: while one is written, the next few are prepared and one more is fetched."""

    def __init__(
        self, feed: DossierFeed, cursor: Cursor, *, start: _Start, begin: Begin, zone: ZoneInfo, is_merged: bool
    ) -> None:
        self._feed, self._cursor, self._start = feed, cursor, start
        self._begin, self._zone, self._is_merged = begin, zone, is_merged
        # Positions of pages that may not be committed yet, and the lives they leave.
        self._unwritten: deque[tuple[int, Mapping[str, str]]] = deque()
        self._fetching = start(feed.list_after(cursor.position))
        self._preparing: deque[asyncio.Task[_Prepared | None]] = deque()
        self._prepare()

    async def next(self) -> _Prepared | None:
        """Return the next page and go on to those after; None where the feed has no more."""
        prepared = await self._preparing.popleft()
        self._prepare()
        return prepared

    async def soon(self) -> _Prepared | None:
        """Return the next page if it is there in a moment."""
        first = self._preparing[0]
        await asyncio.wait({first}, timeout=PATIENCE_S)
        return await self.next() if first.done() and first.exception() is None else None

    def forget(self, counted: Cursor) -> None:
        """Leave it to the database to know the lives up to a cursor."""
        while self._unwritten and self._unwritten[0][0] <= counted.position:
            self._unwritten.popleft()

    def _prepare(self) -> None:
        """Have as many pages prepared, one after the other, as may wait."""
        while len(self._preparing) < MOST_AHEAD:
            before = self._preparing[-1] if self._preparing else None
            self._preparing.append(self._start(self._prepared(before)))

    async def _prepared(self, before: asyncio.Task[_Prepared | None] | None) -> _Prepared | None:
        if before is not None and await before is None:
            return None
        # The page before is written by another: here it would only be kept in memory.
        del before
        items = await self._fetching
        if not items:
            return None
        is_last = self._feed.progress.is_caught_up
        self._fetching = self._start(self._feed.list_after(items[-1].position))
        page = page_of(items, self._cursor, self._zone, is_merged=self._is_merged)
        # Before the database is asked: what is forgotten by then is committed.
        unwritten = {code: lives[code] for _, lives in self._unwritten for code in page.changes.keys() & lives.keys()}
        self._cursor = page.after
        self._unwritten.append((page.after.position, page.lives()))
        async with self._begin() as session:
            known = await dossiers.list_lives(session, page.changes.keys() - unwritten.keys())
        # A thread, so that readers are served meanwhile.
        recorded = await asyncio.to_thread(recorded_of, page.changes, known | unwritten)
        return _Prepared(page, recorded, is_last)


async def _counted(first: _Prepared, ahead: _Ahead, *, begin: Begin, at_once: int, with_sums: bool) -> Cursor | None:
    """Write pages in one transaction, unless another process has moved the cursor; return where they end."""
    reached = first.page.before
    prepared: _Prepared | None = first
    async with begin() as session:
        if await cursors.get_for_update(session) != reached:
            return None
        adding, enough = Adding(session), reached.position + at_once
        while prepared:
            await _count(session, prepared, adding, with_sums=with_sums)
            reached = prepared.page.after
            is_enough = prepared.is_last or reached.position >= enough
            prepared = None if is_enough else await ahead.soon()
        await adding.add_sums()
        await cursors.save(session, reached)
    return reached


async def _count(session: AsyncSession, prepared: _Prepared, adding: Adding, *, with_sums: bool) -> None:
    page = prepared.page
    await catalogue.add(session, page.entries)
    if any(entry.kind == UNIT for entry in page.entries):
        await places.arrange(session, await Catalogue().tree(session))
    if page.changes:
        numbers = await dossiers.save_lives(session, page.lives())
        await adding.add(prepared.recorded, numbers, with_sums=with_sums)
