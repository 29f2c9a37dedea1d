"""Every figure links to the dossiers behind it, and the two agree."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from indicator_api.domain.definitions import DEFINITIONS
from indicator_api.domain.formulae import CountedFrom
from shared.contracts.life import Mark, Phase
from tests.indicator_api.feeding import World, open_world
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, life
from tests.indicator_api.histories import Case, cases
from tests.indicator_api.recount import recount_by_dossier
from tests.indicator_api.test_figures_equal_a_recount import (
    RANDOM,
    RATES,
    THOROUGHNESS,
    parameters,
    projected,
    told,
    weighed,
)
from tests.support.databases import joined


async def follow(world: World, link: str, **other: str) -> list[dict[str, Any]]:
    """Read every page of a list, in small pages."""
    path, query = urlsplit(link).path, dict(parse_qsl(urlsplit(link).query))
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"has_more": True, "next": None}
    while page["has_more"]:
        cursor = {"cursor": page["next"]} if page["next"] else {}
        answer = await world.get(path, **{**query, "limit": 2, **cursor, **other})
        assert answer.status_code == httpx.codes.OK, answer.text
        page = answer.json()
        items += page["items"]
    return items


async def test_a_row_links_to_its_dossiers(world: World) -> None:
    world.told.tell("b", life(channel="online"))
    world.told.tell("a", life(channel="online", units=[("06-01", DISTRICT)]))
    world.told.tell("c", life(channel="direct"))
    await world.project()

    rows = await world.rows(period="2020-06", group_by="channel,month")

    assert [row["dossiers"] for row in rows] == [
        "/v1/counts/dossiers?unit=H35&period=2020-06-01%2F2020-07-01&channel=direct&count=received",
        "/v1/counts/dossiers?unit=H35&period=2020-06-01%2F2020-07-01&channel=online&count=received",
    ]
    assert await follow(world, rows[1]["dossiers"]) == [{"code": "a", "times": 1}, {"code": "b", "times": 1}]


async def test_a_unit_s_row_links_to_its_own_dossiers_only(world: World) -> None:
    world.told.tell("a", life(units=[("06-01", DISTRICT)]))
    world.told.tell("b", life(units=[("06-01", COMMUNE)]))
    await world.project()

    rows = {row["group"]["unit"]: row["dossiers"] for row in await world.rows(group_by="unit")}

    assert await follow(world, rows[DISTRICT]) == [{"code": "a", "times": 1}]


async def test_a_dossier_asked_to_supplement_twice_is_listed_once_and_counted_twice(world: World) -> None:
    world.told.tell("a", life(marks=[("06-02", Mark.SUPPLEMENT_REQUEST), ("06-09", Mark.SUPPLEMENT_REQUEST)]))
    await world.project()

    (row,) = await world.rows()

    assert await follow(world, row["dossiers"], count="supplement_requests") == [{"code": "a", "times": 2}]


async def test_a_list_of_changes_names_what_became_known_after_a_position(world: World) -> None:
    world.told.tell("a", life())
    published = world.told.tell("b", life())
    await world.project()
    world.told.tell("b", life(channel="online"))
    world.told.tell("c", life())
    await world.project()
    (row,) = await world.rows(channel="direct")

    changed = await follow(world, row["dossiers"], since_position=f"{published}")

    assert changed == [{"code": "b", "times": -1}, {"code": "c", "times": 1}]


async def test_what_was_recorded_after_the_known_day_changed_too(world: World) -> None:
    world.told.tell("a", life(), on=date(2020, 7, 1))
    position = world.told.tell("b", life(), on=date(2020, 7, 2))
    await world.project()
    (row,) = await world.rows()

    changed = await follow(world, row["dossiers"], since_position=f"{position}", since_known_at="2020-07-01")

    assert changed == [{"code": "b", "times": 1}]


async def test_a_known_day_alone_is_no_list_of_changes(world: World) -> None:
    response = await world.get("/v1/counts/dossiers", period="2020-06", since_known_at="2020-07-01")

    assert response.json()["errors"] == [{"parameter": "since_known_at", "detail": "goes with since_position only"}]


@given(cases([None]))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_the_lists_add_up_to_every_count(indicator_connection: AsyncConnection, case: Case) -> None:
    history, (asked,) = case
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), told(history))
    async with world.upstream, world.client:
        await world.project()
        for row in (await world.rows(**parameters(asked)))[:3]:
            for count, number in row["counts"].items():
                listed = await follow(world, row["dossiers"], count=count, limit="100")
                assert sum(one["times"] for one in listed) == number, (count, row)
    await example.rollback()


OF_DOSSIERS = [one.id for one in DEFINITIONS.values() if one.counted_from is CountedFrom.DOSSIERS]


@given(cases([None]), st.sampled_from(OF_DOSSIERS))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_the_lists_add_up_to_both_parts_of_every_indicator(
    indicator_connection: AsyncConnection, case: Case, indicator: str
) -> None:
    history, (asked,) = case
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), told(history))
    async with world.upstream, world.client:
        await world.project()
        for row in (await world.rows(f"/v1/indicators/{indicator}", **parameters(asked)))[:3]:
            for part in ("numerator", "denominator"):
                listed = await follow(world, row["behind"], part=part, limit="100")
                assert sum(one["times"] for one in listed) == row[part], (part, row)
    await example.rollback()


@given(cases([()]))
@settings(RANDOM, max_examples=3 * THOROUGHNESS)
async def test_the_lists_name_the_dossiers_a_recount_names(indicator_connection: AsyncConnection, case: Case) -> None:
    history, (asked,) = case
    counted = recount_by_dossier(history, asked)
    async with projected(indicator_connection, history) as world:
        for indicator, parts in RATES.items():
            (row,) = await world.rows(f"/v1/indicators/{indicator}", **parameters(asked))
            for name, part in zip(("numerator", "denominator"), parts, strict=True):
                listed = await follow(world, row["behind"], part=name, limit="100")
                expected = {code: weighed(counts, part) for code, counts in counted.items() if weighed(counts, part)}
                assert {one["code"]: one["times"] for one in listed} == expected, (indicator, name, asked)


async def test_an_indicator_links_to_both_its_parts(world: World) -> None:
    world.told.tell("early", life("06-01", ("06-01", Phase.EARLY)))
    world.told.tell("late", life("06-01", ("06-01", Phase.LATE)))
    world.told.tell("open", life("06-01"))
    await world.project()

    (row,) = await world.rows("/v1/indicators/on_time_rate")

    numerator = await follow(world, row["dossiers"])
    denominator = await follow(world, row["dossiers"], part="denominator")
    assert row["dossiers"] == (
        "/v1/indicators/on_time_rate/dossiers?unit=H35&period=2020-01-01%2F2021-01-01&part=numerator"
    )
    assert numerator == [{"code": "early", "times": 1}]
    assert denominator == [{"code": "early", "times": 1}, {"code": "late", "times": 1}]


async def test_what_a_formula_takes_away_is_listed_as_less_than_nothing(world: World) -> None:
    units = [("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)]
    world.told.tell("a", life("06-01", ("06-01", Phase.IN_TIME), ("06-09", Phase.LATE), units=units))
    await world.project()

    (row,) = await world.rows("/v1/indicators/on_time_strict", unit=OTHER_DISTRICT)

    assert row["numerator"] == -1
    assert await follow(world, row["dossiers"]) == [{"code": "a", "times": -1}]


@pytest.mark.parametrize(
    "indicator", ["online_supply_34", "online_active_4", "one_stop_coverage", "units_with_one_stop"]
)
async def test_services_and_units_have_no_dossiers_behind_them(world: World, indicator: str) -> None:
    await world.project()

    rows = await world.rows(f"/v1/indicators/{indicator}")
    answer = await world.get(f"/v1/indicators/{indicator}/dossiers", period="2020")

    assert rows[0]["dossiers"] is None
    assert not rows[0]["behind"].split("?")[0].endswith("/dossiers")
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert answer.json()["type"].endswith("/no-dossiers-behind")
