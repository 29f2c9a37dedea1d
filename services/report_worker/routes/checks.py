"""Checks of figures that somebody typed."""

from typing import Any

from fastapi import APIRouter

from report_worker.render.document import check_member
from report_worker.routes.bodies import ReportCheckRequest
from report_worker.routes.dependencies import LanguageDep, ReaderDep, ResourcesDep
from report_worker.routes.responses import ReportCheckResponse
from report_worker.usecases.check_report import check_report
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/report-checks", tags=["reports"])


@router.post("", operation_id="post_report_check", response_model=ReportCheckResponse, responses={404: PROBLEM})
async def post_report_check(
    body: ReportCheckRequest, _caller: ReaderDep, resources: ResourcesDep, language: LanguageDep
) -> Any:
    """Name each identity of the form that the typed figures break; nothing is kept."""
    form, checks = check_report(body.form, body.typed(), version=body.form_version, forms=resources.forms)
    failing = [check for check in checks if not check.verdict.holds]
    failures = [check_member(check, form, language) for check in failing]
    return {"holds": not failing, "judged": len(checks), "failures": failures}
