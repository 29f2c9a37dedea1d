"""Kept events are replayed one by one or in bulk, after their cause is gone.  Rule: contract section 3, rule 2."""

from typing import Any

import httpx
import pytest

from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, everything, kept, post, post_one, statuses
from tests.dossier_api.wire import CATALOGUE_ENTRIES, DISTRICT, DOSSIER, OTHER_DISTRICT, PROVINCE, event
from tests.support.problems import assert_problem

FIRST = CATALOGUE_ENTRIES + 1
NEW_UNIT, NEW_PROCEDURE = "H35.99", "2.000001"
TO_NEW_UNIT = wire.accepted(unit_code=NEW_UNIT)
OF_NEW_PROCEDURE = wire.accepted(procedure_code=NEW_PROCEDURE)


async def arrivals(client: httpx.AsyncClient) -> dict[str, int]:
    """Return the number each kept event is replayed by."""
    items = (await client.get("/v1/rejected-events")).json()["items"]
    return {item["id"]: item["arrival"] for item in items}


async def replay(client: httpx.AsyncClient, event_id: str) -> httpx.Response:
    return await client.post(f"/v1/rejected-events/{(await arrivals(client))[event_id]}/replays")


async def replay_all(client: httpx.AsyncClient, **asked: Any) -> Any:
    answer = await client.post("/v1/rejected-events/replays", params=asked)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def open_unit(client: httpx.AsyncClient, **members: Any) -> None:
    answer = await client.put(f"/v1/units/{NEW_UNIT}", json=wire.unit(NEW_UNIT, "district", PROVINCE, **members))
    assert answer.status_code == httpx.codes.OK, answer.text


async def test_one_is_applied_once_the_unit_is_known(province: httpx.AsyncClient) -> None:
    await post_one(province, event(data=TO_NEW_UNIT))
    await open_unit(province)

    answer = await replay(province, "e1")

    assert statuses(answer.json()["results"]) == [("accepted", FIRST + 1)]
    assert await kept(province) == []
    assert (await province.get(f"/v1/dossiers/{DOSSIER}")).json()["unit_code"] == NEW_UNIT


async def test_one_whose_cause_remains_stays_with_its_number(province: httpx.AsyncClient) -> None:
    await post_one(province, event(data=TO_NEW_UNIT))
    before = await arrivals(province)

    assert_problem(await replay(province, "e1"), 404, "unit-unknown", unit_code=NEW_UNIT)

    assert await arrivals(province) == before


async def test_one_whose_cause_has_changed_is_kept_for_its_new_reason(province: httpx.AsyncClient) -> None:
    await post_one(province, event(data=TO_NEW_UNIT))
    await open_unit(province, valid_from="2020-06-02")

    answer = await replay(province, "e1")

    assert_problem(answer, 409, "unit-not-open", unit_code=NEW_UNIT, day="2020-06-01")
    assert await kept(province) == [("e1", DOSSIER, "unit-not-open")]


async def test_all_are_applied_after_the_catalogue_came_late(province: httpx.AsyncClient) -> None:
    """The counters went on for a morning before anybody had written the new unit and procedure."""
    morning = [
        event(id="a", dossier="D-1", data=TO_NEW_UNIT),
        event("finished", id="b", dossier="D-1", at="2020-06-01T10:00:00+07:00"),
        event(id="c", dossier="D-2", data=OF_NEW_PROCEDURE),
        event("returned", id="d", dossier="D-2", at="2020-06-01T11:00:00+07:00"),
        event("finished", id="e", dossier="D-2", at="2020-06-01T10:00:00+07:00"),
        event("paid", id="f", dossier="D-3"),
    ]
    assert {result["status"] for result in await post(province, *morning)} == {"rejected"}
    await open_unit(province)
    await province.put(f"/v1/procedures/{NEW_PROCEDURE}", json=wire.procedure(NEW_PROCEDURE))

    replayed = await replay_all(province)

    # What the first of a dossier brings along is found applied when its own turn comes.
    found = {result["id"]: result["status"] for result in replayed["results"]}
    applied = {**dict.fromkeys("ac", "accepted"), **dict.fromkeys("bde", "duplicate")}
    assert found == {**applied, "f": "rejected"}
    assert (replayed["next"], replayed["has_more"]) == (None, False)
    assert await kept(province) == [("f", "D-3", "dossier-unknown")]
    read = [(await province.get(f"/v1/dossiers/{code}")).json()["status"] for code in ("D-1", "D-2")]
    assert read == ["finished", "returned"]


async def test_a_second_replay_changes_nothing(service: Service, province: httpx.AsyncClient) -> None:
    await post(province, event(id="a", data=TO_NEW_UNIT), event("paid", id="b", dossier="D-3"))
    await open_unit(province)
    await replay_all(province)
    before = await everything(service)

    replayed = await replay_all(province)

    assert [result["status"] for result in replayed["results"]] == ["rejected"]
    after = await everything(service)
    assert [after[0], after[1]] == [before[0], before[1]]
    assert await kept(province) == [("b", "D-3", "dossier-unknown")]


