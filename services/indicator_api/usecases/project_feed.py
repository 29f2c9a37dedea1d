"""Turn the feed into steps, each entry exactly once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.cursor import Cursor
from indicator_api.domain.differences import differences
from indicator_api.store import catalogue, cursors, dossiers, places, steps
from indicator_api.store.catalogue import PROCEDURE, UNIT, Catalogue, Entry
from indicator_api.store.steps import Recorded
from shared.clock import civil_day
from shared.contracts.feed import EVENT_TYPE_PREFIX, PROCEDURE_TYPE, UNIT_TYPE, DossierDataV1, FeedItemV1
from shared.contracts.life import LifeV1
from shared.db import Begin

_dossier_data = msgspec.json.Decoder(DossierDataV1)
_life = msgspec.json.Decoder(LifeV1)
_KINDS = {UNIT_TYPE: UNIT, PROCEDURE_TYPE: PROCEDURE}
Result = TypeVar("Result")


class Change(NamedTuple):
    """A dossier's life as known at the close of a day of recording, or so far on the last one; JSON of a LifeV1."""

    position: int
    recorded_on: date
    life: str


@dataclass(frozen=True)
class Page:
    """What one page of the feed tells, sorted by what is to be done with it, between two cursors."""

    before: Cursor
    entries: list[Entry]
    changes: Mapping[str, list[Change]]
    after: Cursor

    def lives(self) -> dict[str, str]:
        """Return the life each dossier on the page is left with."""
        return {code: chain[-1].life for code, chain in self.changes.items()}


async def project_feed(
    feed: DossierFeed,
    *,
    begin: Begin,
    zone: ZoneInfo,
    is_bulk: bool = False,
    report: Callable[[Cursor], None] = lambda _: None,
) -> None:
    """Count page after page until the feed has no more, after its wait.

    A page counts whole or not at all, together with its cursor. One that another process has counted
    meanwhile is dropped, and reading begins again where that has come to.
    In bulk the kept sums are left to be added up at the end, and every entry keeps a difference of
    its own: any of them may have been the last of a page once, up to which a report was drawn.
    Raises UpstreamUnavailable, UpstreamNonsense.
    """
    while not await _projected(feed, begin=begin, zone=zone, is_bulk=is_bulk, report=report):
        pass


async def _projected(
    feed: DossierFeed, *, begin: Begin, zone: ZoneInfo, is_bulk: bool, report: Callable[[Cursor], None]
) -> bool:
    """Count page after page: while one is written, the next is prepared and the one after fetched; say if all were."""
    async with begin() as session:
        cursor = await cursors.get(session)
    async with _beside() as start:
        fetching, writing = start(feed.list_after(cursor.position)), start(_nothing())
        lives: Mapping[str, str] = {}
        while items := await fetching:
            fetching = start(feed.list_after(items[-1].position))
            page = _page_of(items, cursor, zone, is_merged=not is_bulk)
            async with begin() as session:
                known = await dossiers.list_lives(session, page.changes)
            # What the page before leaves may not be written yet. A thread, so that readers are served meanwhile.
            recorded = await asyncio.to_thread(_recorded, page.changes, {**known, **lives})
            if not await writing:
                return False
            writing = start(_counted(page, recorded, begin=begin, with_sums=not is_bulk))
            if feed.progress.is_caught_up and not await writing:
                return False
            cursor, lives = page.after, page.lives()
            report(cursor)
        return await writing


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


async def _nothing() -> bool:
    return True


async def _counted(page: Page, recorded: list[Recorded], *, begin: Begin, with_sums: bool) -> bool:
    """Write what a page adds, unless another process has moved the cursor; say which."""
    async with begin() as session:
        is_ours = await cursors.get_for_update(session) == page.before
        if is_ours:
            await _count(session, page, recorded, with_sums=with_sums)
    return is_ours


async def _count(session: AsyncSession, page: Page, recorded: list[Recorded], *, with_sums: bool) -> None:
    await catalogue.add(session, page.entries)
    if any(entry.kind == UNIT for entry in page.entries):
        await places.arrange(session, await Catalogue().tree(session))
    if page.changes:
        numbers = await dossiers.save_lives(session, page.lives())
        await steps.add(session, recorded, numbers, with_sums=with_sums)
    await cursors.save(session, page.after)


def _page_of(items: Sequence[FeedItemV1], before: Cursor, zone: ZoneInfo, *, is_merged: bool) -> Page:
    dated = list(_dated(items, before, zone))
    last_on, last = dated[-1]
    return Page(
        before,
        [
            Entry(item.position, recorded_on, _KINDS[item.type], item.subject, bytes(item.data).decode())
            for recorded_on, item in dated
            if item.type in _KINDS
        ],
        _changes(dated, is_merged=is_merged),
        Cursor(last.position, last.recordedat, last_on),
    )


def _dated(items: Iterable[FeedItemV1], before: Cursor, zone: ZoneInfo) -> Iterator[tuple[date, FeedItemV1]]:
    """Yield each entry with the civil day it was recorded on.

    A clock set back must not place a later entry on an earlier day: what was known on that day
    would change afterwards.
    """
    latest = before.recorded_on or date.min
    for item in items:
        latest = max(latest, civil_day(item.recordedat, zone))
        yield latest, item


def _changes(dated: Iterable[tuple[date, FeedItemV1]], *, is_merged: bool) -> dict[str, list[Change]]:
    """Return each touched dossier's changes; merged, one a day of recording: the last, for it tells the whole life."""
    latest: dict[tuple[str, date, int], tuple[date, FeedItemV1]] = {}
    for recorded_on, item in dated:
        if item.type.startswith(EVENT_TYPE_PREFIX):
            latest[item.subject, recorded_on, 0 if is_merged else item.position] = recorded_on, item
    changes: dict[str, list[Change]] = {}
    for recorded_on, item in latest.values():
        life = bytes(_dossier_data.decode(item.data).life).decode()
        changes.setdefault(item.subject, []).append(Change(item.position, recorded_on, life))
    return changes


def _recorded(changes: Mapping[str, list[Change]], known: Mapping[str, str]) -> list[Recorded]:
    """Return what the changes add to what is known of the dossiers; what was told again unchanged adds nothing."""
    recorded = []
    for code, chain in changes.items():
        told = known.get(code)
        life = None if told is None else _life.decode(told)
        for change in chain:
            if change.life != told:
                told, before, life = change.life, life, _life.decode(change.life)
                found = differences(before, life)
                recorded += [Recorded(change.position, change.recorded_on, code, one) for one in found]
    return recorded
