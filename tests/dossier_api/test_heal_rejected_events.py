"""A kept event is applied once its cause is gone.  Rule: contract section 3, rule 2; ADR-0004."""

import httpx

from tests.dossier_api import wire
from tests.dossier_api.serving import kept, post, post_one, statuses
from tests.dossier_api.wire import CATALOGUE_ENTRIES, DOSSIER, event

FIRST = CATALOGUE_ENTRIES + 1


async def test_it_is_applied_when_what_it_missed_arrives(province: httpx.AsyncClient) -> None:
    await post(province, event("finished", id="e2", at="2020-06-01T10:00:00+07:00"))

    [result] = await post(province, event())

    assert (result["position"], await kept(province)) == (FIRST, [])
    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()
    assert (read["status"], read["finished_at"]) == ("finished", "2020-06-01T10:00:00+07:00")
    listed = (await province.get(f"/v1/dossiers/{DOSSIER}/events")).json()["items"]
    assert [(item["id"], item["position"]) for item in listed] == [("e1", FIRST), ("e2", FIRST + 1)]


async def test_a_batch_in_the_wrong_order_is_accepted_whole(province: httpx.AsyncClient) -> None:
    results = await post(
        province,
        event("returned", id="e3", at="2020-06-01T11:00:00+07:00"),
        event("finished", id="e2", at="2020-06-01T10:00:00+07:00"),
        event(),
    )

    assert statuses(results) == [("accepted", FIRST + 1), ("accepted", FIRST + 2), ("accepted", FIRST)]
    assert ([result["problem"] for result in results], await kept(province)) == ([None, None, None], [])


async def test_an_event_repeated_and_healed_within_its_batch_is_accepted_once(province: httpx.AsyncClient) -> None:
    finished = event("finished", id="e2", at="2020-06-01T10:00:00+07:00")

    results = await post(province, finished, finished, event())

    assert statuses(results) == [("accepted", FIRST + 1), ("duplicate", FIRST + 1), ("accepted", FIRST)]


async def test_posted_again_after_its_cause_is_gone_it_is_accepted(province: httpx.AsyncClient) -> None:
    told = event(data=wire.accepted(unit_code="H35.99"))
    assert (await post_one(province, told)).status_code == 404
    await province.put("/v1/units/H35.99", json=wire.unit("H35.99", "district", wire.PROVINCE))

    answer = await post_one(province, told)

    assert statuses(answer.json()["results"]) == [("accepted", FIRST + 1)]
    assert await kept(province) == []


async def test_it_may_be_corrected_under_its_identity(province: httpx.AsyncClient) -> None:
    await post_one(province, event(data=wire.accepted(unit_code="H99")))

    assert statuses(await post(province, event())) == [("accepted", FIRST)]
    assert await kept(province) == []


async def test_it_may_be_corrected_to_another_dossier(province: httpx.AsyncClient) -> None:
    await post(province, event(dossier="right"), event("finished", id="e2", dossier="wrong"))
    await post(province, event("finished", id="e2", dossier="right"))
    assert await kept(province) == []

    # The dossier of the typing error turns up after all: the corrected event is no longer its own.
    results = await post(province, event(id="e3", dossier="wrong"))

    assert statuses(results) == [("accepted", FIRST + 2)]
    assert (await province.get("/v1/dossiers/wrong")).json()["status"] == "processing"


async def test_it_may_be_corrected_to_another_dossier_within_one_batch(province: httpx.AsyncClient) -> None:
    wrong, right = event("finished", id="e2", dossier="wrong"), event("finished", id="e2", dossier="right")

    results = await post(province, wrong, event(dossier="right"), right, event(id="e3", dossier="wrong"))

    positions = [None, FIRST, FIRST + 1, FIRST + 2]
    assert statuses(results) == [("accepted" if at else "rejected", at) for at in positions]
    assert await kept(province) == []
