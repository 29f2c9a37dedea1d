"""The head of the feed: one row whose lock makes writers take turns.

A position is given out under this lock and the lock is held until the commit is visible, so a
reader that has seen position p can never later find an event before p (ADR-0003).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.store.tables import feed_head


class InForce(NamedTuple):
    """The versions of what the province has told us that hold now."""

    catalogue_version: int
    calendar_version: int


@dataclass(frozen=True)
class FeedHead:
    """Last position given out, when, and which catalogue and calendar are in force."""

    position: int
    recorded_at: datetime
    catalogue_version: int
    calendar_version: int

    @property
    def in_force(self) -> InForce:
        """Return which rules hold."""
        return InForce(self.catalogue_version, self.calendar_version)


_COLUMNS = (
    feed_head.c.position,
    feed_head.c.recorded_at,
    feed_head.c.catalogue_version,
    feed_head.c.calendar_version,
)


async def get(session: AsyncSession) -> FeedHead:
    """Return the head as it now stands."""
    return FeedHead(*(await session.execute(select(*_COLUMNS))).one())


async def get_for_update(session: AsyncSession) -> FeedHead:
    """Return the head and make every other writer wait until this transaction ends."""
    return FeedHead(*(await session.execute(select(*_COLUMNS).with_for_update())).one())


async def hold(driver: asyncpg.Connection) -> None:
    """Make every other writer wait until this transaction ends."""
    await driver.execute("SELECT FROM dossier.feed_head FOR UPDATE")


async def save(session: AsyncSession, head: FeedHead) -> None:
    """Move the head."""
    await session.execute(update(feed_head).values(**vars(head)))
