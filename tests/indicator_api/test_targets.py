"""GET and PUT /v1/targets, and the verdicts on them."""

from typing import Any

import httpx
import pytest

from shared.contracts.life import Phase
from tests.indicator_api.feeding import KEEPER, WHOLE_TREE, World
from tests.indicator_api.given import BIRTH, COMMUNE, DISTRICT, life, version

IN_TIME, OVERDUE = Phase.IN_TIME, Phase.OVERDUE


def condition(indicator: str = "on_time_rate", comparison: str = "at_least", threshold: str = "0.9") -> dict[str, Any]:
    return {"indicator": indicator, "comparison": comparison, "threshold": threshold}


def band(*conditions: dict[str, Any], **earned: str) -> dict[str, Any]:
    return {"conditions": list(conditions), **earned}


def target(code: str = "on-time", *bands: dict[str, Any], **members: Any) -> dict[str, Any]:
    told = {"code": code, "scheme": "house", "name": {"vi": "Đúng hạn", "en": "On time"}, "source": "QĐ 1/QĐ-UBND"}
    return {**told, "valid_from": "2020-01-01", "bands": list(bands) or [band(condition())], **members}


async def put(world: World, *targets: dict[str, Any], key: str = KEEPER) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    return await world.client.put("/v1/targets", json={"targets": targets}, headers=headers)


async def verdict(world: World, **asked: str) -> dict[str, Any]:
    """Return the only verdict."""
    answer = await world.get("/v1/targets/verdicts", **{"period": "2020-06", **asked})
    assert answer.status_code == httpx.codes.OK, answer.text
    (told,) = answer.json()["items"]
    return dict(told)


async def finish(world: World, early: int, late: int) -> None:
    """Tell so many dossiers finished early and late in June."""
    for number in range(early + late):
        world.told.tell(f"{number}", life("06-01", ("06-01", Phase.EARLY if number < early else Phase.LATE)))
    await world.project()


async def test_what_is_shipped_holds_until_something_is_put(world: World) -> None:
    shipped = (await world.get("/v1/targets")).json()

    assert (shipped["recorded_at"], shipped["recorded_by"]) == (None, None)
    codes = [one["code"] for one in shipped["items"]]
    assert [code for code in codes if code.startswith("447-")] == [
        "447-on-time",
        "447-one-stop",
        "447-level-3",
        "447-level-4",
        "447-satisfied",
        "447-petitions",
    ]
    assert [code for code in codes if code.startswith("tt01-")] == [f"tt01-{number}" for number in range(1, 10)]


async def test_what_was_put_is_read_back_and_recorded(world: World) -> None:
    answer = await put(world, target())

    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.json()["recorded_by"] == KEEPER
    assert answer.json()["items"] == [
        {
            **target(valid_to=None),
            "bands": [
                {"conditions": [{**condition(), "channel": None}], "points": None, "pro_rata_of": None},
            ],
        }
    ]
    assert (await world.get("/v1/targets")).json() == answer.json()


async def test_every_set_stays_on_record_and_the_same_again_adds_none(world: World) -> None:
    for threshold in ("0.8", "0.9", "0.9"):
        await put(world, target("on-time", band(condition(threshold=threshold))))

    first = (await world.get("/v1/targets/history", key=KEEPER, limit=1)).json()
    second = (await world.get("/v1/targets/history", key=KEEPER, limit=1, cursor=first["next"])).json()

    told = [one["items"][0]["bands"][0]["conditions"][0]["threshold"] for one in (*first["items"], *second["items"])]
    assert told == ["0.9", "0.8"]
    assert (first["has_more"], second["has_more"]) == (True, False)


@pytest.mark.parametrize(
    ("key", "code"), [(WHOLE_TREE, "scope-missing"), ("mc_test_H35.12.keeper", "targets-province-wide")]
)
async def test_only_who_may_change_the_whole_catalogue_may_put_targets(world: World, key: str, code: str) -> None:
    answer = await put(world, target(), key=key)

    assert answer.status_code == httpx.codes.FORBIDDEN
    assert answer.json()["type"].endswith(f"/{code}")
    assert (await world.get("/v1/targets")).json()["recorded_at"] is None


@pytest.mark.parametrize(
    ("targets", "pointer"),
    [
        ([target(valid_to="2020-01-01")], "#/targets/0/valid_to"),
        ([target("a", band(condition("happiness")))], "#/targets/0/bands"),
        ([target(), target(valid_from="2021-01-01")], "#/targets/1"),
        ([target(valid_to="2021-01-02"), target(valid_from="2021-01-01")], "#/targets/1"),
        ([target("a", band(condition(threshold="much")))], "#/targets/0/bands/0/conditions/0/threshold"),
        ([target("a", band(condition(comparison="about")))], "#/targets/0/bands/0/conditions/0/comparison"),
        ([target("a", band(condition(), points="1", pro_rata_of="0"))], "#/targets/0/bands/0/pro_rata_of"),
        ([{**target(), "met": True}], "#/targets/0/met"),
    ],
)
async def test_targets_that_mean_nothing_are_refused(world: World, targets: list[Any], pointer: str) -> None:
    answer = await put(world, *targets)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("comparison", "met"), [("at_least", True), ("above", False), ("at_most", True), ("below", False)]
)
async def test_a_threshold_is_met_as_it_is_worded(world: World, comparison: str, met: bool) -> None:
    await put(world, target("a", band(condition(comparison=comparison, threshold="0.9"))))
    await finish(world, 9, 1)

    told = await verdict(world)

    assert (told["met"], told["checks"][0]["value"], told["checks"][0]["difference"]) == (met, 0.9, 0.0)


