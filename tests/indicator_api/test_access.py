"""A reader sees its own subtree and cannot tell that there is anything else."""

import httpx
import pytest

from tests.indicator_api.feeding import WHOLE_TREE, World
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, day, life

DISTRICT_KEY = f"mc_test_{DISTRICT}"


@pytest.fixture
async def two_districts(world: World) -> World:
    world.told.tell("a", life(units=[("06-01", COMMUNE)]))
    world.told.tell("b", life(units=[("06-01", OTHER_DISTRICT)]))
    await world.project()
    return world


async def test_the_reader_s_own_unit_is_the_default(two_districts: World) -> None:
    answer = await two_districts.get("/v1/counts", key=DISTRICT_KEY, period="2020")

    assert answer.json()["unit"] == DISTRICT
    assert answer.json()["rows"][0]["counts"]["received"] == 1


@pytest.mark.parametrize("path", ["/v1/counts", "/v1/counts/dossiers", "/v1/indicators/on_time_rate"])
@pytest.mark.parametrize("hidden", [OTHER_DISTRICT, PROVINCE])
async def test_a_foreign_unit_is_like_one_that_does_not_exist(two_districts: World, path: str, hidden: str) -> None:
    foreign = await two_districts.get(path, key=DISTRICT_KEY, period="2020", unit=hidden)
    absent = await two_districts.get(path, key=DISTRICT_KEY, period="2020", unit="X")

    assert foreign.status_code == absent.status_code == httpx.codes.NOT_FOUND
    seen, expected = foreign.json(), absent.json()
    assert seen.pop("instance") != expected.pop("instance")
    assert seen == {**expected, "unit_code": hidden, "detail": expected["detail"].replace("X", hidden)}
    assert seen["type"].endswith("/unit-not-found")


async def test_a_unit_that_was_known_elsewhere_stays_hidden(world: World) -> None:
    world.told.tell("a", life(units=[("06-01", COMMUNE)]))
    moved = {**world.told.items[3]["data"], "parent_code": OTHER_DISTRICT}
    world.told.tell_unit(moved, on=day("07-02"))
    await world.project()

    own = await world.get("/v1/counts", key=DISTRICT_KEY, period="2020", known_at="2020-07-01")
    whole = await world.get("/v1/counts", key=WHOLE_TREE, period="2020", known_at="2020-07-01", unit=DISTRICT)

    assert own.json()["rows"][0]["counts"]["received"] == 0
    assert whole.json()["rows"][0]["counts"]["received"] == 1


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("nonsense", 401, "unauthenticated"), ("mc_test_counter", 403, "scope-missing")],
)
@pytest.mark.parametrize("path", ["/v1/counts?period=2020", "/v1/indicators", "/v1/through"])
async def test_figures_need_a_key_that_may_read_them(world: World, path: str, key: str, status: int, code: str) -> None:
    answer = await world.client.get(path, headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == status
    assert answer.json()["type"].endswith(f"/{code}")


async def test_equal_answers_to_two_readers_have_different_tags(world: World) -> None:
    await world.project()

    first = await world.get("/v1/counts", key=WHOLE_TREE, period="2020")
    second = await world.get("/v1/counts", key=f"mc_test_{PROVINCE}", period="2020")

    assert first.json() == second.json()
    assert first.headers["ETag"] != second.headers["ETag"]
