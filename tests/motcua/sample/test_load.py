"""Loading the whole sample into three services that take everything: one application answering for all of them."""

import asyncio
import io
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from motcua.sample.calling import SampleRefused
from motcua.sample.figures import LEVELS
from motcua.sample.load import load_sample
from motcua.sample.posting import BATCH, LANES
from motcua.sample.progress import Progress, keep
from motcua.sample.stream import stream_name

INTERRUPTED_AT = 40
NOTHING = dict.fromkeys(("early", "on_time", "late", "open", "open_overdue", "carried_over", "received"), 1)


class Province:
    """Remembers what it was sent; its figures are behind the first time they are asked for."""

    def __init__(self, refuses_batch: int | None = None) -> None:
        self._refuses_batch = refuses_batch
        self.calls: Counter[str] = Counter()
        self.dossiers: set[str] = set()
        self.events: dict[str, str] = {}
        self.reports: list[dict[str, Any]] = []

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/catalogue", self.catalogue, methods=["POST"]),
                Route("/v1/events", self.take, methods=["POST"]),
                Route("/v1/dossiers/{code}", self.dossier),
                Route("/v1/counts", self.counts),
                Route("/v1/indicators/online_supply_34", self.supply),
                Route("/v1/reports", self.report, methods=["GET", "POST"]),
                Route("/v1/reports/{id}", self.report_done),
            ]
        )

    async def catalogue(self, request: Request) -> JSONResponse:
        self.calls["catalogue"] += 1
        return JSONResponse({"units": len((await request.json())["units"])})

    async def take(self, request: Request) -> JSONResponse:
        self.calls["events"] += 1
        # Counted before anything is waited for: another lane's batch may come meanwhile.
        is_refused = self.calls["events"] == self._refuses_batch
        events = await request.json()
        if is_refused:
            refusal = {"status": "rejected", "position": None, "problem": {"type": "unit-not-open"}}
            return JSONResponse({"results": [refusal] * len(events)})
        return JSONResponse({"results": [self._result(event) for event in events]})

    def _result(self, event: dict[str, Any]) -> dict[str, Any]:
        self.dossiers.add(event["subject"])
        is_known = event["id"] in self.events
        self.events[event["id"]] = event["time"]
        return {"status": "duplicate" if is_known else "accepted", "position": len(self.events), "problem": None}

    async def dossier(self, request: Request) -> JSONResponse:
        self.calls["dossier"] += 1
        return JSONResponse({}, 200 if request.path_params["code"] in self.dossiers else 404)

    async def counts(self, request: Request) -> JSONResponse:
        self.calls["counts"] += 1
        if self.calls["counts"] == 1:
            return JSONResponse({}, 503)
        assert int(request.query_params.get("min_position", 0)) <= len(self.events)
        return JSONResponse({"rows": [{"group": {"level": level}, "counts": NOTHING} for level in LEVELS]})

    async def supply(self, _: Request) -> JSONResponse:
        return JSONResponse({"rows": [{"denominator": 2077}]})

    async def report(self, request: Request) -> JSONResponse:
        if request.method == "GET":
            return JSONResponse({"items": self.reports})
        order = json.loads(await request.body())
        self.reports.append({**order, "id": order["form"], "period": {"from": "2020-01-01"}, "state": "done"})
        return JSONResponse(self.reports[-1], 202)

    async def report_done(self, _: Request) -> JSONResponse:
        return JSONResponse({"state": "done"})


@asynccontextmanager
async def serving(province: Province) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(province.app, log_level="critical", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def load(url: str, home: Path) -> str:
    told = io.StringIO()
    await load_sample(
        dossier_url=url,
        indicator_url=url,
        report_url=url,
        admin_key="mc_test",
        home=home,
        console=Console(file=told, width=120),
    )
    return told.getvalue()


async def test_an_interrupted_loading_goes_on_where_it_was_and_is_done_once(tmp_path: Path) -> None:
    province = Province(refuses_batch=INTERRUPTED_AT)

    async with serving(province) as url:
        with pytest.raises(SampleRefused, match="unit-not-open"):
            await load(url, tmp_path)
        told = await load(url, tmp_path)
        posted, before = province.calls["events"], province.calls.copy()
        silence = await load(url, tmp_path)

    assert "2.077" in told
    assert len(province.events) > 100_000
    # What was under way in the other lanes when one was refused may be sent twice, what was answered before is not.
    assert posted * BATCH < len(province.events) + 2 * LANES * BATCH
    # A load that is done costs one question: is this still the database it was done on?
    assert (silence, province.calls - before) == ("", Counter({"dossier": 1}))
    assert [report["form"] for report in province.reports] == ["cchc", "II.06a"]


async def test_another_database_is_filled_from_the_start(tmp_path: Path) -> None:
    keep(Progress(stream_name(), [99] * LANES, position=9, witness="elsewhere", is_complete=True), tmp_path)
    province = Province(refuses_batch=1)

    async with serving(province) as url:
        with pytest.raises(SampleRefused, match="unit-not-open"):
            await load(url, tmp_path)

    assert (province.calls["dossier"], province.calls["catalogue"]) == (1, 1)
