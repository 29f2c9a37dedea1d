"""Every figure of what is offered links to the services or units behind it, and the two agree."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.indicator_api.feeding import World
from tests.indicator_api.given import BIRTH, COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, life, unit, version

PARTIAL, SECOND = {"scheme": "nd42", "value": "partial"}, {"scheme": "nd43", "value": "2"}
SUPPLY = [f"online_{kind}_{level}" for kind in ("supply", "active") for level in ("3", "4", "34")]


@pytest.fixture
async def offering(world: World) -> World:
    """Six services of two levels and two fields, some used online, one that changed its level in June."""
    world.told.tell_procedure(BIRTH, version())
    world.told.tell_procedure("1.2", version(at_one_stop=False))
    changed = [
        version(valid_to="2020-06-01", online_level=SECOND),
        version(valid_from="2020-06-01", online_level=PARTIAL),
    ]
    world.told.tell_procedure("1.3", *changed)
    world.told.tell_procedure("1.4", version(online_level=SECOND, field="Đất đai"))
    world.told.tell_procedure("1.5", version(level="district", online_level=PARTIAL, field="Đất đai"))
    world.told.tell_procedure("1.6", version(level="district", valid_to="2020-03-01"))
    world.told.tell_unit(unit("H35.14", "district", PROVINCE, valid_from="2020-06-01", has_one_stop=False))
    on_paper = life("06-02", procedure_code="1.2")
    at_district = life("04-02", channel="online", procedure_code="1.6", field="Hộ tịch", units=[("01-01", DISTRICT)])
    for code, told in {"a": life("06-01", channel="online"), "b": on_paper, "c": at_district}.items():
        world.told.tell(code, told, on=date(2020, 7, 1))
    await world.project()
    return world


async def follow(world: World, link: str, part: str) -> list[dict[str, Any]]:
    """Read every page of a list, in pages of two."""
    path, query = urlsplit(link).path, dict(parse_qsl(urlsplit(link).query))
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"has_more": True, "next": None}
    while page["has_more"]:
        cursor = {"cursor": page["next"]} if page["next"] else {}
        answer = await world.get(path, **{**query, "limit": 2, **cursor, "part": part})
        assert answer.status_code == httpx.codes.OK, answer.text
        page = answer.json()
        items += page["items"]
    return items


@pytest.mark.parametrize("indicator", [*SUPPLY, "one_stop_coverage", "units_with_one_stop"])
async def test_the_list_and_the_figure_agree(offering: World, indicator: str) -> None:
    asked = [("", "then"), ("unit", "then"), ("unit", "today"), ("quarter,level", "then")]
    path = f"/v1/indicators/{indicator}"
    rows = [
        row
        for group_by, units in asked
        for row in await offering.rows(path, period="2020-H1", group_by=group_by, map=units)
    ]

    assert len(rows) > len(asked)
    for row in rows:
        assert len(await follow(offering, row["behind"], "numerator")) == row["numerator"], row
        assert len(await follow(offering, row["behind"], "denominator")) == row["denominator"], row


@pytest.mark.parametrize("indicator", [*SUPPLY, "one_stop_coverage"])
@pytest.mark.parametrize("group_by", ["field", "procedure", "unit,online_level"])
async def test_the_list_of_services_agrees_by_what_services_are(offering: World, indicator: str, group_by: str) -> None:
    for row in await offering.rows(f"/v1/indicators/{indicator}", period="2020-H1", group_by=group_by):
        assert len(await follow(offering, row["behind"], "numerator")) == row["numerator"], row
        assert len(await follow(offering, row["behind"], "denominator")) == row["denominator"], row


async def test_a_service_is_listed_as_last_in_force(offering: World) -> None:
    answer = await offering.get(
        "/v1/indicators/online_supply_3/services", period="2020-H1", part="numerator", level="commune"
    )

    assert answer.json() == {
        "items": [
            {
                "code": "1.3",
                "name": "Đăng ký khai sinh",
                "field": "Hộ tịch",
                "level": "commune",
                "online_level": "nd42:partial",
                "at_one_stop": True,
            }
        ],
        "next": None,
        "has_more": False,
    }


async def test_a_unit_is_listed_by_code(offering: World) -> None:
    listed = await offering.get(
        "/v1/indicators/units_with_one_stop/units", period="2020-H1", part="denominator", level="district"
    )

    assert [one["code"] for one in listed.json()["items"]] == [DISTRICT, OTHER_DISTRICT, "H35.14"]
    assert listed.json()["items"][2] == {"code": "H35.14", "name": "H35.14", "level": "district", "has_one_stop": False}


@pytest.mark.parametrize(
    ("indicator", "listed", "code"),
    [
        ("on_time_rate", "services", "no-services-behind"),
        ("units_with_one_stop", "services", "no-services-behind"),
        ("on_time_rate", "units", "no-units-behind"),
        ("online_supply_3", "units", "no-units-behind"),
        ("disclosure_rate", "dossiers", "no-dossiers-behind"),
    ],
)
async def test_a_list_of_what_is_not_counted_is_not_found(world: World, indicator: str, listed: str, code: str) -> None:
    answer = await world.get(f"/v1/indicators/{indicator}/{listed}", period="2020")

    assert answer.status_code == httpx.codes.NOT_FOUND
    assert answer.json()["type"].endswith(f"/{code}")


async def test_a_reader_lists_the_services_of_its_own_units(offering: World) -> None:
    path, asked = "/v1/indicators/one_stop_coverage/services", {"period": "2020-H1", "part": "denominator"}

    own = await offering.get(path, key=f"mc_test_{COMMUNE}", **asked)
    foreign = await offering.get(path, key=f"mc_test_{COMMUNE}", unit=DISTRICT, **asked)

    assert [one["code"] for one in own.json()["items"]] == [BIRTH, "1.2", "1.3", "1.4"]
    assert foreign.status_code == httpx.codes.NOT_FOUND


async def test_a_unit_that_closed_before_a_service_began_never_offered_it(world: World) -> None:
    world.told.tell_unit(unit("H35.14", "ward", PROVINCE, valid_to="2020-06-15"))
    world.told.tell_procedure("1.7", version(level="ward", valid_from="2020-06-15"))
    world.told.tell_procedure("1.8", version(level="ward", valid_from="2020-06-14"))
    await world.project()

    asked = {"period": "2020-06", "group_by": "procedure"}
    rows = await world.rows("/v1/indicators/online_active_4", **asked)

    assert [(row["group"]["procedure"], row["denominator"]) for row in rows] == [("1.8", 1)]
    assert [one["code"] for one in await follow(world, rows[0]["behind"], "denominator")] == ["1.8"]
