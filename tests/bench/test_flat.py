"""Both sides of the benchmark of figures say the same: the service, and the scan it is measured against."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from indicator_api.usecases.rebuild_figures import sum_up
from motcua.roles import Databases
from motcua.services import INDICATOR, database_of, on_database
from shared.db import engine_from, transactions
from tests.bench.flat import SCAN, fill
from tests.indicator_api.feeding import FakeDossierApi, World, open_world
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, life

DOSSIERS = 3_000
SUBTREES = {PROVINCE: [PROVINCE, DISTRICT, OTHER_DISTRICT, COMMUNE], DISTRICT: [DISTRICT, COMMUNE], COMMUNE: [COMMUNE]}


@pytest.fixture
async def administrator(own_database: Databases, server_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection that may do everything."""
    connection = await asyncpg.connect(on_database(server_url, database_of(own_database.of(INDICATOR))))
    yield connection
    await connection.close()


@pytest.fixture
async def world(own_database: Databases, administrator: asyncpg.Connection) -> AsyncIterator[World]:
    """Return a province whose dossiers are drawn, its indexes and sums made."""
    told = FakeDossierApi()
    told.tell_tree()
    for number in range(60):
        told.tell(f"{number}", life(procedure_code=f"{1 + number % 3}.{number:06}", field=f"{number % 7}"))
    async with engine_from(own_database.of(INDICATOR)) as engine:
        opened = open_world(transactions(engine), told)
        async with opened.upstream, opened.client:
            await opened.project()
            await administrator.execute("CREATE SCHEMA bench")
            await fill(administrator, DOSSIERS)
            await sum_up(opened.begin)
            yield opened


async def test_a_scan_of_the_dossiers_drawn_says_what_the_service_says(
    world: World, administrator: asyncpg.Connection
) -> None:
    ids = dict(await administrator.fetch("SELECT code, id FROM indicator.units"))
    chance = Random(7)  # noqa: S311 - the same questions every time
    for unit, codes in SUBTREES.items():
        for _ in range(10):
            first = date(2020, 1, 1) + timedelta(chance.randrange(2000))
            last = first + timedelta(chance.randrange(365))

            scanned = await administrator.fetch(SCAN.format(narrowed=""), first, last, [ids[code] for code in codes])

            end = last + timedelta(1)
            answered = await world.rows(unit=unit, period=f"{first}/{end}", group_by="level")
            assert by_level(answered) == {row["level"]: without_zeros(dict(row)) for row in scanned}, (unit, first)


async def test_every_dossier_drawn_is_told_once(world: World, administrator: asyncpg.Connection) -> None:
    (whole,) = await world.rows(period="2019-01-01/2027-01-01")

    assert whole["counts"]["received"] == DOSSIERS
    assert whole["counts"]["open"] == await administrator.fetchval(
        "SELECT count(*) FROM bench.flat WHERE finished_on IS NULL"
    )


def by_level(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Return the counts a scan knows, by level; levels without any are left out."""
    told = {row["group"]["level"]: without_zeros(row["counts"]) for row in rows}
    return {level: counts for level, counts in told.items() if counts}


def without_zeros(counts: dict[str, Any]) -> dict[str, int]:
    """Return the numbers that are not 0."""
    return {count: number for count, number in counts.items() if count not in UNSCANNED and number}


# Told from others, or what the drawn dossiers never do.
UNSCANNED = {"level", "open_in_time", "overdue_carried_over", "ended_in_time_766", "open_in_time_766"}
