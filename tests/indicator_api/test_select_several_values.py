"""A selection may name several values of a dimension, and means any of them."""

from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from indicator_api.domain.definitions import DEFINITIONS
from indicator_api.domain.formulae import CountedFrom
from indicator_api.routes.value_sets import MOST_VALUES, ONLINE_LEVELS
from shared.contracts.life import LifeV1, Phase
from shared.db import Begin
from tests.indicator_api.feeding import KEEPER, World, open_world
from tests.indicator_api.given import COMMUNE, DISTRICT, PROVINCE, life, version
from tests.indicator_api.histories import Case, cases
from tests.indicator_api.recount import Asked, Group, History, Told, recount
from tests.indicator_api.store.test_figures import plan_of, sent_statements
from tests.indicator_api.test_figures_equal_a_recount import by_group, parameters, shown, told
from tests.support.databases import joined

Named = dict[str, list[str]]

VALUES: Named = {
    "level": ["province", "district", "commune"],
    "field": ["Hộ tịch", "Đất đai", "Chưa từng có"],
    "procedure": ["1.1", "1.2", "2.1"],
    "channel": ["direct", "online", "postal", "unknown"],
    "online_level": ["nd43:4", "nd42:partial", "nd43:2"],
}
# Between two levels of one selection a transfer is none.
BETWEEN_LEVELS = {"transferred_in", "transferred_out"}
OF_DOSSIERS = [one.id for one in DEFINITIONS.values() if one.counted_from is CountedFrom.DOSSIERS]

named_sets = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(values), max_size=4) for name, values in VALUES.items()}
)
examples = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class AnyOf(str):
    """Equal to each of several values, for the recount that knows of one value only."""

    def __new__(cls, values: list[str]) -> "AnyOf":
        made = super().__new__(cls, "/".join(values))
        made.values = frozenset(values)
        return made

    values: frozenset[str]

    def __eq__(self, other: object) -> bool:
        return other in self.values

    def __ne__(self, other: object) -> bool:
        return other not in self.values

    __hash__ = str.__hash__


async def listed(world: World, link: str, **other: str) -> int:
    """Follow a link with every value it carries, and add up what is listed."""
    query: dict[str, Any] = {**parse_qs(urlsplit(link).query), "limit": "1000", **other}
    answer = await world.get(urlsplit(link).path, **query)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert not answer.json()["has_more"]
    return sum(one.get("times", 1) for one in answer.json()["items"])


def recounted(history: History, asked: Asked, named: Named) -> dict[Group, Counter[str]]:
    """Recount as if no dossier but the named ones had ever been told of."""
    undone = LifeV1("1.1", "Hộ tịch", "nd43:4", None, ())
    kept = [
        replace(one, life=undone) if isinstance(one, Told) and not is_named(one.life, named) else one for one in history
    ]
    levels = named.get("level")
    return recount(kept, replace(asked, narrowed={"level": AnyOf(levels)} if levels else {}))


def is_named(one: LifeV1, named: Named) -> bool:
    traits = {
        "field": one.field,
        "procedure": one.procedure_code,
        "channel": one.channel or "unknown",
        "online_level": one.online_level,
    }
    return all(trait in (named.get(name) or [trait]) for name, trait in traits.items())


@given(cases([None]), named_sets)
@examples
async def test_several_values_equal_a_recount_and_their_lists(
    indicator_connection: AsyncConnection, case: Case, named: Named
) -> None:
    history, (question,) = case
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), told(history))
    asked = replace(question, narrowed={})
    async with world.upstream, world.client:
        await world.project()

        rows = await world.rows(**{**parameters(asked), **named})

        assert by_group(rows) == shown(recounted(history, asked, named)), (asked, named)
        for row in rows[:2]:
            for count, number in row["counts"].items():
                assert await listed(world, row["dossiers"], count=count) == number, (count, row)
    await example.rollback()


@given(cases([None]), named_sets, st.sampled_from(OF_DOSSIERS))
@examples
async def test_both_parts_of_an_indicator_over_several_values_equal_their_lists(
    indicator_connection: AsyncConnection, case: Case, named: Named, indicator: str
) -> None:
    history, (question,) = case
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), told(history))
    async with world.upstream, world.client:
        await world.project()

        rows = await world.rows(f"/v1/indicators/{indicator}", **{**parameters(question), **named})

        for row in rows[:3]:
            for part in ("numerator", "denominator"):
                assert await listed(world, row["behind"], part=part) == row[part], (part, row)
    await example.rollback()


