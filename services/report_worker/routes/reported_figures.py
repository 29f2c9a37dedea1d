"""Figures that units report: send, read, fill in a workbook."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials

from report_worker.domain.reported import ReportedTotal
from report_worker.render.document import entry_member, returns_member
from report_worker.routes.bodies import CivilDay, Line, ReportedFiguresRequest
from report_worker.routes.dependencies import LanguageDep, ReaderDep, ResourcesDep, WriterDep
from report_worker.routes.responses import (
    EntryResponse,
    ReportableFiguresResponse,
    ReportedFiguresResponse,
)
from report_worker.uploads.reading import MEDIA_TYPE
from report_worker.usecases.fill_in_returns import blank_return, sent_workbook
from report_worker.usecases.report_figures import Return, read_history, read_totals, report_figures
from shared.http.access import Unauthenticated, bearer
from shared.http.paging import Page
from shared.http.problems import PROBLEM
from shared.periods import Cutoff, Period, parse_period

router = APIRouter(tags=["reported figures"], responses=dict.fromkeys((404, 502, 503), PROBLEM))
WORKBOOK = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}


async def token_of(credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> str:
    """Return the caller's own token, to ask dossier_api what they may see.  Raises Unauthenticated."""
    if credentials is None:
        raise Unauthenticated
    return credentials.credentials


TokenDep = Annotated[str, Depends(token_of)]


@dataclass(frozen=True)
class Asked:
    """The unit and period of a query."""

    unit: str
    name: str
    period: Period


async def asked_of(
    unit: Annotated[Line, Query(description="unit code, with all below it")],
    period: Line,
    cutoff: Cutoff = Cutoff.CALENDAR,
) -> Asked:
    """Return what a query asks for.  Raises UnknownPeriod."""
    return Asked(unit, period, parse_period(period, cutoff))


AskedDep = Annotated[Asked, Depends(asked_of)]


@router.get("/reportable-figures", operation_id="get_reportable_figures", response_model=ReportableFiguresResponse)
async def get_reportable_figures(_caller: ReaderDep, resources: ResourcesDep) -> Any:
    """List what units may report, who is to, and what must hold among one unit's figures."""
    catalogue = resources.catalogue
    return {
        "figures": [
            {"name": one.name, "caption": one.caption, "reporters": sorted(one.reporters)} for one in catalogue.figures
        ],
        "identities": [str(identity) for identity in catalogue.identities],
    }


@router.put("/reported-figures", operation_id="put_reported_figures", response_model=ReportedFiguresResponse)
async def put_reported_figures(
    body: ReportedFiguresRequest, caller: WriterDep, token: TokenDep, resources: ResourcesDep
) -> Any:
    """Report a unit's figures for a period; what was sent before is kept, and the newest counts."""
    sent = body.sent()
    totals = await report_figures(sent, by=caller.id, bearer=token, office=resources.office)
    return _reported(sent, body.period, totals)


@router.get("/reported-figures", operation_id="get_reported_figures", response_model=ReportedFiguresResponse)
async def get_reported_figures(
    asked: AskedDep, _caller: ReaderDep, token: TokenDep, resources: ResourcesDep, known_at: CivilDay | None = None
) -> Any:
    """Tell what the units of a subtree report for a period, who has sent it and who has not."""
    await resources.units.get(asked.unit, bearer=token)
    totals = await read_totals(asked.unit, asked.period, known_at=known_at, office=resources.office)
    return _figures(asked.unit, asked.period, asked.name, totals=totals, known_at=known_at)


@router.get(
    "/reported-figures/history", operation_id="get_reported_figures_history", response_model=Page[EntryResponse]
)
async def get_history(
    asked: AskedDep, _caller: ReaderDep, token: TokenDep, resources: ResourcesDep, name: Line | None = None
) -> Any:
    """List all that a subtree ever sent for a period, the newest first, at most 1,000."""
    await resources.units.get(asked.unit, bearer=token)
    entries = await read_history(asked.unit, asked.period, name=name, office=resources.office)
    return {"items": [entry_member(entry) for entry in entries], "next": None, "has_more": False}


@router.get(
    "/reported-figures/workbook",
    operation_id="get_reported_figures_workbook",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "The workbook"}},
)
async def get_workbook(
    asked: AskedDep, _caller: ReaderDep, token: TokenDep, resources: ResourcesDep, language: LanguageDep
) -> Response:
    """Fetch the workbook a unit fills in, with the identities inside and what it has sent already."""
    await resources.units.get(asked.unit, bearer=token)
    content = await blank_return(asked.unit, asked.period, language=language, office=resources.office)
    name = f"so-lieu_{asked.unit}_{asked.period.start}_{asked.period.last}.xlsx"
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, MEDIA_TYPE)


@router.put(
    "/reported-figures/workbook",
    operation_id="put_reported_figures_workbook",
    response_model=ReportedFiguresResponse,
    openapi_extra={"requestBody": {"required": True, "content": WORKBOOK}},
)
async def put_workbook(
    request: Request, caller: WriterDep, token: TokenDep, resources: ResourcesDep, note: Line | None = None
) -> Any:
    """Report what a filled-in workbook holds, for the unit and period it names; blank cells say nothing."""
    sent, period = await sent_workbook(await request.body(), note)
    totals = await report_figures(sent, by=caller.id, bearer=token, office=resources.office)
    return _reported(sent, period, totals)


def _reported(sent: Return, period_name: str, totals: list[ReportedTotal]) -> dict[str, Any]:
    return _figures(sent.unit_code, sent.period, period_name, totals=totals, known_at=None)


def _figures(
    unit_code: str, period: Period, name: str, *, totals: list[ReportedTotal], known_at: date | None
) -> dict[str, Any]:
    return {
        "unit_code": unit_code,
        "period": {"name": name, "from": period.start, "to": period.end},
        "known_at": known_at,
        "figures": [returns_member(total) for total in totals],
    }
