"""Who is calling, and what they may do: bearer tokens, scopes and the caller's unit."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from shared.errors import DomainError
from shared.http.languages import Text
from shared.http.problems import ProblemType


class Scope(StrEnum):
    """What a key or an access token may be good for.  Rule: contract section 7."""

    EVENTS_WRITE = "events:write"
    DOSSIERS_READ = "dossiers:read"
    FIGURES_READ = "figures:read"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    CATALOGUE_WRITE = "catalogue:write"
    ADMIN = "admin"


@dataclass(frozen=True)
class Caller:
    """An authenticated client; `unit_code` roots the subtree it sees, None is the whole tree."""

    id: str
    name: str
    unit_code: str | None
    scopes: frozenset[Scope]
    expires_at: datetime | None

    def may(self, scope: Scope) -> bool:
        """Say whether the caller holds a scope; `admin` holds them all."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


class Unauthenticated(DomainError):
    """No credential was given, or it is unknown, expired or revoked."""

    code = "unauthenticated"

    def __init__(self) -> None:
        super().__init__("the bearer token is missing, unknown, expired or revoked")


class ScopeMissing(DomainError):
    """The caller is known but lacks a scope."""

    code = "scope-missing"

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"the scope {scope} is missing")
        self.scope = scope


class Authenticator(Protocol):
    """Tells who a bearer token belongs to: dossier_api looks it up, the others ask dossier_api."""

    async def caller_of(self, token: str) -> Caller | None:
        """Return the caller, or None for a token that is not good."""
        ...


BEARER = (
    "An API key, `mc_<environment>_<id>_<secret>`, or an access token (JWT) of the OpenID Connect issuer that "
    "dossier_api is told. Both carry scopes and a unit, and are good at all three services."
)
bearer = HTTPBearer(auto_error=False, description=BEARER)


def requires(scope: Scope | None = None) -> Any:
    """Return the dependency that yields the caller, once it is known and holds `scope`.

    Raises Unauthenticated, ScopeMissing.
    """

    # The framework asks for the token only so that its document tells of it.
    async def caller(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> Caller:
        return await authenticated(request, scope)

    return Depends(caller)


def token_in(authorization: str | None) -> str | None:
    """Return the token of an `Authorization: Bearer <token>`."""
    scheme, token = get_authorization_scheme_param(authorization)
    return token if token and scheme.lower() == "bearer" else None


async def authenticated(request: Request, scope: Scope | None) -> Caller:
    """Return who sent a request, once they are known and hold `scope`.  Raises Unauthenticated, ScopeMissing."""
    authenticator: Authenticator = request.app.state.resources.authenticator
    token = token_in(request.headers.get("authorization"))
    found = await authenticator.caller_of(token) if token else None
    if found is None:
        raise Unauthenticated
    if scope is not None and not found.may(scope):
        raise ScopeMissing(scope)
    request.state.caller_id = found.id
    return found


ACCESS_PROBLEMS: dict[type[DomainError], ProblemType] = {
    Unauthenticated: ProblemType(
        401,
        Text("Chưa xác thực", "Not authenticated"),
        Text(
            "Thiếu khóa API hoặc mã truy cập, hoặc không đúng, đã hết hạn hay bị thu hồi. "
            "Gửi «Authorization: Bearer <khóa>».",
            "The API key or access token is missing, unknown, expired or revoked. Send `Authorization: Bearer <key>`.",
        ),
        headers={"WWW-Authenticate": "Bearer"},
    ),
    ScopeMissing: ProblemType(
        403,
        Text("Không đủ quyền", "Scope missing"),
        Text(
            "Khóa hoặc mã truy cập này không có quyền «{scope}»; hãy đề nghị quản trị cấp quyền đó.",
            "This key or token lacks the scope {scope}; ask the administrator for one that has it.",
        ),
    ),
}