async def test_a_verdict_tells_by_how_much(world: World) -> None:
    await put(world, target("a", band(condition(threshold="0.9"))))
    await finish(world, 3, 1)

    assert await verdict(world) == {
        "code": "a",
        "scheme": "house",
        "name": {"vi": "Đúng hạn", "en": "On time"},
        "source": "QĐ 1/QĐ-UBND",
        "met": False,
        "points": None,
        "checks": [
            {
                **condition(),
                "channel": None,
                "threshold": 0.9,
                "numerator": 3,
                "denominator": 4,
                "value": 0.75,
                "holds": False,
                "difference": -0.15,
            }
        ],
    }


async def test_nothing_over_nothing_neither_meets_nor_misses(world: World) -> None:
    await put(world, target(), target("reported", band(condition("disclosure_rate"))), target("nothing", bands=[]))
    await world.project()

    judged = (await world.get("/v1/targets/verdicts", period="2020-06")).json()

    assert [one["met"] for one in judged["items"]] == [None, None, None]
    assert (judged["met"], judged["missed"], judged["unjudged"]) == (0, 0, 3)


@pytest.mark.parametrize(("period", "codes"), [("2020-12", ["old"]), ("2021-01", ["new"]), ("2019-12", [])])
async def test_a_target_is_judged_while_it_is_in_force(world: World, period: str, codes: list[str]) -> None:
    await put(world, target("old", valid_to="2021-01-01"), target("new", valid_from="2021-01-01"))
    await world.project()

    judged = (await world.get("/v1/targets/verdicts", period=period)).json()

    assert [one["code"] for one in judged["items"]] == codes


async def test_targets_put_later_do_not_change_what_was_known(world: World) -> None:
    await world.project()
    await put(world, target())

    known = (await world.get("/v1/targets/verdicts", period="2020-06", known_at="2020-07-01")).json()

    assert "447-on-time" in [one["code"] for one in known["items"]]


# Rule: domain c.6, PAR INDEX: 100 % is full marks, from 95 % pro rata, below that nothing.
PAR = (
    band(condition(threshold="1"), points="2"),
    band(condition(threshold="0.95"), points="2", pro_rata_of="1"),
    band(points="0"),
)


@pytest.mark.parametrize(
    ("early", "late", "points"), [(20, 0, 2.0), (39, 1, 1.95), (19, 1, 1.9), (18, 1, 0.0), (0, 0, None)]
)
async def test_points_go_by_bands(world: World, early: int, late: int, points: float | None) -> None:
    await put(world, target("a", *PAR))
    await finish(world, early, late)

    assert (await verdict(world))["points"] == points


async def shipped_verdict(world: World, code: str, **asked: str) -> dict[str, Any]:
    items = (await world.get("/v1/targets/verdicts", **{"period": "2020-06", **asked})).json()["items"]
    return dict({one["code"]: one for one in items}[code])


async def test_index_1_of_tt_01_is_the_mean_over_dossiers(world: World) -> None:
    await finish(world, 3, 1)

    assert (await shipped_verdict(world, "tt01-1"))["points"] == 1.5


@pytest.mark.parametrize(
    ("late", "points"), [pytest.param(0, 2.0, id="none-late"), pytest.param(1, 0.0, id="a-single-late-one-gives-0")]
)
async def test_index_9_of_tt_01_needs_all_its_conditions(world: World, late: int, points: float) -> None:
    world.told.tell_procedure(BIRTH, version())
    for number in range(3):
        ended = Phase.LATE if number < late else Phase.EARLY
        world.told.tell(f"{number}", life("06-01", ("06-01", ended), channel="online"))
    world.told.tell("paper", life("06-01", ("06-01", Phase.LATE)))
    await world.project()

    assert (await shipped_verdict(world, "tt01-9"))["points"] == points


async def test_the_plan_s_targets_count_an_overdue_backlog_against_the_unit(world: World) -> None:
    world.told.tell("done", life("06-01", ("06-01", Phase.EARLY)))
    world.told.tell("left lying", life("06-01", ("06-01", IN_TIME), ("06-08", OVERDUE)))
    await world.project()

    told = await shipped_verdict(world, "447-on-time")

    assert (told["met"], told["checks"][0]["value"], told["checks"][0]["difference"]) == (False, 0.5, -0.5)


async def test_verdicts_are_those_of_the_unit_asked(world: World) -> None:
    await put(world, target())
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY)))
    world.told.tell("b", life("06-01", ("06-01", Phase.LATE), units=[("01-01", DISTRICT)]))
    await world.project()

    assert ((await verdict(world))["met"], (await verdict(world, unit=COMMUNE))["met"]) == (False, True)
