"""GET /v1/indicators and /v1/indicators/{id}."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.contracts.life import Mark, Phase
from tests.indicator_api.feeding import World
from tests.indicator_api.given import BIRTH, COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, day, life, unit, version

IN_TIME, OVERDUE = Phase.IN_TIME, Phase.OVERDUE
NEVER_ASKED = {"scheme": "nd43", "value": "2"}
BEHIND = "/v1/indicators/on_time_rate/dossiers?unit=H35&period=2020-01-01%2F2020-07-01&part=numerator"
PARTIAL = {"scheme": "nd42", "value": "partial"}


async def ratio(world: World, indicator: str, **parameters: Any) -> tuple[int, int, float | None]:
    """Return numerator, denominator and value of an ungrouped indicator."""
    (row,) = await world.rows(f"/v1/indicators/{indicator}", **parameters)
    assert row["group"] == {}
    return row["numerator"], row["denominator"], row["value"]


async def test_an_indicator_carries_its_head(world: World) -> None:
    world.told.tell("a", life("06-01", ("06-01", Phase.ON_TIME)))
    await world.project()

    answer = await world.get("/v1/indicators/on_time_rate", period="2020-H1")

    assert answer.json() == {
        "indicator": "on_time_rate",
        "definition_version": 1,
        "unit": PROVINCE,
        "period": {"from": "2020-01-01", "to": "2020-07-01"},
        "as_of": "2020-06-30",
        "known_at": None,
        "basis": "statutory",
        "map": "then",
        "through": {"position": 15, "at": "2020-07-01T09:00:00+07:00"},
        "truncated": False,
        "rows": [
            {
                "group": {},
                "numerator": 1,
                "denominator": 1,
                "value": 1.0,
                "dossiers": BEHIND,
                "behind": BEHIND,
            }
        ],
    }


@pytest.fixture
async def june(world: World) -> World:
    """A June with one of everything: two carried over, six received, in all states."""
    world.told.tell("carried and late", life("05-20", ("05-20", IN_TIME), ("06-01", OVERDUE), ("06-03", Phase.LATE)))
    world.told.tell("carried and open", life("05-20", ("05-20", IN_TIME), ("06-20", OVERDUE)))
    world.told.tell("early", life("06-01", ("06-01", Phase.EARLY), channel="online"))
    world.told.tell("on time", life("06-01", ("06-01", Phase.ON_TIME), channel="online", online_level="nd42:partial"))
    world.told.tell("no limit", life("06-01", ("06-01", Phase.UNDETERMINED)))
    world.told.tell("withdrawn", life("06-01", ("06-01", Phase.WITHDRAWN), channel="postal"))
    world.told.tell("open", life("06-29", online_level="nd43:3"))
    world.told.tell("asked", life("06-29", ("06-29", Phase.WAITING), marks=[("06-29", Mark.SUPPLEMENT_REQUEST)]))
    marks = [("06-02", Mark.SUBMITTED_ONLINE), ("06-04", Mark.LATE_ACCEPTANCE), ("06-05", Mark.REFUSED)]
    world.told.tell("refused", life(None, marks=marks, channel="online"))
    returned = [("06-05", Mark.RETURNED), ("06-05", Mark.RETURNED_POSTAL), ("06-06", Mark.RETURNED)]
    world.told.tell("returned", life("04-01", ("04-01", Phase.EARLY), marks=returned))
    await world.project()
    return world


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("on_time_rate", (2, 3, 0.6667)),
        ("on_time_of_received", (2, 8, 0.25)),
        ("on_time_766", (6, 8, 0.75)),
        ("on_time_strict", (6, 8, 0.75)),
        ("time_score", (3, 3, 1.0)),
        ("apology_coverage", (0, 2, 0.0)),
        ("online_usage_3", (1, 2, 0.5)),
        ("online_usage_4", (1, 4, 0.25)),
        ("online_usage_34", (2, 6, 0.3333)),
        ("online_of_all", (2, 6, 0.3333)),
        ("late_acceptance", (1, 1, 1.0)),
        ("supplement_rate", (1, 8, 0.125)),
        ("refusal_rate", (1, 7, 0.1429)),
        ("postal_in", (1, 6, 0.1667)),
        ("postal_out", (1, 2, 0.5)),
    ],
)
async def test_a_ratio_of_dossiers(june: World, indicator: str, expected: tuple[int, int, float]) -> None:
    assert await ratio(june, indicator, period="2020-06") == expected


async def test_an_empty_rate_is_neither_0_nor_1(world: World) -> None:
    await world.project()

    assert await ratio(world, "on_time_rate") == (0, 0, None)


async def test_a_rate_by_level_is_never_an_average(world: World) -> None:
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY)))
    for number in range(3):
        world.told.tell(f"b{number}", life("06-01", ("06-01", Phase.LATE), units=[("06-01", DISTRICT)]))
    await world.project()

    rows = await world.rows("/v1/indicators/on_time_rate", group_by="level")

    assert [(row["group"]["level"], row["numerator"], row["denominator"], row["value"]) for row in rows] == [
        ("commune", 1, 1, 1.0),
        ("district", 0, 3, 0.0),
    ]
    assert await ratio(world, "on_time_rate") == (1, 4, 0.25)


@pytest.fixture
async def offering(world: World) -> World:
    """Five services: level 4 used online, level 4 used on paper, level 3, level 2, and one of the district at 3."""
    world.told.tell_procedure(BIRTH, version())
    world.told.tell_procedure("1.2", version(at_one_stop=False))
    world.told.tell_procedure(
        "1.3",
        version(valid_to="2020-06-01", online_level=NEVER_ASKED),
        version(valid_from="2020-06-01", online_level=PARTIAL),
    )
    world.told.tell_procedure("1.4", version(online_level=NEVER_ASKED, field="Đất đai"))
    world.told.tell_procedure("1.5", version(level="district", online_level={"scheme": "nd43", "value": "3"}))
    world.told.tell_procedure("1.6", version(valid_to="2020-01-01"))
    world.told.tell("a", life("06-01", channel="online"))
    world.told.tell("b", life("06-01", channel="direct", procedure_code="1.2"))
    await world.project()
    return world


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("online_supply_3", (2, 5, 0.4)),
        ("online_supply_4", (2, 5, 0.4)),
        ("online_supply_34", (4, 5, 0.8)),
        ("online_active_3", (0, 2, 0.0)),
        ("online_active_4", (1, 2, 0.5)),
        ("online_active_34", (1, 4, 0.25)),
        ("one_stop_coverage", (4, 5, 0.8)),
        ("units_with_one_stop", (4, 4, 1.0)),
    ],
)
async def test_a_ratio_of_what_is_offered(offering: World, indicator: str, expected: tuple[int, int, float]) -> None:
    assert await ratio(offering, indicator) == expected


async def test_supply_is_that_of_the_day_asked(offering: World) -> None:
    assert await ratio(offering, "online_supply_3", as_of="2020-05-31") == (1, 5, 0.2)
    assert await ratio(offering, "online_supply_3", as_of="2020-06-01") == (2, 5, 0.4)
    assert await ratio(offering, "online_supply_3", period="2019") == (1, 6, 0.1667)


async def test_a_unit_offers_the_services_of_its_own_level(offering: World) -> None:
    rows = await offering.rows("/v1/indicators/online_supply_34", unit=DISTRICT, group_by="unit")

    assert [(row["group"]["unit"], row["numerator"], row["denominator"]) for row in rows] == [
        (DISTRICT, 1, 1),
        (COMMUNE, 3, 4),
    ]
    assert await ratio(offering, "online_supply_34", unit=OTHER_DISTRICT) == (1, 1, 1.0)


async def test_supply_by_level_and_field(offering: World) -> None:
    rows = await offering.rows("/v1/indicators/online_supply_34", group_by="level,field")

    assert [(list(row["group"].values()), row["numerator"], row["denominator"]) for row in rows] == [
        (["commune", "Hộ tịch"], 3, 3),
        (["commune", "Đất đai"], 0, 1),
        (["district", "Hộ tịch"], 1, 1),
    ]


async def test_activation_by_month_counts_each_month_s_own_use(offering: World) -> None:
    rows = await offering.rows("/v1/indicators/online_active_34", period="2020-Q2", group_by="month")

    assert [(row["group"]["month"], row["numerator"], row["denominator"]) for row in rows] == [
        ("2020-04", 0, 3),
        ("2020-05", 0, 3),
        ("2020-06", 1, 4),
    ]


async def test_what_a_closed_level_offered_in_the_period_still_counts_as_offered(world: World) -> None:
    world.told.tell_unit(unit("H35.14", "ward", PROVINCE, valid_to="2020-07-01"))
    online_level = {"scheme": "nd43", "value": "3"}
    world.told.tell_procedure("1.7", version(level="ward", valid_to="2020-07-01", online_level=online_level))
    world.told.tell(
        "a", life("06-01", channel="online", procedure_code="1.7", online_level="nd43:3", units=[("06-01", "H35.14")])
    )
    await world.project()

    assert await ratio(world, "online_active_3") == (1, 1, 1.0)
    assert await ratio(world, "online_supply_3") == (0, 0, None)


async def test_too_many_groups_of_services_are_cut_and_said_to_be(world: World) -> None:
    for number in range(4000):
        world.told.tell_procedure(f"3.{number:04}", version(online_level=NEVER_ASKED if number % 2 else PARTIAL))
    await world.project()

    answer = await world.get("/v1/indicators/online_supply_3", period="2020-Q1", group_by="procedure,month")

    body = answer.json()
    assert (len(body["rows"]), body["truncated"]) == (10_000, True)
    assert {(row["numerator"], row["denominator"]) for row in body["rows"][:2]} == {(1, 1)}


async def test_units_count_while_they_exist(world: World) -> None:
    world.told.tell_unit(unit("H35.14", "district", PROVINCE, valid_from="2020-06-01", has_one_stop=False))
    world.told.tell_unit(unit("H35.15", "district", PROVINCE, valid_to="2020-06-01"))
    await world.project()

    days = ["2020-05-31", "2020-06-01"]
    counted = [await ratio(world, "units_with_one_stop", level="district", as_of=as_of) for as_of in days]
    by_level = await world.rows("/v1/indicators/units_with_one_stop", group_by="level")

    assert counted == [(3, 3, 1.0), (2, 3, 0.6667)]
    assert [(row["group"]["level"], row["numerator"], row["denominator"]) for row in by_level] == [
        ("commune", 1, 1),
        ("district", 2, 3),
        ("province", 1, 1),
    ]


async def test_a_catalogue_corrected_later_does_not_change_what_was_known(offering: World) -> None:
    tomorrow = day("07-01") + timedelta(days=1)
    offering.told.tell_procedure(BIRTH, version(online_level=NEVER_ASKED), on=tomorrow)
    await offering.project()

    assert await ratio(offering, "online_supply_4", known_at="2020-07-01") == (2, 5, 0.4)
    assert await ratio(offering, "online_supply_4") == (1, 5, 0.2)


async def test_the_catalogue_explains_every_indicator(world: World) -> None:
    answer = await world.get("/v1/indicators")

    assert answer.status_code == httpx.codes.OK
    items = {item["id"]: item for item in answer.json()["items"]}
    assert items["units_with_one_stop"] == {
        "id": "units_with_one_stop",
        "definition_version": 1,
        "meaning": {
            "vi": "Tỷ lệ đơn vị có bộ phận một cửa",
            "en": "Of all units in force, those with a one-stop shop",
        },
        "formula": {
            "vi": "đơn vị có bộ phận một cửa / đơn vị đang hoạt động vào ngày cuối kỳ",
            "en": "units with a one-stop shop / units in force on the period's last day",
        },
        "source": "NĐ 61/2018/NĐ-CP Điều 7; domain a.1",
        "counted_from": "units",
        "limits": None,
        "dimensions": ["unit", "level", "day", "month", "quarter", "year"],
    }
    for indicator in items:
        assert (await world.get(f"/v1/indicators/{indicator}", period="2020")).status_code == httpx.codes.OK


# Rule: contract section 5, every id of its table.
CONTRACTED = {
    *("on_time_rate", "on_time_of_received", "on_time_766", "on_time_strict", "online_of_all", "late_acceptance"),
    *("supplement_rate", "refusal_rate", "apology_coverage", "postal_in", "postal_out", "one_stop_coverage"),
    *("disclosure_rate", "satisfaction"),
}
BY_LEVEL = [f"online_{kind}_{level}" for kind in ("supply", "active", "usage") for level in ("3", "4", "34")]


async def test_the_catalogue_holds_every_indicator_and_count_of_the_contract(world: World) -> None:
    catalogue = (await world.get("/v1/indicators")).json()
    (row,) = await world.rows()

    assert {*CONTRACTED, *BY_LEVEL} <= {item["id"] for item in catalogue["items"]}
    assert row["counts"].keys() <= {count["id"] for count in catalogue["counts"]}


async def test_every_entry_of_the_catalogue_is_versioned_sourced_and_told_in_both_languages(world: World) -> None:
    catalogue = (await world.get("/v1/indicators")).json()

    for entry in [*catalogue["items"], *catalogue["counts"]]:
        assert entry["definition_version"] >= 1
        assert entry["source"]
        texts = [text for text in entry.values() if isinstance(text, dict)]
        assert len(texts) >= 2
        assert all(text["vi"] and text["en"] and text["vi"] != text["en"] for text in texts)


async def test_the_limit_of_the_766_rate_is_published(world: World) -> None:
    items = {item["id"]: item for item in (await world.get("/v1/indicators")).json()["items"]}

    assert "asked once for papers, at the moment of asking" in items["on_time_766"]["limits"]["en"]
    assert items["on_time_rate"]["limits"] is None


@pytest.mark.parametrize("indicator", ["disclosure_rate", "petitions_answered"])
async def test_what_only_reports_can_tell_is_in_the_catalogue_and_has_no_value(world: World, indicator: str) -> None:
    await world.project()
    items = {item["id"]: item for item in (await world.get("/v1/indicators")).json()["items"]}

    rows = await world.rows(f"/v1/indicators/{indicator}", unit=DISTRICT)

    assert items[indicator]["counted_from"] == "reported"
    assert rows == [dict.fromkeys(["numerator", "denominator", "value", "dossiers", "behind"]) | {"group": {}}]


async def test_a_dossier_asked_for_papers_is_judged_at_that_moment_and_in_hand_until_it_is_closed(world: World) -> None:
    phases = [
        ("03-02", IN_TIME),
        ("03-04", Phase.WAITING),
        ("05-04", IN_TIME),
        ("05-11", OVERDUE),
        ("06-02", Phase.LATE),
    ]
    world.told.tell("asked", life("03-02", *phases, late_766=[]))
    world.told.tell("asked twice", life("03-02", *phases, late_766=["05-06"]))
    await world.project()

    asked = {
        month: await ratio(world, "on_time_766", period=f"2020-{month}") for month in ("03", "04", "05", "06", "07")
    }

    assert asked == {
        "03": (2, 2, 1.0),
        "04": (2, 2, 1.0),
        "05": (1, 2, 0.5),
        "06": (1, 2, 0.5),
        "07": (0, 0, None),
    }


async def test_the_last_rating_of_a_dossier_is_counted_on_its_day_and_the_one_before_as_it_was_known(
    world: World,
) -> None:
    finished = ("06-01", Phase.EARLY)
    world.told.tell("a", life("06-01", finished, marks=[("06-02", Mark.RATED)]), on=day("06-02"))
    again = [("06-20", Mark.RATED), ("06-20", Mark.RATED_SATISFIED)]
    world.told.tell("a", life("06-01", finished, marks=again), on=day("06-20"))
    world.told.tell("b", life("06-01", finished, marks=[("06-20", Mark.RATED)]), on=day("06-20"))
    await world.project()

    assert await ratio(world, "satisfaction", period="2020-06") == (1, 2, 0.5)
    assert await ratio(world, "satisfaction", period="2020-06", as_of="2020-06-19") == (0, 0, None)
    assert await ratio(world, "satisfaction", period="2020-06", known_at="2020-06-19") == (0, 1, 0.0)


async def test_apologies_are_held_against_what_fell_overdue_in_the_period(world: World) -> None:
    apologised = [("06-08", Mark.EXTENSION), ("06-08", Mark.APOLOGY_IN_TIME)]
    world.told.tell("old", life("05-01", ("05-01", IN_TIME), ("05-20", OVERDUE), ("06-03", Phase.LATE)))
    world.told.tell("late", life("06-01", ("06-01", IN_TIME), ("06-10", OVERDUE), ("06-12", Phase.LATE)))
    world.told.tell("open", life("06-01", ("06-01", IN_TIME), ("06-10", OVERDUE), marks=apologised))
    await world.project()

    assert await ratio(world, "apology_coverage", period="2020-06") == (1, 2, 0.5)
    assert await ratio(world, "apology_coverage", period="2020-05") == (0, 1, 0.0)


async def test_a_denominator_below_nothing_has_no_value(world: World) -> None:
    world.told.tell("a", life("05-01", ("05-01", IN_TIME), ("05-20", OVERDUE), ("06-03", Phase.WITHDRAWN)))
    await world.project()

    assert await ratio(world, "apology_coverage", period="2020-06") == (0, -1, None)
