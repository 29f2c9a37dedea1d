"""Counts of dossiers, and the dossiers behind them."""

from typing import Annotated

from fastapi import APIRouter, Query

from indicator_api.domain.counts import Count
from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.links import DossierLinks
from indicator_api.routes.queries import CountedPageQuery, TableQuery
from indicator_api.routes.responses import (
    COUNTED,
    CountTableResponse,
    ListedDossierResponse,
    ThroughResponse,
    count_row,
    head_of,
    page_of_dossiers,
    through_of,
)
from indicator_api.usecases.count_dossiers import count_dossiers
from indicator_api.usecases.list_dossiers import Listing, list_dossiers
from indicator_api.usecases.wait_for_position import get_position, wait_for_position
from shared.http.paging import Page
from shared.http.problems import PROBLEM

router = APIRouter(tags=["counts"], responses={404: PROBLEM, 503: PROBLEM})
ANSWERED = [Count(name) for name in COUNTED]


@router.get("/counts", operation_id="get_counts")
async def get_counts(
    query: Annotated[TableQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> CountTableResponse:
    """Count dossiers by group: the flows of a period and the stocks at its end.

    At most 10,000 rows; `truncated` says when there are more.
    """
    asked = query.grouped_selection()
    await wait_for_position(query.min_position, source=resources.source, timeout_s=resources.settings.position_wait_s)
    table = await count_dossiers(asked, ANSWERED, root=caller.unit_code, source=resources.source)
    links = DossierLinks("/v1/counts/dossiers", query, table.selection, of="count=received")
    head = head_of(table, resources.settings.zone)
    return CountTableResponse(**head, rows=[count_row(row, links.to) for row in table.rows])


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
