"""How far the feed has been read."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.cursor import Cursor
from indicator_api.store.tables import feed_cursor

_COLUMNS = (feed_cursor.c.position, feed_cursor.c.at, feed_cursor.c.recorded_on)
_FOR_FIGURES = select(
    *_COLUMNS, func.set_config("plan_cache_mode", "force_custom_plan", True), func.set_config("jit", "off", True)
)


async def get(session: AsyncSession) -> Cursor:
    """Return the cursor as it stands."""
    row = (await session.execute(select(*_COLUMNS))).one()
    return Cursor(*row)


async def get_for_update(session: AsyncSession) -> Cursor:
    """Return the cursor and keep every other reader of the feed from moving it."""
    row = (await session.execute(select(*_COLUMNS).with_for_update())).one()
    return Cursor(*row)


async def save(session: AsyncSession, cursor: Cursor) -> None:
    """Move the cursor."""
    await session.execute(
        update(feed_cursor).values(position=cursor.position, at=cursor.at, recorded_on=cursor.recorded_on)
    )


async def get_for_figures(session: AsyncSession) -> Cursor:
    """Return the cursor of this snapshot, and plan the statements that follow for the values they carry.

    A plan made once for all readers scans the province for a commune; compiling one takes longer
    than any of these statements runs.
    """
    row = (await session.execute(_FOR_FIGURES)).one()
    return Cursor(*row[: len(_COLUMNS)])
