"""Reports that come by themselves."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response, Security
from fastapi.security import HTTPAuthorizationCredentials

from report_worker.routes.bodies import ScheduleRequest
from report_worker.routes.dependencies import ReaderDep, ResourcesDep, WriterDep
from report_worker.routes.responses import ScheduleResponse, ScheduleSummary
from report_worker.usecases.keep_schedules import (
    ScheduleView,
    add_schedule,
    end_schedule,
    read_schedule,
    read_schedules,
)
from shared.http.access import Unauthenticated, bearer
from shared.http.paging import Page
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/schedules", tags=["schedules"], responses=dict.fromkeys((404, 502, 503), PROBLEM))


@router.post("", status_code=201, operation_id="post_schedule", response_model=ScheduleResponse)
async def post_schedule(
    body: ScheduleRequest,
    caller: WriterDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    resources: ResourcesDep,
    response: Response,
) -> Any:
    """Have reports made so many working days after the end of each period."""
    if credentials is None:
        raise Unauthenticated
    planner = resources.planner
    terms = body.terms(today=planner.today)
    view = await add_schedule(body.unit_code, terms, caller, bearer=credentials.credentials, planner=planner)
    response.headers["Location"] = f"/v1/schedules/{view.schedule.id}"
    return _schedule_of(view)


@router.get("", operation_id="get_schedules", response_model=Page[ScheduleSummary])
async def get_schedules(caller: ReaderDep, resources: ResourcesDep) -> Any:
    """List the schedules of the caller's subtree that have not ended, oldest first, with their next runs."""
    views = await read_schedules(caller.unit_code, resources.planner)
    return {"items": [_schedule_of(view) for view in views], "next": None, "has_more": False}


@router.get("/{schedule_id}", operation_id="get_schedule", response_model=ScheduleResponse)
async def get_schedule(schedule_id: UUID, caller: ReaderDep, resources: ResourcesDep) -> Any:
    """Tell what a schedule makes next, and what it has made for whom."""
    return _schedule_of(await read_schedule(schedule_id, within=caller.unit_code, planner=resources.planner))


@router.delete("/{schedule_id}", status_code=204, operation_id="delete_schedule", response_class=Response)
async def delete_schedule(schedule_id: UUID, caller: WriterDep, resources: ResourcesDep) -> Response:
    """End a schedule; the reports it has made stay."""
    await end_schedule(schedule_id, caller, resources.planner)
    return Response(status_code=204)


def _schedule_of(view: ScheduleView) -> dict[str, Any]:
    schedule = view.schedule
    return {
        **asdict(schedule.terms),
        "id": schedule.id,
        "unit_code": schedule.unit_code,
        "unit_name": schedule.unit_name,
        "created_at": schedule.created_at,
        "next_runs": [asdict(run) for run in view.next_runs],
        "runs": [asdict(run) for run in view.runs],
    }
