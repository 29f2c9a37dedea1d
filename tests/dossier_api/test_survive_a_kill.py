"""What a counter was told is accepted is there after the process was killed.  Rule: contract section 3, rule 2."""

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest

from dossier_api.resources import CommitsAreNotDurable
from dossier_api.usecases.group_commit import LEAST_AHEAD
from motcua.roles import Databases
from motcua.services import DOSSIER
from tests.dossier_api.live import running
from tests.dossier_api.serving import fill, post, serving
from tests.dossier_api.wire import event

WRITERS = 6
# Enough that the kill falls into the middle of the work, on a slow machine too.
TOLD_BEFORE_THE_KILL = 60


@dataclass
class Counter:
    """A counter that posts without end and remembers what it was told."""

    address: str
    key: str
    name: str
    together: int
    posted: list[str] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)

    async def work(self) -> None:
        """Post until the service is gone."""
        async with httpx.AsyncClient(base_url=self.address, headers={"Authorization": f"Bearer {self.key}"}) as client:
            with suppress(httpx.TransportError):
                while True:
                    names = [f"{self.name}-{len(self.posted) + n}" for n in range(self.together)]
                    self.posted += names
                    for result in await post(client, *(event(id=name, dossier=name) for name in names)):
                        assert result["status"] == "accepted"
                        self.told[result["id"]] = result["position"]


# By themselves, and so many that a group is being decided while the one before is written.
@pytest.mark.parametrize("together", [1, LEAST_AHEAD])
async def test_every_acknowledged_event_outlives_the_process(dossier_url: str, together: int) -> None:
    async with serving(None, database_url=dossier_url) as service:
        client = await fill(service)
        key = client.headers["Authorization"].removeprefix("Bearer ")
        async with running(dossier_url) as (process, address):
            counters = [Counter(address, key, f"c{n}", together) for n in range(WRITERS)]
            working = asyncio.gather(*(counter.work() for counter in counters))
            async with asyncio.timeout(60):
                while sum(len(counter.told) for counter in counters) < TOLD_BEFORE_THE_KILL * together:
                    await asyncio.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
            await asyncio.wait_for(working, timeout=60)

        told = {name: position for counter in counters for name, position in counter.told.items()}
        names = [name for counter in counters for name in counter.posted]
        logged = dict(await service.rows("SELECT id, position FROM dossier.events WHERE unit_code IS NOT NULL"))
        assert told.items() <= logged.items()
        # At most the last post of each counter was left without an answer.
        assert len(names) - len(told) <= WRITERS * together

        retried = await post(client, *(event(id=name, dossier=name) for name in names))

        assert [result["status"] for result in retried] == [
            "duplicate" if name in logged else "accepted" for name in names
        ]
        assert await service.rows("SELECT count(*) FROM dossier.dossiers") == [len(names)]
        head = await service.rows("SELECT position FROM dossier.feed_head")
        assert await service.rows("SELECT max(position) FROM dossier.events") == head


async def test_the_service_refuses_to_start_where_commits_may_be_lost(own_database: Databases) -> None:
    url = own_database.of(DOSSIER)
    connection = await asyncpg.connect(url)
    await connection.execute(
        f"ALTER ROLE CURRENT_USER IN DATABASE {url.rpartition('/')[2]} SET synchronous_commit = off"
    )
    await connection.close()

    with pytest.raises(CommitsAreNotDurable):
        async with serving(None, database_url=url):
            pass


@pytest.mark.parametrize("level", ["on", "remote_apply", "remote_write", "local"])
async def test_it_starts_where_a_commit_reaches_the_disk(own_database: Databases, level: str) -> None:
    url = own_database.of(DOSSIER)
    connection = await asyncpg.connect(url)
    database = url.rpartition("/")[2]
    await connection.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET synchronous_commit = {level}")
    await connection.close()

    async with serving(None, database_url=url) as service:
        ready = await (await service.client_with(None)).get("/readyz")

    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_it_is_not_ready_while_the_database_refuses_it(dossier_url: str, template: str) -> None:
    """A server that answers with an error is as little help as one that does not answer."""
    database = dossier_url.rpartition("/")[2]
    administrator = await asyncpg.connect(template)
    async with serving(None, database_url=dossier_url) as service:
        client = await service.client_with(None)
        await administrator.execute(f"ALTER DATABASE {database} CONNECTION LIMIT 0")
        await administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database
        )
        await administrator.close()

        refused = await client.get("/readyz")

    assert (refused.status_code, refused.json()["failed"]) == (503, ["database"])
    assert refused.headers["retry-after"] == "1"
