"""The forms: their numbers, captions and identities."""

from typing import Any

from fastapi import APIRouter

from report_worker.routes.dependencies import ReaderDep, ResourcesDep
from report_worker.routes.responses import FormResponse, FormSummary
from report_worker.routes.shaping import form_of
from shared.http.paging import Page
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/forms", tags=["forms"])


@router.get("", operation_id="get_forms", response_model=Page[FormSummary])
async def get_forms(_caller: ReaderDep, resources: ResourcesDep) -> Any:
    """List the latest version of each form."""
    return {"items": [form_of(form) for form in resources.forms.latest()], "next": None, "has_more": False}


@router.get("/{code}", operation_id="get_form", response_model=FormResponse, responses={404: PROBLEM})
async def get_form(code: str, _caller: ReaderDep, resources: ResourcesDep, version: int | None = None) -> Any:
    """Tell a form's columns or figures, and the identities between them."""
    return form_of(resources.forms.get(code, version=version))
