"""The kept sums are what adding up every step again gives, whatever happened to dossiers and to the tree."""

from collections import Counter
from datetime import date
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.store import kept_sums
from indicator_api.store.tables import places, service_sums, step_kinds, steps, transfer_sums, transfers, unit_sums
from indicator_api.usecases.project_feed import project_feed
from motcua.roles import Databases
from motcua.services import INDICATOR
from shared.db import engine_from, transactions
from tests.indicator_api.feeding import ZONE, FakeDossierApi, World, open_world
from tests.indicator_api.given import life, unit
from tests.indicator_api.histories import histories
from tests.indicator_api.province import UNITS
from tests.indicator_api.recount import Entry, UnitTold
from tests.indicator_api.test_figures_equal_a_recount import told
from tests.support.databases import joined

NAMES = [measure.value for measure in STEP_MEASURES]
DAY, HALF, MONTH, YEAR = 1, 2, 3, 4
# Which unit may come to which level, and below whom without a circle.
MOVES = st.tuples(
    st.sampled_from(["H35.12.01", "H35.12.02", "H35.13.01", "H35.13"]),
    st.sampled_from(["district", "commune"]),
    st.sampled_from(["H35", "H35.12"]),
)

Sums = dict[tuple[Any, ...], Counter[str]]


@st.composite
def feeds(draw: st.DrawFn) -> FakeDossierApi:
    """Draw a feed in which units change their parent and level among the dossiers' changes; one may come last."""
    history, late = draw(histories()), draw(st.sampled_from([None, *UNITS[1:]]))
    moves = draw(st.lists(st.tuples(st.integers(0, len(history) - 1), MOVES), max_size=4))
    kept: list[Entry] = []
    for number, one in enumerate(history):
        moved = [unit(*move) for place, move in moves if place == number]
        kept += [UnitTold(one.recorded_on, told) for told in moved]
        kept += [] if isinstance(one, UnitTold) and one.unit["code"] == late else [one]
    if late is not None:
        kept.append(UnitTold(history[-1].recorded_on, unit(late, "commune", "H35")))
    return told(kept)


@given(feeds(), st.integers(1, 20))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_kept_sums_equal_the_steps(
    indicator_connection: AsyncConnection, upstream: FakeDossierApi, page: int
) -> None:
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), upstream)
    async with world.upstream, world.client:
        await world.project(page)

        await assert_kept_sums_equal_the_steps(indicator_connection)
        await assert_every_unit_is_the_sum_of_its_parts(world)
        await assert_added_up_at_once_they_are_the_same(world, indicator_connection)
    await example.rollback()


async def test_units_may_move_between_pages_of_one_transaction(own_database: Databases) -> None:
    upstream = FakeDossierApi()
    upstream.tell_tree()
    for number, level in enumerate(["district", "commune"] * 2):
        upstream.tell("a", life("06-01", channel=["online", "postal"][number % 2]))
        upstream.tell_unit(unit("H35.12.01", level, ["H35", "H35.13"][number % 2]))
        upstream.tell(f"b{number}", life("06-20", units=[("01-01", "H35.12.01"), ("07-01", "H35.13")]))
    async with (
        engine_from(own_database.of(INDICATOR)) as engine,
        httpx.AsyncClient(base_url="http://dossier", transport=httpx.MockTransport(upstream.answer)) as client,
    ):
        await project_feed(DossierFeed(client, 1, 0), begin=transactions(engine), zone=ZONE)
        async with engine.connect() as connection:
            await assert_kept_sums_equal_the_steps(connection)


async def assert_kept_sums_equal_the_steps(connection: AsyncConnection) -> None:
    assert await kept(connection, unit_sums) == await added_up(connection, (DAY, MONTH, YEAR))
    assert await kept(connection, service_sums) == await added_up(connection, (HALF, YEAR), by_service=True)
    assert await kept(connection, transfer_sums) == await transfers_added_up(connection)


async def assert_added_up_at_once_they_are_the_same(world: World, connection: AsyncConnection) -> None:
    tables = (unit_sums, service_sums, transfer_sums)
    before = [await kept(connection, table) for table in tables]
    async with world.begin() as session:
        for table in tables:
            await session.execute(delete(table))
            await kept_sums.add_all(session, table=table.name)
    assert [await kept(connection, table) for table in tables] == before


async def assert_every_unit_is_the_sum_of_its_parts(world: World) -> None:
    period = "2019-12-20/2025-06-20"
    for code in UNITS:
        (whole,) = await world.rows(unit=code, period=period)
        parts: Counter[str] = Counter()
        for row in await world.rows(unit=code, period=period, group_by="unit"):
            parts.update({count: n for count, n in row["counts"].items() if not count.startswith("transferred")})
        assert +parts == Counter(
            {count: n for count, n in whole["counts"].items() if n and not count.startswith("transferred")}
        ), code


async def kept(connection: AsyncConnection, table: Any) -> Sums:
    """Return the rows of a table of sums by key, zeros left out."""
    keys = [column.name for column in table.primary_key.columns]
    found = {}
    for row in (await connection.execute(select(table))).mappings():
        sums = Counter({name: number for name, number in row.items() if name not in keys and number})
        if sums:
            found[tuple(row[key] for key in keys)] = sums
    return found


async def added_up(connection: AsyncConnection, grains: tuple[int, ...], *, by_service: bool = False) -> Sums:
    """Return what the steps add to each place, grain and channel."""
    holding = (await connection.execute(select(places.c.id, places.c.members))).all()
    kinds = {row["id"]: row for row in (await connection.execute(select(step_kinds))).mappings()}
    found: Sums = {}
    for step in (await connection.execute(select(steps))).mappings():
        service = (step["service_id"],) if by_service else ()
        for place_id, members in holding:
            for grain in grains if step["unit_id"] in members else ():
                key = (place_id, grain, start_of(grain, step["day"]), *service, step["channel"])
                found.setdefault(key, Counter()).update({name: kinds[step["kind_id"]][name] for name in NAMES})
    return without_zeros(found)


async def transfers_added_up(connection: AsyncConnection) -> Sums:
    found: Sums = {}
    for one in (await connection.execute(select(transfers))).mappings():
        for grain in (DAY, MONTH, YEAR):
            start = start_of(grain, one["day"])
            key = (grain, start, one["from_unit_id"], one["to_unit_id"], one["channel"])
            found.setdefault(key, Counter())["moved"] += one["moved"]
    return without_zeros(found)


def without_zeros(sums: Sums) -> Sums:
    nonzero = {key: Counter({name: number for name, number in found.items() if number}) for key, found in sums.items()}
    return {key: found for key, found in nonzero.items() if found}


def start_of(grain: int, day: date) -> date:
    starts = {DAY: day, HALF: day.replace(day=15 if day.day >= 15 else 1), MONTH: day.replace(day=1)}
    return starts.get(grain, date(day.year, 1, 1))
