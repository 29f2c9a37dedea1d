"""Issue, list and revoke API keys."""

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dossier_api.domain.errors import KeyUnknown, KeyWouldExceed
from dossier_api.domain.keys import KeyRecord
from dossier_api.store import audit, keys
from dossier_api.store.audit import AuditRow
from dossier_api.usecases.authenticate import PREFIX, hash_of
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock
from shared.db import Begin
from shared.http.access import Caller, Scope

SECRET_BYTES = 32
OPERATOR = "operator"


@dataclass(frozen=True)
class IssuedKey:
    """A new key: `key` is shown this once and stored nowhere."""

    id: str
    key: str
    record: KeyRecord


async def issue_key(
    name: str,
    unit_code: str | None,
    *,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    begin: Begin,
    clock: Clock,
    environment: str = "prod",
    by: str = OPERATOR,
) -> IssuedKey:
    """Make a key good for `scopes` within the subtree of `unit_code`, None for the whole tree."""
    secret = secrets.token_hex(SECRET_BYTES)
    now = clock.now()
    key_id = uuid.uuid4().hex[:16]
    record = KeyRecord(key_id, name, hash_of(secret), unit_code, sorted(set(scopes)), now, expires_at, None)
    told = {"name": name, "unit_code": unit_code, "scopes": record.scopes}
    async with begin() as session:
        await keys.add(session, record)
        await audit.add(session, [AuditRow(now, by, "key-issued", key_id, None, told)])
    return IssuedKey(key_id, f"{PREFIX}_{environment}_{key_id}_{secret}", record)


async def list_keys(*, begin: Begin) -> list[KeyRecord]:
    """Return all keys, oldest first, revoked ones too."""
    async with begin() as session:
        return await keys.list_keys(session)


async def revoke_key(key_id: str, *, begin: Begin, clock: Clock, by: str = OPERATOR) -> None:
    """Make a key useless from now on; revoking twice changes nothing.  Raises KeyUnknown."""
    now = clock.now()
    async with begin() as session:
        if not await keys.revoke(session, key_id, at=now):
            raise KeyUnknown(key_id)
        await audit.add(session, [AuditRow(now, by, "key-revoked", key_id, None, None)])


async def issue_key_for(
    caller: Caller,
    name: str,
    *,
    unit_code: str | None,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    environment: str,
    begin: Begin,
    clock: Clock,
    rulebook: Rulebook,
) -> IssuedKey:
    """Issue a key that may do no more than its issuer.  Raises UnitUnknown, KeyWouldExceed."""
    async with begin() as session:
        await rulebook.refresh(session)
    if unit_code is not None:
        rulebook.catalogue.visible_unit(unit_code, caller.unit_code)
    if _exceeds(caller, unit_code, scopes=scopes, expires_at=expires_at):
        raise KeyWouldExceed(sorted(set(scopes)))
    return await issue_key(
        name,
        unit_code,
        scopes=scopes,
        expires_at=expires_at,
        begin=begin,
        clock=clock,
        environment=environment,
        by=caller.id,
    )


def _exceeds(caller: Caller, unit_code: str | None, *, scopes: Collection[Scope], expires_at: datetime | None) -> bool:
    """Say whether a key would see, do or live more than the one that asks for it."""
    if (unit_code is None and caller.unit_code is not None) or not all(map(caller.may, scopes)):
        return True
    return caller.expires_at is not None and (expires_at is None or expires_at > caller.expires_at)


async def list_keys_for(
    caller: Caller, *, after: tuple[datetime, str] | None, limit: int, begin: Begin, rulebook: Rulebook
) -> list[KeyRecord]:
    """Return keys of the caller's subtree made after an instant, or by id among its equals; oldest first."""
    async with begin() as session:
        await rulebook.refresh(session)
        return await keys.list_keys(session, within=rulebook.subtree(caller.unit_code), after=after, limit=limit)


async def revoke_key_for(caller: Caller, key_id: str, *, begin: Begin, clock: Clock, rulebook: Rulebook) -> None:
    """Revoke a key of the caller's subtree.  Raises KeyUnknown, also for a key outside it."""
    async with begin() as session:
        await rulebook.refresh(session)
        key = await keys.find(session, key_id)
    if key is None or not _reaches(caller, key, rulebook):
        raise KeyUnknown(key_id)
    await revoke_key(key_id, begin=begin, clock=clock, by=caller.id)


def _reaches(caller: Caller, key: KeyRecord, rulebook: Rulebook) -> bool:
    if caller.unit_code is None:
        return True
    return key.unit_code is not None and rulebook.catalogue.is_within(key.unit_code, caller.unit_code)
