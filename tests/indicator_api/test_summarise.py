"""GET /v1/summaries/{unit_code}."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.life import Phase
from tests.indicator_api.feeding import World, open_world
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, life, unit

IN_TIME, OVERDUE = Phase.IN_TIME, Phase.OVERDUE
SMALL_BYTES = 50_000
NEIGHBOUR = "H35.12.02"


@pytest.fixture
async def district(world: World) -> World:
    """A district with two communes, one of them slow, and dossiers of its own, in 2019 and 2020."""
    world.told.tell_unit(unit(NEIGHBOUR, "commune", DISTRICT, name="Xã Hai"))
    world.told.tell_unit(unit("H35.12.03", "commune", DISTRICT, name="Xã Ba"))
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY), channel="online"))
    world.told.tell("b", life("06-02", ("06-02", Phase.ON_TIME)))
    neighbour = [("2019-01-01", NEIGHBOUR)]
    world.told.tell("c", life("06-02", ("06-02", Phase.LATE), units=neighbour))
    world.told.tell("d", life("05-02", ("05-02", IN_TIME), ("05-20", OVERDUE), units=neighbour))
    world.told.tell("e", life("06-03", units=[("01-01", DISTRICT)]))
    world.told.tell("f", life("2019-06-03", ("2019-06-03", Phase.LATE), units=neighbour))
    world.told.tell("far", life("06-03", ("06-03", Phase.EARLY), units=[("01-01", OTHER_DISTRICT)]))
    await world.project()
    return world


async def summary(world: World, unit_code: str = DISTRICT, **asked: str) -> dict[str, Any]:
    answer = await world.get(f"/v1/summaries/{unit_code}", **{"period": "2020-06", **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


async def test_a_summary_says_whose_and_of_when_it_is(district: World) -> None:
    told = await summary(district)

    head = ("unit", "period", "as_of", "known_at", "basis", "map", "through", "truncated")
    assert {name: told[name] for name in head} == {
        "unit": {"code": DISTRICT, "name": DISTRICT, "level": "district", "parent_code": PROVINCE},
        "period": {"from": "2020-06-01", "to": "2020-07-01"},
        "as_of": "2020-06-30",
        "known_at": None,
        "basis": "statutory",
        "map": "then",
        "through": {"position": 39, "at": "2020-07-01T09:00:00+07:00"},
        "truncated": False,
    }


async def test_its_counts_and_rates_are_those_asked_one_by_one(district: World) -> None:
    told = await summary(district)

    (row,) = await district.rows(unit=DISTRICT, period="2020-06")
    assert told["counts"] == row["counts"]
    for rate in told["indicators"]:
        (single,) = await district.rows(f"/v1/indicators/{rate['indicator']}", unit=DISTRICT, period="2020-06")
        assert {part: rate[part] for part in ("numerator", "denominator", "value")} == {
            part: single[part] for part in ("numerator", "denominator", "value")
        }, rate
    assert [rate["indicator"] for rate in told["indicators"]][:2] == ["on_time_rate", "on_time_of_received"]
    verdicts = (await district.get("/v1/targets/verdicts", unit=DISTRICT, period="2020-06")).json()
    assert told["targets"] == verdicts["items"]


async def test_children_are_ranked_and_each_holds_all_below_it(district: World) -> None:
    children = (await summary(district))["children"]

    assert [(one["rank"], one["unit"], one["own"], one["numerator"], one["denominator"]) for one in children] == [
        (1, DISTRICT, True, 1, 1),
        (1, COMMUNE, False, 2, 2),
        (3, NEIGHBOUR, False, 0, 2),
        (None, "H35.12.03", False, 0, 0),
    ]
    assert children[2] == {
        "rank": 3,
        "unit": NEIGHBOUR,
        "name": "Xã Hai",
        "own": False,
        "received": 1,
        "finished": 1,
        "late": 1,
        "open": 1,
        "open_overdue": 1,
        "numerator": 0,
        "denominator": 2,
        "value": 0.0,
    }
    of_province = (await summary(district, PROVINCE))["children"]
    assert {one["unit"]: one["received"] for one in of_province} == {DISTRICT: 4, OTHER_DISTRICT: 1}


async def test_children_make_up_their_parent(district: World) -> None:
    told = await summary(district)

    for count in ("received", "late", "open", "open_overdue"):
        assert sum(one[count] for one in told["children"]) == told["counts"][count]


async def test_the_same_days_a_year_earlier_stand_beside(district: World) -> None:
    told = await summary(district)

    assert told["year_earlier"]["period"] == {"from": "2019-06-01", "to": "2019-07-01"}
    assert told["year_earlier"]["counts"]["late"] == 1
    rates = {one["indicator"]: one for one in told["indicators"]}
    assert (rates["on_time_rate"]["year_earlier"], rates["on_time_rate"]["change"]) == (0.0, 0.6667)
    assert (rates["postal_out"]["year_earlier"], rates["postal_out"]["change"]) == (None, None)


async def test_a_year_before_a_leap_day_is_the_28th(world: World) -> None:
    await world.project()

    told = await summary(world, period="2020-02-29/2020-03-01")

    assert told["year_earlier"]["period"] == {"from": "2019-02-28", "to": "2019-03-01"}


async def test_the_trend_runs_over_thirteen_months_to_the_last_day_seen(district: World) -> None:
    months = (await summary(district, as_of="2020-06-02"))["months"]

    assert [one["month"] for one in months][:2] == ["2019-06", "2019-07"]
    assert [one["month"] for one in months][-1] == "2020-06"
    assert len(months) == 13
    assert {one["month"]: one["received"] for one in months if one["received"]} == {
        "2019-06": 1,
        "2020-05": 1,
        "2020-06": 3,
    }


async def test_months_of_the_trend_are_cut_like_the_period(district: World) -> None:
    months = (await summary(district, period="2020-Q1", cutoff="nd09"))["months"]

    assert (months[0]["month"], months[-1]["month"]) == ("2019-03", "2020-03")


async def test_as_known_and_on_today_s_units_like_any_figure(district: World) -> None:
    before = await summary(district, known_at="2020-01-01")

    assert before["counts"]["received"] == 0
    assert (await summary(district, map="today"))["map"] == "today"


async def test_a_summary_is_read_in_one_snapshot(district: World) -> None:
    opened: list[str] = []

    @asynccontextmanager
    async def counted() -> AsyncIterator[AsyncSession]:
        opened.append("snapshot")
        async with district.begin() as session:
            yield session

    watched = open_world(district.begin, district.told, snapshot=counted)
    async with watched.upstream, watched.client:
        await summary(watched)

    assert opened == ["snapshot"]


async def test_a_foreign_unit_is_not_found(district: World) -> None:
    for key, unit_code in [(f"mc_test_{DISTRICT}", PROVINCE), (f"mc_test_{DISTRICT}", "X")]:
        answer = await district.get(f"/v1/summaries/{unit_code}", key=key, period="2020")
        assert answer.status_code == httpx.codes.NOT_FOUND
        assert answer.json()["type"].endswith("/unit-not-found")


async def test_who_has_the_page_is_not_sent_it_again(district: World) -> None:
    path, headers = f"/v1/summaries/{DISTRICT}?period=2020-06", {"Authorization": "Bearer mc_test_whole_tree"}
    first = await district.client.get(path, headers=headers)

    again = await district.client.get(path, headers={**headers, "If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_the_page_of_a_merged_province_is_small(world: World) -> None:
    for number in range(170):
        code = f"H35.50.{number:03}"
        world.told.tell_unit(unit(code, "commune", PROVINCE, name=f"Ủy ban nhân dân phường Điện Biên Phủ {number}"))
        received = date(2020, 6, 1) + timedelta(days=number % 28)
        world.told.tell(code, life(received.isoformat(), units=[("01-01", code)]))
    await world.project()

    answer = await world.get(f"/v1/summaries/{PROVINCE}", period="2020-06")

    assert len(answer.json()["children"]) == 172
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < SMALL_BYTES / 4


async def test_the_page_of_a_district_is_small_also_for_who_takes_no_compression(world: World) -> None:
    for number in range(20):
        code = f"H35.12.{number + 10}"
        world.told.tell_unit(unit(code, "commune", DISTRICT, name=f"Ủy ban nhân dân xã Mường Cang số {number}"))
        world.told.tell(code, life("06-01", units=[("01-01", code)]))
    await world.project()

    headers = {"Authorization": "Bearer mc_test_whole_tree", "Accept-Encoding": "identity"}
    answer = await world.client.get(f"/v1/summaries/{DISTRICT}?period=2020-06", headers=headers)

    assert "Content-Encoding" not in answer.headers
    assert len(answer.content) < SMALL_BYTES / 2
