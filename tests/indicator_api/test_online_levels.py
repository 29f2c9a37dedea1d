"""GET /v1/online-levels: one truth, two tables."""

from typing import Any

import httpx
import pytest

from tests.indicator_api.feeding import World
from tests.indicator_api.given import COMMUNE, DISTRICT, day, version


def level(scheme: str, value: str) -> dict[str, str]:
    return {"scheme": scheme, "value": value}


@pytest.fixture
async def catalogue(world: World) -> World:
    """Services of three decrees, one that moved from level 2 to full on 2022-07-01, one of the district."""
    world.told.tell_procedure("1.1", version(online_level=level("nd43", "2")))
    world.told.tell_procedure("1.2", version(online_level=level("nd43", "3")))
    world.told.tell_procedure("1.3", version(online_level=level("nd43", "4"), field="Đất đai"))
    moved = version(valid_from="2022-07-01", online_level=level("nd42", "full"))
    world.told.tell_procedure("1.4", version(valid_to="2022-07-01", online_level=level("nd43", "2")), moved)
    world.told.tell_procedure("2.1", version(level="district", online_level=level("nd43", "4")))
    await world.project()
    return world


async def levels(world: World, **asked: str) -> dict[str, Any]:
    answer = await world.get("/v1/online-levels", **{"as_of": "2020-06-30", **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


def table(told: dict[str, Any]) -> list[tuple[int, int, int]]:
    return [(one["level"], one["exclusive"], one["cumulative"]) for one in told["levels"]]


async def test_both_tables_come_from_the_exact_level(catalogue: World) -> None:
    told = await levels(catalogue)

    assert table(told) == [(1, 0, 5), (2, 2, 5), (3, 1, 3), (4, 2, 2)]
    assert (told["services"], told["unit"], told["as_of"]) == (5, "H35", "2020-06-30")
    assert told["labels"] == [
        {"online_level": "nd43:2", "services": 2},
        {"online_level": "nd43:3", "services": 1},
        {"online_level": "nd43:4", "services": 2},
    ]


async def test_the_exclusive_table_adds_up_to_the_services(catalogue: World) -> None:
    for as_of in ("2018-12-31", "2020-06-30", "2022-06-30", "2022-07-01"):
        told = await levels(catalogue, as_of=as_of)
        assert sum(one["exclusive"] for one in told["levels"]) == told["services"]


async def test_a_level_changes_on_its_day(catalogue: World) -> None:
    before, after = [table(await levels(catalogue, as_of=as_of)) for as_of in ("2022-06-30", "2022-07-01")]

    assert [row[1] for row in before] == [0, 2, 1, 2]
    assert [row[1] for row in after] == [0, 1, 1, 3]


@pytest.mark.parametrize(
    ("narrowed", "services"),
    [({"unit": COMMUNE}, 4), ({"unit": DISTRICT}, 5), ({"level": "district"}, 1), ({"field": "Đất đai"}, 1)],
)
async def test_a_table_is_narrowed(catalogue: World, narrowed: dict[str, str], services: int) -> None:
    assert (await levels(catalogue, **narrowed))["services"] == services


async def test_the_table_agrees_with_the_supply_indicators(catalogue: World) -> None:
    told = {one["level"]: one for one in (await levels(catalogue))["levels"]}

    for suffix, expected in (("3", told[3]["exclusive"]), ("4", told[4]["exclusive"]), ("34", told[3]["cumulative"])):
        (row,) = await catalogue.rows(f"/v1/indicators/online_supply_{suffix}", period="2020-H1")
        assert (row["numerator"], row["denominator"]) == (expected, 5)


async def test_the_mapping_between_the_decrees_is_published_with_its_dates(catalogue: World) -> None:
    mapping = (await levels(catalogue))["mapping"]

    assert [(one["online_level"], one["level"]) for one in mapping] == [
        ("nd43:1", 1),
        ("nd43:2", 2),
        ("nd43:3", 3),
        ("nd43:4", 4),
        ("nd42:partial", 3),
        ("nd42:full", 4),
        ("nd224:partial", 3),
        ("nd224:full", 4),
    ]
    dates = {one["decree"]: (one["valid_from"], one["valid_to"]) for one in mapping}
    assert dates["42/2022/NĐ-CP"] == ("2022-06-24", "2026-07-01")
    assert dates["224/2026/NĐ-CP"] == ("2026-07-01", None)


async def test_a_correction_does_not_change_what_was_known(catalogue: World) -> None:
    catalogue.told.tell_procedure("1.1", version(online_level=level("nd43", "4")), on=day("07-05"))
    await catalogue.project()

    assert table(await levels(catalogue, known_at="2020-07-04"))[3] == (4, 2, 2)
    assert table(await levels(catalogue))[3] == (4, 3, 3)


@pytest.mark.parametrize("query", ["", "as_of=2020", "as_of=2020-06-30&period=2020", "as_of=1066-10-14"])
async def test_a_day_must_be_named(world: World, query: str) -> None:
    assert (await world.get(f"/v1/online-levels?{query}")).status_code == httpx.codes.UNPROCESSABLE_ENTITY


async def test_a_foreign_unit_is_not_found(catalogue: World) -> None:
    answer = await catalogue.get("/v1/online-levels", key=f"mc_test_{COMMUNE}", as_of="2020-06-30", unit=DISTRICT)

    assert answer.status_code == httpx.codes.NOT_FOUND
