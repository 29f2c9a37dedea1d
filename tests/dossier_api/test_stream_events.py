"""A long NDJSON upload is recorded as it comes; neither it nor its answers are held."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.dossier_api.live import running
from tests.dossier_api.serving import fill, serving
from tests.dossier_api.wire import event

LINES = {"Content-Type": "application/x-ndjson"}
EVENTS, PADDING = 3_000, "x" * 16_000
MEBIBYTE = 1024 * 1024


def peak_bytes(pid: int) -> int:
    """Return the most memory a process has had resident."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


async def upload(first: int, count: int, padding: str) -> AsyncIterator[bytes]:
    """Yield events a line each, each with an extension attribute nobody keeps."""
    for number in range(first, first + count):
        told = event(id=f"e{number}", dossier=f"D-{number}", comexamplepadding=padding)
        yield json.dumps(told).encode() + b"\n"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
async def test_memory_does_not_grow_with_an_upload(dossier_url: str) -> None:
    async with serving(None, database_url=dossier_url) as service:
        key = (await fill(service)).headers["Authorization"]
    async with (
        running(dossier_url) as (process, address),
        httpx.AsyncClient(base_url=address, headers={"Authorization": key}, timeout=120) as client,
    ):
        await client.post("/v1/events", content=upload(0, 2_000, ""), headers=LINES)
        before = peak_bytes(process.pid)

        answer = await client.post("/v1/events", content=upload(2_000, EVENTS, PADDING), headers=LINES)

        added = peak_bytes(process.pid) - before
    results = answer.json()["results"]
    assert [result["id"] for result in results] == [f"e{number}" for number in range(2_000, 2_000 + EVENTS)]
    assert {result["status"] for result in results} == {"accepted"}
    assert added < EVENTS * len(PADDING) / 3, f"{added / MEBIBYTE:.0f} MiB"
