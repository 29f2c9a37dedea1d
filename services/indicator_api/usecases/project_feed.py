"""Turn the feed into steps, each entry exactly once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.cursor import Cursor
from indicator_api.domain.steps import difference
from indicator_api.store import catalogue, cursors, dossiers, places, steps
from indicator_api.store.catalogue import PROCEDURE, UNIT, Catalogue, Entry
from indicator_api.store.dossiers import Replaced
from indicator_api.store.steps import Recorded
from shared.clock import civil_day
from shared.contracts.feed import EVENT_TYPE_PREFIX, PROCEDURE_TYPE, UNIT_TYPE, DossierDataV1, FeedItemV1
from shared.contracts.life import LifeV1
from shared.db import Begin

_dossier_data = msgspec.json.Decoder(DossierDataV1)
_life = msgspec.json.Decoder(LifeV1)
_KINDS = {UNIT_TYPE: UNIT, PROCEDURE_TYPE: PROCEDURE}


@dataclass(frozen=True)
class Change:
    """A dossier's life as known at the close of a day of recording, or so far on the last one."""

    position: int
    recorded_on: date
    life: LifeV1


@dataclass(frozen=True)
class Page:
    """What one page of the feed tells, sorted by what is to be done with it."""

    entries: list[Entry]
    changes: Mapping[str, list[Change]]
    cursor: Cursor


async def project_next(feed: DossierFeed, *, begin: Begin, zone: ZoneInfo) -> int:
    """Read the next page of the feed and count it; return how many entries it held.

    A page counts whole or not at all, together with its cursor. One that another process has
    counted meanwhile is dropped.
    Raises UpstreamUnavailable, UpstreamNonsense.
    """
    async with begin() as session:
        before = await cursors.get(session)
    items = await feed.list_after(before.position)
    if items:
        await count_entries(items, before=before, begin=begin, zone=zone)
    return len(items)


async def count_entries(
    items: Sequence[FeedItemV1], *, before: Cursor, begin: Begin, zone: ZoneInfo, is_bulk: bool = False
) -> Cursor:
    """Count the entries that follow a cursor and return the cursor after them.

    In bulk the kept sums are left to be added up at the end, and every entry keeps a difference of
    its own: any of them may have been the last of a page once, up to which a report was drawn.
    """
    page = _page_of(items, before, zone, is_merged=not is_bulk)
    async with begin() as session:
        if await cursors.get_for_update(session) == before:
            await _count(session, page, with_sums=not is_bulk)
    return page.cursor


async def _count(session: AsyncSession, page: Page, *, with_sums: bool) -> None:
    await catalogue.add(session, page.entries)
    if any(entry.kind == UNIT for entry in page.entries):
        await places.arrange(session, await Catalogue().tree(session))
    if page.changes:
        latest = {code: msgspec.json.encode(chain[-1].life).decode() for code, chain in page.changes.items()}
        replaced = await dossiers.replace_lives(session, latest)
        await steps.add(session, list(_differences(page.changes, replaced)), with_sums=with_sums)
    await cursors.save(session, page.cursor)


def _page_of(items: Sequence[FeedItemV1], before: Cursor, zone: ZoneInfo, *, is_merged: bool) -> Page:
    dated = list(_dated(items, before, zone))
    last_on, last = dated[-1]
    return Page(
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
        change = Change(item.position, recorded_on, _dossier_data.decode(item.data).life)
        changes.setdefault(item.subject, []).append(change)
    return changes


def _differences(changes: Mapping[str, list[Change]], replaced: Mapping[str, Replaced]) -> Iterator[Recorded]:
    for code, chain in changes.items():
        known = replaced[code]
        life = _life.decode(known.life) if known.life else None
        for change in chain:
            if change.life != life:
                for steps_made in difference(life, change.life):
                    yield Recorded(change.position, change.recorded_on, known.id, steps_made)
            life = change.life
