"""Writing the catalogue: all at once, or one entity at its own place."""

from typing import Annotated

from fastapi import APIRouter

from dossier_api.domain.errors import CatalogueInconsistent
from dossier_api.resources import Resources
from dossier_api.routes.catalogue_models import (
    CatalogueChangedModel,
    CatalogueModel,
    OfficeHoursModel,
    ProcedureModel,
    UnitModel,
)
from dossier_api.routes.dependencies import ResourcesDep
from dossier_api.usecases.put_catalogue import CatalogueChange, CatalogueChanged, put_catalogue
from shared.http.access import Caller, Scope, requires
from shared.http.problems import PROBLEM

router = APIRouter(tags=["catalogue"], responses={404: PROBLEM, 409: PROBLEM})
Writer = Annotated[Caller, requires(Scope.CATALOGUE_WRITE)]


@router.post("/catalogue", operation_id="post_catalogue", response_model=CatalogueChangedModel)
async def post_catalogue(body: CatalogueModel, resources: ResourcesDep, caller: Writer) -> CatalogueChanged:
    """Write units, procedures, calendar and office hours in one transaction; what is already so stays untouched."""
    change = CatalogueChange(
        units=[unit.to_domain() for unit in body.units],
        procedures=[procedure.to_domain() for procedure in body.procedures],
        calendar=[day.to_domain() for day in body.calendar],
        office_hours=[hours.to_domain() for hours in body.office_hours],
    )
    return await _put(change, resources, caller)


@router.put("/units/{code}", operation_id="put_unit", response_model=CatalogueChangedModel)
async def put_unit(code: str, body: UnitModel, resources: ResourcesDep, caller: Writer) -> CatalogueChanged:
    """Write one unit."""
    _same(code, body.code)
    return await _put(CatalogueChange(units=[body.to_domain()]), resources, caller)


@router.put("/procedures/{code}", operation_id="put_procedure", response_model=CatalogueChangedModel)
async def put_procedure(code: str, body: ProcedureModel, resources: ResourcesDep, caller: Writer) -> CatalogueChanged:
    """Write one procedure."""
    _same(code, body.code)
    return await _put(CatalogueChange(procedures=[body.to_domain()]), resources, caller)


@router.put("/units/{code}/office-hours", operation_id="put_office_hours", response_model=CatalogueChangedModel)
async def put_office_hours(
    code: str, body: OfficeHoursModel, resources: ResourcesDep, caller: Writer
) -> CatalogueChanged:
    """Write the office hours of one unit from a day on."""
    _same(code, body.unit_code)
    return await _put(CatalogueChange(office_hours=[body.to_domain()]), resources, caller)


async def _put(change: CatalogueChange, resources: Resources, caller: Caller) -> CatalogueChanged:
    return await put_catalogue(
        change,
        caller=caller,
        begin=resources.begin,
        clock=resources.clock,
        rulebook=resources.rulebook,
        bell=resources.bell,
    )


def _same(path: str, body: str) -> None:
    if path != body:
        raise CatalogueInconsistent([f"the path says {path}, the body {body}"])
