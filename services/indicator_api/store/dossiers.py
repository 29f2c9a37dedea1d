"""The last told life of every dossier."""

from collections.abc import Iterable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import array_literal, driver_of

# $1 codes as the literal of an array.  Returns code and life of those that are known.
_LIVES = "SELECT code, life FROM unnest($1::text::text[]) AS asked (code) JOIN dossiers USING (code)"
# $1 codes, each once, and $2 lives in the same order, as literals of arrays.  Returns code and id.
_SAVE = """
    INSERT INTO dossiers AS d (code, life)
    SELECT * FROM unnest($1::text::text[], $2::text::text[])
    ON CONFLICT (code) DO UPDATE SET life = excluded.life
    RETURNING d.code, d.id
"""


async def list_lives(session: AsyncSession, codes: Iterable[str]) -> dict[str, str]:
    """Return the lives, by code, of those dossiers that have been told of."""
    driver = await driver_of(session)
    return dict(await driver.fetch(_LIVES, array_literal(codes)))


async def save_lives(session: AsyncSession, lives: Mapping[str, str]) -> dict[str, int]:
    """Store lives by dossier code, and return the number of each dossier."""
    driver = await driver_of(session)
    return dict(await driver.fetch(_SAVE, array_literal(lives), array_literal(lives.values())))
