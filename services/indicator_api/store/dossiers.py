"""The last told life of every dossier."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import driver_of

# Write the lives of the touched dossiers and learn what they were.
# $1 text[] codes, each once; $2 text[] lives, in the same order.  Returns code, id, and the life before or null.
_REPLACE = """
    INSERT INTO dossiers AS d (code, life)
    SELECT * FROM unnest($1::text[], $2::text[])
    ON CONFLICT (code) DO UPDATE SET life = excluded.life
    RETURNING d.code, d.id, old.life
"""


class Replaced(NamedTuple):
    """A dossier's number and the life it had until now."""

    id: int
    life: str | None


async def replace_lives(session: AsyncSession, lives: Mapping[str, str]) -> dict[str, Replaced]:
    """Store the lives, by dossier code, and return what they replace."""
    driver = await driver_of(session)
    rows = await driver.fetch(_REPLACE, list(lives), list(lives.values()))
    return {code: Replaced(number, life) for code, number, life in rows}
