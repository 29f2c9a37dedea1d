"""Units and procedures as the feed told of them, on any day of knowledge."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Generic, NamedTuple, TypeVar

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.supply import Version
from indicator_api.domain.tree import Tree, Unit, tree_of
from indicator_api.store.tables import catalogue_entries
from shared.contracts.feed import ProcedureV1, UnitV1

UNIT = "unit"
PROCEDURE = "procedure"
MOST_REMEMBERED = 16
Known = TypeVar("Known")


class Entry(NamedTuple):
    """One entry of the catalogue's log."""

    position: int
    recorded_on: date
    kind: str
    code: str
    entry: str


async def add(session: AsyncSession, entries: list[Entry]) -> None:
    """Append to the log."""
    if entries:
        await session.execute(insert(catalogue_entries), [entry._asdict() for entry in entries])


class _Memory(Generic[Known]):
    """Reads one kind of entry, decoding again only when the log holds something newer.

    The log never changes below a position, so what was read up to one stays right for ever.
    """

    def __init__(self, kind: str, build: Callable[[Iterable[str]], Known]) -> None:
        self._kind = kind
        self._build = build
        self._read: OrderedDict[int, Known] = OrderedDict()

    async def as_known(self, session: AsyncSession, known_at: date | None) -> Known:
        chosen = [catalogue_entries.c.kind == self._kind]
        if known_at is not None:
            chosen.append(catalogue_entries.c.recorded_on <= known_at)
        newest = await session.scalar(select(func.max(catalogue_entries.c.position)).where(*chosen)) or 0
        if newest not in self._read:
            latest = select(catalogue_entries.c.entry).where(*chosen).ext(distinct_on(catalogue_entries.c.code))
            ordered = latest.order_by(catalogue_entries.c.code, catalogue_entries.c.position.desc())
            self._read[newest] = self._build(await session.scalars(ordered))
            if len(self._read) > MOST_REMEMBERED:
                self._read.popitem(last=False)
        return self._read[newest]


class Catalogue:
    """The catalogue's log, remembered between requests."""

    def __init__(self) -> None:
        self._trees = _Memory(UNIT, _tree)
        self._versions = _Memory(PROCEDURE, _versions)

    async def tree(self, session: AsyncSession, *, known_at: date | None = None) -> Tree:
        """Return all units as known at the close of a day, None for as known now."""
        return await self._trees.as_known(session, known_at)

    async def list_versions(self, session: AsyncSession, *, known_at: date | None = None) -> list[Version]:
        """Return all versions of all procedures as known at the close of a day, None for as known now."""
        return await self._versions.as_known(session, known_at)


def _tree(entries: Iterable[str]) -> Tree:
    return tree_of(_unit(msgspec.json.decode(entry, type=UnitV1)) for entry in entries)


def _unit(told: UnitV1) -> Unit:
    return Unit(
        told.code,
        told.level,
        told.parent_code,
        date.fromisoformat(told.valid_from),
        date.fromisoformat(told.valid_to) if told.valid_to else None,
        told.has_one_stop,
        told.name,
        tuple(told.successor_codes),
    )


def _versions(entries: Iterable[str]) -> list[Version]:
    procedures = (msgspec.json.decode(entry, type=ProcedureV1) for entry in entries)
    return [
        Version(
            procedure.code,
            told.name,
            told.field,
            told.level,
            f"{told.online_level.scheme}:{told.online_level.value}",
            told.at_one_stop,
            date.fromisoformat(told.valid_from),
            date.fromisoformat(told.valid_to) if told.valid_to else None,
        )
        for procedure in procedures
        for told in procedure.versions
    ]
