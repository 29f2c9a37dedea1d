"""One compact page for a district office."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.routes.queries import SummaryQuery
from indicator_api.routes.responses import state_of
from indicator_api.routes.summary_models import (
    SummaryResponse,
    told_children,
    told_counts,
    told_month,
    told_rates,
    told_unit,
    told_year_earlier,
)
from indicator_api.routes.verdicts import told_verdict
from indicator_api.usecases.summarise import Summary, summarise
from indicator_api.usecases.wait_for_position import wait_for_position
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/summaries", tags=["summaries"], responses={404: PROBLEM, 503: PROBLEM})


@router.get("/{unit_code}", operation_id="get_summary")
async def get_summary(
    unit_code: str, query: Annotated[SummaryQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> SummaryResponse:
    """Summarise a unit with all below it, everything from one state of the figures.

    At most 200 children, the best ranked first; `truncated` says when there are more.
    """
    asked, source, zone = query.selection_of(unit_code), resources.source, resources.settings.zone
    await wait_for_position(query.min_position, source=source, timeout_s=resources.settings.position_wait_s)
    return _told(await summarise(asked, root=caller.unit_code, source=source, zone=zone), zone)


def _told(summary: Summary, zone: ZoneInfo) -> SummaryResponse:
    return SummaryResponse(
        unit=told_unit(summary.unit),
        **state_of(summary.now.selection, summary.through, zone),
        truncated=summary.is_truncated,
        counts=told_counts(summary.now.counts),
        indicators=told_rates(summary.now, summary.before),
        year_earlier=told_year_earlier(summary.before),
        targets=[told_verdict(verdict) for verdict in summary.verdicts],
        children=told_children(summary),
        months=[told_month(row) for row in summary.months],
    )
