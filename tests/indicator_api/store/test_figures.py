"""The statements behind the figures keep their plans and their number."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.life import LifeV1
from shared.db import Begin, driver_of
from tests.indicator_api.feeding import World
from tests.indicator_api.given import COMMUNE, DISTRICT, life, version

# Written as a feed is: day after day, units mixed.
MANY_STEPS_OF_MANY_DAYS = """
    INSERT INTO indicator.steps (position, dossier_id, recorded_on, day, unit_id, service_id, channel, kind_id)
    SELECT n, n, day, day, units.id, 1, 1, 1
    FROM generate_series(1, 40000) AS n, LATERAL (SELECT '2018-01-01'::date + n / 32 AS day), indicator.units
"""
# A field has so few of them that to look at every step of a unit seems cheap to who does not know the days.
MANY_STEPS_OF_MANY_SERVICES = """
    INSERT INTO indicator.services (procedure_code, field, online_level)
    SELECT n, 'Lĩnh vực ' || n % 30, 'nd43:4' FROM generate_series(1, 1000) AS n;
    INSERT INTO indicator.steps (position, dossier_id, recorded_on, day, unit_id, service_id, channel, kind_id)
    SELECT 1, n, '2020-07-01', '2015-01-01'::date + n % 2190, units.id, services.id, 1, 1
    FROM generate_series(1, 20000) AS n JOIN indicator.services ON services.id = 1 + n % 1000, indicator.units;
"""
MANY_TRANSFER_SUMS = """
    INSERT INTO indicator.transfer_sums (grain, start, from_unit_id, to_unit_id, channel, moved)
    SELECT 1, '1900-01-01'::date + n, 1, 2, 1, 1 FROM generate_series(1, 20000) AS n
"""
MANY_TARGET_SETS = """
    INSERT INTO indicator.target_sets (recorded_at, recorded_by, targets)
    SELECT '2020-01-01', 'keeper', '[]' FROM generate_series(1, 20000) AS n
