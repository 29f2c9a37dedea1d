"""What it takes to live with the system: reports, memory, starting."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import msgspec

from motcua.services import DOSSIER, REPORT, RUN, SERVICES, Service
from shared.http.client import client_for
from tests.bench.measuring import Case, Judged, Result, judged
from tests.bench.province import PostedEvent, Stream
from tests.bench.system import PORT_BASE, System

REPORTED = Case("report", "s", Judged.CEILING, 3.0)
MEMORY_IDLE = Case("memory_idle", "MB, largest service", Judged.CEILING, 130.0)
MEMORY_UPLOAD = Case("memory_upload", "MB added", Judged.CEILING, 64.0)
START = Case("start", "s", Judged.CEILING, 5.0)
POLL_S = 0.02
PATIENCE_S = 120.0
PIECE = 2_000


async def reports(system: System, *, repetitions: int) -> Result:
    """Return how long both forms take in all their files, for every unit and field."""
    taken = []
    async with client_for(system.settings.address_of(REPORT), key=system.keys[RUN]) as client:
        for _ in range(repetitions):
            began = perf_counter()
            await asyncio.gather(*(_made(client, form) for form in ("II.06a", "cchc")))
            taken.append(perf_counter() - began)
    return judged(REPORTED, taken)


async def _made(client: httpx.AsyncClient, form: str) -> None:
    order = {"form": form, "unit_code": "H35", "period": "2025-H1"}
    report: dict[str, Any] = (await client.post("/v1/reports", json=order)).raise_for_status().json()
    async with asyncio.timeout(PATIENCE_S):
        while (report := (await client.get(f"/v1/reports/{report['id']}")).json())["state"] != "done":
            if report["state"] == "failed":
                raise RuntimeError(str(report))
            await asyncio.sleep(POLL_S)
    # A table comes as xlsx and pdf, a narrative as docx besides.
    for path in report["files"].values():
        (await client.get(path)).raise_for_status()


async def idle_memory(system: System) -> Result:
    """Return the memory of the largest service just after its start."""
    return judged(MEMORY_IDLE, [max(_memory(system, service, "VmRSS") for service in SERVICES)])


async def upload_memory(system: System, megabytes: int) -> Result:
    """Return what an upload of NDJSON adds to dossier_api at its peak."""
    pid = system.pid_of(DOSSIER)
    before = _memory(system, DOSSIER, "VmRSS")
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    async with client_for(system.settings.address_of(DOSSIER), key=system.keys[RUN], timeout_s=900) as client:
        answer = await client.post(
            "/v1/events",
            content=_lines(megabytes * 1024 * 1024),
            headers={"Content-Type": "application/x-ndjson", "Accept-Encoding": "identity"},
        )
    answer.raise_for_status()
    return judged(MEMORY_UPLOAD, [_memory(system, DOSSIER, "VmHWM") - before])


async def _lines(size_bytes: int) -> AsyncIterator[bytes]:
    """Yield so many bytes of events, the same few thousand over and over: a counter repeating what it sent."""
    events = list(islice(Stream(99, "001").events(), 20_000))
    sent, lines = 0, cycle(events)
    while sent < size_bytes:
        piece = _encoded(list(islice(lines, PIECE)))
        sent += len(piece)
        yield piece


def _encoded(events: list[PostedEvent]) -> bytes:
    return b"".join(msgspec.json.encode(event) + b"\n" for event in events)


def _memory(system: System, service: Service, line: str) -> float:
    """Return a line of a process's status, in MB."""
    status = Path(f"/proc/{system.pid_of(service)}/status").read_text()
    found = next(one for one in status.splitlines() if one.startswith(line))
    return int(found.split()[1]) / 1024


async def start(home: Path, *, repetitions: int) -> Result:
    """Return how long a start of a system that is there already takes until it says it is ready."""
    return judged(START, [await _started(home) for _ in range(repetitions)])


async def _started(home: Path) -> float:
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "motcua.run"),
        env={**os.environ, "MOTCUA_HOME": str(home), "SAMPLE": "none", "PORT_BASE": str(PORT_BASE + 20)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (home / "run.json").exists():
                await asyncio.sleep(POLL_S)
        return perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
