"""Events come late and in any order.  Rule: contract section 3, rule 4."""

import httpx
import pytest

from tests.dossier_api import wire
from tests.dossier_api.serving import kept, post, statuses
from tests.dossier_api.wire import CATALOGUE_ENTRIES, COMMUNE, DOSSIER, event
from tests.support.problems import assert_document, assert_problem

FIRST = CATALOGUE_ENTRIES + 1


async def test_a_late_event_refolds_its_dossier(province: httpx.AsyncClient) -> None:
    await post(province, event(), event("finished", id="e3", at="2020-06-01T11:00:00+07:00"))

    await post(province, event("transferred", {"to_unit_code": COMMUNE}, id="e2", at="2020-06-01T10:00:00+07:00"))

    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()
    assert (read["unit_code"], read["status"]) == (COMMUNE, "finished")


async def test_a_logged_event_that_a_late_one_makes_impossible_is_listed_in_the_quarantine(
    province: httpx.AsyncClient,
) -> None:
    """Rule: ADR-0004."""
    await post(province, event(), event("finished", id="e3", at="2020-06-01T11:00:00+07:00"))

    await post(province, event("withdrawn", id="e2", at="2020-06-01T10:00:00+07:00"))

    assert (await province.get(f"/v1/dossiers/{DOSSIER}")).json()["status"] == "withdrawn"
    assert await kept(province) == [("e3", DOSSIER, "illegal-move")]


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
async def test_taking_the_late_one_back_gives_the_other_its_place_again(
    province: httpx.AsyncClient, together: bool
) -> None:
    await post(province, event(), event("finished", id="e3", at="2020-06-01T11:00:00+07:00"))
    late = event("withdrawn", id="e2", at="2020-06-01T10:00:00+07:00")
    void = event("voided", {"event_id": "e2", "reason": "typo"}, id="e4", at="2020-06-01T11:30:00+07:00")

    for batch in [[late, void]] if together else [[late], [void]]:
        await post(province, *batch)

    assert (await province.get(f"/v1/dossiers/{DOSSIER}")).json()["status"] == "finished"
    assert await kept(province) == []


async def test_a_dossier_whose_only_event_is_voided_never_was(province: httpx.AsyncClient) -> None:
    await post(province, event())
    void = event("voided", {"event_id": "e1", "reason": "typo"}, id="e2", at="2020-06-01T10:00:00+07:00")

    assert statuses(await post(province, void)) == [("accepted", FIRST + 1)]

    assert_problem(await province.get(f"/v1/dossiers/{DOSSIER}"), 404, "dossier-unknown", dossier=DOSSIER)
    assert (await province.get("/v1/dossiers")).json()["items"] == []
    [_, told] = (await province.get("/v1/feed", params={"after": FIRST - 1, "include": "life"})).json()
    assert told["data"]["life"] == {
        "procedure_code": wire.BIRTH,
        "field": "Hộ tịch",
        "online_level": "nd43:4",
        "channel": None,
        "placements": [["2020-06-01", wire.DISTRICT]],
    }


async def test_after_a_wrong_acceptance_is_voided_the_right_one_finds_its_place(province: httpx.AsyncClient) -> None:
    void = event("voided", {"event_id": "e1", "reason": "typo"}, id="e2", at="2020-06-01T10:00:00+07:00")
    right = event(id="e3", data=wire.accepted(channel="online"))

    results = await post(province, event(), void, right)

    assert statuses(results) == [("accepted", FIRST), ("accepted", FIRST + 1), ("accepted", FIRST + 2)]
    assert (await province.get(f"/v1/dossiers/{DOSSIER}")).json()["channel"] == "online"


async def test_nothing_is_left_to_void_of_a_dossier_that_never_was(province: httpx.AsyncClient) -> None:
    voids = [event("voided", {"event_id": "e1", "reason": "typo"}, id=name) for name in ("e2", "e3")]

    results = await post(province, event(), *voids)

    assert statuses(results) == [("accepted", FIRST), ("accepted", FIRST + 1), ("rejected", None)]
    assert_document(results[2]["problem"], 404, "event-unknown", event_id="e1")
