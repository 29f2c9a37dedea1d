"""`make bench`: every case against its floor of the same run; QUICK=1 measures small sizes.

CASES=ingest,figures narrows it to parts.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from rich.console import Console

from motcua.services import DOSSIER, INDICATOR, REPORT, SERVICES
from tests.bench import answering, figures, ingest, living, project, rebuilding
from tests.bench.measuring import Result, keep, show
from tests.bench.system import System, system

PARTS = ("ingest", "project", "rebuild", "figures", "summary", "worklists", "report", "memory", "start")


@dataclass(frozen=True)
class Extent:
    """How much is measured: repetitions, a factor on events, and numbers of dossiers."""

    repetitions: int
    scale: int
    figures: tuple[int, int]
    rebuild: int
    worklists: int
    upload_mb: int


# A million dossiers take longer to draw and sum up than all of QUICK may: ratios to a scan are small here.
QUICK = Extent(1, 1, (4_000, 16_000), 10_000, 50_000, 4)
WHOLE = Extent(5, 4, (1_000_000, 10_000_000), 1_000_000, 10_000_000, 100)


async def run(extent: Extent, parts: frozenset[str]) -> AsyncIterator[Result]:
    """Yield each result as it comes."""
    with TemporaryDirectory(prefix="motcua-bench-") as folder:
        if "start" in parts:
            yield await living.start(Path(folder), repetitions=extent.repetitions)
        async with system(Path(folder)) as at:
            if "memory" in parts:
                async for result in _memory(at, extent.upload_mb):
                    yield result
            if parts - {"start", "memory"}:
                async with at.serving(DOSSIER):
                    async for result in _served(at, extent, parts):
                        yield result


async def _memory(at: System, upload_mb: int) -> AsyncIterator[Result]:
    """Yield what services take that have just been started."""
    async with at.serving(*SERVICES):
        yield await living.idle_memory(at)
        await ingest.tell_catalogue(at)
        yield await living.upload_memory(at, upload_mb)


async def _served(at: System, extent: Extent, parts: frozenset[str]) -> AsyncIterator[Result]:
    """Yield what is measured while dossier_api serves."""
    await ingest.tell_catalogue(at)
    counters = ingest.Counters()
    await ingest.make_floor(at, counters)
    async for result in _events(at, counters, extent, parts):
        yield result
    async with at.serving(INDICATOR, REPORT):
        async for result in _answers(at, extent, parts):
            yield result


async def _events(
    at: System, counters: ingest.Counters, extent: Extent, parts: frozenset[str]
) -> AsyncIterator[Result]:
    """Yield what concerns events on their way in, and from the feed into figures."""
    rates = [0.0]
    if "ingest" in parts:
        results = await ingest.bench(at, counters, repetitions=extent.repetitions, scale=extent.scale)
        rates = [result.value for result in results]
        for result in results:
            yield result
    # Everything after needs figures of what was told.
    projected = await project.bench(at, rates[0] or 1.0)
    if "project" in parts and rates[0]:
        yield projected
    if "rebuild" in parts:
        yield await rebuilding.bench(at, extent.rebuild)


async def _answers(at: System, extent: Extent, parts: frozenset[str]) -> AsyncIterator[Result]:
    """Yield what concerns readers."""
    if "figures" in parts:
        for result in await figures.bench(at, sizes=extent.figures, repetitions=extent.repetitions):
            yield result
    elif parts & {"summary", "report"}:
        await figures.prepare(at, extent.figures[0])
    if "summary" in parts:
        for result in await answering.summaries(at, repetitions=extent.repetitions):
            yield result
    if "worklists" in parts:
        yield await answering.worklists(at, extent.worklists, repetitions=extent.repetitions)
    if "report" in parts:
        yield await living.reports(at, repetitions=extent.repetitions)


async def main() -> None:
    """Run all cases, keep each result as it comes, print the table."""
    console = Console(width=130)
    extent = QUICK if os.environ.get("QUICK") else WHOLE
    parts = frozenset(os.environ.get("CASES", ",".join(PARTS)).split(","))
    results, began = [], monotonic()
    async for result in run(extent, parts):
        keep(result)
        results.append(result)
        console.print(
            f"{monotonic() - began:5.0f} s  {result.name}: {result.value:,.2f} {result.unit}", highlight=False
        )
    show(results, console)


if __name__ == "__main__":
    asyncio.run(main())
