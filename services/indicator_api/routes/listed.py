"""What stands behind a figure, item by item."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from indicator_api.domain.rows import Contribution
from indicator_api.domain.supply import Version
from indicator_api.domain.tree import Unit
from shared.http.paging import Page, page_of


class ListedDossierResponse(BaseModel):
    """A dossier and how often it is counted: twice for two supplement requests, -1 where a formula subtracts it.

    In a list of changes: how much more often than it was known to be.
    """

    code: str
    times: int


class ListedServiceResponse(BaseModel):
    """A service as last in force on the days asked."""

    code: str
    name: str
    field: str
    level: str
    online_level: str
    at_one_stop: bool


class ListedUnitResponse(BaseModel):
    """A unit in force on the last day asked."""

    code: str
    name: str
    level: str
    has_one_stop: bool


Listed = TypeVar("Listed", ListedServiceResponse, ListedUnitResponse)


def page_of_dossiers(found: list[Contribution], limit: int) -> Page[ListedDossierResponse]:
    """Return one page of a list that was read with one more than asked for."""
    listed = [ListedDossierResponse(code=one.code, times=one.times) for one in found]
    return page_of(listed, limit=limit, key=lambda one: [one.code])


def listed_service(version: Version) -> ListedServiceResponse:
    """Return one service of a list."""
    return ListedServiceResponse(
        code=version.procedure_code,
        name=version.name,
        field=version.field,
        level=version.level,
        online_level=version.online_level,
        at_one_stop=version.at_one_stop,
    )


def listed_unit(unit: Unit) -> ListedUnitResponse:
    """Return one unit of a list."""
    return ListedUnitResponse(code=unit.code, name=unit.name, level=unit.level, has_one_stop=unit.has_one_stop)


def page_after(after: str, listed: Sequence[Listed], *, limit: int) -> Page[Listed]:
    """Return the page of a whole list that begins after a code."""
    return page_of([one for one in listed if one.code > after], limit=limit, key=lambda one: [one.code])
