"""What routes take from the app and the request."""

from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials

from report_worker.resources import Resources
from report_worker.usecases.order_report import Orderer
from shared.http.access import Caller, Scope, Unauthenticated, bearer, requires
from shared.http.languages import Language, language_of


async def resources_of(request: Request) -> Resources:
    """Return what the lifespan opened."""
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(resources_of)]


async def _language_of(request: Request) -> Language:
    return language_of(request)


LanguageDep = Annotated[Language, Depends(_language_of)]
ReaderDep = Annotated[Caller, requires(Scope.REPORTS_READ)]
WriterDep = Annotated[Caller, requires(Scope.REPORTS_WRITE)]


async def orderer_of(
    caller: WriterDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="the same key and body give the same report")
    ] = None,
) -> Orderer:
    """Return who orders a report.  Raises Unauthenticated."""
    if credentials is None:
        raise Unauthenticated
    return Orderer(caller.id, credentials.credentials, idempotency_key)


OrdererDep = Annotated[Orderer, Depends(orderer_of)]
