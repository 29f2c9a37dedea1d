"""All figures can be counted anew from the feed while the old ones serve."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.store.drafts import DRAFT, draft_of
from indicator_api.usecases.rebuild_figures import rebuild_figures
from motcua.rebuild import RebuildRuns, draft_schema
from motcua.roles import Databases
from motcua.schemas import config_of
from motcua.services import INDICATOR, database_of, on_database
from shared.contracts.life import Phase
from shared.db import engine_from, transactions
from shared.http.client import UpstreamUnavailable
from tests.indicator_api.feeding import ZONE, FakeDossierApi, World, open_world
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, life, unit

QUESTIONS: list[dict[str, Any]] = [
    {},
    {"unit": DISTRICT, "group_by": "unit,channel,month"},
    {"group_by": "field,day", "period": "2020-06"},
    {"known_at": "2020-06-02", "group_by": "level"},
    {"known_at": "2020-03-02"},
]


@dataclass(frozen=True)
class Site:
    """A province with a database of its own, and its administrator."""

    world: World
    engine: AsyncEngine
    administrator_url: str

    async def rebuild(self, page: int = 4) -> list[tuple[int, int]]:
        """Rebuild all figures; return what was reported."""
        reported: list[tuple[int, int]] = []
        async with draft_schema(self.administrator_url):
            await rebuild_figures(
                DossierFeed(self.world.upstream, page, 0),
                live=self.world.begin,
                draft=draft_of(self.engine),
                zone=ZONE,
                report=lambda position, goal: reported.append((position, goal)),
            )
        return reported

    async def execute(self, statement: str) -> None:
        async with self.world.begin() as session:
            await session.execute(text(statement))

    async def answers(self) -> list[Any]:
        return [await self.world.rows(**question) for question in QUESTIONS]


@pytest.fixture
async def site(own_database: Databases, server_url: str) -> AsyncIterator[Site]:
    url = own_database.of(INDICATOR)
    async with engine_from(url) as engine:
        world = open_world(transactions(engine), a_history())
        async with world.upstream, world.client:
            await world.project(page=3)
            yield Site(world, engine, on_database(server_url, database_of(url)))


def a_history() -> FakeDossierApi:
    """Return what befell a few dossiers, late news, a transfer and a unit that moves included."""
    told = FakeDossierApi()
    told.tell_tree()
    for number in range(6):
        told.tell(f"{number}", life("06-01", units=[("06-01", COMMUNE)], field=f"{number % 2}"), on=date(2020, 6, 1))
    for number in range(4):
        ended = life("06-01", ("06-01", Phase.IN_TIME), ("06-03", Phase.EARLY), units=[("06-01", COMMUNE)])
        told.tell(f"{number}", ended, on=date(2020, 6, 3))
    told.tell_unit(unit(COMMUNE, "commune", OTHER_DISTRICT), on=date(2020, 6, 4))
    told.tell("5", life("06-01", units=[("06-01", COMMUNE), ("06-20", DISTRICT)]), on=date(2020, 6, 20))
    told.tell("0", life("05-30", units=[("05-30", COMMUNE)], channel="online"), on=date(2020, 6, 21))
    return told


async def test_rebuilt_figures_are_those_that_were_counted_as_it_happened(site: Site) -> None:
    before = await site.answers()

    reported = await site.rebuild()

    assert await site.answers() == before
    newest = site.world.told.items[-1]["position"]
    assert reported[-1] == (newest, newest)


async def test_a_rebuild_mends_what_was_lost(site: Site) -> None:
    before = await site.answers()
    await site.execute("DELETE FROM indicator.steps")
    await site.execute("DELETE FROM indicator.unit_sums")

    await site.rebuild()

    assert await site.answers() == before


async def test_rebuilt_figures_go_on_following_the_feed(site: Site) -> None:
    await site.rebuild()

    site.world.told.tell("new", life("06-01", units=[("06-01", DISTRICT)]))
    await site.world.project()

    assert (await site.world.counts())["received"] == 7


async def test_the_tables_stay_what_the_metadata_says(site: Site, own_database: Databases) -> None:
    await site.rebuild()

    await asyncio.to_thread(command.check, config_of(INDICATOR, own_database))


async def test_old_figures_serve_until_the_new_ones_are_whole(site: Site) -> None:
    before = await site.answers()
    site.world.told.is_down = True

    with pytest.raises(UpstreamUnavailable):
        await site.rebuild()

    assert await site.answers() == before
    site.world.told.is_down = False
    await site.rebuild()
    assert await site.answers() == before


async def test_figures_never_go_back(site: Site) -> None:
    async with site.world.begin() as session:
        await session.execute(text("UPDATE indicator.feed_cursor SET position = position + 1"))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await site.rebuild()

    site.world.told.tell("new", life("06-01", units=[("06-01", DISTRICT)]))
    await site.rebuild()
    assert (await site.world.counts())["received"] == 7


async def test_every_entry_may_have_been_the_last_a_report_knew(site: Site) -> None:
    told = site.world.told
    first = told.tell("twice", life("06-01", units=[("06-01", DISTRICT)]))
    told.tell("twice", life("06-02", units=[("06-01", DISTRICT)]))
    await site.world.project(page=1)

    await site.rebuild(page=100)

    async with site.world.begin() as session:
        positions = await session.scalars(
            text(f"SELECT DISTINCT position FROM indicator.steps WHERE position >= {first}")
        )
    assert sorted(positions) == [first, first + 3]


async def test_readers_are_answered_throughout(site: Site) -> None:
    before = await site.answers()
    rebuilding = asyncio.create_task(site.rebuild(page=1))

    while not rebuilding.done():
        assert await site.answers() == before

    await rebuilding


async def test_two_rebuilds_do_not_meet(site: Site) -> None:
    async with draft_schema(site.administrator_url):
        with pytest.raises(RebuildRuns):
            await site.rebuild()


async def test_a_finished_rebuild_leaves_nothing_behind(site: Site) -> None:
    await site.rebuild()

    connection = await asyncpg.connect(site.administrator_url)
    assert not await connection.fetchval("SELECT to_regnamespace($1)", DRAFT)
    await connection.close()
