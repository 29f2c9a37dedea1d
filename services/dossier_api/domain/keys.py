"""API keys as they are kept: by hash."""

from dataclasses import dataclass
from datetime import datetime


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
