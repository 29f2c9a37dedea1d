"""Concurrent posts share transactions, and none sinks another.  Rule: contract section 3, rule 3."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.dossier_api import wire
from tests.dossier_api.serving import Service, fill, post, post_one, serving
from tests.dossier_api.wire import CATALOGUE_ENTRIES, DOSSIER, SOURCE, event
from tests.support.problems import assert_bare_problem, assert_problem

FIRST = CATALOGUE_ENTRIES + 1
# A row no rule foresees: the database refuses it for a reason of its own.
POISON = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.subject = 'poison' THEN RAISE EXCEPTION 'poisoned'; END IF;
    RETURN NEW;
END $$
"""


@pytest.fixture
async def apart(dossier_url: str) -> AsyncIterator[Service]:
    """Return a service on a database of its own, where requests may run side by side."""
    async with serving(None, database_url=dossier_url) as running:
        await fill(running)
        yield running


async def poison(service: Service) -> None:
    async with service.begin() as session:
        await session.execute(text(POISON))
        await session.execute(
            text("CREATE TRIGGER poison BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION poison()")
        )


async def all_at_once(client: httpx.AsyncClient, *told: dict[str, Any]) -> list[httpx.Response]:
    return list(await asyncio.gather(*(post_one(client, one) for one in told)))


async def test_many_single_posts_share_few_transactions(apart: Service) -> None:
    client = await apart.client()
    told = [event(id=f"e{n}", dossier=f"D-{n}") for n in range(50)]

    answers = await all_at_once(client, *told)

    results = [answer.json()["results"][0] for answer in answers]
    assert [(result["id"], result["dossier"], result["status"]) for result in results] == [
        (f"e{n}", f"D-{n}", "accepted") for n in range(50)
    ]
    assert sorted(result["position"] for result in results) == list(range(FIRST, FIRST + 50))
    # Rows written by one transaction bear its number.
    [transactions] = await apart.rows("SELECT count(DISTINCT xmin::text) FROM events WHERE unit_code IS NOT NULL")
    assert transactions <= 10


async def test_each_gets_its_own_answer(apart: Service) -> None:
    client = await apart.client()
    await post(client, event())
    conflicting = event(data=wire.accepted(channel="postal"))

    new, again, conflict, unknown = await all_at_once(
        client, event(id="e2", dossier="D-2"), event(), conflicting, event("paid", id="e3", dossier="D-3")
    )

    assert new.json()["results"][0]["status"] == "accepted"
    assert again.json()["results"][0] == {
        "id": "e1",
        "status": "duplicate",
        "position": FIRST,
        "dossier": DOSSIER,
        "problem": None,
    }
    assert_problem(conflict, 409, "event-conflict", source=SOURCE, event_id="e1", position=FIRST)
    assert_problem(unknown, 404, "dossier-unknown", dossier="D-3")


async def test_an_unforeseen_failure_of_one_does_not_sink_its_neighbours(apart: Service) -> None:
    client = await apart.client()
    await poison(apart)
    told = [event(id=f"e{n}", dossier="poison" if n == 4 else f"D-{n}") for n in range(10)]

    answers = await all_at_once(client, *told)

    assert [answer.status_code for answer in answers] == [200] * 4 + [500] + [200] * 5
    assert_bare_problem(answers[4], 500)
    assert "poison" not in answers[4].text
    logged = await apart.rows("SELECT id FROM dossier.events WHERE unit_code IS NOT NULL ORDER BY id")
    assert logged == sorted(one["id"] for one in told if one["subject"] != "poison")


async def test_recording_goes_on_after_a_failure(apart: Service) -> None:
    client = await apart.client()
    await poison(apart)
    await post_one(client, event(dossier="poison"))

    answer = await post_one(client, event(id="e2"))

    assert answer.json()["results"][0]["position"] == FIRST


async def test_recording_goes_on_after_the_database_hung_up(apart: Service) -> None:
    client = await apart.client()
    await post(client, event())
    async with apart.begin() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        )

    [result] = await post(client, event(id="e2", dossier="D-2"))

    assert result["position"] == FIRST + 1


async def test_a_batch_posted_twice_at_once_is_recorded_once(apart: Service) -> None:
    batch = [event(id=f"e{n}", dossier=f"D-{n}") for n in range(20)]
    one, other = await apart.client(), await apart.client()

    answers = await asyncio.gather(post(one, *batch), post(other, *batch))

    by_status = sorted(answers, key=lambda results: str(results[0]["status"]))
    positions = list(range(FIRST, FIRST + 20))
    assert [[(result["status"], result["position"]) for result in results] for results in by_status] == [
        [("accepted", position) for position in positions],
        [("duplicate", position) for position in positions],
    ]


async def test_two_processes_record_the_same_batch_once(apart: Service, dossier_url: str) -> None:
    batch = [event(id=f"e{n}", dossier=f"D-{n}") for n in range(20)]

    async with serving(None, database_url=dossier_url) as other:
        answers = await asyncio.gather(post(await apart.client(), *batch), post(await other.client(), *batch))

    assert sorted({result["status"] for results in answers for result in results}) == ["accepted", "duplicate"]
    assert [result["position"] for result in answers[0]] == [result["position"] for result in answers[1]]
    assert await apart.rows("SELECT count(*) FROM dossier.events WHERE unit_code IS NOT NULL") == [20]


async def test_who_hangs_up_before_the_answer_finds_a_duplicate_later(apart: Service) -> None:
    client = await apart.client()
    async with apart.begin() as session:
        # Whoever holds the head keeps every writer waiting.
        await session.execute(text("SELECT 1 FROM dossier.feed_head FOR UPDATE"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(post_one(client, event()), timeout=0.2)

    await post_one(client, event(id="e2", dossier="D-2"))

    [again] = await post(client, event())
    assert (again["status"], again["position"]) == ("duplicate", FIRST)
