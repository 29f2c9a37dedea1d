"""What a unit must do next."""

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel

from dossier_api.domain.records import Due
from dossier_api.domain.transitions import Status
from dossier_api.routes.dependencies import LimitQuery, MomentAfterDep, ResourcesDep
from dossier_api.usecases.read_worklists import WorklistReader
from shared.http.access import Caller, Scope, requires
from shared.http.paging import Page, page_of
from shared.http.problems import PROBLEM

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
        resources.begin, resources.clock, resources.zone, resources.rulebook, root=caller.unit_code, unit_code=unit
    )


ReaderDep = Annotated[WorklistReader, Depends(reader_of)]


@router.get("/overdue", operation_id="list_overdue")
async def list_overdue(
    reader: ReaderDep, resources: ResourcesDep, after: MomentAfterDep, limit: LimitQuery = 100
) -> Page[WorklistItem]:
    """List running dossiers that are late now, the longest first."""
    return _page(await reader.overdue(after=after, limit=limit + 1), limit=limit, zone=resources.zone)


@router.get("/due-soon", operation_id="list_due_soon")
async def list_due_soon(
    reader: ReaderDep,
    resources: ResourcesDep,
    after: MomentAfterDep,
    *,
    days: Annotated[int, Query(ge=0, le=60, description="working days from today; 0 is today")] = 3,
    limit: LimitQuery = 100,
) -> Page[WorklistItem]:
    """List running dossiers due today or within so many working days, soonest first."""
    return _page(await reader.due_soon(days, after=after, limit=limit + 1), limit=limit, zone=resources.zone)


@router.get("/apologies-due", operation_id="list_apologies_due")
async def list_apologies_due(
    reader: ReaderDep, resources: ResourcesDep, after: MomentAfterDep, limit: LimitQuery = 100
) -> Page[WorklistItem]:
    """List running dossiers due up to the next working day without a letter of apology: today is the last for it."""
    return _page(await reader.apologies_due(after=after, limit=limit + 1), limit=limit, zone=resources.zone)


@router.get("/late-acceptance", operation_id="list_late_acceptance")
async def list_late_acceptance(
    reader: ReaderDep, resources: ResourcesDep, after: MomentAfterDep, limit: LimitQuery = 100
) -> Page[WorklistItem]:
    """List dossiers filed online more than 8 working hours ago that nobody has accepted or refused."""
    return _page(await reader.late_acceptance(after=after, limit=limit + 1), limit=limit, zone=resources.zone)


def _page(found: list[Due], *, limit: int, zone: ZoneInfo) -> Page[WorklistItem]:
    items = [_item(due, zone) for due in found]
    return page_of(items, limit=limit, key=lambda item: [item.late_from.isoformat(), item.code])


def _item(due: Due, zone: ZoneInfo) -> WorklistItem:
    late_from = due.moment.astimezone(zone)
    # Midnight is the first instant of the day after; a moment within a day lies on its due day.
    due_on = (late_from - timedelta(microseconds=1)).date()
    told = {name: value for name, value in vars(due).items() if name != "moment"}
    return WorklistItem(**told, due_on=due_on, late_from=late_from)
