"""What a running dossier_api holds open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text

from dossier_api.clients.issuer_keys import issuer_keys
from dossier_api.domain.code import CodeStandard
from dossier_api.loop import keep_running
from dossier_api.settings import LatenessBasis, Settings
from dossier_api.usecases.authenticate import Keyring, KeysAndTokens
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.group_commit import GroupCommit
from dossier_api.usecases.judge_token import AccessTokens
from dossier_api.usecases.recalculate import Recalculation
from dossier_api.usecases.record_events import EventRecorder
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock, SystemClock
from shared.db import Begin, Connect, answers, drivers_from, drivers_of, engine_from, transactions
from shared.http.access import Authenticator
from shared.http.health import Check
from shared.memory import keep_loaded

# Connections that record: one group is decided while the one before it is written.
RECORDING = 2
# Connections that read lists; each is done within milliseconds.
READING = 4


class CommitsAreNotDurable(RuntimeError):
    """The server acknowledges commits before they are on disk, so we could not keep our word."""


@dataclass(frozen=True)
class Resources:
    """Built once in the lifespan; routes reach it through the app's state."""

    begin: Begin
    connect: Connect
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    bell: Bell
    intake: GroupCommit
    recalculation: Recalculation
    keyring: Keyring
    authenticator: Authenticator
    key_environment: str
    by_extension: bool
    checks: Mapping[str, Check]


@asynccontextmanager
async def open_resources(
    settings: Settings,
    *,
    clock: Clock | None = None,
    begin: Begin | None = None,
    issuer: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Resources]:
    """Open everything; in tests a clock, a `begin` and a way to the issuer of tokens take the place of the real ones.

    A lent `begin` may stand for a single connection, so nothing that works by itself is started beside it.
    """
    clock, is_lent = clock or SystemClock(), begin is not None
    async with contextlib.AsyncExitStack() as stack:
        url = str(settings.database_url)
        if begin is None:
            begin = transactions(await stack.enter_async_context(engine_from(url)))
            # A list never waits for a batch that is being recorded.
            recording = await stack.enter_async_context(drivers_from(url, most=RECORDING, zone=settings.zone))
            reading = await stack.enter_async_context(drivers_from(url, most=READING, zone=settings.zone))
        else:
            recording = reading = drivers_of(begin, settings.zone)
        await _check_durability(begin)
        rulebook, bell = Rulebook(CodeStandard(settings.code_pattern, settings.code_day_format)), Bell()
        by_extension = settings.lateness_basis is LatenessBasis.CURRENT
        keyring = Keyring(begin, clock)
        intake = GroupCommit(
            EventRecorder(recording, begin, clock, settings.zone, rulebook, by_extension=by_extension), bell
        )
        recalculation = Recalculation(begin, clock, settings.zone, rulebook, bell, by_extension=by_extension)
        await stack.enter_async_context(_running(intake.run()))
        async with begin() as session:
            await rulebook.refresh(session)
        if not is_lent:
            keep_loaded()
            await stack.enter_async_context(_running(keep_running(recalculation)))
        yield Resources(
            begin=begin,
            connect=reading,
            clock=clock,
            zone=settings.zone,
            rulebook=rulebook,
            bell=bell,
            intake=intake,
            recalculation=recalculation,
            keyring=keyring,
            authenticator=await stack.enter_async_context(
                _authenticator(settings, keyring, clock=clock, issuer=issuer)
            ),
            key_environment=settings.key_environment,
            by_extension=by_extension,
            checks={"database": lambda: answers(begin)},
        )


@asynccontextmanager
async def _authenticator(
    settings: Settings, keyring: Keyring, *, clock: Clock, issuer: httpx.AsyncBaseTransport | None
) -> AsyncIterator[Authenticator]:
    """Yield what judges bearers: keys, and access tokens where an issuer is told."""
    if not settings.oidc_issuer:
        yield keyring
        return
    async with issuer_keys(settings.oidc_jwks_url, clock, transport=issuer) as keys:
        told = settings.oidc_issuer, settings.oidc_audience, settings.oidc_unit_claim
        yield KeysAndTokens(keyring, AccessTokens(keys, clock, *told))


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _check_durability(begin: Begin) -> None:
    """Refuse to start where an acknowledged event could be lost.  Rule: contract section 3, rule 2."""
    async with begin() as session:
        if await session.scalar(text("SHOW synchronous_commit")) == "off":
            raise CommitsAreNotDurable("synchronous_commit is off")
