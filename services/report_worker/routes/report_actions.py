"""What may be done with a report: cancel, retry, publish, verify, restate."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from report_worker.routes.bodies import PublishRequest
from report_worker.routes.dependencies import LanguageDep, ReaderDep, ResourcesDep, WriterDep
from report_worker.routes.responses import ReportResponse, RestatementResponse, VerificationResponse
from report_worker.routes.shaping import report_of, restatement_of, verification_of
from report_worker.usecases.cancel_report import cancel_report
from report_worker.usecases.publish_report import Publisher, publish_report
from report_worker.usecases.restate_report import Restater, restate_report
from report_worker.usecases.retry_report import retry_report
from report_worker.usecases.verify_report import verify_report
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/reports/{report_id}", tags=["reports"], responses={404: PROBLEM, 409: PROBLEM})


@router.post("/cancel", operation_id="post_report_cancel", response_model=ReportResponse)
async def post_cancel(report_id: UUID, caller: WriterDep, resources: ResourcesDep) -> Any:
    """Stop the making of a report; it may be retried."""
    report = await cancel_report(report_id, caller, begin=resources.begin, clock=resources.clock)
    return report_of(report, resources.forms)


@router.post("/retry", status_code=202, operation_id="post_report_retry", response_model=ReportResponse)
async def post_retry(report_id: UUID, caller: WriterDep, resources: ResourcesDep) -> Any:
    """Make a report again that failed or was cancelled."""
    report = await retry_report(report_id, caller, begin=resources.begin, clock=resources.clock)
    return report_of(report, resources.forms)


@router.post("/publish", operation_id="post_report_publish", response_model=ReportResponse)
async def post_publish(
    report_id: UUID, caller: WriterDep, resources: ResourcesDep, body: PublishRequest | None = None
) -> Any:
    """Freeze a finished report for good; refused while identities fail, unless a note says why."""
    report = await publish_report(
        report_id,
        Publisher(caller, body.override_note if body else None),
        forms=resources.forms,
        begin=resources.begin,
        clock=resources.clock,
        zone=resources.zone,
    )
    return report_of(report, resources.forms)


@router.get("/verification", operation_id="get_report_verification", response_model=VerificationResponse)
async def get_verification(report_id: UUID, caller: ReaderDep, resources: ResourcesDep) -> Any:
    """Recompute a published report's hashes and render its files again."""
    found = await verify_report(report_id, within=caller.unit_code, forms=resources.forms, begin=resources.begin)
    return verification_of(found)


@router.get(
    "/restatement",
    operation_id="get_report_restatement",
    response_model=RestatementResponse,
    responses=dict.fromkeys((502, 503), PROBLEM),
)
async def get_restatement(report_id: UUID, caller: ReaderDep, resources: ResourcesDep, language: LanguageDep) -> Any:
    """List every cell of a finished report that would differ today, by how much, and the dossiers that moved it."""
    restater = Restater(resources.forms, resources.indicators, resources.office)
    found = await restate_report(report_id, within=caller.unit_code, restater=restater)
    return restatement_of(found, language)
