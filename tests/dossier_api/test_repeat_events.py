"""The same event again is answered again; another under its name is refused.  Rule: contract section 3, rule 1."""

from typing import Any

import httpx
import pytest

from tests.dossier_api import wire
from tests.dossier_api.serving import Service, everything, kept, post, post_one, statuses
from tests.dossier_api.wire import CATALOGUE_ENTRIES, SOURCE, event
from tests.support.problems import assert_document, assert_problem

FIRST = CATALOGUE_ENTRIES + 1


async def test_the_same_event_again_is_a_duplicate_with_the_first_answer(
    service: Service, province: httpx.AsyncClient
) -> None:
    [first] = await post(province, event())
    before = await everything(service)
    service.clock.move(days=3)

    [again] = await post(province, event())

    assert again == {**first, "status": "duplicate"}
    unchanged = await everything(service)
    assert [unchanged[:3], unchanged[3][0]["position"]] == [before[:3], FIRST]


@pytest.mark.parametrize(
    "spelling",
    [
        event(at="2020-06-01T02:12:00Z"),
        event(data=dict(reversed(event()["data"].items()))),
        event(data=wire.accepted(receiving_unit_code=None)),
        event(comexampleextension="counter software 2.1"),
    ],
    ids=["the same instant", "another order of members", "a null for what is not said", "an extension"],
)
async def test_the_same_content_in_another_spelling_is_a_duplicate(
    province: httpx.AsyncClient, spelling: dict[str, Any]
) -> None:
    await post(province, event())

    assert statuses(await post(province, spelling)) == [("duplicate", FIRST)]


@pytest.mark.parametrize(
    "other",
    [
        event(at="2020-06-01T09:12:01+07:00"),
        event(dossier="another"),
        event("submitted"),
        event(data=wire.accepted(channel="online")),
    ],
    ids=["time", "subject", "type", "data"],
)
async def test_the_same_identity_with_other_content_is_a_conflict_and_changes_nothing(
    service: Service, province: httpx.AsyncClient, other: dict[str, Any]
) -> None:
    await post(province, event())
    before = await everything(service)

    answer = await post_one(province, other)

    assert_problem(answer, 409, "event-conflict", source=SOURCE, event_id="e1", position=FIRST)
    assert await everything(service) == before


async def test_the_same_id_from_another_source_is_another_event(province: httpx.AsyncClient) -> None:
    other = event(dossier="D-2", source="/units/H35.13/counters/1")

    assert statuses(await post(province, event(), other)) == [("accepted", FIRST), ("accepted", FIRST + 1)]


async def test_twice_in_one_batch_is_once(province: httpx.AsyncClient) -> None:
    results = await post(province, event(), event(), event(data=wire.accepted(channel="postal")))

    assert statuses(results) == [("accepted", FIRST), ("duplicate", FIRST), ("rejected", None)]
    assert_document(results[2]["problem"], 409, "event-conflict", source=SOURCE, event_id="e1", position=FIRST)


async def test_a_batch_posted_again_is_answered_by_its_first_positions(province: httpx.AsyncClient) -> None:
    batch = [event(), event("finished", id="e2"), event("paid", id="e3", dossier="unknown")]
    first = await post(province, *batch)

    again = await post(province, *batch)

    assert statuses(first) == [("accepted", FIRST), ("accepted", FIRST + 1), ("rejected", None)]
    assert statuses(again) == [("duplicate", FIRST), ("duplicate", FIRST + 1), ("rejected", None)]
    assert await kept(province) == [("e3", "unknown", "dossier-unknown")]
