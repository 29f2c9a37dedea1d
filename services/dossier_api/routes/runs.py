"""What a new calendar would move, and the audited runs that move it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from dossier_api.domain.runs import Run, RunKind, RunState
from dossier_api.routes.catalogue_models import CalendarDayModel, Wire
from dossier_api.routes.dependencies import CodePath, CursorQuery, LimitQuery, ResourcesDep
from dossier_api.usecases.preview_calendar import CalendarPreviewer
from shared.http.access import Caller, Scope, requires
from shared.http.paging import Page, cursor_of, key_of
from shared.http.problems import PROBLEM

router = APIRouter(tags=["runs"])
Administrator = Annotated[Caller, requires(Scope.ADMIN)]


class CalendarPreviewRequest(Wire):
    """Days to be changed on top of the calendar in force; none previews the calendar in force itself."""

    calendar: list[CalendarDayModel] = Field(default_factory=list)


class DueMoveModel(BaseModel):
    """An open dossier whose lawful date would move."""

    code: str
    unit_code: str
    procedure_code: str
    due_before: AwareDatetime | None
    due_after: AwareDatetime | None


class RunModel(BaseModel):
    """A run: `seen` of `total` open dossiers looked at, `changed` of them told anew on the feed."""

    id: str
    kind: RunKind
    state: RunState
    created_at: AwareDatetime
    finished_at: AwareDatetime | None
    total: int
    seen: int
    changed: int
    progress: float


@router.post("/calendar-previews", operation_id="post_calendar_preview")
async def post_calendar_preview(
    body: CalendarPreviewRequest,
    resources: ResourcesDep,
    caller: Annotated[Caller, requires(Scope.CATALOGUE_WRITE)],
    *,
    limit: LimitQuery = 100,
    cursor: CursorQuery = None,
) -> Page[DueMoveModel]:
    """List the open dossiers a calendar would move, from when to when; nothing is written.

    A page may hold fewer moves than asked for and still have more to come.
    """
    key = key_of(cursor, parts=1)
    previewer = CalendarPreviewer(resources.begin, resources.zone, resources.rulebook)
    days = [day.to_domain() for day in body.calendar]
    preview = await previewer.preview(days, root=caller.unit_code, after=key[0] if key else "", limit=limit)
    items = [DueMoveModel.model_validate(move, from_attributes=True) for move in preview.moves]
    following = cursor_of([preview.after]) if preview.after is not None else None
    return Page(items=items, next=following, has_more=following is not None)


@router.post("/calendar-runs", operation_id="post_calendar_run", status_code=202)
async def post_calendar_run(resources: ResourcesDep, caller: Administrator, response: Response) -> RunModel:
    """Date all open dossiers by the calendar in force.

    The printed date stands for the citizen where it is no later and falls on a working day.
    """
    run = await resources.recalculation.order(RunKind.CALENDAR, caller=caller)
    response.headers["Location"] = f"/v1/runs/{run.id}"
    return _run(run)


@router.get("/runs", operation_id="list_runs")
async def list_runs(
    resources: ResourcesDep, caller: Administrator, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> Page[RunModel]:
    """List the newest runs, newest first."""
    runs = await resources.recalculation.newest(caller=caller, limit=limit)
    return Page(items=[_run(run) for run in runs], next=None, has_more=False)


@router.get("/runs/{run_id}", operation_id="get_run", responses={404: PROBLEM})
async def get_run(run_id: CodePath, resources: ResourcesDep, caller: Administrator) -> RunModel:
    """Read how far a run has come."""
    return _run(await resources.recalculation.run(run_id, caller=caller))


def _run(run: Run) -> RunModel:
    progress = 1.0 if run.state is RunState.DONE else min(run.seen / max(run.total, 1), 1.0)
    told = {name: getattr(run, name) for name in RunModel.model_fields if name != "progress"}
    return RunModel(**told, progress=progress)
