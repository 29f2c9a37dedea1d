"""One system for all of tests/e2e: loaded while everything in it is killed, then started again on its data."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

import pytest

from motcua.home import Home
from tests.e2e.system import PROGRAMS, Run, get, running

HALF_YEAR = {"unit": "H35", "period": "2020-H1"}
# Of 111 batches, how many are in when each program is killed, and when all are killed together.
KILLED_AT = {"dossier_api": 10, "indicator_api": 30, "postgres": 50, "report_worker": 65}
ALL_KILLED_AT = 80


@dataclass(frozen=True)
class State:
    """What a reader can see of the figures and the reports."""

    counts: Any
    reports: dict[str, str]
    files: dict[str, str]
    last_position: int


@dataclass(frozen=True)
class System:
    """The system after all it went through; `before` is what it showed before its last stop."""

    run: Run
    before: State
    ready_after_s: float


@pytest.fixture(scope="session")
async def system(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[System]:
    """Load the half-year under fire, kill everything once more when it is in, stop, and start again."""
    home = Home(tmp_path_factory.mktemp("half-year"))
    async with running(home) as run:
        await _loading_under_fire(run)
    async with running(home) as run:
        await _reports_under_fire(run)
        await run.ready()
        for program in PROGRAMS:
            await run.kill(program)
            await run.answers()
        before = await state_of(run)
    started = monotonic()
    async with running(home) as run:
        await run.ready()
        yield System(run, before, monotonic() - started)


async def _loading_under_fire(run: Run) -> None:
    for program, batches in KILLED_AT.items():
        await run.until(lambda batches=batches: run.batches_sent >= batches)  # type: ignore[misc]  # bound at once
        await run.kill(program)
    await run.until(lambda: run.batches_sent >= ALL_KILLED_AT)
    await run.kill_everything()


async def _reports_under_fire(run: Run) -> None:
    """Kill report_worker while it makes the first report."""
    await run.answers()
    async with run.client("report_worker") as client:

        async def making() -> bool:
            page = (await client.get("/v1/reports")).json()
            return any(report["state"] == "running" for report in page["items"])

        await run.until(making)
    await run.kill("report_worker")


async def state_of(run: Run) -> State:
    """Read what the system shows."""
    counts = await get(run, "indicator_api", "/v1/counts", **HALF_YEAR, group_by="unit,month")
    reports = (await get(run, "report_worker", "/v1/reports"))["items"]
    through = await get(run, "indicator_api", "/v1/through")
    async with run.client("report_worker") as client:
        files = {
            path: hashlib.sha256((await client.get(path)).content).hexdigest()
            for report in reports
            for path in report["files"].values()
        }
    return State(counts, {report["id"]: report["state"] for report in reports}, files, through["position"])
