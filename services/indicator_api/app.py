"""The composition root of indicator_api."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from indicator_api.resources import open_resources
from indicator_api.routes import counts, drill_down, indicators, metrics, online_levels, summaries, targets
from indicator_api.routes.problem_types import PROBLEM_TYPES
from indicator_api.routes.remembered import RememberedAnswers
from indicator_api.settings import Settings
from shared.http.service import service_app
from shared.logs import configure_logs

DESCRIPTION = "The figures of the province's one-stop shops: any figure, of any day, as known on any day."


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app; its settings come from INDICATOR_… unless given."""
    told = settings or Settings()
    configure_logs()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(told) as resources:
            app.state.resources = resources
            yield

    app = service_app(
        "indicator_api",
        DESCRIPTION,
        settings=told,
        lifespan=lifespan,
        problem_types=PROBLEM_TYPES,
        routers=[
            counts.router,
            indicators.router,
            summaries.router,
            drill_down.router,
            online_levels.router,
            targets.router,
        ],
    )
    # Beside /livez and /readyz, where monitors look.
    app.include_router(metrics.router)
    app.add_middleware(RememberedAnswers, service=app)
    return app
