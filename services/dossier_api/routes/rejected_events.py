"""The quarantine."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from dossier_api.domain.records import KeptEntry
from dossier_api.routes.dependencies import CursorQuery, LimitQuery, ResourcesDep
from dossier_api.usecases.read_rejected_events import read_rejected_events
from shared.errors import InvalidRequest
from shared.http.access import Caller, Scope, requires
from shared.http.paging import Page, key_of, page_of

router = APIRouter(tags=["events"])


class RejectedEvent(BaseModel):
    """A kept event and why it could not be applied.

    It is applied by itself once a later event of its dossier makes room for it, or when it is posted again.
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


@router.get("/rejected-events", operation_id="list_rejected_events")
async def list_rejected_events(
    resources: ResourcesDep,
    caller: Annotated[Caller, requires(Scope.EVENTS_WRITE)],
    limit: LimitQuery = 100,
    cursor: CursorQuery = None,
) -> Page[RejectedEvent]:
    """List kept events of the caller's subtree, oldest first."""
    key = key_of(cursor, parts=1)
    if key and not key[0].isdecimal():
        raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list")
    found = await read_rejected_events(
        root=caller.unit_code,
        after=int(key[0]) if key else None,
        limit=limit + 1,
        begin=resources.begin,
        rulebook=resources.rulebook,
    )
    return page_of([_rejected(entry) for entry in found], limit=limit, key=lambda entry: [str(entry.arrival)])


def _rejected(entry: KeptEntry) -> RejectedEvent:
    return RejectedEvent(
        arrival=entry.arrival,
        id=entry.id,
        source=entry.source,
        type=entry.type,
        time=entry.occurred_at,
        subject=entry.subject,
        data=msgspec.json.decode(entry.data),
        received_at=entry.received_at,
        reason=entry.reason,
        facts=msgspec.json.decode(entry.facts),
    )
