"""What a unit must do next."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel

from dossier_api.domain.records import Due
from dossier_api.domain.transitions import Status
from dossier_api.routes.dependencies import LimitQuery, MomentAfterDep, ResourcesDep
from dossier_api.usecases.read_worklists import WorklistReader
from shared.http.access import Caller, Scope, authenticated, requires
from shared.http.paging import Page, page_of
from shared.http.problems import PROBLEM
from shared.http.shortcuts import Shortcut, Shortcuts

router = APIRouter(prefix="/worklists", tags=["worklists"], responses={404: PROBLEM})


class WorklistItem(BaseModel):
    """An open dossier; `due_on` is the last civil day in time, `late_from` the first instant that is not."""

    code: str
    status: Status
    unit_code: str
    receiving_unit_code: str | None
    procedure_code: str
    is_extended: bool
    due_on: date
    late_from: AwareDatetime


async def reader_of(
    resources: ResourcesDep,
    caller: Annotated[Caller, requires(Scope.DOSSIERS_READ)],
    unit: Annotated[str | None, Query(description="unit whose subtree is listed; default: the caller's own")] = None,
) -> WorklistReader:
    """Return the worklists as the caller may see them."""
    return WorklistReader(
        resources.connect,
        resources.begin,
        resources.clock,
        resources.zone,
        resources.rulebook,
        root=caller.unit_code,
        unit_code=unit,
    )


ReaderDep = Annotated[WorklistReader, Depends(reader_of)]


@router.get("/overdue", operation_id="list_overdue", response_model=Page[WorklistItem])
async def list_overdue(reader: ReaderDep, after: MomentAfterDep, limit: LimitQuery = 100) -> Response:
    """List running dossiers that are late now, the longest first."""
    return _page(await reader.overdue(after=after, limit=limit + 1), limit=limit)


@router.get("/due-soon", operation_id="list_due_soon", response_model=Page[WorklistItem])
async def list_due_soon(
    reader: ReaderDep,
    after: MomentAfterDep,
    *,
    days: Annotated[int, Query(ge=0, le=60, description="working days from today; 0 is today")] = 3,
    limit: LimitQuery = 100,
) -> Response:
    """List running dossiers due today or within so many working days, soonest first."""
    return _page(await reader.due_soon(days, after=after, limit=limit + 1), limit=limit)


@router.get("/apologies-due", operation_id="list_apologies_due", response_model=Page[WorklistItem])
async def list_apologies_due(reader: ReaderDep, after: MomentAfterDep, limit: LimitQuery = 100) -> Response:
    """List running dossiers due up to the next working day without a letter of apology: today is the last for it."""
    return _page(await reader.apologies_due(after=after, limit=limit + 1), limit=limit)


@router.get("/late-acceptance", operation_id="list_late_acceptance", response_model=Page[WorklistItem])
async def list_late_acceptance(reader: ReaderDep, after: MomentAfterDep, limit: LimitQuery = 100) -> Response:
    """List dossiers filed online more than 8 working hours ago that nobody has accepted or refused."""
    return _page(await reader.late_acceptance(after=after, limit=limit + 1), limit=limit)


def _shortcut(endpoint: Callable[..., Any]) -> Shortcut:
    """Return the shortcut to the first page of a list; who asks for more than a unit is left to the route."""

    async def first_page(request: Request) -> Response | None:
        asked = request.query_params
        if not asked.keys() <= {"unit"}:
            return None
        caller = await authenticated(request, Scope.DOSSIERS_READ)
        reader = await reader_of(request.app.state.resources, caller, asked.get("unit"))
        answer: Response = await endpoint(reader, after=None)
        return answer

    return first_page


shortcuts: Shortcuts = {
    ("GET", route.path): _shortcut(route.endpoint) for route in router.routes if isinstance(route, APIRoute)
}


def _page(found: list[Due], *, limit: int) -> Response:
    """Write a page as its model has it; to make a model of each item took longer than to find all of them."""
    page = page_of(found, limit=limit, key=lambda due: [due.late_from.isoformat(), due.code])
    return Response(msgspec.json.encode(vars(page)), media_type="application/json")
