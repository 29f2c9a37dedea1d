"""Composition root of dossier_api."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from dossier_api.resources import open_resources
from dossier_api.routes import catalogue, dossiers, events, feed, keys, rejected_events, runs, units, worklists
from dossier_api.routes.problem_types import PROBLEM_TYPES
from dossier_api.settings import Settings
from shared.clock import Clock
from shared.db import Begin
from shared.http.service import service_app
from shared.logs import configure_logs

DESCRIPTION = """Records what happens to dossiers at the one-stop shops, keeps their clocks and the catalogue,
and tells everything that happened on one ordered feed."""


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    begin: Begin | None = None,
    issuer: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Build the app; without settings they are read from the environment."""
    told = settings or Settings()
    configure_logs()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(told, clock=clock, begin=begin, issuer=issuer) as resources:
            app.state.resources = resources
            yield

    return service_app(
        "motcua dossier_api",
        DESCRIPTION,
        settings=told,
        lifespan=lifespan,
        problem_types=PROBLEM_TYPES,
        routers=[
            events.router,
            feed.router,
            worklists.router,
            dossiers.router,
            rejected_events.router,
            runs.router,
            catalogue.router,
            units.router,
            keys.router,
        ],
        shortcuts={**events.shortcuts, **worklists.shortcuts},
    )
