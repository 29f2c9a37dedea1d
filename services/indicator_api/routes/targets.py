"""The province's targets, and the verdicts on them."""

from typing import Annotated

from fastapi import APIRouter, Query

from indicator_api.routes.dependencies import KeeperDep, ReaderDep, ResourcesDep
from indicator_api.routes.queries import HistoryQuery, KnownQuery, SelectionQuery
from indicator_api.routes.target_models import TargetSetResponse, TargetsRequest, told_set
from indicator_api.routes.verdicts import JudgementResponse, told_judgement
from indicator_api.usecases.judge_targets import judge_targets
from indicator_api.usecases.keep_targets import put_targets, read_history, read_targets
from indicator_api.usecases.wait_for_position import wait_for_position
from shared.http.paging import Page, page_of
from shared.http.problems import PROBLEM

router = APIRouter(prefix="/targets", tags=["targets"])


@router.get("", operation_id="get_targets")
async def get_targets(
    query: Annotated[KnownQuery, Query()], _: ReaderDep, resources: ResourcesDep
) -> TargetSetResponse:
    """Read the targets: those last put, by the close of `known_at` if given, or those shipped."""
    zone = resources.settings.zone
    return told_set(await read_targets(known_at=query.known_at, source=resources.source, zone=zone), zone)


@router.put("", operation_id="put_targets")
async def put_all_targets(body: TargetsRequest, caller: KeeperDep, resources: ResourcesDep) -> TargetSetResponse:
    """Replace all targets. What held before stays on record, with who replaced it and when."""
    zone = resources.settings.zone
    known = await put_targets(body.domain(), caller=caller, begin=resources.begin, clock=resources.clock, zone=zone)
    return told_set(known, zone)


@router.get("/history", operation_id="list_target_sets")
async def list_target_sets(
    query: Annotated[HistoryQuery, Query()], _: KeeperDep, resources: ResourcesDep
) -> Page[TargetSetResponse]:
    """List every set of targets ever put, newest first."""
    found = await read_history(before=query.before, limit=query.limit + 1, source=resources.source)
    page = page_of(found, limit=query.limit, key=lambda one: [str(one.id)])
    told = [told_set(one, resources.settings.zone) for one in page.items]
    return Page(items=told, next=page.next, has_more=page.has_more)


@router.get("/verdicts", operation_id="get_verdicts", responses={404: PROBLEM, 503: PROBLEM})
async def get_verdicts(
    query: Annotated[SelectionQuery, Query()], caller: ReaderDep, resources: ResourcesDep
) -> JudgementResponse:
    """Judge every target in force on the last day seen: met or not, by how much, and what it earns."""
    asked, source, zone = query.selection(), resources.source, resources.settings.zone
    await wait_for_position(query.min_position, source=source, timeout_s=resources.settings.position_wait_s)
    return told_judgement(await judge_targets(asked, root=caller.unit_code, source=source, zone=zone), zone)
