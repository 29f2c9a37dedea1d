"""Composition root of report_worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from report_worker.resources import open_resources
from report_worker.routes import checks, forms, report_actions, reported_figures, reports, schedules
from report_worker.routes.problem_types import PROBLEM_TYPES, describer
from report_worker.settings import Settings
from shared.clock import Clock, SystemClock
from shared.http.service import service_app
from shared.logs import configure_logs

DESCRIPTION = (
    "Compiles official report forms from the figures, checks their sums, and keeps the files. "
    "Lập biểu mẫu báo cáo từ số liệu, kiểm tra các tổng và lưu tệp."
)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """Build the app; its resources open with its lifespan."""
    configure_logs()
    chosen, now = settings or Settings(), clock or SystemClock()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(chosen, now, describer(app.state.problems)) as resources:
            app.state.resources = resources
            yield

    return service_app(
        "motcua report_worker",
        DESCRIPTION,
        settings=chosen,
        lifespan=lifespan,
        problem_types=PROBLEM_TYPES,
        routers=[
            reports.router,
            report_actions.router,
            schedules.router,
            reported_figures.router,
            checks.router,
            forms.router,
        ],
    )
