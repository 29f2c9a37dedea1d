"""Figures out: `/v1/counts` against a parallel scan of the dossiers."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from indicator_api.usecases.rebuild_figures import sum_up
from motcua.services import INDICATOR
from shared.db import engine_from, transactions
from tests.bench.flat import SCAN, fill
from tests.bench.lanes import times
from tests.bench.measuring import Case, Judged, Result, judged, percentile
from tests.bench.province import FIELDS, code_of, units
from tests.bench.system import System

COUNTS_UNIT = Case("counts_unit", "ms, p99", Judged.SPEED_UP, 20)
COUNTS_ANY = Case("counts_any", "ms, p99", Judged.SPEED_UP, 3)
COUNTS_GROWTH = Case("counts_growth", "ms, p99", Judged.SLOW_DOWN, 1.5)
REQUESTS, SCANS = 100, 8
FIRST = date(2020, 1, 1)
TABLES = ("bench.flat", "indicator.steps", "indicator.unit_sums", "indicator.service_sums")
NAMES = [code for code, _, _ in units()]

Query = dict[str, str]


async def prepare(system: System, number: int) -> None:
    """Put the figures of so many dossiers in place, sums, indexes and statistics included."""
    async with system.administrator() as connection:
        await fill(connection, number)
    async with engine_from(system.databases.of(INDICATOR)) as engine:
        await sum_up(transactions(engine))
    await _settle(system)


async def _settle(system: System) -> None:
    """Do what the server would otherwise do of itself in the minutes to come, while we measure."""
    async with system.administrator() as connection:
        for table in TABLES:
            await connection.execute(f"VACUUM {table}")
        await connection.execute("CHECKPOINT")


def by_unit(chance: Random) -> Query:
    """Draw any unit, any period, any day in it, by level and month."""
    start = FIRST + timedelta(chance.randrange(2000))
    named = chance.choice(
        [f"{start.year}", f"{start.year}-H1", f"{start:%Y-%m}", f"{start.year}-Q{chance.randint(1, 4)}"]
    )
    end = start + timedelta(chance.randint(1, 365))
    query = {"unit": chance.choice([*NAMES, "H35"]), "group_by": chance.choice(["", "level", "month", "level,month"])}
    if chance.random() < 0.5:
        return {**query, "period": named}
    as_of = start + timedelta(chance.randrange((end - start).days))
    return {**query, "period": f"{start}/{end}", "as_of": as_of.isoformat()}


def by_anything(chance: Random) -> Query:
    """Draw any field, procedure, channel or day of knowledge as well."""
    query = {**by_unit(chance), "group_by": chance.choice(["", "level", "channel"])}
    match chance.randrange(4):
        case 0:
            return {**query, "field": chance.choice(FIELDS)}
        case 1:
            return {**query, "procedure": code_of("commune", int(1.03 ** chance.randrange(180)))}
        case 2:
            return {**query, "channel": chance.choice(["direct", "online"])}
        case _:
            return {**query, "known_at": (date(2025, 12, 31) - timedelta(chance.randrange(700))).isoformat()}


async def ask(system: System, draw: Callable[[Random], Query], *, number: int = REQUESTS) -> list[float]:
    """Return how long so many questions took, each a new one, in milliseconds."""
    chance = Random(7)  # noqa: S311 - the same questions every time
    async with system.lanes(INDICATOR, 1) as [lane]:
        requests = [lane.request("GET", f"/v1/counts?{_encoded(draw(chance))}") for _ in range(number + 10)]
        return (await times(lane, requests))[10:]


def _encoded(query: Query) -> str:
    return urlencode(query)


async def scan(system: System, *, narrowed: str = "") -> list[float]:
    """Return how long the same took by scanning the dossiers, in milliseconds."""
    chance, taken = Random(7), []  # noqa: S311 - as above
    async with system.administrator() as connection:
        await connection.execute("SET max_parallel_workers_per_gather = 2; SET jit = off; SET work_mem = '64MB'")
        every = [row["unit_id"] for row in await connection.fetch("SELECT unit_id FROM bench.levels")]
        for _ in range(SCANS):
            start = FIRST + timedelta(chance.randrange(2000))
            chosen = chance.choice([every, [chance.choice(every)]])
            arguments: list[Any] = [start, start + timedelta(chance.randint(1, 365)), chosen]
            began = perf_counter()
            await connection.fetch(SCAN.format(narrowed=narrowed), *arguments)
            taken.append((perf_counter() - began) * 1000)
    return taken


async def _warm_up(system: System) -> None:
    """Ask until statements and pages are where they are on any day but the first; else the smaller size is slower."""
    await ask(system, by_unit)
    await ask(system, by_anything, number=REQUESTS // 5)


async def bench(system: System, *, sizes: tuple[int, int], repetitions: int) -> list[Result]:
    """Return the three cases of counts; the last size is the one they are held to."""
    small, large = sizes
    await prepare(system, small)
    await _warm_up(system)
    before = [percentile(await ask(system, by_unit), 0.99) for _ in range(repetitions)]
    await prepare(system, large)
    unit, anything, scans = [], [], []
    for _ in range(repetitions):
        scans.append(percentile(await scan(system), 0.99))
        unit.append(percentile(await ask(system, by_unit), 0.99))
        anything.append(percentile(await ask(system, by_anything), 0.99))
    return [
        judged(COUNTS_UNIT, unit, scans),
        judged(COUNTS_ANY, anything, scans),
        judged(COUNTS_GROWTH, unit, before),
    ]
