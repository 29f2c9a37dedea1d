"""Pages and lists: the summary of a unit against a bare route, the overdue list against an index lookup."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from motcua.processes import Program, kept_running
from motcua.readiness import READY_WITHIN_S
from motcua.services import DOSSIER, INDICATOR
from tests.bench.lanes import Lane, rate, times
from tests.bench.measuring import Case, Judged, Result, alternating, judged, percentile
from tests.bench.province import units
from tests.bench.system import PORT_BASE, System, fail, pgbench_latencies

SUMMARY = Case("summary", "requests/s", Judged.RATE, 0.4)
SUMMARY_304 = Case("summary_304", "requests/s", Judged.RATE, 0.8)
WORKLISTS = Case("worklists", "ms, p99", Judged.SLOW_DOWN, 8)
BARE_PORT = PORT_BASE + 9
REQUESTS = 400
PERIOD = "2025-Q2"
WAITING = [code for code, level, _ in units() if level != "province"]

# Open dossiers, one in fifty, due around today; the rest is done and in no list.
FILL = """
    INSERT INTO dossier.dossiers ({columns})
    SELECT {values} FROM generate_series(1, {number}) AS n, (SELECT array_agg(code) AS codes FROM dossier.units) AS unit
"""
VALUES = {
    "code": "'wl-' || n",
    "status": "CASE WHEN n % 50 = 0 THEN 'processing' ELSE 'returned' END",
    # Counted by open dossiers, so that each unit has its share of them.
    "unit_code": "unit.codes[1 + (n / 50 + n % 50) % cardinality(unit.codes)]",
    "procedure_code": "'3.000001'",
    "promised_version": "0",
    "calendar_version": "0",
    "late_from": "CASE WHEN n % 50 = 0 THEN now() + make_interval(mins => (n / 50) % 40000 - 20000) END",
    "is_extended": "false",
}
PLACES = """
    CREATE TABLE bench.places AS SELECT row_number() OVER () AS n, code FROM dossier.units WHERE level <> 'province'
"""
LOOKUP = """
\\set place random(1, :units)
SELECT code, late_from FROM dossier.dossiers
WHERE unit_code = (SELECT code FROM bench.places WHERE n = :place) AND late_from <= now()
ORDER BY late_from, code LIMIT 101;
"""


async def summaries(system: System, *, repetitions: int) -> list[Result]:
    """Return the two cases of the summary: made fresh, and known already by its ETag."""
    async with system.lanes(INDICATOR, 1) as [lane]:
        fresh = lane.request("GET", f"/v1/summaries/H35.30?period={PERIOD}")
        content, tag = await _page_and_tag(lane, fresh)
        known = lane.request("GET", f"/v1/summaries/H35.30?period={PERIOD}", If_None_Match=tag)
        async with bare_route(content) as bare_lane:
            bare = [bare_lane.request("GET", "/v1/bare")] * (5 * REQUESTS)

            async def floor() -> float:
                return await rate([bare_lane], [bare])

            async def ours() -> float:
                return await rate([lane], [[fresh] * REQUESTS])

            async def ours_known() -> float:
                return await rate([lane], [[known] * REQUESTS], expected=304)

            return [
                judged(SUMMARY, *await alternating(ours, floor, repetitions=repetitions)),
                judged(SUMMARY_304, *await alternating(ours_known, floor, repetitions=repetitions)),
            ]


async def _page_and_tag(lane: Lane, request: bytes) -> tuple[bytes, str]:
    status, content = await lane.send(request)
    if status != 200:
        raise RuntimeError(content[:600])
    return content, lane.header("etag")


@asynccontextmanager
async def bare_route(content: bytes) -> AsyncIterator[Lane]:
    """Serve bytes from a route of FastAPI that does nothing else; yield a connection to it."""
    with TemporaryDirectory(prefix="motcua-bare-") as folder:
        file = Path(folder) / "content"
        file.write_bytes(content)
        program = Program(
            name="bare",
            command=(
                *(sys.executable, "-m", "uvicorn", "tests.bench.bare:create_app", "--factory"),
                *("--host", "127.0.0.1", "--port", str(BARE_PORT), "--loop", "uvloop", "--http", "httptools"),
                # Longer than the other side of the alternation takes.
                *("--ws", "none", "--no-access-log", "--timeout-keep-alive", "600"),
            ),
            environment={**os.environ, "BARE_CONTENT": str(file)},
            log=Path(folder) / "bare.log",
        )
        async with kept_running(program, report=fail):
            lane = await _connected()
            try:
                yield lane
            finally:
                lane.close()


async def _connected() -> Lane:
    async with asyncio.timeout(READY_WITHIN_S):
        while True:
            try:
                return await Lane(f"http://127.0.0.1:{BARE_PORT}", "none").open()
            except OSError:
                await asyncio.sleep(0.05)


async def worklists(system: System, number: int, *, repetitions: int) -> Result:
    """Return the overdue list of any unit among so many dossiers."""
    await _fill(system, number)
    chance = Random(7)  # noqa: S311 - the same units every time
    async with system.lanes(DOSSIER, 1) as [lane]:
        asked = [lane.request("GET", f"/v1/worklists/overdue?unit={chance.choice(WAITING)}") for _ in range(REQUESTS)]
        # What is planned and read for the first time is no part of the tail.
        await times(lane, asked[:50])

        async def floor() -> float:
            return percentile(await pgbench_latencies(system, LOOKUP, transactions=2000, units=len(WAITING)), 0.99)

        async def ours() -> float:
            return percentile(await times(lane, asked), 0.99)

        return judged(WORKLISTS, *await alternating(ours, floor, repetitions=repetitions))


async def _fill(system: System, number: int) -> None:
    """Write so many dossiers, and have them on disk before anything is timed."""
    async with system.administrator() as connection:
        columns, values = ", ".join(VALUES), ", ".join(VALUES.values())
        await connection.execute(FILL.format(columns=columns, values=values, number=number))
        await connection.execute("DROP TABLE IF EXISTS bench.places")
        await connection.execute(PLACES)
        await connection.execute("CREATE UNIQUE INDEX ON bench.places (n)")
        for table in ("dossier.dossiers", "bench.places"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        await connection.execute("CHECKPOINT")
