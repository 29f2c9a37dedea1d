"""Reading dossiers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from dossier_api.domain.transitions import Status
from dossier_api.routes.dependencies import (
    CodePath,
    CodeQuery,
    CursorQuery,
    DayQuery,
    LimitQuery,
    NumberAfterDep,
    ResourcesDep,
)
from dossier_api.routes.dossier_models import ClockExplained, DossierModel, DossierWithClock, LoggedEvent
from dossier_api.usecases.read_dossiers import Asked, DossierReader
from shared.http.access import Caller, Scope, requires
from shared.http.languages import language_of
from shared.http.paging import Page, key_of, page_of
from shared.http.problems import PROBLEM

router = APIRouter(tags=["dossiers"], responses={404: PROBLEM})


async def reader_of(resources: ResourcesDep, caller: Annotated[Caller, requires(Scope.DOSSIERS_READ)]) -> DossierReader:
    """Return the dossiers as the caller may see them."""
    return DossierReader(
        begin=resources.begin,
        clock=resources.clock,
        zone=resources.zone,
        rulebook=resources.rulebook,
        root=caller.unit_code,
        by_extension=resources.by_extension,
    )


ReaderDep = Annotated[DossierReader, Depends(reader_of)]


@router.get("/dossiers", operation_id="list_dossiers")
async def list_dossiers(
    reader: ReaderDep,
    *,
    unit: Annotated[str | None, Query(description="unit whose subtree is listed")] = None,
    status: Status | None = None,
    procedure: Annotated[CodeQuery | None, Query(description="procedure code")] = None,
    due_before: Annotated[DayQuery | None, Query(description="open ones due before this civil day")] = None,
    overdue_on: Annotated[DayQuery | None, Query(description="those overdue at the close of this civil day")] = None,
    limit: LimitQuery = 100,
    cursor: CursorQuery = None,
) -> Page[DossierModel]:
    """List dossiers by code."""
    key = key_of(cursor, parts=1)
    asked = Asked(unit, status, procedure, due_before, overdue_on)
    found = await reader.dossiers(asked, after=key[0] if key else None, limit=limit + 1)
    return page_of([DossierModel.of(one) for one in found], limit=limit, key=lambda dossier: [dossier.code])


@router.get("/dossiers/{code}", operation_id="get_dossier")
async def get_dossier(code: CodePath, reader: ReaderDep) -> DossierWithClock:
    """Read one dossier: its state, its three due dates and what its clock did."""
    return DossierWithClock.of(await reader.dossier(code))


@router.get("/dossiers/{code}/clock", operation_id="get_dossier_clock")
async def get_dossier_clock(code: CodePath, reader: ReaderDep, request: Request) -> ClockExplained:
    """Explain a dossier's due date so that a citizen can follow it: each step with its rule and its days."""
    return ClockExplained.told(await reader.explained(code), language_of(request))


@router.get("/dossiers/{code}/events", operation_id="list_dossier_events")
async def list_dossier_events(
    code: CodePath, reader: ReaderDep, resources: ResourcesDep, after: NumberAfterDep, limit: LimitQuery = 100
) -> Page[LoggedEvent]:
    """List the events of one dossier, as posted, in order of arrival."""
    found = await reader.events(code, after=after or 0, limit=limit + 1)
    items = [LoggedEvent.of(entry, resources.zone) for entry in found]
    return page_of(items, limit=limit, key=lambda event: [str(event.position)])