async def test_bulk_goes_on_from_page_to_page_and_loses_none(province: httpx.AsyncClient) -> None:
    lost = [event(id=f"e{number}", dossier=f"D-{number}", data=TO_NEW_UNIT) for number in range(7)]
    await post(province, *lost)
    await open_unit(province)
    found: list[str] = []
    cursor: dict[str, str] = {}

    while True:
        page = await replay_all(province, limit=3, **cursor)
        found += [result["id"] for result in page["results"] if result["status"] == "accepted"]
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next"]}

    assert found == [f"e{number}" for number in range(7)]
    assert await kept(province) == []


async def test_only_those_of_one_reason(province: httpx.AsyncClient) -> None:
    await post(
        province, event(id="a", dossier="D-1", data=TO_NEW_UNIT), event(id="b", dossier="D-2", data=OF_NEW_PROCEDURE)
    )
    await open_unit(province)
    await province.put(f"/v1/procedures/{NEW_PROCEDURE}", json=wire.procedure(NEW_PROCEDURE))

    replayed = await replay_all(province, reason="procedure-unknown")

    assert [result["id"] for result in replayed["results"]] == ["b"]
    assert await kept(province) == [("a", "D-1", "unit-unknown")]


async def test_replayed_by_an_administrator_an_event_has_the_reach_of_its_poster(
    service: Service, province: httpx.AsyncClient
) -> None:
    counter = await service.client(DISTRICT, Scope.EVENTS_WRITE)
    await post_one(counter, event(data=wire.accepted(unit_code=OTHER_DISTRICT)))

    answer = await replay(province, "e1")

    assert_problem(answer, 404, "unit-unknown", unit_code=OTHER_DISTRICT)


async def test_a_counter_replays_its_own_and_sees_no_other(service: Service, province: httpx.AsyncClient) -> None:
    counter, other = [await service.client(unit, Scope.EVENTS_WRITE) for unit in (DISTRICT, OTHER_DISTRICT)]
    await post_one(counter, event("finished", id="mine", dossier="D-1"))
    await post_one(other, event("finished", id="theirs", dossier="D-2"))
    numbers = await arrivals(province)

    replayed = await replay_all(counter)
    foreign = await counter.post(f"/v1/rejected-events/{numbers['theirs']}/replays")

    assert [result["id"] for result in replayed["results"]] == ["mine"]
    assert_problem(foreign, 404, "rejected-event-unknown", arrival=numbers["theirs"])


@pytest.fixture
async def displaced(province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a province where a finish was displaced by a withdrawal that came late."""
    await post(province, event(), event("finished", id="e3", at="2020-06-01T11:00:00+07:00"))
    await post(province, event("withdrawn", id="e2", at="2020-06-01T10:00:00+07:00"))
    return province


async def test_a_displaced_event_is_explained(displaced: httpx.AsyncClient) -> None:
    [item] = (await displaced.get("/v1/rejected-events")).json()["items"]

    told = {name: item[name] for name in ("id", "reason", "facts", "is_displaced")}
    facts = {"event": "finished", "dossier_status": "withdrawn"}
    assert told == {"id": "e3", "reason": "illegal-move", "facts": facts, "is_displaced": True}


async def test_a_displaced_event_is_seen_by_the_unit_whose_dossier_it_is(
    service: Service, displaced: httpx.AsyncClient
) -> None:
    mine, other = [await service.client(unit, Scope.EVENTS_WRITE) for unit in (DISTRICT, OTHER_DISTRICT)]

    assert [await kept(client) for client in (mine, other)] == [[("e3", DOSSIER, "illegal-move")], []]


async def test_a_displaced_event_is_mended_by_voiding_not_by_replay(displaced: httpx.AsyncClient) -> None:
    assert_problem(await replay(displaced, "e3"), 409, "event-displaced", event_id="e3", dossier=DOSSIER)
    assert (await replay_all(displaced))["results"] == []

    void = event("voided", {"event_id": "e2", "reason": "typo"}, id="e4", at="2020-06-01T11:30:00+07:00")
    await post(displaced, void)

    assert await kept(displaced) == []
    assert (await displaced.get(f"/v1/dossiers/{DOSSIER}")).json()["status"] == "finished"


async def test_what_a_voided_acceptance_leaves_behind_is_kept_for_its_unit(
    service: Service, province: httpx.AsyncClient
) -> None:
    await post(province, event(), event("finished", id="e3", at="2020-06-01T11:00:00+07:00"))

    void = event("voided", {"event_id": "e1", "reason": "typo"}, id="e4", at="2020-06-01T11:30:00+07:00")
    assert [result["status"] for result in await post(province, void)] == ["accepted"]

    counter = await service.client(DISTRICT, Scope.EVENTS_WRITE)
    assert await kept(counter) == [("e3", DOSSIER, "dossier-unknown")]


async def test_an_unknown_number_is_told_as_such(province: httpx.AsyncClient) -> None:
    answer = await province.post("/v1/rejected-events/7/replays")

    assert_problem(answer, 404, "rejected-event-unknown", arrival=7)
