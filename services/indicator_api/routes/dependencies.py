"""What the routes are handed."""

from typing import Annotated

from fastapi import Depends, Request

from indicator_api.resources import Resources
from shared.http.access import Caller, Scope, requires


async def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(_resources)]
ReaderDep = Annotated[Caller, requires(Scope.FIGURES_READ)]
KeeperDep = Annotated[Caller, requires(Scope.CATALOGUE_WRITE)]