@given(cases([None]), st.sampled_from(sorted(VALUES)), st.data())
@examples
async def test_several_values_are_the_sum_of_each(
    indicator_connection: AsyncConnection, case: Case, name: str, data: st.DataObject
) -> None:
    history, (question,) = case
    values = data.draw(st.lists(st.sampled_from(VALUES[name]), min_size=2, max_size=4, unique=True))
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), told(history))
    asked = parameters(replace(question, group_by=()))
    async with world.upstream, world.client:
        await world.project()

        (whole,) = await world.rows(**{**asked, name: values})
        each: Counter[str] = Counter()
        for value in values:
            each.update((await world.rows(**{**asked, name: value}))[0]["counts"])

        added = whole["counts"].keys() - (BETWEEN_LEVELS if name == "level" else set())
        assert {count: whole["counts"][count] for count in added} == {count: each[count] for count in added}
    await example.rollback()


async def tell_some(world: World) -> None:
    """Tell of four dossiers, no two alike."""
    world.told.tell("a", life(field="Hộ tịch", channel="direct", units=[("06-01", COMMUNE)]))
    world.told.tell("b", life(field="Đất đai, môi trường", channel="online", units=[("06-01", DISTRICT)]))
    world.told.tell("c", life(field="Y tế", channel="postal", units=[("06-01", PROVINCE)], online_level="nd42:full"))
    world.told.tell("d", life(field="Y tế", channel="online", units=[("06-01", COMMUNE)], online_level="nd43:2"))
    await world.project()


@pytest.mark.parametrize(
    ("query", "received"),
    [
        ({"level": ["district", "province"]}, 2),
        ({"field": ["Y tế", "Hộ tịch"]}, 3),
        ({"field": ["Đất đai, môi trường"]}, 1),
        ({"procedure": ["1.001193", "9.999999"]}, 4),
        ({"channel": ["online", "postal"]}, 3),
        ({"online_level": ["4", "nd43:2"]}, 4),
        ({"online_level": ["nd42:full", "nd43:2"]}, 2),
        ({"field": ["Y tế", "Hộ tịch"], "channel": ["online", "direct"]}, 2),
    ],
    ids=str,
)
async def test_any_of_the_values_is_counted(world: World, query: Named, received: int) -> None:
    await tell_some(world)

    assert (await world.counts(**query))["received"] == received


@pytest.mark.parametrize("path", ["/v1/counts", "/v1/indicators/on_time_rate"])
async def test_the_same_set_has_the_same_answer(world: World, path: str) -> None:
    await tell_some(world)
    sets = [["Y tế", "Hộ tịch"], ["Hộ tịch", "Y tế"], ["Hộ tịch", "Y tế", "Hộ tịch"]]

    answers = [await world.get(path, period="2020", group_by="channel", field=one) for one in sets]

    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1


async def test_a_row_links_to_the_dossiers_of_every_value(world: World) -> None:
    await tell_some(world)

    rows = await world.rows(
        period="2020-06", field=["Y tế", "Hộ tịch"], channel=["online", "direct"], group_by="channel"
    )

    assert [row["dossiers"] for row in rows] == [
        "/v1/counts/dossiers?field=H%E1%BB%99+t%E1%BB%8Bch&field=Y+t%E1%BA%BF&unit=H35"
        f"&period=2020-06-01%2F2020-07-01&channel={channel}&count=received"
        for channel in ("direct", "online")
    ]


@pytest.mark.parametrize("indicator", ["online_supply_34", "online_active_34", "one_stop_coverage"])
async def test_as_many_services_are_listed_as_are_counted(world: World, indicator: str) -> None:
    for number, (field, level) in enumerate([("Hộ tịch", "commune"), ("Y tế", "district"), ("Thuế", "district")]):
        world.told.tell_procedure(f"1.{number}", version(field=field, level=level))
        world.told.tell(f"{number}", life(field=field, procedure_code=f"1.{number}", channel="online"))
    await world.project()
    query: Named = {"field": ["Y tế", "Hộ tịch"], "level": ["district", "commune"]}

    (row,) = await world.rows(f"/v1/indicators/{indicator}", period="2020", **query)

    assert row["denominator"] == 2
    for part in ("numerator", "denominator"):
        assert await listed(world, row["behind"], part=part) == row[part]


