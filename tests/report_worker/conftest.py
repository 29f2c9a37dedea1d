"""The service over HTTP, inside the test's transaction, its neighbours faked."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from motcua.roles import Databases
from motcua.services import REPORT
from report_worker.app import create_app
from report_worker.clients.indicators import Indicators
from report_worker.clients.units import Units
from report_worker.resources import resources_on
from report_worker.routes.problem_types import describer
from report_worker.settings import Settings
from report_worker.usecases.make_report import Workshop, make_report
from shared.db import Begin
from tests.report_worker.given import CLOCK, FORMS, FakeDossiers, FakeFigures

Make = Callable[[str], Awaitable[Mapping[str, Any]]]


@pytest.fixture
def figures() -> FakeFigures:
    """Return the fake indicator_api, to be told otherwise by the test."""
    return FakeFigures()


@pytest.fixture
def settings(databases: Databases) -> Settings:
    return settings_on(databases.of(REPORT))


def settings_on(url: str) -> Settings:
    return Settings.model_validate(
        {
            "database_url": url,
            "dossier_url": "http://dossier",
            "indicator_url": "http://indicator",
            "key": "mc_test_1_x",
        }
    )


@pytest.fixture
def dossiers() -> FakeDossiers:
    """Return the fake dossier_api, to be told otherwise by the test."""
    return FakeDossiers()


@pytest.fixture
async def indicators(figures: FakeFigures) -> AsyncIterator[Indicators]:
    transport = httpx.MockTransport(figures)
    async with httpx.AsyncClient(transport=transport, base_url="http://indicator") as upstream:
        yield Indicators(upstream)


@pytest.fixture
async def app(
    settings: Settings, report_begin: Begin, dossiers: FakeDossiers, indicators: Indicators
) -> AsyncIterator[FastAPI]:
    built = create_app(settings, clock=CLOCK)
    async with httpx.AsyncClient(transport=httpx.MockTransport(dossiers), base_url="http://dossier") as upstream:
        units = Units(upstream, "report_worker")
        built.state.resources = resources_on(
            report_begin, CLOCK, settings.zone, forms=FORMS, units=units, indicators=indicators
        )
        yield built


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client with the key of the whole province."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer province"}
    async with httpx.AsyncClient(transport=transport, base_url="http://report", headers=headers) as opened:
        yield opened


@pytest.fixture
def workshop(app: FastAPI, indicators: Indicators, report_begin: Begin) -> Workshop:
    return Workshop(report_begin, CLOCK, FORMS, indicators, describer(app.state.problems), app.state.resources.office)


@pytest.fixture
def make(client: httpx.AsyncClient, workshop: Workshop) -> Make:
    """Return what does the worker's part on a report, and reads it afterwards."""

    async def made(report_id: str) -> Mapping[str, Any]:
        await make_report(UUID(report_id), workshop)
        found: Mapping[str, Any] = (await client.get(f"/v1/reports/{report_id}")).json()
        return found

    return made
