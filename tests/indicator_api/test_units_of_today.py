"""`map=today`: the past restated on the units that have succeeded those of then."""

import httpx
import pytest

from shared.contracts.life import Phase
from tests.indicator_api.feeding import World
from tests.indicator_api.given import BIRTH, COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, day, life, unit, version

IN_TIME = Phase.IN_TIME
MERGED, SPLIT_OFF = "H35.12.09", "H35.12.10"
CLOSED_ON = "2020-06-15"


@pytest.fixture
async def reformed(world: World) -> World:
    """On 2020-06-15 the district closes into the province, its commune into a larger one below the other district."""
    world.told.tell_unit(unit(MERGED, "commune", OTHER_DISTRICT, valid_from=CLOSED_ON))
    world.told.tell_unit(unit(SPLIT_OFF, "commune", OTHER_DISTRICT, valid_from=CLOSED_ON))
    world.told.tell_unit(unit(DISTRICT, "district", PROVINCE, valid_to=CLOSED_ON, successor_codes=[PROVINCE]))
    closed = unit(COMMUNE, "commune", DISTRICT, valid_to=CLOSED_ON, successor_codes=[MERGED, SPLIT_OFF])
    world.told.tell_unit(closed)
    units = [("01-01", COMMUNE), ("06-15", MERGED)]
    world.told.tell("ended before", life("06-01", ("06-01", Phase.EARLY)))
    world.told.tell("passed on", life("06-01", ("06-01", IN_TIME), ("06-20", Phase.LATE), units=units))
    world.told.tell("district", life("06-01", ("06-01", Phase.EARLY), units=[("01-01", DISTRICT)]))
    world.told.tell("after", life("06-16", units=[("06-16", MERGED)]))
    await world.project()
    return world


async def by_unit(world: World, **asked: str) -> dict[str, dict[str, int]]:
    rows = await world.rows(group_by="unit", period="2020-06", **asked)
    return {row["group"]["unit"]: {k: v for k, v in row["counts"].items() if v} for row in rows}


async def test_a_succession_is_a_transfer_between_the_units_of_then(reformed: World) -> None:
    found = await by_unit(reformed)

    assert {code: set(counts) & {"transferred_in", "transferred_out"} for code, counts in found.items()} == {
        COMMUNE: {"transferred_out"},
        DISTRICT: set(),
        MERGED: {"transferred_in"},
    }


async def test_today_the_past_stands_with_the_successor_and_nothing_was_transferred(reformed: World) -> None:
    assert await by_unit(reformed, map="today") == {
        PROVINCE: {"received": 1, "received_direct": 1, "early": 1},
        MERGED: {"received": 3, "received_direct": 3, "early": 1, "late": 1, "open": 1, "open_in_time": 1},
    }


async def test_the_province_counts_the_same_under_both(reformed: World) -> None:
    assert await reformed.counts(period="2020-06", map="today") == await reformed.counts(period="2020-06")


async def test_a_subtree_of_today_holds_what_its_units_took_over(reformed: World) -> None:
    then, today = [await reformed.counts(unit=OTHER_DISTRICT, map=which) for which in ("then", "today")]

    assert (then["received"], then["transferred_in"]) == (1, 1)
    assert today["received"] == 3
    assert "transferred_in" not in today
    assert await reformed.counts(unit=COMMUNE, map="today") == {}


async def test_the_levels_are_those_of_today(reformed: World) -> None:
    rows = await reformed.rows(group_by="level", period="2020-06", map="today")

    assert {row["group"]["level"]: row["counts"]["received"] for row in rows} == {"commune": 3, "province": 1}
    assert (await reformed.counts(level="district", map="today")) == {}


async def test_before_the_reform_was_recorded_today_was_then(reformed: World) -> None:
    reformed.told.tell_unit(
        unit(MERGED, "commune", OTHER_DISTRICT, valid_to=CLOSED_ON, successor_codes=[PROVINCE]), on=day("07-05")
    )
    await reformed.project()

    assert MERGED in await by_unit(reformed, map="today", known_at="2020-07-04")
    assert MERGED not in await by_unit(reformed, map="today")


async def test_the_answer_names_its_map(reformed: World) -> None:
    assert (await reformed.get("/v1/counts", period="2020", map="today")).json()["map"] == "today"


async def test_a_link_leads_to_the_dossiers_of_today_s_unit(reformed: World) -> None:
    rows = await reformed.rows(group_by="unit", period="2020-06", map="today")
    link = {row["group"]["unit"]: row["dossiers"] for row in rows}[MERGED]

    listed = (await reformed.get(link)).json()["items"]

    assert "map=today" in link
    assert [one["code"] for one in listed] == ["after", "ended before", "passed on"]


async def test_a_reader_is_not_shown_what_a_foreign_unit_left_to_its_own(reformed: World) -> None:
    answer = await reformed.get("/v1/counts", key=f"mc_test_{OTHER_DISTRICT}", period="2020-06", map="today")

    assert answer.status_code == httpx.codes.OK
    assert answer.json()["rows"][0]["counts"]["received"] == 1


async def test_what_a_closed_unit_offered_is_shown_with_its_successor(reformed: World) -> None:
    reformed.told.tell_procedure(BIRTH, version())
    reformed.told.tell_procedure("2.1", version(level="district"))
    await reformed.project()

    async def offered(**asked: str) -> dict[str, int]:
        rows = await reformed.rows("/v1/indicators/online_supply_34", group_by="unit", period="2020-H1", **asked)
        return {row["group"]["unit"]: row["denominator"] for row in rows}

    assert await offered(as_of="2020-06-14") == {DISTRICT: 1, COMMUNE: 1, OTHER_DISTRICT: 1}
    assert await offered(as_of="2020-06-14", map="today") == {PROVINCE: 1, MERGED: 1, OTHER_DISTRICT: 1}


async def test_today_s_units_are_counted_once(reformed: World) -> None:
    async def units(**asked: str) -> int:
        (row,) = await reformed.rows("/v1/indicators/units_with_one_stop", period="2020-H1", **asked)
        return int(row["denominator"])

    assert await units(as_of="2020-06-14") == 4
    assert await units(as_of="2020-06-14", map="today") == 3
