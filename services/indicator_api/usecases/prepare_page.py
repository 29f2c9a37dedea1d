"""Work out what a page of the feed adds to the figures, from the lives known before it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from indicator_api.domain.cursor import Cursor
from indicator_api.domain.differences import differences
from indicator_api.store.catalogue import PROCEDURE, UNIT, Entry
from indicator_api.store.steps import Recorded
from shared.clock import civil_day
from shared.contracts.feed import EVENT_TYPE_PREFIX, PROCEDURE_TYPE, UNIT_TYPE, DossierDataV1, FeedItemV1
from shared.contracts.life import LifeV1

_dossier_data = msgspec.json.Decoder(DossierDataV1)
_life = msgspec.json.Decoder(LifeV1)
_KINDS = {UNIT_TYPE: UNIT, PROCEDURE_TYPE: PROCEDURE}


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


def page_of(items: Sequence[FeedItemV1], before: Cursor, zone: ZoneInfo, *, is_merged: bool) -> Page:
    """Return what entries tell; merged, of each dossier's changes only the last a day of recording."""
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


def recorded_of(changes: Mapping[str, list[Change]], known: Mapping[str, str]) -> list[Recorded]:
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
