"""Tell who a bearer token belongs to."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from dossier_api.domain.keys import KeyRecord
from dossier_api.store import keys
from dossier_api.usecases.judge_token import AccessTokens
from shared.clock import Clock
from shared.db import Begin
from shared.http.access import Caller, Scope

# A key revoked at another process of ours is dead here within this time.
REMEMBERED = timedelta(seconds=5)
PREFIX = "mc"
KEY_START = f"{PREFIX}_"
PARTS = 4


@dataclass(frozen=True)
class _Known:
    """A key as it is kept, and the caller it makes, put together once and not for each request."""

    key: KeyRecord
    caller: Caller


class Keyring:
    """Looks keys up by their id and compares the secret's hash in constant time."""

    def __init__(self, begin: Begin, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock
        self._remembered: dict[str, tuple[datetime, _Known]] = {}

    async def caller_of(self, token: str) -> Caller | None:
        """Return the caller, or None for a token that is not good."""
        parts = token.split("_")
        if len(parts) != PARTS or parts[0] != PREFIX:
            return None
        known = await self._known(parts[2])
        if known is None or not hmac.compare_digest(known.key.secret_hash, hash_of(parts[3])):
            return None
        return known.caller if known.key.is_good(self._clock.now()) else None

    def forget(self, key_id: str) -> None:
        """Look a key up anew next time, because it has just been revoked."""
        self._remembered.pop(key_id, None)

    async def _known(self, key_id: str) -> _Known | None:
        now = self._clock.now()
        remembered = self._remembered.get(key_id)
        if remembered and now - remembered[0] < REMEMBERED:
            return remembered[1]
        async with self._begin() as session:
            key = await keys.find(session, key_id)
        if key is None:
            return None
        known = _Known(key, _caller_with(key))
        self._remembered[key_id] = (now, known)
        return known


def _caller_with(key: KeyRecord) -> Caller:
    return Caller(key.id, key.name, key.unit_code, frozenset(map(Scope, key.scopes)), key.expires_at)


class KeysAndTokens:
    """Takes what looks like a key for one, and every other bearer for an access token."""

    def __init__(self, keyring: Keyring, tokens: AccessTokens) -> None:
        self._keyring = keyring
        self._tokens = tokens

    async def caller_of(self, token: str) -> Caller | None:
        """Return the caller, or None for a key that is not good; a refused token raises what is wrong with it."""
        if token.startswith(KEY_START):
            return await self._keyring.caller_of(token)
        return await self._tokens.caller_of(token)


def hash_of(secret: str) -> bytes:
    """Return what is stored of a key's secret: 32 random bytes need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
