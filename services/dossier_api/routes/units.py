"""Reading the catalogue."""

from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query

from dossier_api.routes.catalogue_models import CalendarDayModel, OfficeHoursModel, ProcedureModel, UnitModel
from dossier_api.routes.dependencies import CursorQuery, LimitQuery, ResourcesDep
from dossier_api.usecases.read_catalogue import CatalogueReader, PlacedUnit
from shared.http.access import Caller, requires
from shared.http.paging import Page, key_of, page_of
from shared.http.problems import PROBLEM

router = APIRouter(tags=["catalogue"], responses={404: PROBLEM})
MOST_UNITS = 10_000


class PlacedUnitModel(UnitModel):
    """A unit with its path: the codes from the topmost unit the caller sees down to itself."""

    path: list[str]


async def reader_of(resources: ResourcesDep, caller: Annotated[Caller, requires()]) -> CatalogueReader:
    """Return the catalogue as the caller may see it."""
    return CatalogueReader(resources.begin, resources.rulebook, caller.unit_code)


ReaderDep = Annotated[CatalogueReader, Depends(reader_of)]


@router.get("/units", operation_id="list_units")
async def list_units(
    reader: ReaderDep, limit: Annotated[int, Query(ge=1, le=MOST_UNITS)] = MOST_UNITS, cursor: CursorQuery = None
) -> Page[PlacedUnitModel]:
    """List the units of the caller's subtree by code; the whole tree fits on one page."""
    key = key_of(cursor, parts=1)
    units = [_unit(placed) for placed in await reader.units() if key is None or placed.unit.code > key[0]]
    return page_of(units[: limit + 1], limit=limit, key=lambda unit: [unit.code])


@router.get("/units/{code}", operation_id="get_unit")
async def get_unit(code: str, reader: ReaderDep) -> PlacedUnitModel:
    """Read one unit with its path."""
    return _unit(await reader.unit(code))


@router.get("/units/{code}/office-hours", operation_id="list_office_hours")
async def list_office_hours(code: str, reader: ReaderDep) -> Page[OfficeHoursModel]:
    """List a unit's own office hours, newest first; none means it has its nearest ancestor's."""
    hours = [OfficeHoursModel.from_domain(code, one) for one in await reader.office_hours(code)]
    return Page(items=hours, next=None, has_more=False)


@router.get("/procedures", operation_id="list_procedures")
async def list_procedures(
    reader: ReaderDep, limit: LimitQuery = 100, cursor: CursorQuery = None
) -> Page[ProcedureModel]:
    """List procedures by code with all their versions."""
    key = key_of(cursor, parts=1)
    found = await reader.procedures(after=key[0] if key else None, limit=limit + 1)
    procedures = [ProcedureModel.model_validate(_plain(one)) for one in found]
    return page_of(procedures, limit=limit, key=lambda procedure: [procedure.code])


@router.get("/procedures/{code}", operation_id="get_procedure")
async def get_procedure(code: str, reader: ReaderDep) -> ProcedureModel:
    """Read one procedure with all its versions."""
    return ProcedureModel.model_validate(_plain(await reader.procedure(code)))


@router.get("/calendar", operation_id="list_calendar")
async def list_calendar(reader: ReaderDep, year: Annotated[int, Query(ge=2000, le=2060)]) -> Page[CalendarDayModel]:
    """List the official days off and worked of one year, by day."""
    days = await reader.calendar(date(year, 1, 1), date(year + 1, 1, 1))
    items = [CalendarDayModel.model_validate(_plain(day)) for day in days]
    return Page(items=items, next=None, has_more=False)


def _unit(placed: PlacedUnit) -> PlacedUnitModel:
    return PlacedUnitModel.model_validate({**_plain(placed.unit), "path": placed.path})


def _plain(entity: object) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(entity)
    return plain