async def test_services_by_online_level_are_those_of_every_value(world: World) -> None:
    for number, field in enumerate(["Hộ tịch", "Y tế", "Thuế"]):
        world.told.tell_procedure(f"1.{number}", version(field=field))
    await world.project()

    answer = await world.get("/v1/online-levels", as_of="2020-06-30", field=["Y tế", "Hộ tịch"], level=["commune"])

    assert answer.json()["services"] == 2


@pytest.mark.parametrize(
    ("channels", "judged"),
    [([], (1, 1)), (["online", "postal"], (1, 1)), (["direct", "postal"], (0, 0))],
    ids=["any", "among them", "not among them"],
)
async def test_a_target_on_one_channel_is_judged_within_the_channels_asked(
    world: World, channels: list[str], judged: tuple[int, int]
) -> None:
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY), channel="online"))
    world.told.tell("b", life("06-01", ("06-01", Phase.LATE), channel="direct"))
    await world.project()
    online = {"indicator": "on_time_rate", "comparison": "at_least", "threshold": "1", "channel": "online"}
    target = {"code": "x", "scheme": "x", "name": {"vi": "x", "en": "x"}, "source": "x", "valid_from": "2020-01-01"}
    body = {"targets": [{**target, "bands": [{"conditions": [online]}]}]}
    await world.client.put("/v1/targets", json=body, headers={"Authorization": f"Bearer {KEEPER}"})

    asked: dict[str, Any] = {"period": "2020", "channel": channels}
    ((check,),) = [one["checks"] for one in (await world.get("/v1/targets/verdicts", **asked)).json()["items"]]

    assert (check["numerator"], check["denominator"]) == judged


async def test_csv_holds_the_groups_of_every_value(world: World) -> None:
    await tell_some(world)
    headers = {"Authorization": "Bearer mc_test_whole_tree", "Accept": "text/csv", "Accept-Language": "en"}
    query: dict[str, Any] = {"period": "2020", "field": ["Y tế", "Hộ tịch"], "group_by": "field"}

    answer = await world.client.get("/v1/indicators/online_of_all", params=query, headers=headers)

    assert answer.text.splitlines() == ["Field,Numerator,Denominator,Value", "Hộ tịch,0,1,0.0", "Y tế,1,2,0.5"]


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        (
            {"level": ["commune", "village"]},
            "level",
            "'village' is none of province, district, commune",
        ),
        (
            {"channel": ["online", "fax"]},
            "channel",
            "'fax' is none of direct, online, postal, unknown",
        ),
        (
            {"online_level": ["4", "nd42:4"]},
            "online_level",
            f"'nd42:4' is none of {', '.join(ONLINE_LEVELS)}",
        ),
        ({"field": ["Y tế", ""]}, "field", "'' is not 1 to 300 characters that can be printed"),
        ({"procedure": ["1.1\0"]}, "procedure", "'1.1\ufffd' is not 1 to 300 characters that can be printed"),
        (
            {"procedure": [f"1.{number}" for number in range(MOST_VALUES + 1)]},
            "procedure",
            f"List should have at most {MOST_VALUES} items after validation, not {MOST_VALUES + 1}",
        ),
    ],
    ids=["level", "channel", "online level", "empty", "unprintable", "too many"],
)
async def test_what_is_refused_is_named(world: World, query: Named, parameter: str, detail: str) -> None:
    asked: dict[str, Any] = {"period": "2020", **query}

    answer = await world.get("/v1/counts", **asked)

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["errors"] == [{"detail": detail, "parameter": parameter}]


async def test_as_many_values_as_allowed_are_counted_however_often_they_are_said(world: World) -> None:
    await tell_some(world)
    values = ["Y tế", *(f"Lĩnh vực {number}" for number in range(MOST_VALUES - 1))]

    assert (await world.counts(field=values * 2))["received"] == 2


async def test_several_values_are_read_by_the_statement_and_the_plan_of_one(
    world: World, indicator_connection: AsyncConnection, indicator_begin: Begin
) -> None:
    await tell_some(world)
    sent = {}
    for fields in (["Y tế"], ["Y tế", "Hộ tịch", "Thuế"]):
        with sent_statements(indicator_connection) as noted:
            await world.counts(field=fields, unit=COMMUNE)
        sent[len(fields)] = next(one for one in noted if "service_sums" in one[0])

    plans = [await plan_of(one, indicator_begin) for one in sent.values()]

    assert sent[1][0] == sent[3][0]
    assert all("pk_service_sums" in plan for plan in plans), plans
