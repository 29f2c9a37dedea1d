"""A summary is made once for a state of the figures, and answered from memory until they move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.routes import remembered
from shared.contracts.life import Phase
from tests.indicator_api.feeding import KEEPER, WHOLE_TREE, FakeDossierApi, World, open_world
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, life

JUNE = {"period": "2020-06"}
DISTRICT_KEY = f"mc_test_{DISTRICT}"


@dataclass
class Watched:
    """A province with one dossier, and how many answers were made rather than remembered."""

    world: World
    made: int = 0

    async def ask(
        self, unit_code: str = DISTRICT, *, key: str = WHOLE_TREE, query: dict[str, str] = JUNE, **headers: str
    ) -> httpx.Response:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.world.client.get(
            f"/v1/summaries/{unit_code}", params=query, headers={"Authorization": f"Bearer {key}", **told}
        )


@pytest.fixture
async def watched(world: World) -> AsyncIterator[Watched]:
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY), units=[("01-01", COMMUNE)]))
    await world.project()

    @asynccontextmanager
    async def snapshot() -> AsyncIterator[AsyncSession]:
        told.made += 1
        async with world.begin() as session:
            yield session

    opened = open_world(world.begin, world.told, snapshot=snapshot)
    told = Watched(opened)
    async with opened.upstream, opened.client:
        yield told


async def test_the_same_question_is_answered_again_with_the_same_bytes(watched: Watched) -> None:
    first, second = await watched.ask(), await watched.ask()

    assert watched.made == 1
    assert (second.status_code, second.content, second.headers) == (200, first.content, first.headers)


async def test_who_has_it_already_is_told_so_without_making_it(watched: Watched) -> None:
    first = await watched.ask()

    again = await watched.ask(If_None_Match=first.headers["etag"])

    assert watched.made == 1
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "content-length" not in again.headers


async def test_what_is_made_for_who_has_it_is_remembered_whole(watched: Watched) -> None:
    known = (await watched.ask()).headers["etag"]
    watched.world.told.tell_other("vn.motcua.other.v1")
    await watched.world.project()

    missing = await watched.ask(If_None_Match=known)
    present = await watched.ask(If_None_Match=missing.headers["etag"])
    whole = await watched.ask()

    assert (missing.status_code, present.status_code, whole.status_code) == (200, 304, 200)
    assert (watched.made, whole.content) == (2, missing.content)


async def test_a_new_event_is_seen_at_once(watched: Watched) -> None:
    before = await watched.ask()
    position = watched.world.told.tell("b", life("06-02"))
    await watched.world.project()

    after = await watched.ask(If_None_Match=before.headers["etag"])

    assert after.status_code == httpx.codes.OK
    assert (before.json()["counts"]["received"], after.json()["counts"]["received"]) == (1, 2)
    assert after.json()["through"]["position"] == position


async def test_new_targets_are_seen_at_once(watched: Watched) -> None:
    before = await watched.ask()
    headers = {"Authorization": f"Bearer {KEEPER}"}
    put = await watched.world.client.put("/v1/targets", json={"targets": []}, headers=headers)

    after = await watched.ask(If_None_Match=before.headers["etag"])

    assert put.status_code == httpx.codes.OK
    assert before.json()["targets"] != []
    assert after.json()["targets"] == []


async def test_a_unit_that_moves_away_is_hidden_at_once(watched: Watched) -> None:
    seen = await watched.ask(COMMUNE, key=DISTRICT_KEY)
    moved = next(item["data"] for item in watched.world.told.items if item["subject"] == COMMUNE)
    watched.world.told.tell_unit({**moved, "parent_code": OTHER_DISTRICT})
    await watched.world.project()

    hidden = await watched.ask(COMMUNE, key=DISTRICT_KEY, If_None_Match=seen.headers["etag"])

    assert (seen.status_code, hidden.status_code) == (200, 404)


@pytest.mark.parametrize("unit_code", [DISTRICT, PROVINCE])
async def test_what_one_reader_was_told_is_not_told_another(watched: Watched, unit_code: str) -> None:
    own = await watched.ask(unit_code)

    foreign = await watched.ask(unit_code, key=f"mc_test_{OTHER_DISTRICT}", If_None_Match=own.headers["etag"])
    nobody = await watched.ask(unit_code, key="nonsense", If_None_Match=own.headers["etag"])
    counter = await watched.ask(unit_code, key="mc_test_counter", If_None_Match=own.headers["etag"])

    assert own.status_code == httpx.codes.OK
    assert (foreign.status_code, nobody.status_code, counter.status_code) == (404, 401, 403)


async def test_who_sends_two_keys_is_the_owner_of_the_first(watched: Watched) -> None:
    path, foreign = f"/v1/summaries/{DISTRICT}", f"mc_test_{OTHER_DISTRICT}"
    both = [("Authorization", f"Bearer {WHOLE_TREE}"), ("Authorization", f"Bearer {foreign}")]

    first = await watched.world.client.get(path, params=JUNE, headers=both)
    second = await watched.ask(key=foreign)

    assert (first.status_code, second.status_code) == (200, 404)


async def test_two_readers_of_one_unit_have_tags_of_their_own(watched: Watched) -> None:
    whole, district = await watched.ask(), await watched.ask(key=DISTRICT_KEY)

    known = await watched.ask(key=DISTRICT_KEY, If_None_Match=whole.headers["etag"])

    assert whole.content == district.content
    assert whole.headers["etag"] != district.headers["etag"]
    assert known.status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"period": "2020-05"}, {}),
        ({"period": "2020-06", "basis": "current"}, {}),
        ({"period": "2020-06", "known_at": "2020-06-30"}, {}),
        (JUNE, {"Accept_Encoding": "identity"}),
        (JUNE, {"Accept_Language": "en"}),
    ],
    ids=["period", "basis", "known_at", "coding", "language"],
)
async def test_another_question_is_another_answer(
    watched: Watched, query: dict[str, str], headers: dict[str, str]
) -> None:
    await watched.ask()

    await watched.ask(query=query, **headers)

    assert watched.made == 2


async def test_refusals_are_not_remembered(watched: Watched) -> None:
    refused = [await watched.ask("H35.99") for _ in range(2)]

    assert [answer.status_code for answer in refused] == [404, 404]
    assert refused[0].json()["instance"] != refused[1].json()["instance"]


async def test_the_longest_unasked_is_forgotten_first(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_ANSWERS", 2)
    for unit_code in (DISTRICT, COMMUNE, DISTRICT, PROVINCE, DISTRICT):
        await watched.ask(unit_code)

    await watched.ask(COMMUNE)

    assert watched.made == 4


async def test_a_page_too_large_to_keep_is_answered_all_the_same(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST_BYTES", 100)

    first, second = await watched.ask(), await watched.ask()

    assert (watched.made, second.content) == (2, first.content)


async def test_a_reader_who_cannot_be_asked_after_is_told_why(world: World) -> None:
    told = FakeDossierApi(is_down=True)
    opened = open_world(world.begin, told)
    async with opened.upstream, opened.client:
        answer = await Watched(opened).ask()

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json()["type"].endswith("/upstream-unavailable")
