"""Checks of figures that somebody typed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from report_worker.domain.diagnosing import LIKELY
from report_worker.render.document import check_member
from report_worker.routes.bodies import Line, ReportCheckRequest
from report_worker.routes.dependencies import LanguageDep, ReaderDep, ResourcesDep
from report_worker.routes.responses import ReportCheckResponse
from report_worker.uploads.reading import MEDIA_TYPE
from report_worker.usecases.check_report import Failure, Finding, check_report, check_workbook
from shared.errors import InvalidRequest
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/report-checks", tags=["reports"])
WORKBOOK = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}


def _unless_uploaded(body: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """Let the bytes of an upload pass: FastAPI hands over unread whatever is not declared to be JSON."""
    return body if isinstance(body, bytes) else read(body)


@router.post(
    "",
    operation_id="post_report_check",
    response_model=ReportCheckResponse,
    responses={404: PROBLEM},
    openapi_extra={"requestBody": {"content": WORKBOOK}},
)
async def post_report_check(
    request: Request,
    body: Annotated[ReportCheckRequest, WrapValidator(_unless_uploaded)],
    _caller: ReaderDep,
    resources: ResourcesDep,
    language: LanguageDep,
    *,
    form: Annotated[Line | None, Query(description="of an uploaded workbook")] = None,
    form_version: Annotated[int | None, Query(ge=1, description="of an uploaded workbook")] = None,
) -> Any:
    """Name each identity of the form that the typed figures break, and what is likely wrong; nothing is kept.

    An XLSX of the form is read by its column numbers or its captions, whoever made it.
    """
    content: object = body
    if not isinstance(content, bytes):
        finding = check_report(body.form, body.typed(), version=body.form_version, forms=resources.forms)
        return _answer(finding, language)
    if request.headers.get("content-type", "").partition(";")[0] != MEDIA_TYPE:
        raise InvalidRequest.at_parameter("content-type", f"neither application/json nor {MEDIA_TYPE}")
    if form is None:
        raise InvalidRequest.at_parameter("form", "names the form of the uploaded workbook")
    return _answer(await check_workbook(form, content, version=form_version, forms=resources.forms), language)


def _answer(finding: Finding, language: str) -> dict[str, Any]:
    failures = [_failure(one, finding, language) for one in finding.failures]
    return {"holds": not failures, "judged": finding.judged, "failures": failures}


def _failure(failure: Failure, finding: Finding, language: str) -> dict[str, Any]:
    diagnosis = failure.diagnosis
    return {
        **check_member(failure.check, finding.form, language),
        "cells": dict(failure.cells),
        "kind": diagnosis.kind,
        "likely": LIKELY[diagnosis.kind][language],
        "suspect": diagnosis.suspect,
        "should_be": diagnosis.should_be,
    }
