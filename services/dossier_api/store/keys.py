"""API keys: their hashes, never the keys."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.keys import KeyRecord
from dossier_api.store.tables import api_keys


async def find(session: AsyncSession, key_id: str) -> KeyRecord | None:
    """Return a key by its id."""
    row = (await session.execute(select(api_keys).where(api_keys.c.id == key_id))).one_or_none()
    return KeyRecord(*row) if row else None


async def list_keys(
    session: AsyncSession,
    *,
    within: Sequence[str] | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> list[KeyRecord]:
    """Return keys of the units `within`, None for all, oldest first and by id among equals."""
    place = tuple_(api_keys.c.created_at, api_keys.c.id)
    statement = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id).limit(limit)
    if within is not None:
        statement = statement.where(api_keys.c.unit_code.in_(within))
    if after is not None:
        statement = statement.where(place > after)
    return [KeyRecord(*row) for row in await session.execute(statement)]


async def add(session: AsyncSession, key: KeyRecord) -> None:
    """Write a new key."""
    await session.execute(insert(api_keys).values(**vars(key)))


async def revoke(session: AsyncSession, key_id: str, *, at: datetime) -> bool:
    """Mark a key as revoked; False if there is no such key.  The first revocation stands."""
    found = update(api_keys).where(api_keys.c.id == key_id).returning(api_keys.c.id)
    first = found.where(api_keys.c.revoked_at.is_(None)).values(revoked_at=at)
    if (await session.execute(first)).one_or_none():
        return True
    return await find(session, key_id) is not None
