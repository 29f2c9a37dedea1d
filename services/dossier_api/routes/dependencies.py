"""What routes are handed."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from dossier_api.resources import Resources
from dossier_api.routes.bodies import NO_CONTROLS, Day
from shared.working_days import FIRST, LAST


def resources_of(request: Request) -> Resources:
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
