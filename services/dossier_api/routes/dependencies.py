"""What routes are handed."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from dossier_api.resources import Resources
from dossier_api.routes.bodies import NO_CONTROLS, Day
from shared.errors import InvalidRequest
from shared.http.paging import key_of
from shared.working_days import FIRST, LAST


async def resources_of(request: Request) -> Resources:
    """Return what the service holds open."""
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(resources_of)]
# The largest bigint: beyond it a number names no row.
LARGEST = 2**63 - 1
# What could name a row: PostgreSQL takes no null character.
CodePath = Annotated[str, Path(max_length=256, pattern=NO_CONTROLS)]
CodeQuery = Annotated[str, Query(max_length=256, pattern=NO_CONTROLS)]
DayQuery = Annotated[Day, Query(ge=FIRST, le=LAST)]
LimitQuery = Annotated[int, Query(ge=1, le=1000, description="most items on a page")]
CursorQuery = Annotated[str | None, Query(description="`next` of the page before")]


async def number_after(cursor: CursorQuery = None) -> int | None:
    """Return the number after which a page continues."""
    key = key_of(cursor, parts=1)
    if key is None:
        return None
    # Its digits are counted first: Python reads no number of thousands.
    if not key[0].isdecimal() or len(key[0]) > len(str(LARGEST)) or int(key[0]) > LARGEST:
        raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list")
    return int(key[0])


async def moment_after(cursor: CursorQuery = None) -> tuple[datetime, str] | None:
    """Return the instant, and the code among its equals, after which a page continues."""
    key = key_of(cursor, parts=2)
    if key is None:
        return None
    try:
        return _instant(key[0]), key[1]
    except (ValueError, OverflowError):
        raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list") from None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no offset")
    return at.astimezone(UTC)


NumberAfterDep = Annotated[int | None, Depends(number_after)]
MomentAfterDep = Annotated[tuple[datetime, str] | None, Depends(moment_after)]
