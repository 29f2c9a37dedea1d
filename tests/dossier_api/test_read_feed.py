"""Everything that happened, in one total order, to whoever may see it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from shared.contracts.feed import FeedItemV1
from shared.contracts.life import LifeV1, Phase, PlacementFrom
from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, fill, post, serving
from tests.dossier_api.wire import CATALOGUE_ENTRIES, COMMUNE, DISTRICT, DOSSIER, OTHER_DISTRICT, SOURCE, event
from tests.support.problems import assert_problem

FIRST = CATALOGUE_ENTRIES + 1
READER = msgspec.json.Decoder(list[FeedItemV1])


async def feed(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/feed", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    items: list[dict[str, Any]] = answer.json()
    return items


async def test_an_event_is_told_as_it_was_posted(province: httpx.AsyncClient) -> None:
    await post(province, event())

    answer = await province.get("/v1/feed", params={"after": CATALOGUE_ENTRIES})

    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    told = {**event(), "datacontenttype": "application/json", "position": FIRST}
    assert answer.json() == [{**told, "recordedat": "2020-06-01T12:00:00+07:00"}]


async def test_pages_follow_one_another_without_gap_or_overlap(province: httpx.AsyncClient) -> None:
    await post(province, *(event(id=f"e{n}", dossier=f"D-{n}") for n in range(5)))
    whole = await feed(province)

    read: list[dict[str, Any]] = []
    while page := await feed(province, after=read[-1]["position"] if read else 0, limit=3):
        assert len(page) <= 3
        read += page

    assert read == whole
    assert [item["position"] for item in whole] == list(range(1, CATALOGUE_ENTRIES + 6))


async def test_order_is_that_of_recording_whatever_the_events_say(province: httpx.AsyncClient) -> None:
    await post(province, event(id="late", dossier="A", at="2020-06-01T11:00:00+07:00"))
    await post(province, event(id="early", dossier="B", at="2020-06-01T08:00:00+07:00"))

    assert [item["id"] for item in await feed(province, after=CATALOGUE_ENTRIES)] == ["late", "early"]


async def test_the_time_of_recording_never_goes_back(service: Service, province: httpx.AsyncClient) -> None:
    await post(province, event(id="a", dossier="A", at="2020-06-01T08:00:00+07:00"))
    service.clock.move(hours=-2)
    await post(province, event(id="b", dossier="B", at="2020-06-01T08:00:00+07:00"))

    recorded = [item["recordedat"] for item in await feed(province, after=CATALOGUE_ENTRIES)]

    assert recorded == ["2020-06-01T12:00:00+07:00"] * 2


async def test_the_catalogue_is_told_on_the_feed(province: httpx.AsyncClient) -> None:
    await province.post("/v1/catalogue", json={"calendar": [wire.off("2020-09-02")]})

    entries = await feed(province)

    assert [(item["type"], item["subject"]) for item in entries] == [
        *(("vn.motcua.catalogue.unit.v1", unit["code"]) for unit in wire.tree()),
        ("vn.motcua.catalogue.procedure.v1", wire.BIRTH),
        ("vn.motcua.catalogue.procedure.v1", wire.LAND),
        ("vn.motcua.catalogue.calendar_day.v1", "2020-09-02"),
    ]
    assert entries[0]["data"] == wire.tree()[0]
    assert entries[6]["data"] == wire.procedure(wire.BIRTH)
    assert entries[8]["data"] == wire.off("2020-09-02")
    assert {item["source"] for item in entries} == {"/dossier_api/catalogue"}


async def test_without_being_asked_no_life_is_told(province: httpx.AsyncClient) -> None:
    await post(province, event())

    [told] = await feed(province, after=CATALOGUE_ENTRIES)

    assert told["data"] == wire.accepted()


async def test_with_lives_each_entry_is_what_the_readers_contract_says(province: httpx.AsyncClient) -> None:
    await post(province, event(), event("supplement_requested", id="e2"), event("supplemented", id="e3"))

    answer = await province.get("/v1/feed", params={"include": "life"})

    entries = READER.decode(answer.content)
    lives = [wire.life_in(entry) for entry in entries[CATALOGUE_ENTRIES:]]
    assert lives[0] == LifeV1(
        procedure_code=wire.BIRTH,
        field="Hộ tịch",
        online_level="nd43:4",
        channel="direct",
        placements=(PlacementFrom(msgspec.convert("2020-06-01", type=type(lives[0].placements[0].day)), DISTRICT),),
        received_on=lives[0].received_on,
        phases=lives[0].phases,
    )
    assert [phase.phase for phase in lives[0].phases] == [Phase.IN_TIME, Phase.OVERDUE]
    # Data that says nothing is spliced too.
    assert set(json.loads(bytes(entries[-1].data))) == {"life"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"after": -1}, "after"),
        ({"after": 2**63}, "after"),
        ({"limit": 0}, "limit"),
        ({"limit": 5001}, "limit"),
        ({"timeout": 61}, "timeout"),
        ({"timeout": "nan"}, "timeout"),
        ({"include": "data"}, "include"),
    ],
)
async def test_a_query_out_of_range_is_refused(
    province: httpx.AsyncClient, query: dict[str, Any], parameter: str
) -> None:
    answer = await province.get("/v1/feed", params=query)

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


async def test_the_last_position_there_can_be_may_be_asked(province: httpx.AsyncClient) -> None:
    assert await feed(province, after=2**63 - 1) == []


async def test_a_restricted_reader_is_told_of_its_subtree_only(service: Service, province: httpx.AsyncClient) -> None:
    await post(
        province,
        event(id="a", dossier="A"),
        event(id="b", dossier="B", data=wire.accepted(unit_code=OTHER_DISTRICT)),
        event(id="c", dossier="C", data=wire.accepted(unit_code=COMMUNE)),
    )
    reader = await service.client(DISTRICT, Scope.DOSSIERS_READ)

    entries = await feed(reader, include="life")

    subjects = [wire.DISTRICT, COMMUNE, wire.BIRTH, wire.LAND, "A", "C"]
    assert [item["subject"] for item in entries] == subjects
    assert OTHER_DISTRICT not in json.dumps(entries)


async def test_a_feed_needs_its_scope(service: Service, province: httpx.AsyncClient) -> None:
    writer = await service.client(None, Scope.EVENTS_WRITE)

    assert_problem(await writer.get("/v1/feed"), 403, "scope-missing", scope="dossiers:read")


@pytest.fixture
async def apart(dossier_url: str) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """Return a service on a database of its own, where requests may run side by side."""
    async with serving(None, database_url=dossier_url) as running:
        yield running, await fill(running)


async def test_a_waiting_reader_wakes_as_soon_as_something_happens(apart: tuple[Service, httpx.AsyncClient]) -> None:
    service, writer = apart
    reader = await service.client()
    waiting = asyncio.create_task(feed(reader, after=CATALOGUE_ENTRIES, timeout=30))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    posted_at = time.monotonic()

    await post(writer, event())

    assert [item["subject"] for item in await waiting] == [DOSSIER]
    # Woken by the bell, not by the next look at the table.
    assert time.monotonic() - posted_at < 0.4


async def test_a_waiting_reader_hears_of_another_process_too(
    apart: tuple[Service, httpx.AsyncClient], dossier_url: str
) -> None:
    service, _ = apart
    reader = await service.client()
    waiting = asyncio.create_task(feed(reader, after=CATALOGUE_ENTRIES, timeout=30))
    await asyncio.sleep(0.1)

    async with serving(None, database_url=dossier_url) as other:
        await post(await other.client(), event())

    assert [item["id"] for item in await asyncio.wait_for(waiting, timeout=5)] == ["e1"]


async def test_when_nothing_happens_the_answer_is_empty_after_the_time_asked_for(
    apart: tuple[Service, httpx.AsyncClient],
) -> None:
    _, reader = apart
    started = time.monotonic()

    assert await feed(reader, after=CATALOGUE_ENTRIES, timeout=0.3) == []

    assert 0.3 <= time.monotonic() - started < 3


async def test_news_of_others_does_not_wake_a_restricted_reader(apart: tuple[Service, httpx.AsyncClient]) -> None:
    service, writer = apart
    reader = await service.client(OTHER_DISTRICT, Scope.DOSSIERS_READ)
    waiting = asyncio.create_task(feed(reader, after=CATALOGUE_ENTRIES, timeout=0.5))
    await asyncio.sleep(0.1)

    await post(writer, event(source=SOURCE))

    assert await waiting == []
