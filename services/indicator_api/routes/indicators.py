"""The catalogue of indicators, each indicator by group, and the dossiers behind it."""

from typing import Annotated

from fastapi import APIRouter, Query

from indicator_api.domain.definitions import DEFINITIONS, Definition, DossierRatio, definition_of
from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.links import DossierLinks
from indicator_api.routes.queries import PartPageQuery, SelectionQuery, TableQuery
from indicator_api.routes.responses import (
    DefinitionResponse,
    IndicatorTableResponse,
    ListedDossierResponse,
    described,
    head_of,
    indicator_row,
    page_of_dossiers,
)
from indicator_api.usecases.list_dossiers import list_dossiers, listing_of
from indicator_api.usecases.measure_indicator import measure_indicator
from indicator_api.usecases.wait_for_position import wait_for_position
from shared.errors import InvalidRequest
from shared.http.paging import Page
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/indicators", tags=["indicators"], responses={404: PROBLEM, 503: PROBLEM})


@router.get("", operation_id="list_indicators")
async def list_indicators(_: ReaderDep) -> Page[DefinitionResponse]:
    """List every indicator with its formula and legal source, in both languages."""
    return Page(items=[described(one) for one in DEFINITIONS.values()], next=None, has_more=False)


@router.get("/{indicator}", operation_id="get_indicator")
async def get_indicator(
    indicator: str, query: Annotated[TableQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> IndicatorTableResponse:
    """Compute an indicator by group: numerator, denominator and their quotient, half-up to 4 decimals.

    At most 10,000 rows; `truncated` says when there are more.
    """
    definition, asked = definition_of(indicator), query.grouped_selection()
    _refuse_foreign_dimensions(definition, query)
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    table = await measure_indicator(definition, asked, root=caller.unit_code, source=resources.source)
    links = DossierLinks(f"/v1/indicators/{indicator}/dossiers", query, table.selection, of="part=numerator")
    link = links.to if isinstance(definition.computed, DossierRatio) else None
    return IndicatorTableResponse(
        **head_of(table, resources.settings.zone),
        indicator=definition.id,
        definition_version=definition.version,
        rows=[indicator_row(row, link) for row in table.rows],
    )


@router.get("/{indicator}/dossiers", operation_id="get_indicator_dossiers")
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


def _refuse_foreign_dimensions(definition: Definition, query: SelectionQuery) -> None:
    for dimension in query.dimensions():
        if dimension not in definition.dimensions:
            raise InvalidRequest.at_parameter(
                dimension, f"{definition.id} cannot be narrowed or grouped by {dimension}"
            )
