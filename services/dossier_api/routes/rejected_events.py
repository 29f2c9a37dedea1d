"""The quarantine."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from dossier_api.domain.records import KeptEntry
from dossier_api.routes.dependencies import LARGEST, CodeQuery, LimitQuery, NumberAfterDep, ResourcesDep
from dossier_api.routes.events import EventResults, answers_of
from dossier_api.usecases.read_rejected_events import read_rejected_events
from dossier_api.usecases.replay_rejected_events import Replay
from shared.http.access import Caller, Scope, requires
from shared.http.paging import Page, cursor_of, page_of
from shared.http.problems import PROBLEM

router = APIRouter(tags=["events"])


class RejectedEvent(BaseModel):
    """A kept event and why it could not be applied.

    It is applied by itself once a later event of its dossier makes room for it, or when it is posted again.
    One that `is_displaced` is in the log: an event that came late has made it impossible, and voiding either mends it.
    """

    arrival: int
    id: str
    source: str
    type: str
    time: AwareDatetime
    subject: str
    data: dict[str, Any]
    received_at: AwareDatetime
    reason: str
    facts: dict[str, Any]
    is_displaced: bool


class ReplayResults(EventResults):
    """Results of a bulk replay, and where to go on."""

    next: str | None
    has_more: bool


async def replay_of(resources: ResourcesDep, caller: Annotated[Caller, requires(Scope.EVENTS_WRITE)]) -> Replay:
    """Return the quarantine as the caller may replay it."""
    return Replay(resources.begin, resources.zone, resources.rulebook, resources.intake, caller.unit_code)


ReplayDep = Annotated[Replay, Depends(replay_of)]


@router.get("/rejected-events", operation_id="list_rejected_events")
async def list_rejected_events(
    resources: ResourcesDep,
    caller: Annotated[Caller, requires(Scope.EVENTS_WRITE)],
    after: NumberAfterDep,
    limit: LimitQuery = 100,
) -> Page[RejectedEvent]:
    """List kept events of the caller's subtree, oldest first."""
    found = await read_rejected_events(
        root=caller.unit_code,
        after=after,
        limit=limit + 1,
        begin=resources.begin,
        rulebook=resources.rulebook,
    )
    return page_of(
        [_rejected(entry, resources.zone) for entry in found], limit=limit, key=lambda entry: [str(entry.arrival)]
    )


@router.post("/rejected-events/replays", operation_id="post_rejected_event_replays", response_model=ReplayResults)
async def post_rejected_event_replays(
    request: Request,
    replay: ReplayDep,
    after: NumberAfterDep,
    reason: Annotated[CodeQuery | None, Query(description="only those rejected for this reason")] = None,
    limit: LimitQuery = 1000,
) -> Response:
    """Post all kept events again, in order of arrival; `next` continues where there are more."""
    replayed = await replay.many(reason=reason, after=after, limit=limit)
    answers = answers_of(request)
    results = [answers.result(posted.event.id, outcome) for posted, outcome in replayed.outcomes]
    following = cursor_of([str(replayed.after)]) if replayed.after is not None else None
    body = {"results": results, "next": following, "has_more": following is not None}
    return Response(msgspec.json.encode(body), media_type="application/json")


@router.post(
    "/rejected-events/{arrival}/replays",
    operation_id="post_rejected_event_replay",
    response_model=EventResults,
    responses={404: PROBLEM, 409: PROBLEM},
)
async def post_rejected_event_replay(
    arrival: Annotated[int, Path(ge=1, le=LARGEST)], request: Request, replay: ReplayDep
) -> Response:
    """Post one kept event again, after its cause is gone."""
    posted, outcome = await replay.one(arrival)
    if outcome.error is not None:
        raise outcome.error
    body = {"results": [answers_of(request).result(posted.event.id, outcome)]}
    return Response(msgspec.json.encode(body), media_type="application/json")


def _rejected(entry: KeptEntry, zone: ZoneInfo) -> RejectedEvent:
    return RejectedEvent(
        arrival=entry.arrival,
        id=entry.id,
        source=entry.source,
        type=entry.type,
        time=entry.occurred_at.astimezone(zone),
        subject=entry.subject,
        data=msgspec.json.decode(entry.data),
        received_at=entry.received_at.astimezone(zone),
        reason=entry.reason,
        facts=msgspec.json.decode(entry.facts),
        is_displaced=entry.is_displaced,
    )
