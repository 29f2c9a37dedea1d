"""Counts of dossiers, and the dossiers behind them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.formats import SHAPES, RenderingDep
from indicator_api.routes.links import DossierLinks
from indicator_api.routes.listed import ListedDossierResponse, page_of_dossiers
from indicator_api.routes.queries import CountedPageQuery, TableQuery
from indicator_api.routes.responses import (
    ANSWERED,
    CountTableResponse,
    ThroughResponse,
    count_row,
    head_of,
    through_of,
)
from indicator_api.routes.tables import cube_of_counts, table_in
from indicator_api.usecases.count_dossiers import count_dossiers
from indicator_api.usecases.list_dossiers import Listing, list_dossiers
from indicator_api.usecases.wait_for_position import get_position, wait_for_position
from shared.http.paging import Page
from shared.http.problems import PROBLEM

router = APIRouter(tags=["counts"], responses={404: PROBLEM, 503: PROBLEM})


@router.get("/counts", operation_id="get_counts", response_model=CountTableResponse, responses=SHAPES)
async def get_counts(
    query: Annotated[TableQuery, Query()],
    caller: ReaderDep,
    resources: ResourcesDep,
    rendering: RenderingDep,
) -> Response | CountTableResponse:
    """Count dossiers by group: the flows of a period and the stocks at its end.

    At most 10,000 rows; `truncated` says when there are more. JSON, CSV or JSON-stat 2.0, by `Accept`.
    """
    asked = query.grouped_selection()
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    table = await count_dossiers(asked, ANSWERED, root=caller.unit_code, source=resources.source)
    links = DossierLinks("/v1/counts/dossiers", query, table.selection, of="count=received")
    head = head_of(table, resources.settings.zone)
    whole = CountTableResponse(**head, rows=[count_row(row, links.to) for row in table.rows])
    return table_in(rendering, whole, cube=lambda: cube_of_counts(table), bom=query.bom)


@router.get("/counts/dossiers", operation_id="get_counted_dossiers")
async def get_counted_dossiers(
    query: Annotated[CountedPageQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> Page[ListedDossierResponse]:
    """List the dossiers behind one count of a selection, by code; their `times` add up to the count."""
    asked = query.selection()
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    found = await list_dossiers(
        asked,
        Listing({query.count: 1}),
        after=query.after,
        limit=query.limit + 1,
        root=caller.unit_code,
        source=resources.source,
    )
    return page_of_dossiers(found, query.limit)


@router.get("/through", operation_id="get_through")
async def get_through(_: ReaderDep, resources: ResourcesDep) -> ThroughResponse:
    """Tell how far the figures go: the last position of the feed that is counted, and when it was recorded."""
    return through_of(await get_position(resources.source), resources.settings.zone)
