"""Recorders as several processes would have them, each with connections of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec

from dossier_api.domain.recording import Posted
from dossier_api.routes.cloud_events import EventReader
from dossier_api.usecases.record_events import EventRecorder
from dossier_api.usecases.rulebook import Rulebook
from shared.db import Begin, drivers_of, engine_from, transactions
from shared.http.access import Caller
from tests.dossier_api.serving import ZONE, SettableClock, fill, serving

READER = EventReader(Caller("k1", "counter", None, frozenset(), None), ZONE)


def posted(*events: dict[str, Any]) -> list[Posted]:
    """Read events as the service would."""
    read = [READER.read(msgspec.json.encode(event)) for event in events]
    return [one for one in read if isinstance(one, Posted)]


def recorder_on(begin: Begin) -> EventRecorder:
    """Return a recorder as a process of its own would have it."""
    return EventRecorder(drivers_of(begin, ZONE), begin, SettableClock(), ZONE, Rulebook(), by_extension=False)


@asynccontextmanager
async def processes(dossier_url: str, count: int) -> AsyncIterator[Sequence[Begin]]:
    """Write the usual catalogue to a database; yield as many `begin`, each on an engine of its own."""
    async with serving(None, database_url=dossier_url) as service:
        await fill(service)
    async with AsyncExitStack() as stack:
        engines = [await stack.enter_async_context(engine_from(dossier_url, pool_size=2)) for _ in range(count)]
        yield [transactions(engine) for engine in engines]
