"""`make bench`: every case against its floor of the same run; QUICK=1 measures small sizes.

CASES=ingest,figures narrows it to parts; FIGURES=30000000 draws so many dossiers for the larger size of figures.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import uvloop
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


# A million dossiers take a minute to draw and sum up, and all of QUICK may take no longer: a scan is cheap here.
QUICK = Extent(1, 1, (5_000, 50_000), 10_000, 50_000, 4)
WHOLE = Extent(5, 4, (1_000_000, 10_000_000), 1_000_000, 10_000_000, 100)


async def run(extent: Extent, parts: frozenset[str]) -> AsyncIterator[Result]:
    """Yield each result as it comes."""
    with TemporaryDirectory(prefix="motcua-bench-") as folder:
        async with system(Path(folder)) as at:
            if parts - {"start", "memory"}:
                async with at.serving(DOSSIER):
                    async for result in _served(at, extent, parts):
                        yield result
            # What is uploaded here need not be counted above.
            if "memory" in parts:
                async for result in _memory(at, extent.upload_mb):
                    yield result
        if "start" in parts:
            yield await living.start(Path(folder), repetitions=extent.repetitions)


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
    results = []
    if "ingest" in parts:
        results = await ingest.bench(at, counters, repetitions=extent.repetitions, scale=extent.scale)
        for result in results:
            yield result
    async with at.serving(INDICATOR):
        # Everything after needs figures of what was told.
        projected = await project.bench(at, results[0].value if results else 1.0)
        if "project" in parts and results:
            yield projected
        if "rebuild" in parts:
            yield await rebuilding.bench(at, extent.rebuild)
        async with at.serving(REPORT):
            async for result in _answers(at, extent, parts):
                yield result


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


def _extent() -> Extent:
    extent = QUICK if os.environ.get("QUICK") else WHOLE
    if number := os.environ.get("FIGURES"):
        return replace(extent, figures=(extent.figures[0], int(number)))
    return extent


async def main() -> None:
    """Run all cases, keep each result as it comes, print the table."""
    console = Console(width=130)
    extent = _extent()
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
    uvloop.run(main())
