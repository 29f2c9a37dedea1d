"""What stands behind an indicator: the dossiers, services or units it counts."""

from typing import Annotated

from fastapi import APIRouter, Query

from indicator_api.domain.definitions import definition_of
from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.listed import (
    ListedDossierResponse,
    ListedServiceResponse,
    ListedUnitResponse,
    listed_service,
    listed_unit,
    page_after,
    page_of_dossiers,
)
from indicator_api.routes.queries import OfferPageQuery, PartPageQuery
from indicator_api.usecases.list_dossiers import list_dossiers, listing_of
from indicator_api.usecases.list_offers import list_services, list_units
from indicator_api.usecases.wait_for_position import wait_for_position
from shared.http.paging import Page
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/indicators/{indicator}", tags=["indicators"], responses={404: PROBLEM, 503: PROBLEM})


@router.get("/dossiers", operation_id="get_indicator_dossiers")
async def get_indicator_dossiers(
    indicator: str, query: Annotated[PartPageQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> Page[ListedDossierResponse]:
    """List the dossiers behind a numerator or denominator, by code; their `times` add up to it."""
    listing, asked = listing_of(definition_of(indicator), query.part), query.selection()
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    found = await list_dossiers(
        asked, listing, after=query.after, limit=query.limit + 1, root=caller.unit_code, source=resources.source
    )
    return page_of_dossiers(found, query.limit)


@router.get("/services", operation_id="get_indicator_services")
async def get_indicator_services(
    indicator: str, query: Annotated[OfferPageQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> Page[ListedServiceResponse]:
    """List the services behind a numerator or denominator, by procedure code: as many as it counts."""
    definition, asked, after = definition_of(indicator), query.selection(), query.after
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    found = await list_services(definition, query.part, asked, root=caller.unit_code, source=resources.source)
    return page_after(after, [listed_service(one) for one in found], limit=query.limit)


@router.get("/units", operation_id="get_indicator_units")
async def get_indicator_units(
    indicator: str, query: Annotated[OfferPageQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> Page[ListedUnitResponse]:
    """List the units behind a numerator or denominator, by code: as many as it counts."""
    definition, asked, after = definition_of(indicator), query.selection(), query.after
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    found = await list_units(definition, query.part, asked, root=caller.unit_code, source=resources.source)
    return page_after(after, [listed_unit(one) for one in found], limit=query.limit)
