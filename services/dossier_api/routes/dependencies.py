"""What routes are handed."""

from typing import Annotated

from fastapi import Depends, Query, Request

from dossier_api.resources import Resources


def resources_of(request: Request) -> Resources:
    """Return what the service holds open."""
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(resources_of)]
# The largest bigint: beyond it a number names no row.
LARGEST = 2**63 - 1
LimitQuery = Annotated[int, Query(ge=1, le=1000, description="most items on a page")]
CursorQuery = Annotated[str | None, Query(description="`next` of the page before")]
