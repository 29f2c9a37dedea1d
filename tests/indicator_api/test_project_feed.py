"""The feed is counted exactly once, whatever stops the reading."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest
from sqlalchemy import func, select, text

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.loop import project_for_ever
from indicator_api.store import cursors
from indicator_api.store.tables import steps
from indicator_api.usecases.project_feed import project_feed
from motcua.roles import Databases
from motcua.services import INDICATOR
from shared.contracts.life import Phase
from shared.db import Begin, engine_from, transactions
from shared.http.client import UpstreamNonsense, UpstreamUnavailable
from tests.indicator_api.feeding import SETTINGS, ZONE, FakeDossierApi, World, open_world
from tests.indicator_api.given import day, life

HISTORY = [
    ("a", life("06-01"), "06-01"),
    ("b", life("06-02"), "06-02"),
    ("a", life("06-01", ("06-01", Phase.IN_TIME), ("06-03", Phase.ON_TIME)), "06-03"),
    ("a", life("06-01", ("06-01", Phase.IN_TIME), ("06-04", Phase.LATE)), "06-03"),
    ("b", life("06-02", channel="postal"), "06-05"),
]
ONE_OPEN = {"open": 1, "open_in_time": 1}
IN_THE_END = {"received": 2, "received_direct": 1, "received_postal": 1, "late": 1, **ONE_OPEN}


def tell_history(told: FakeDossierApi) -> None:
    for code, dossier, on in HISTORY:
        told.tell(code, dossier, on=day(on))


@pytest.mark.parametrize("page", [1, 2, 3, 100])
async def test_the_size_of_pages_changes_nothing(world: World, page: int) -> None:
    tell_history(world.told)
    await world.project(page)

    known = [await world.counts(known_at=f"2020-06-0{number}") for number in range(1, 6)]

    without_post = {"received": 2, "received_direct": 2, "late": 1, **ONE_OPEN}
    assert known == [
        {"received": 1, "received_direct": 1, **ONE_OPEN},
        {"received": 2, "received_direct": 2, "open": 2, "open_in_time": 2},
        without_post,
        without_post,
        IN_THE_END,
    ]


async def test_what_is_told_again_unchanged_leaves_no_row(world: World) -> None:
    world.told.tell("a", life())
    await world.project()
    before = await count_rows(world.begin)

    world.told.tell("a", life())
    await world.project()

    assert await count_rows(world.begin) == before == 1


async def test_entries_of_no_interest_still_move_the_position(world: World) -> None:
    position = world.told.tell_other("vn.motcua.catalogue.calendar_day.v1")
    await world.project()

    assert (await world.get("/v1/through")).json() == {"position": position, "at": "2020-07-01T09:00:00+07:00"}


async def test_a_clock_set_back_does_not_change_what_was_known(world: World) -> None:
    world.told.tell("a", life("06-01"), on=day("06-10"))
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY)), on=day("06-08"))
    await world.project(1)

    assert [await world.counts(known_at=f"2020-06-{on}") for on in ("08", "09", "10")] == [
        {},
        {},
        {"received": 1, "received_direct": 1, "early": 1},
    ]


async def test_readers_side_by_side_count_each_page_once(own_database: Databases) -> None:
    told = FakeDossierApi()
    told.tell_tree()
    tell_history(told)
    async with engine_from(own_database.of(INDICATOR)) as engine:
        world = open_world(transactions(engine), told)
        async with world.upstream, world.client, asyncio.TaskGroup() as readers:
            for _ in range(4):
                readers.create_task(world.project(2))

        world = open_world(transactions(engine), told)
        async with world.upstream, world.client:
            assert await world.counts() == IN_THE_END


async def test_a_dossier_on_every_page_is_counted_once_while_pages_are_prepared_and_written_side_by_side(
    own_database: Databases,
) -> None:
    told = FakeDossierApi()
    told.tell_tree()
    for number in range(40):
        tell_history(told)
        told.tell("a", life("06-01", channel=["online", "postal"][number % 2]), on=day("06-06"))
    tell_history(told)
    async with engine_from(own_database.of(INDICATOR)) as engine:
        world = open_world(transactions(engine), told)
        async with world.upstream, world.client, asyncio.TaskGroup() as readers:
            for limit in (1, 3):
                feed = DossierFeed(world.upstream, limit, 0)
                readers.create_task(project_feed(feed, begin=world.begin, zone=ZONE))

        world = open_world(transactions(engine), told)
        async with world.upstream, world.client:
            assert await world.counts() == IN_THE_END


async def test_a_page_that_breaks_off_leaves_nothing_and_is_counted_on_the_next_try(own_database: Databases) -> None:
    told = FakeDossierApi()
    told.tell_tree()
    tell_history(told)
    async with engine_from(own_database.of(INDICATOR)) as engine:
        world = open_world(transactions(engine), told)
        async with world.upstream, world.client:
            async with transactions(engine)() as session:
                await session.execute(text("ALTER TABLE service_sums RENAME TO elsewhere"))
            with pytest.raises(Exception, match="service_sums"):
                await world.project()
            assert await count_rows(world.begin) == 0

            async with transactions(engine)() as session:
                await session.execute(text("ALTER TABLE elsewhere RENAME TO service_sums"))
            await world.project()

            assert await world.counts() == IN_THE_END


async def test_pages_that_wait_are_counted_in_one_transaction_or_not_at_all(own_database: Databases) -> None:
    told = FakeDossierApi()
    told.tell_tree()
    tell_history(told)
    async with engine_from(own_database.of(INDICATOR)) as engine:
        begin = transactions(engine)
        world = open_world(begin, told)
        reached: list[int] = []

        async def project() -> None:
            feed = DossierFeed(world.upstream, 1, 0)
            await project_feed(feed, begin=begin, zone=ZONE, report=lambda cursor: reached.append(cursor.position))

        async with world.upstream, world.client:
            async with begin() as session:
                await session.execute(text("ALTER TABLE service_sums RENAME TO elsewhere"))
            with pytest.raises(Exception, match="service_sums"):
                await project()
            assert (await world.get("/v1/through")).json()["position"] == 0

            async with begin() as session:
                await session.execute(text("ALTER TABLE elsewhere RENAME TO service_sums"))
            await project()

            assert reached == [told.items[-1]["position"]]
            assert await world.counts() == IN_THE_END


async def test_what_was_read_before_a_neighbour_went_down_is_counted(own_database: Databases) -> None:
    told = FakeDossierApi()
    told.tell_tree()
    tell_history(told)

    def answer(request: httpx.Request) -> httpx.Response:
        told.is_down = int(request.url.params["after"]) == told.items[-2]["position"]
        return told.answer(request)

    async with (
        engine_from(own_database.of(INDICATOR)) as engine,
        httpx.AsyncClient(base_url="http://dossier", transport=httpx.MockTransport(answer)) as upstream,
    ):
        begin = transactions(engine)
        with pytest.raises(UpstreamUnavailable):
            await project_feed(DossierFeed(upstream, 1, 0), begin=begin, zone=ZONE)
        async with begin() as session:
            assert (await cursors.get(session)).position == told.items[-2]["position"]


async def test_the_loop_outlives_a_neighbour_that_is_down(own_database: Databases) -> None:
    told = FakeDossierApi(is_down=True)
    told.tell_tree()
    tell_history(told)
    async with engine_from(own_database.of(INDICATOR)) as engine:
        world = open_world(transactions(engine), told)
        async with world.upstream, world.client:
            feed = DossierFeed(world.upstream, 2, 0)
            loop = asyncio.create_task(project_for_ever(feed, begin=world.begin, settings=SETTINGS))
            await asyncio.sleep(0.1)
            told.is_down = False

            answer = await world.get("/v1/counts", period="2020", min_position=told.items[-1]["position"])
            while answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                answer = await world.get("/v1/counts", period="2020", min_position=told.items[-1]["position"])
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop

            assert await world.counts() == IN_THE_END


def answering(status: int, content: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, content=content)


ENTRY = (
    '{"specversion": "1.0", "id": "1", "source": "s", "type": "t", "time": "2020-06-01T00:00:00Z", "subject": "x",'
    ' "data": {}, "position": 5, "recordedat": "2020-06-01T00:00:00Z"}'
)


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (200, "<html>", UpstreamNonsense),
        (200, '[{"position": 1}]', UpstreamNonsense),
        (200, f"[{ENTRY}, {ENTRY}]", UpstreamNonsense),
        (403, "{}", UpstreamNonsense),
        (502, "", UpstreamUnavailable),
    ],
    ids=["no JSON", "no entry", "positions that do not ascend", "refused", "down"],
)
async def test_a_neighbour_that_breaks_its_contract_is_named(
    indicator_begin: Begin, status: int, content: str, expected: type[Exception]
) -> None:
    transport = httpx.MockTransport(answering(status, content))
    async with httpx.AsyncClient(base_url="http://dossier", transport=transport) as client:
        with pytest.raises(expected):
            await project_feed(DossierFeed(client, 10, 0), begin=indicator_begin, zone=ZONE)


async def test_the_feed_is_asked_for_lives_after_the_cursor(indicator_begin: Begin) -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, content="[]")

    async with httpx.AsyncClient(base_url="http://dossier", transport=httpx.MockTransport(answer)) as client:
        await project_feed(DossierFeed(client, 7, 20), begin=indicator_begin, zone=ZONE)

    assert asked == [{"after": "0", "limit": "7", "timeout": "20", "include": "life"}]


async def count_rows(begin: Begin) -> int:
    async with begin() as session:
        return await session.scalar(select(func.count()).select_from(steps)) or 0