"""


@contextmanager
def sent_statements(connection: AsyncConnection) -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """Note every statement sent, with its parameters."""
    sent: list[tuple[str, tuple[Any, ...]]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: tuple[Any, ...], *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", note)


def many(number: int) -> list[tuple[str, LifeV1]]:
    channels = ("direct", "online", "postal")
    return [
        (f"{index:04}", life("06-01", units=[("06-01", COMMUNE)], channel=channels[index % 3], field=f"{index % 7}"))
        for index in range(number)
    ]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/counts", {"group_by": "unit,field,channel,month"}),
        ("/v1/counts/dossiers", {"count": "received"}),
        ("/v1/indicators/on_time_rate", {"group_by": "field"}),
        ("/v1/indicators/online_active_34", {"group_by": "field"}),
    ],
)
async def test_the_number_of_statements_does_not_grow_with_rows(
    world: World, indicator_connection: AsyncConnection, path: str, query: dict[str, str]
) -> None:
    numbers = []
    world.told.tell_procedure("1.001193", version())
    for number in (1, 40):
        for code, dossier in many(number):
            world.told.tell(code, dossier)
        await world.project()
        await world.get(path, period="2020", **query)
        with sent_statements(indicator_connection) as sent:
            assert (await world.get(path, period="2020", **query)).status_code == 200
        numbers.append(sum(statement.startswith("SELECT") for statement, _ in sent))

    assert numbers[0] == numbers[1] <= 4


async def test_what_was_known_long_ago_is_read_where_it_was_recorded(
    world: World, indicator_connection: AsyncConnection, indicator_begin: Begin
) -> None:
    world.told.tell("a", life(units=[("06-01", COMMUNE)]))
    world.told.tell_other("vn.motcua.other.v1", on=date(2020, 12, 1))
    await world.project()
    await fill(indicator_begin, MANY_STEPS_OF_MANY_DAYS, "steps")

    with sent_statements(indicator_connection) as sent:
        await world.counts(unit=DISTRICT, period="2020", known_at="2020-07-01")
    # What the planner would choose among ten million dossiers cannot be shown with thousands.
    assert await indicator_connection.scalar(text("SHOW enable_indexscan")) == "off"
    plan = await plan_of(next(one for one in sent if "step_kinds" in one[0]), indicator_begin)

    assert plan.count("Bitmap Index Scan on ix_steps_recorded") == 2, plan
    assert "ix_steps_unit_id_day" not in plan, plan
    assert "Seq Scan on steps" not in plan, plan


@pytest.mark.parametrize(
    ("table", "more", "query"),
    [("unit_sums", "", {}), ("service_sums", ", service_id", {"field": "Hộ tịch"})],
    ids=["units", "services"],
)
async def test_kept_sums_are_read_by_place_and_day(
    world: World,
    indicator_connection: AsyncConnection,
    indicator_begin: Begin,
    table: str,
    more: str,
    query: dict[str, str],
) -> None:
    world.told.tell("a", life(units=[("06-01", COMMUNE)]))
    await world.project()
    values = ", 1" if more else ""
    rows = f"SELECT 1000, 1, '1900-01-01'::date + n, 1{values} FROM generate_series(1, 20000) AS n"
    await fill(indicator_begin, f"INSERT INTO {table} (place_id, grain, start, channel{more}) {rows}", table)

    with sent_statements(indicator_connection) as sent:
        assert (await world.counts(unit=COMMUNE, **query))["received"] == 1
    plan = await plan_of(next(one for one in sent if table in one[0]), indicator_begin)

    assert f"pk_{table}" in plan, plan
    assert f"Seq Scan on {table}" not in plan, plan
    assert "Scan on steps" not in plan, plan


async def test_the_edges_of_a_period_are_read_by_unit_and_day(
    world: World, indicator_connection: AsyncConnection, indicator_begin: Begin
) -> None:
    world.told.tell("a", life(units=[("06-01", COMMUNE)]))
    world.told.tell("b", life(units=[("06-01", DISTRICT)]))
    await world.project()
    for statement in MANY_STEPS_OF_MANY_SERVICES.split(";\n")[:2]:
        await fill(indicator_begin, statement, "steps, services")

    with sent_statements(indicator_connection) as sent:
        await world.counts(unit=COMMUNE, field="Lĩnh vực 3", period="2020-05-20/2020-06-09")
    plan = await plan_of(next(one for one in sent if "step_kinds" in one[0]), indicator_begin)

    conditions = re.findall(r"ix_steps_unit_id_day.*\n.*Index Cond: (.*)", plan)
    assert conditions, plan
    assert all("unit_id = " in one and "day >= " in one and "day < " in one for one in conditions), plan


async def test_transfers_are_read_by_day(
    world: World, indicator_connection: AsyncConnection, indicator_begin: Begin
) -> None:
    world.told.tell("a", life(units=[("06-01", COMMUNE), ("06-03", DISTRICT)]))
    await world.project()
    await fill(indicator_begin, MANY_TRANSFER_SUMS, "transfer_sums")

    with sent_statements(indicator_connection) as sent:
        assert (await world.counts(unit=DISTRICT, subtree="false"))["transferred_in"] == 1
    plan = await plan_of(next(one for one in sent if "transfer_sums" in one[0]), indicator_begin)

    assert "pk_transfer_sums" in plan, plan
    assert "Seq Scan on transfer_sums" not in plan, plan


@pytest.mark.parametrize("query", [{}, {"known_at": "2020-07-01"}], ids=["now", "then"])
async def test_the_newest_targets_are_found_without_looking_at_all_sets(
    world: World, indicator_connection: AsyncConnection, indicator_begin: Begin, query: dict[str, str]
) -> None:
    await world.project()
    await fill(indicator_begin, MANY_TARGET_SETS, "target_sets")

    with sent_statements(indicator_connection) as sent:
        assert (await world.get("/v1/targets", **query)).status_code == 200
    plan = await plan_of(next(one for one in sent if "target_sets" in one[0]), indicator_begin)

    assert "Index Scan Backward using pk_target_sets" in plan, plan


async def fill(begin: Begin, statement: str, table: str) -> None:
    async with begin() as session:
        await session.execute(text(statement))
        await session.execute(text(f"ANALYZE {table}"))


async def plan_of(sent: tuple[str, tuple[Any, ...]], begin: Begin) -> str:
    statement, parameters = sent
    async with begin() as session:
        await session.execute(text("SELECT 1"))
        driver = await driver_of(session)
        return "\n".join(line for (line,) in await driver.fetch(f"EXPLAIN {statement}", *parameters))
