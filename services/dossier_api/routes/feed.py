"""Everything that happened, in one total order."""

from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from dossier_api.domain.records import LogEntry
from dossier_api.routes.cloud_events import BATCH
from dossier_api.routes.dependencies import LARGEST, ResourcesDep
from dossier_api.usecases.read_feed import read_feed
from shared.contracts.feed import FeedItemV1
from shared.http.access import Caller, Scope, requires

router = APIRouter(tags=["feed"])


class Include(StrEnum):
    """What may be added to the data of each dossier event."""

    LIFE = "life"


class FeedItem(BaseModel):
    """A CloudEvent; `position` and `recordedat` are extension attributes."""

    specversion: str
    id: str
    source: str
    type: str
    time: AwareDatetime
    subject: str
    datacontenttype: str
    data: dict[str, Any]
    position: int
    recordedat: AwareDatetime


class BatchResponse(Response):
    """A CloudEvents batch."""

    media_type = BATCH


@router.get("/feed", operation_id="get_feed", response_model=list[FeedItem], response_class=BatchResponse)
async def get_feed(
    request: Request,
    resources: ResourcesDep,
    caller: Annotated[Caller, requires(Scope.DOSSIERS_READ)],
    *,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="position of the last item the reader has")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    timeout_s: Annotated[float, Query(alias="timeout", ge=0, le=60, description="seconds to wait for news")] = 0,
    include: Annotated[Include | None, Query(description="`life`: the dossier's life after each event")] = None,
) -> Response:
    """Read on from a position, as a CloudEvents batch.

    A reader that has been given a position is never later given an event before it.
    """
    found = await read_feed(
        after,
        is_gone=request.is_disconnected,
        limit=limit,
        timeout_s=timeout_s,
        root=caller.unit_code,
        begin=resources.begin,
        bell=resources.bell,
        rulebook=resources.rulebook,
    )
    items = [_item(entry, zone=resources.zone, with_life=include is Include.LIFE) for entry in found]
    return BatchResponse(msgspec.json.encode(items))


def _item(entry: LogEntry, *, zone: ZoneInfo, with_life: bool) -> FeedItemV1:
    return FeedItemV1(
        "1.0",
        entry.id,
        entry.source,
        entry.type,
        entry.occurred_at.astimezone(zone),
        entry.subject,
        msgspec.Raw(_data(entry, with_life=with_life)),
        entry.position,
        entry.recorded_at.astimezone(zone),
    )


def _data(entry: LogEntry, *, with_life: bool) -> str:
    """Return an entry's data, spliced with the life that was stored beside it."""
    if not with_life or entry.life is None:
        return entry.data
    said = entry.data.strip()[:-1]
    return f'{said}{"," if len(said) > 1 else ""}"life":{entry.life}}}'
