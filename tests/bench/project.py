"""From feed to figures: everything told so far, counted once."""

import asyncio
from time import perf_counter

from tests.bench.measuring import Case, Judged, Result, judged
from tests.bench.system import System

PROJECT = Case("project", "events/s", Judged.RATE, 1.0)
POLL_S = 0.05


async def bench(system: System, ingest_rate: float) -> Result:
    """Return the rate of the projection by a service just started; the floor is the rate of ingest."""
    async with system.administrator() as connection:
        last = await connection.fetchval("SELECT max(position) FROM dossier.events")
        events = await connection.fetchval("SELECT count(*) FROM dossier.events WHERE unit_code IS NOT NULL")

        async def position() -> int:
            return int(await connection.fetchval("SELECT position FROM indicator.feed_cursor"))

        while not (first := await position()):
            await asyncio.sleep(POLL_S)
        began = perf_counter()
        while (reached := await position()) < last:
            await asyncio.sleep(POLL_S)
        share = (reached - first) / last
        return judged(PROJECT, [events * share / (perf_counter() - began)], [ingest_rate])
