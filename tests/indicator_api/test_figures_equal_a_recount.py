"""Whatever happened, however it was read and whatever is asked, the figures are those of a recount."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.indicator_api.feeding import FakeDossierApi, World, open_world
from tests.indicator_api.given import unit
from tests.indicator_api.histories import histories, questions
from tests.indicator_api.recount import LEVELS, ONE_DAY, PARENTS, Asked, Told, recount
from tests.support.databases import joined

CAME = ("carried_over", "received", "transferred_in")
WENT = ("early", "on_time", "late", "undetermined", "withdrawn", "stopped", "transferred_out", "open")
# Rule: contract section 5 and domain c.7, written out a second time.
IN_HAND = {"carried_over": 1, "received": 1}
RATES: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "on_time_rate": ({"early": 1, "on_time": 1}, {"early": 1, "on_time": 1, "late": 1}),
    "on_time_of_received": ({"early": 1, "on_time": 1}, IN_HAND),
    "on_time_766": ({"ended_in_time_766": 1, "open_in_time_766": 1}, IN_HAND),
    "satisfaction": ({"satisfied": 1}, {"rated": 1}),
    "on_time_strict": ({**IN_HAND, "late": -1, "open_overdue": -1}, IN_HAND),
    "time_score": ({"early": 2, "on_time": 1}, {"early": 1, "on_time": 1, "late": 1}),
    "online_of_all": ({"received_online": 1}, {"received": 1}),
    "supplement_rate": ({"supplement_requests": 1}, IN_HAND),
    "refusal_rate": ({"refused": 1}, {"refused": 1, "received": 1}),
    "postal_in": ({"received_postal": 1}, {"received": 1}),
}
TRANSFERS = {"transferred_in", "transferred_out"}
# Behind rates only; a table of counts does not show them.
UNSHOWN = {"ended_in_time_766", "open_in_time_766", "rated", "satisfied"}


@given(histories(), st.lists(questions(), min_size=4, max_size=4), st.integers(1, 20), st.sampled_from(sorted(RATES)))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_figures_equal_a_recount(
    indicator_connection: AsyncConnection, history: list[Told], asked: list[Asked], page: int, rate: str
) -> None:
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), told(history))
    async with world.upstream, world.client:
        await world.project(page)

        for question in asked:
            rows = await world.rows(**parameters(question))

            assert by_group(rows) == shown(recount(history, question)), question
            assert all(identity_holds(row["counts"]) for row in rows)
            await assert_rate_equals(world, rate, question, recount(history, question))
            await assert_parts_make_the_whole(world, question)
    await example.rollback()


async def assert_parts_make_the_whole(world: World, question: Asked) -> None:
    """Compare the sum over the units with the whole, transfers between them aside."""
    undivided = parameters(question)
    (whole,) = await world.rows(**{**undivided, "group_by": ""})
    parts: Counter[str] = Counter()
    for row in await world.rows(**{**undivided, "group_by": "unit"}):
        parts.update(row["counts"])
    assert {count: parts[count] for count in whole["counts"].keys() - TRANSFERS} == {
        count: number for count, number in whole["counts"].items() if count not in TRANSFERS
    }


async def assert_rate_equals(
    world: World, rate: str, question: Asked, counted: dict[tuple[str, ...], Counter[str]]
) -> None:
    """Compare a rate with the recounted counts it is made of, group by group."""
    for row in await world.rows(f"/v1/indicators/{rate}", **parameters(question)):
        counts = counted.get(("*", *row["group"].values()), Counter())
        parts = [sum(times * counts[count] for count, times in part.items()) for part in RATES[rate]]
        assert [row["numerator"], row["denominator"]] == parts, (rate, question, row)
        assert row["value"] == rounded_half_up(*parts), (rate, question, row)


def rounded_half_up(numerator: int, denominator: int) -> float | None:
    """Return the quotient as a person with a long sheet of paper would write it."""
    if denominator <= 0:
        return None
    quotient = Decimal(numerator) / Decimal(denominator)
    return float(quotient.quantize(Decimal("0.0001"), ROUND_HALF_UP))


def told(history: list[Told]) -> FakeDossierApi:
    """Return a feed of the units, then of the history."""
    upstream = FakeDossierApi()
    for code, parent_code in PARENTS.items():
        upstream.tell_unit(unit(code, LEVELS[code], parent_code), on=history[0].recorded_on)
    for one in history:
        upstream.tell(one.code, one.life, on=one.recorded_on)
    return upstream


def parameters(asked: Asked) -> dict[str, Any]:
    """Return a question as a query string."""
    optional = {"known_at": asked.known_at.isoformat()} if asked.known_at else {}
    return {
        "period": f"{asked.start}/{asked.as_of + 3 * ONE_DAY}",
        "as_of": asked.as_of.isoformat(),
        "unit": asked.unit,
        "basis": asked.basis,
        "group_by": ",".join(asked.group_by),
        **optional,
        **asked.narrowed,
    }


def by_group(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], Counter[str]]:
    """Return the counts by group as the recount has them: no zeros."""
    found = {("*", *row["group"].values()): Counter({k: v for k, v in row["counts"].items() if v}) for row in rows}
    return {key: counts for key, counts in found.items() if counts}


def shown(counted: dict[tuple[str, ...], Counter[str]]) -> dict[tuple[str, ...], Counter[str]]:
    """Return the recounted counts that a table shows, groups without any left out."""
    found = {key: Counter({k: v for k, v in counts.items() if k not in UNSHOWN}) for key, counts in counted.items()}
    return {key: counts for key, counts in found.items() if counts}


def identity_holds(counts: dict[str, int]) -> bool:
    return (
        sum(counts[count] for count in CAME) == sum(counts[count] for count in WENT)
        and counts["open"] == counts["open_in_time"] + counts["open_overdue"] + counts["waiting"]
        and all(number >= 0 for number in counts.values())
    )
