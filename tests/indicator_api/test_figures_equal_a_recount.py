"""Whatever happened, however it was read and whatever is asked, the figures are those of a recount."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.indicator_api.feeding import FakeDossierApi, World, open_world
from tests.indicator_api.given import unit
from tests.indicator_api.histories import Case, cases
from tests.indicator_api.recount import (
    ONE_DAY,
    Asked,
    Group,
    History,
    ProcedureTold,
    Told,
    UnitTold,
    known_by,
    recount,
)
from tests.indicator_api.recount_offers import Ratios, recount_active, recount_supply, recount_units
from tests.support.databases import joined

# How many times as many histories are tried; see CONTRIBUTING.md.
THOROUGHNESS = int(os.environ.get("THOROUGHNESS", "1"))
HEALTHY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
RANDOM = settings(max_examples=6 * THOROUGHNESS, deadline=None, suppress_health_check=HEALTHY)
THIRDS = 3

CAME = ("carried_over", "received", "transferred_in")
WENT = ("early", "on_time", "late", "undetermined", "withdrawn", "stopped", "transferred_out", "open")
# What only the rates are made of.
BEHIND = {
    *("submitted", "submitted_online", "late_acceptances", "apologies_in_time", "returned_postal"),
    *("overdue_carried_over", "ended_in_time_766", "open_in_time_766", "rated", "satisfied"),
}
TRANSFERS = {"transferred_in", "transferred_out"}
# Rule: contract section 5 and domain c.7, written out a second time.
IN_HAND = {"carried_over": 1, "received": 1}
FINISHED = {"early": 1, "on_time": 1, "late": 1}
RATES: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "on_time_rate": ({"early": 1, "on_time": 1}, FINISHED),
    "on_time_of_received": ({"early": 1, "on_time": 1}, IN_HAND),
    "on_time_766": ({"ended_in_time_766": 1, "open_in_time_766": 1}, IN_HAND),
    "on_time_strict": ({**IN_HAND, "late": -1, "open_overdue": -1}, IN_HAND),
    "time_score": ({"early": 2, "on_time": 1}, FINISHED),
    "online_of_all": ({"received_online": 1}, {"received": 1}),
    "late_acceptance": ({"late_acceptances": 1}, {"submitted_online": 1}),
    "supplement_rate": ({"supplement_requests": 1}, IN_HAND),
    "refusal_rate": ({"refused": 1}, {"refused": 1, "received": 1}),
    "apology_coverage": ({"apologies_in_time": 1}, {"late": 1, "open_overdue": 1, "overdue_carried_over": -1}),
    "satisfaction": ({"satisfied": 1}, {"rated": 1}),
    "postal_in": ({"received_postal": 1}, {"received": 1}),
    "postal_out": ({"returned_postal": 1}, {"returned": 1}),
}
LEVELS = ("3", "4", "34")
ONE_DAY_OF_2020 = date(2020, 6, 1)
# Each dimension, and pairs of every kind: of place, of service, of channel, of time.
GROUPINGS = [
    *[(), ("unit",), ("level",), ("field",), ("procedure",), ("channel",), ("online_level",)],
    *[("day",), ("month",), ("quarter",), ("year",), ("unit", "procedure"), ("level", "month"), ("field", "day")],
    *[("month", "channel", "level"), ("year", "quarter"), ("online_level", "unit"), ("field", "online_level")],
]


@pytest.mark.parametrize("third", range(THIRDS))
@given(cases(GROUPINGS), st.integers(1, 40))
@settings(RANDOM, max_examples=THOROUGHNESS)
async def test_every_indicator_by_every_dimension_equals_a_recount(
    third: int, indicator_connection: AsyncConnection, case: Case, page: int
) -> None:
    """Each history is asked for a third of the indicators, all groupings by each."""
    history, asked = case
    async with projected(indicator_connection, history, page=page) as world:
        for question in asked:
            every = every_indicator(history, question)
            for indicator in sorted(every)[third::THIRDS]:
                await assert_ratios_equal(world, indicator, question, every[indicator]())


@given(cases([None, None]), st.integers(1, 40))
@RANDOM
async def test_figures_equal_a_recount(indicator_connection: AsyncConnection, case: Case, page: int) -> None:
    history, asked = case
    async with projected(indicator_connection, history, page=page) as world:
        for question in asked:
            await assert_counts_equal(world, question, recount(history, question))
            await assert_parts_make_the_whole(world, question, history)


@asynccontextmanager
async def projected(connection: AsyncConnection, history: History, *, page: int = 2000) -> AsyncIterator[World]:
    """Yield a province in which a history has been counted, in pages of the feed; all of it is undone after."""
    example = await connection.begin_nested()
    world = open_world(joined(connection), told(history))
    async with world.upstream, world.client:
        await world.project(page)
        yield world
    await example.rollback()


async def assert_counts_equal(world: World, question: Asked, expected: dict[Group, Counter[str]]) -> None:
    """Compare all counts of a question with their recount, and each row with the identity."""
    rows = await world.rows(**parameters(question))

    assert by_group(rows) == shown(expected), question
    assert all(identity_holds(row["counts"]) for row in rows)


async def assert_ratios_equal(world: World, indicator: str, question: Asked, expected: Ratios) -> None:
    """Compare an indicator with its recount, group by group."""
    rows = await world.rows(f"/v1/indicators/{indicator}", **parameters(question))
    found = {("*", *row["group"].values()): (row["numerator"], row["denominator"]) for row in rows}

    assert not_empty(found) == not_empty(expected), (indicator, question)
    assert [row["value"] for row in rows] == [rounded_half_up(*ratio) for ratio in found.values()], (
        indicator,
        question,
    )


def every_indicator(history: History, question: Asked) -> dict[str, Callable[[], Ratios]]:
    """Return every indicator that can be asked so, each with what counts it again."""
    found: dict[str, Callable[[], Ratios]] = {
        indicator: partial(recount_rate, history, question, parts) for indicator, parts in RATES.items()
    }
    for levels in LEVELS:
        of_these, usage = question.of_services_at(levels), ({"received_online": 1}, {"received": 1})
        found[f"online_usage_{levels}"] = partial(recount_rate, history, of_these, usage)
    asked = {*question.narrowed, *question.group_by}
    if "channel" not in asked:
        found["one_stop_coverage"] = partial(recount_supply, history, question, levels=None)
        for levels in LEVELS:
            found[f"online_supply_{levels}"] = partial(recount_supply, history, question, levels=levels)
            found[f"online_active_{levels}"] = partial(recount_active, history, question, levels=levels)
    if not asked & {"channel", "field", "procedure", "online_level"}:
        found["units_with_one_stop"] = partial(recount_units, history, question)
    return found


def recount_rate(history: History, question: Asked, parts: tuple[dict[str, int], dict[str, int]]) -> Ratios:
    """Return a rate of counts, group by group."""
    counted = recount(history, question)
    return {key: (weighed(counts, parts[0]), weighed(counts, parts[1])) for key, counts in counted.items()}


async def test_every_indicator_that_is_computed_is_counted_again(world: World) -> None:
    nothing = [UnitTold(ONE_DAY_OF_2020, unit("H35", "province", None))]

    items = (await world.get("/v1/indicators")).json()["items"]

    computed = {one["id"] for one in items if one["counted_from"] != "reported"}
    assert computed == every_indicator(nothing, Asked(ONE_DAY_OF_2020, ONE_DAY_OF_2020, "H35")).keys()


async def assert_parts_make_the_whole(world: World, question: Asked, history: History) -> None:
    """Compare a unit with itself alone and its children together: all counts, and what transfers come to."""
    whole = replace(question, group_by=())
    (expected,) = await world.rows(**parameters(whole))
    parts = [
        replace(whole, narrowed={**whole.narrowed, "subtree": "false"}),
        *(replace(whole, unit=child) for child in children_of(question, history)),
    ]
    if question.narrowed.get("subtree") == "false":
        return
    found: Counter[str] = Counter()
    for part in parts:
        (row,) = await world.rows(**parameters(part))
        found.update(row["counts"])
    assert netted(found) == netted(expected["counts"]), question


def children_of(question: Asked, history: History) -> Iterator[str]:
    units = known_by(history, question.known_at).units
    yield from (code for code, unit in units.items() if unit["parent_code"] == question.unit)


def netted(counts: dict[str, int]) -> dict[str, int]:
    """Return counts with what came less what went in the place of both: what passes between parts is in no whole."""
    rest = {count: number for count, number in counts.items() if count not in TRANSFERS}
    return {**rest, "transferred": counts["transferred_in"] - counts["transferred_out"]}


def weighed(counts: Counter[str], part: dict[str, int]) -> int:
    """Return the sum of counts, each as often as a formula takes it."""
    return sum(times * counts[count] for count, times in part.items())


def not_empty(ratios: Ratios) -> Ratios:
    """Leave out the groups in which there is nothing over nothing."""
    return {key: ratio for key, ratio in ratios.items() if any(ratio)}


def rounded_half_up(numerator: int, denominator: int) -> float | None:
    """Return the quotient as a person with a long sheet of paper would write it."""
    if denominator <= 0:
        return None
    quotient = Decimal(numerator) / Decimal(denominator)
    return float(quotient.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def told(history: History) -> FakeDossierApi:
    """Return a feed of a history."""
    upstream = FakeDossierApi()
    tell(upstream, history)
    return upstream


def tell(upstream: FakeDossierApi, history: History) -> None:
    """Append a history to a feed."""
    for one in history:
        match one:
            case Told():
                upstream.tell(one.code, one.life, on=one.recorded_on)
            case UnitTold():
                upstream.tell_unit(one.unit, on=one.recorded_on)
            case ProcedureTold():
                upstream.tell_procedure(one.code, *one.versions, on=one.recorded_on)


def parameters(asked: Asked) -> dict[str, Any]:
    """Return a question as a query string."""
    optional = {"known_at": asked.known_at.isoformat()} if asked.known_at else {}
    return {
        "period": f"{asked.start}/{asked.as_of + 3 * ONE_DAY}",
        "as_of": asked.as_of.isoformat(),
        "unit": asked.unit,
        "basis": asked.basis,
        "map": asked.map,
        "cutoff": asked.cutoff,
        "group_by": ",".join(asked.group_by),
        **optional,
        **asked.narrowed,
    }


def shown(counted: dict[Group, Counter[str]]) -> dict[Group, Counter[str]]:
    """Leave out the counts that tables do not show, and groups of nothing else."""
    found = {key: Counter({k: v for k, v in counts.items() if k not in BEHIND}) for key, counts in counted.items()}
    return {key: counts for key, counts in found.items() if counts}


def by_group(rows: list[dict[str, Any]]) -> dict[Group, Counter[str]]:
    """Return the counts by group as the recount has them: no zeros."""
    found = {("*", *row["group"].values()): Counter({k: v for k, v in row["counts"].items() if v}) for row in rows}
    return {key: counts for key, counts in found.items() if counts}


def identity_holds(counts: dict[str, int]) -> bool:
    """Say whether all that came has gone or is still open, and nothing is less than nothing."""
    return (
        sum(counts[count] for count in CAME) == sum(counts[count] for count in WENT)
        and counts["open"] == counts["open_in_time"] + counts["open_overdue"] + counts["waiting"]
        and all(number >= 0 for number in counts.values())
    )
