"""What a published report would say today, held against a real indicator_api."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from report_worker.clients.indicators import Indicators
from report_worker.usecases.make_report import Workshop, make_report
from shared.contracts.life import Phase
from shared.db import Begin
from tests.indicator_api.feeding import WHOLE_TREE, FakeDossierApi, World, open_world
from tests.indicator_api.given import DISTRICT, life
from tests.report_worker.given import report_body

MadeReport = Callable[..., Awaitable[Mapping[str, Any]]]
FINISHED = ("06-05", Phase.EARLY)


@pytest.fixture
async def world(indicator_begin: Begin) -> AsyncIterator[World]:
    """Return an indicator_api with three dossiers counted: two finished early, one open."""
    told = FakeDossierApi()
    told.tell_tree()
    told.tell("a", life("06-01", ("06-01", Phase.IN_TIME), FINISHED), on=date(2020, 6, 30))
    told.tell("b", life("06-01", ("06-01", Phase.IN_TIME), FINISHED), on=date(2020, 6, 30))
    told.tell("c", life("06-01"), on=date(2020, 6, 30))
    opened = open_world(indicator_begin, told)
    async with opened.upstream, opened.client:
        await opened.project()
        yield opened


@pytest.fixture
async def one_by_one(world: World) -> AsyncIterator[Indicators]:
    """Return a way to the world that asks one question at a time, as its one connection demands."""
    turn = asyncio.Lock()

    async def forward(request: httpx.Request) -> httpx.Response:
        async with turn:
            return await world.client.send(request)

    headers = {"Authorization": f"Bearer {WHOLE_TREE}"}
    transport = httpx.MockTransport(forward)
    async with httpx.AsyncClient(transport=transport, base_url="http://indicator", headers=headers) as client:
        yield Indicators(client)


@pytest.fixture
async def published(app: FastAPI, client: httpx.AsyncClient, workshop: Workshop, one_by_one: Indicators) -> MadeReport:
    """Return what makes and publishes a report on the world."""
    app.state.resources = replace(app.state.resources, indicators=one_by_one)

    async def made(**changes: Any) -> Mapping[str, Any]:
        ordered = (await client.post("/v1/reports", json=report_body(**changes))).json()
        await make_report(UUID(ordered["id"]), replace(workshop, indicators=one_by_one))
        response = await client.post(f"/v1/reports/{ordered['id']}/publish")
        assert response.status_code == 200, response.text
        report: Mapping[str, Any] = response.json()
        return report

    return made


async def _restate(client: httpx.AsyncClient, report: Mapping[str, Any]) -> Any:
    response = await client.get(f"/v1/reports/{report['id']}/restatement")
    assert response.status_code == 200, response.text
    return response.json()


def _moved(restatement: Any, **group: str) -> dict[str, tuple[int, dict[str, int]]]:
    """Return by how much each cell of one line differs, and through which dossiers."""
    return {
        cell["name"]: (cell["difference"], {one["code"]: one["change"] for one in cell["dossiers"]})
        for cell in restatement["cells"]
        if cell["group"] == group
    }


async def test_what_has_not_moved_restates_nothing(client: httpx.AsyncClient, published: MadeReport) -> None:
    report = await published()

    restatement = await _restate(client, report)

    assert restatement == {
        "report_id": report["id"],
        "known_at": None,
        "before": report["through"],
        "through": report["through"],
        "cells": [],
    }


async def test_a_dossier_reopened_after_publication_is_named_and_the_report_stays(
    client: httpx.AsyncClient, published: MadeReport, world: World
) -> None:
    report = await published()
    world.told.tell("b", life("06-01", ("06-01", Phase.IN_TIME)))
    await world.project()

    restatement = await _restate(client, report)

    reopened = {name: (change, {"b": change}) for name, change in (("7", -1), ("8", -1), ("11", 1), ("12", 1))}
    assert _moved(restatement) == reopened
    assert _moved(restatement, level="commune", field="Hộ tịch") == reopened
    assert (await client.get(f"/v1/reports/{report['id']}")).json() == report
    assert (await client.get(f"/v1/reports/{report['id']}/verification")).json()["is_intact"]


async def test_a_late_event_adds_its_dossier(client: httpx.AsyncClient, published: MadeReport, world: World) -> None:
    report = await published()
    world.told.tell("d", life("06-10", units=[("01-01", DISTRICT)], channel="online", field="Đất đai"))
    await world.project()

    restatement = await _restate(client, report)

    assert _moved(restatement) == {name: (1, {"d": 1}) for name in ("3", "4", "11", "12")}
    (new,) = [cell for cell in restatement["cells"] if cell["group"].get("field") == "Đất đai" and cell["name"] == "3"]
    assert (new["caption"], new["before"]["value"], new["now"]["value"]) == (
        "Số lượng hồ sơ tiếp nhận: Tổng số",
        0,
        1,
    )


async def test_dossiers_that_cancel_out_show_in_no_cell_they_left_equal(
    client: httpx.AsyncClient, published: MadeReport, world: World
) -> None:
    report = await published()
    world.told.tell("b", life("06-01", ("06-01", Phase.IN_TIME)))
    world.told.tell("c", life("06-01", ("06-01", Phase.IN_TIME), FINISHED))
    await world.project()

    assert (await _restate(client, report))["cells"] == []


async def test_a_report_known_on_a_day_is_restated_by_what_was_recorded_later(
    client: httpx.AsyncClient, published: MadeReport, world: World
) -> None:
    world.told.tell("d", life("06-10"), on=date(2020, 7, 1))
    await world.project()

    report = await published(known_at="2020-06-30")

    assert report["figures"]["total"]["columns"]["3"] == 3
    assert _moved(await _restate(client, report)) == {name: (1, {"d": 1}) for name in ("3", "5", "11", "12")}


async def test_a_rate_names_the_dossiers_of_both_its_parts(
    client: httpx.AsyncClient, published: MadeReport, world: World
) -> None:
    report = await published(form="cchc")
    world.told.tell("c", life("06-01", ("06-01", Phase.IN_TIME), ("06-20", Phase.LATE)))
    await world.project()

    restatement = await _restate(client, report)

    (rate,) = [cell for cell in restatement["cells"] if cell["name"] == "on_time_rate_total"]
    assert (rate["before"], rate["now"]) == (
        {"value": 1.0, "numerator": 2, "denominator": 2},
        {"value": 0.6667, "numerator": 2, "denominator": 3},
    )
    assert rate["dossiers"] == [{"code": "c", "change": 0, "denominator_change": 1}]


async def test_a_return_that_came_later_is_named(client: httpx.AsyncClient, published: MadeReport) -> None:
    report = await published(form="cchc")
    body = {"unit_code": "H35.12", "period": "2020-H1", "figures": {"survey_asked": 15}}
    await client.put("/v1/reported-figures", json=body)

    restatement = await _restate(client, report)

    (cell,) = [cell for cell in restatement["cells"] if cell["name"] == "survey_asked"]
    moved = {"unit_code": "H35.12", "unit_name": "Xã Bản Bo", "name": "survey_asked", "before": None, "now": 15}
    assert (cell["difference"], cell["returns"], cell["dossiers"]) == (None, [moved], [])


async def test_a_report_that_is_not_done_has_no_restatement(client: httpx.AsyncClient) -> None:
    ordered = (await client.post("/v1/reports", json=report_body())).json()

    response = await client.get(f"/v1/reports/{ordered['id']}/restatement")

    assert (response.status_code, response.json()["allowed_in"]) == (409, ["done", "published"])


async def test_a_stranger_gets_no_restatement(client: httpx.AsyncClient, published: MadeReport) -> None:
    report = await published()

    response = await client.get(f"/v1/reports/{report['id']}/restatement", headers={"Authorization": "Bearer commune"})

    assert response.status_code == 404
