"""API keys: their hashes, never the keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.store.tables import api_keys


@dataclass(frozen=True)
class KeyRecord:
    """One issued key; `secret_hash` is SHA-256 of its secret part."""

    id: str
    name: str
    secret_hash: bytes
    unit_code: str | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Say whether the key is neither expired nor revoked."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


async def find(session: AsyncSession, key_id: str) -> KeyRecord | None:
    """Return a key by its id."""
    row = (await session.execute(select(api_keys).where(api_keys.c.id == key_id))).one_or_none()
    return KeyRecord(*row) if row else None


async def list_keys(session: AsyncSession) -> list[KeyRecord]:
    """Return all keys, oldest first."""
    return [KeyRecord(*row) for row in await session.execute(select(api_keys).order_by(api_keys.c.created_at))]


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
