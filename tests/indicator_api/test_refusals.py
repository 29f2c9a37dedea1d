"""What cannot be answered is refused by name, never answered with something else."""

import httpx
import pytest

from shared.http.paging import cursor_of
from tests.indicator_api.feeding import World


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("", "invalid-request", "period"),
        ("period=H1", "unknown-period", None),
        ("period=2020&unti=H35", "invalid-request", "unti"),
        ("period=2020&level=ward", "invalid-request", "level"),
        ("period=2020&channel=fax", "invalid-request", "channel"),
        ("period=2020&online_level=5", "invalid-request", "online_level"),
        ("period=2020&group_by=unit,week", "invalid-request", "group_by.1"),
        ("period=2020&basis=printed", "invalid-request", "basis"),
        ("period=2020&map=tomorrow", "invalid-request", "map"),
        ("period=2020&as_of=1590969600", "invalid-request", "as_of"),
        ("period=2020&known_at=2020-02-30", "invalid-request", "known_at"),
        ("period=2020&min_position=-1", "invalid-request", "min_position"),
        ("period=2020&field=%00", "invalid-request", "field"),
        ("period=2020&unit=", "invalid-request", "unit"),
        ("period=1066-10-14/2020-01-01", "invalid-request", "period"),
        ("period=2020&as_of=2019-12-31", "as-of-outside-period", None),
        ("period=2020&as_of=2021-01-01", "as-of-outside-period", None),
    ],
)
@pytest.mark.parametrize("path", ["/v1/counts", "/v1/indicators/on_time_rate"])
async def test_a_query_that_means_nothing_is_refused(
    world: World, path: str, query: str, code: str, parameter: str | None
) -> None:
    answer = await world.get(f"{path}?{query}")

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith(f"/{code}")
    assert [error["parameter"] for error in problem.get("errors", [])] == ([parameter] if parameter else [])


async def test_the_first_and_the_last_day_of_a_period_may_be_asked(world: World) -> None:
    await world.project()

    days = ["2020-01-01", "2020-12-31"]
    assert [(await world.get("/v1/counts", period="2020", as_of=as_of)).status_code for as_of in days] == [200, 200]


async def test_an_unknown_indicator_is_not_found(world: World) -> None:
    answer = await world.get("/v1/indicators/happiness", period="2020")

    assert answer.status_code == httpx.codes.NOT_FOUND
    assert answer.json()["type"].endswith("/indicator-not-found")


@pytest.mark.parametrize(
    ("indicator", "query", "parameter"),
    [
        ("online_supply_34", {"channel": "online"}, "channel"),
        ("one_stop_coverage", {"group_by": "channel"}, "channel"),
        ("units_with_one_stop", {"field": "Hộ tịch"}, "field"),
        ("units_with_one_stop", {"group_by": "level,procedure"}, "procedure"),
    ],
)
async def test_a_dimension_the_indicator_does_not_have_is_refused(
    world: World, indicator: str, query: dict[str, str], parameter: str
) -> None:
    answer = await world.get(f"/v1/indicators/{indicator}", period="2020", **query)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


async def test_a_position_not_yet_reached_is_worth_coming_back_for(world: World) -> None:
    await world.project()

    reached = await world.get("/v1/counts", period="2020", min_position=12)
    ahead = await world.get("/v1/counts", period="2020", min_position=13)

    assert reached.status_code == httpx.codes.OK
    assert ahead.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert ahead.headers["Retry-After"] == "2"
    problem = ahead.json()
    assert problem["type"].endswith("/position-not-reached")
    assert (problem["position"], problem["reached"]) == (13, 12)


@pytest.mark.parametrize("cursor", ["!!", cursor_of(["a", "b"]), cursor_of(["a\x00"])])
async def test_a_foreign_cursor_is_refused(world: World, cursor: str) -> None:
    answer = await world.get("/v1/counts/dossiers", period="2020", cursor=cursor)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["errors"] == [{"parameter": "cursor", "detail": "not a cursor given by this list"}]


async def test_too_many_rows_are_cut_and_said_to_be(world: World) -> None:
    await world.project()

    whole = await world.get("/v1/counts", period="2000-01-01/2027-01-01", group_by="day")
    cut = await world.get("/v1/counts", period="2000-01-01/2028-01-01", group_by="day")

    assert (len(whole.json()["rows"]), whole.json()["truncated"]) == (9862, False)
    assert (len(cut.json()["rows"]), cut.json()["truncated"]) == (10_000, True)
