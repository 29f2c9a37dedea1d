"""A restricted writer writes its own subtree and learns nothing of the rest.  Rule: contract section 7."""

from typing import Any

import httpx
import pytest

from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, kept, post, post_one
from tests.dossier_api.wire import COMMUNE, DISTRICT, DOSSIER, OTHER_DISTRICT, PROVINCE, event
from tests.support.problems import assert_problem


@pytest.fixture
async def counter(service: Service, province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a counter of one district; a dossier of another district is there already."""
    await post(province, event(id="foreign", dossier="foreign", data=wire.accepted(unit_code=OTHER_DISTRICT)))
    return await service.client(DISTRICT, Scope.EVENTS_WRITE)


@pytest.mark.parametrize(
    "data",
    [
        {"unit_code": DISTRICT},
        {"unit_code": COMMUNE},
        {"unit_code": OTHER_DISTRICT, "receiving_unit_code": COMMUNE},
        {"unit_code": PROVINCE, "receiving_unit_code": DISTRICT},
    ],
    ids=["its own unit", "one below", "received for a neighbour", "received for the province"],
)
async def test_it_takes_in_what_it_does_or_receives(counter: httpx.AsyncClient, data: dict[str, Any]) -> None:
    answer = await post_one(counter, event(data=wire.accepted(**data)))

    assert answer.status_code == httpx.codes.OK, answer.text


@pytest.mark.parametrize("unit_code", [OTHER_DISTRICT, PROVINCE, "H99"])
async def test_a_foreign_unit_is_as_unknown_as_none(counter: httpx.AsyncClient, unit_code: str) -> None:
    answer = await post_one(counter, event(data=wire.accepted(unit_code=unit_code)))

    assert_problem(answer, 404, "unit-unknown", unit_code=unit_code)


@pytest.mark.parametrize("dossier", ["foreign", "none"])
@pytest.mark.parametrize("name", ["finished", "rated", "withdrawn"])
async def test_a_foreign_dossier_is_as_unknown_as_none(counter: httpx.AsyncClient, name: str, dossier: str) -> None:
    answer = await post_one(counter, event(name, dossier=dossier))

    assert_problem(answer, 404, "dossier-unknown", dossier=dossier)


@pytest.mark.parametrize("is_taken", [True, False])
async def test_what_a_neighbour_keeps_stays_kept_under_whatever_identity_others_post(
    service: Service, counter: httpx.AsyncClient, *, is_taken: bool
) -> None:
    neighbour = await service.client(OTHER_DISTRICT, Scope.EVENTS_WRITE)
    await post(neighbour, event("finished", id="e7", dossier="theirs"))
    taken = event(id="e7", dossier="ours", data=wire.accepted(unit_code=DISTRICT))

    await post(counter, taken if is_taken else event("finished", id="e7", dossier="ours"))

    assert await kept(neighbour) == [("e7", "theirs", "dossier-unknown")]
    assert await kept(counter) == ([] if is_taken else [("e7", "ours", "dossier-unknown")])


async def test_a_foreign_event_sent_word_for_word_is_as_unknown_as_its_dossier(
    province: httpx.AsyncClient, counter: httpx.AsyncClient
) -> None:
    theirs = event("finished", id="e8", dossier="foreign")
    await post(province, theirs)

    assert_problem(await post_one(counter, theirs), 404, "dossier-unknown", dossier="foreign")


async def test_an_identity_is_taken_without_a_word_on_what_by(counter: httpx.AsyncClient) -> None:
    answer = await post_one(counter, event(id="foreign", dossier="ours", data=wire.accepted(unit_code=DISTRICT)))

    assert_problem(answer, 409, "event-conflict", source=wire.SOURCE, event_id="foreign", position=None)


async def test_a_foreign_dossier_stays_as_it_was(province: httpx.AsyncClient, counter: httpx.AsyncClient) -> None:
    before = (await province.get("/v1/dossiers/foreign")).json()

    await post(counter, event("finished", dossier="foreign"), event(id="e2", dossier="foreign"))
    # What was kept of the counter's takes no part when its owner moves it on.
    await post(province, event("rated", id="own", dossier="foreign"))

    assert (await province.get("/v1/dossiers/foreign")).json() == before


async def test_each_sees_the_quarantine_of_its_own_subtree(
    service: Service, province: httpx.AsyncClient, counter: httpx.AsyncClient
) -> None:
    commune = await service.client(COMMUNE, Scope.EVENTS_WRITE)
    neighbour = await service.client(OTHER_DISTRICT, Scope.EVENTS_WRITE)
    for name, client in (("all", province), ("district", counter), ("commune", commune), ("other", neighbour)):
        await post(client, event("paid", id=name, dossier=f"D-{name}"))

    seen = [[entry[0] for entry in await kept(client)] for client in (province, counter, commune, neighbour)]

    assert seen == [["all", "district", "commune", "other"], ["district", "commune"], ["commune"], ["other"]]


async def test_what_a_neighbour_kept_cannot_be_replayed(service: Service, counter: httpx.AsyncClient) -> None:
    neighbour = await service.client(OTHER_DISTRICT, Scope.EVENTS_WRITE)
    await post(neighbour, event("paid", dossier=DOSSIER))
    [item] = (await neighbour.get("/v1/rejected-events")).json()["items"]

    one = await counter.post(f"/v1/rejected-events/{item['arrival']}/replays")
    all_of_them = await counter.post("/v1/rejected-events/replays")

    assert (one.status_code, all_of_them.json()["results"]) == (404, [])
