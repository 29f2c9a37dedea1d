"""The frame of every service: problems, health, ETags, offline docs."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline

from shared.errors import DomainError, InvalidRequest
from shared.http import health
from shared.http.access import ACCESS_PROBLEMS
from shared.http.body_limit import BodyLimitMiddleware
from shared.http.client import CLIENT_PROBLEMS
from shared.http.etag import ETagMiddleware
from shared.http.health import HEALTH_PROBLEMS
from shared.http.languages import Text
from shared.http.problems import PROBLEM, ProblemCatalogue, ProblemType, described
from shared.http.shortcuts import ShortcutMiddleware, Shortcuts
from shared.settings import ServiceSettings
from shared.working_days import OutsideCalendar

PREFIX = "/v1"
COMMON_PROBLEMS: dict[type[DomainError], ProblemType] = {
    InvalidRequest: ProblemType(
        422,
        Text("Yêu cầu không đúng", "Invalid request"),
        Text("Yêu cầu không đọc được: {message}", "The request cannot be read: {message}"),
    ),
    OutsideCalendar: ProblemType(
        422,
        Text("Ngày ngoài lịch", "Outside the calendar"),
        Text(
            "Ngày {day} nằm ngoài lịch làm việc, có từ {first} đến {last}. Kiểm tra các ngày đã gửi.",
            "{day} lies outside the calendar of working days, kept from {first} to {last}. Check the dates sent.",
        ),
    ),
    **ACCESS_PROBLEMS,
    **HEALTH_PROBLEMS,
    **CLIENT_PROBLEMS,
}


def service_app(
    title: str,
    description: str,
    *,
    settings: ServiceSettings,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    problem_types: Mapping[type[DomainError], ProblemType],
    routers: list[APIRouter],
    shortcuts: Shortcuts = MappingProxyType({}),
) -> FastAPI:
    """Build a service's app from its routers; `lifespan` must set `app.state.resources`."""
    app = FastAPIOffline(
        title=title,
        description=description,
        version="1",
        lifespan=lifespan,
        responses=dict.fromkeys((401, 403, 422, 500), PROBLEM),
        # Nothing collects it here, and to find that out took 20 µs of every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    problems = ProblemCatalogue({**COMMON_PROBLEMS, **problem_types}, str(settings.problem_base))
    problems.install(app)
    describe = app.openapi
    # FastAPI's documented way to extend its document.
    app.openapi = lambda: described(describe())  # type: ignore[method-assign]
    app.state.problems = problems
    short = {(method, f"{PREFIX}{path}"): shortcut for (method, path), shortcut in shortcuts.items()}
    app.add_middleware(ShortcutMiddleware, shortcuts=short, problems=problems)
    app.add_middleware(ETagMiddleware)
    app.add_middleware(BodyLimitMiddleware, max_bytes=settings.max_body_bytes)
    before = len(app.router.routes)
    for router in routers:
        app.include_router(router, prefix=PREFIX)
    app.include_router(health.router)
    # Routes are tried in turn: what is asked a thousand times a second comes before the pages about it.
    app.router.routes[:] = [*app.router.routes[before:], *app.router.routes[:before]]
    return app
