"""An absent neighbour is told of once when it goes and once when it is back; what nobody expected, with its cause."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from structlog.testing import capture_logs

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.loop import project_for_ever
from tests.indicator_api.feeding import SETTINGS, World

QUIET = httpx.Response(200, json=[])
AWAY = httpx.Response(503)
NONSENSE = httpx.Response(403, json={})


@dataclass
class Script:
    """A feed that answers line by line, then leaves its reader waiting."""

    answers: list[httpx.Response]
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, _request: httpx.Request) -> httpx.Response:
        if not self.answers:
            self.is_over.set()
            await asyncio.Event().wait()
        return self.answers.pop(0)


async def logged(world: World, *answers: httpx.Response) -> list[Any]:
    """Return what the endless reading logs while the feed gives these answers."""
    script = Script(list(answers))
    async with httpx.AsyncClient(base_url="http://dossier", transport=httpx.MockTransport(script)) as client:
        with capture_logs() as logs:
            loop = asyncio.create_task(
                project_for_ever(DossierFeed(client, 10, 0), begin=world.begin, settings=SETTINGS)
            )
            await asyncio.wait_for(script.is_over.wait(), 10)
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop
    return logs


async def test_an_outage_is_two_lines_however_often_it_was_tried(world: World) -> None:
    assert await logged(world, QUIET, AWAY, AWAY, AWAY, QUIET, QUIET) == [
        {"event": "feed-away", "service": "dossier_api", "log_level": "warning"},
        {"event": "feed-back", "tries": 3, "log_level": "warning"},
    ]


async def test_each_outage_is_told_of(world: World) -> None:
    logs = await logged(world, AWAY, QUIET, AWAY, QUIET)

    assert [line["event"] for line in logs] == ["feed-away", "feed-back"] * 2


async def test_what_nobody_expected_is_told_with_its_cause_every_time(world: World) -> None:
    logs = await logged(world, NONSENSE, NONSENSE, QUIET)

    assert [(line["event"], line["log_level"]) for line in logs] == [("projection-failed", "error")] * 2
    assert all(isinstance(line["exc_info"], Exception) for line in logs)
