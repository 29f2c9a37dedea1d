"""Reports: order, follow, read, fetch files."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from report_worker.domain.reports import FileFormat, Report, ReportState
from report_worker.render.files import MEDIA_TYPES
from report_worker.routes.bodies import Line, ReportRequest
from report_worker.routes.dependencies import OrdererDep, ReaderDep, ResourcesDep
from report_worker.routes.responses import ReportResponse, ReportSummary
from report_worker.routes.shaping import report_of, summary_of
from report_worker.usecases.order_report import order_report
from report_worker.usecases.read_reports import read_file, read_report, read_reports
from shared.errors import InvalidRequest
from shared.http.paging import Page, key_of, page_of
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/reports", tags=["reports"])

FILE = {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}, "description": "The file"}


@router.post(
    "",
    status_code=202,
    operation_id="post_report",
    response_model=ReportResponse,
    responses=dict.fromkeys((404, 409, 502, 503), PROBLEM),
)
async def post_report(body: ReportRequest, orderer: OrdererDep, resources: ResourcesDep, response: Response) -> Any:
    """Order a report; follow `Location` until its state is `done` or `failed`."""
    report = await order_report(
        body.wish(),
        orderer,
        forms=resources.forms,
        units=resources.units,
        begin=resources.begin,
        clock=resources.clock,
        zone=resources.zone,
    )
    response.headers["Location"] = f"/v1/reports/{report.id}"
    return report_of(report, resources.forms)


@router.get("", operation_id="get_reports", response_model=Page[ReportSummary])
async def get_reports(
    caller: ReaderDep,
    resources: ResourcesDep,
    *,
    form: Line | None = None,
    unit: Annotated[Line | None, Query(description="exactly this unit")] = None,
    state: ReportState | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """List reports of the caller's subtree, newest first."""
    asked = {"form": form, "unit_code": unit, "state": state}
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await read_reports(
        filters, within=caller.unit_code, before=_id_of(cursor), limit=limit + 1, begin=resources.begin
    )
    page = page_of(found, limit=limit, key=lambda report: [str(report.id)])
    items = [summary_of(one, resources.forms) for one in page.items]
    return {"items": items, "next": page.next, "has_more": page.has_more}


@router.get("/{report_id}", operation_id="get_report", response_model=ReportResponse, responses={404: PROBLEM})
async def get_report(report_id: UUID, caller: ReaderDep, resources: ResourcesDep) -> Any:
    """Tell how far a report is, and what it says once it is done."""
    report = await read_report(report_id, within=caller.unit_code, begin=resources.begin)
    return report_of(report, resources.forms)


@router.get(
    "/{report_id}/files/{file_format}",
    operation_id="get_report_file",
    response_class=Response,
    responses={200: FILE, 404: PROBLEM, 409: PROBLEM},
)
async def get_report_file(report_id: UUID, file_format: str, caller: ReaderDep, resources: ResourcesDep) -> Response:
    """Fetch a file of a finished report: `json`, `xlsx`, `pdf`, and `docx` of a narrative."""
    report, content = await read_file(
        report_id, file_format, within=caller.unit_code, forms=resources.forms, begin=resources.begin
    )
    disposition = f'attachment; filename="{_file_name(report)}.{file_format}"'
    return Response(content, 200, {"Content-Disposition": disposition}, MEDIA_TYPES[FileFormat(file_format)])


def _id_of(cursor: str | None) -> UUID | None:
    key = key_of(cursor, parts=1)
    try:
        return UUID(key[0]) if key else None
    except ValueError:
        raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list") from None


def _file_name(report: Report) -> str:
    """Return a name that any file system takes."""
    order = report.order
    return re.sub(r"[^A-Za-z0-9.-]", "_", f"{order.form}_{order.unit_code}_{order.period.start}_{order.period.last}")
