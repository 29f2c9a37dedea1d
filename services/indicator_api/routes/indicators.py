"""The catalogue of indicators, and each indicator by group."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from indicator_api.domain.counts import Count
from indicator_api.domain.definitions import DEFINITIONS, definition_of
from indicator_api.domain.formulae import CountedFrom, Definition
from indicator_api.domain.rows import RatioRow
from indicator_api.routes.catalogue_responses import CatalogueResponse, described, described_count
from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.formats import SHAPES, RenderingDep
from indicator_api.routes.links import DossierLinks
from indicator_api.routes.queries import SelectionQuery, TableQuery
from indicator_api.routes.responses import (
    IndicatorRowResponse,
    IndicatorTableResponse,
    head_of,
    indicator_row,
    nothing_told,
)
from indicator_api.routes.tables import cube_of_indicator, table_in
from indicator_api.usecases.measure_indicator import measure_indicator
from indicator_api.usecases.read_figures import FigureTable
from indicator_api.usecases.wait_for_position import wait_for_position
from shared.errors import InvalidRequest
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/indicators", tags=["indicators"], responses={404: PROBLEM, 503: PROBLEM})


@router.get("", operation_id="list_indicators")
async def list_indicators(_: ReaderDep) -> CatalogueResponse:
    """List every indicator and every count with its formula and legal source, in both languages."""
    return CatalogueResponse(
        items=[described(one) for one in DEFINITIONS.values()],
        counts=[described_count(one) for one in Count],
        next=None,
        has_more=False,
    )


@router.get("/{indicator}", operation_id="get_indicator", response_model=IndicatorTableResponse, responses=SHAPES)
async def get_indicator(
    indicator: str,
    query: Annotated[TableQuery, Query()],
    caller: ReaderDep,
    resources: ResourcesDep,
    rendering: RenderingDep,
) -> Response | IndicatorTableResponse:
    """Compute an indicator by group: numerator, denominator and their quotient, half-up to 4 decimals.

    At most 10,000 rows; `truncated` says when there are more. JSON, CSV or JSON-stat 2.0, by `Accept`.
    """
    definition, asked = definition_of(indicator), query.grouped_selection()
    _refuse_foreign_dimensions(definition, query)
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    table = await measure_indicator(definition, asked, root=caller.unit_code, source=resources.source)
    whole = IndicatorTableResponse(
        **head_of(table, resources.settings.zone),
        indicator=definition.id,
        definition_version=definition.version,
        rows=_rows(definition, query, table),
    )
    return table_in(rendering, whole, cube=lambda: cube_of_indicator(definition, table), bom=query.bom)


def _rows(definition: Definition, query: TableQuery, table: FigureTable[RatioRow]) -> list[IndicatorRowResponse]:
    if definition.counted_from is CountedFrom.REPORTED:
        return [] if query.group_by else [nothing_told()]
    path = f"/v1/indicators/{definition.id}/{definition.counted_from}"
    links = DossierLinks(path, query, table.selection, of="part=numerator")
    return [indicator_row(row, links.to, definition.counted_from) for row in table.rows]


def _refuse_foreign_dimensions(definition: Definition, query: SelectionQuery) -> None:
    for dimension in query.dimensions():
        if dimension not in definition.dimensions:
            raise InvalidRequest.at_parameter(
                dimension, f"{definition.id} cannot be narrowed or grouped by {dimension}"
            )
