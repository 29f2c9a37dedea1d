"""API keys: issued here, good at all three services."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dossier_api.domain.keys import KeyRecord
from dossier_api.routes.bodies import Instant, Line
from dossier_api.routes.dependencies import CodePath, LimitQuery, MomentAfterDep, ResourcesDep
from dossier_api.usecases import issue_key as keys
from shared.contracts.keys import WhoAmIV1
from shared.http.access import Caller, Scope, requires
from shared.http.paging import Page, page_of
from shared.http.problems import PROBLEM

router = APIRouter(tags=["keys"])
Administrator = Annotated[Caller, requires(Scope.ADMIN)]


class KeyRequest(BaseModel):
    """What a new key shall be good for; `unit_code` null is the whole tree."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=100)]
    unit_code: str | None
    scopes: Annotated[list[Scope], Field(min_length=1)]
    expires_at: Instant | None = None


class KeyModel(BaseModel):
    """A key as it is kept: without its secret."""

    id: str
    name: str
    unit_code: str | None
    scopes: list[Scope]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class IssuedKeyModel(KeyModel):
    """A new key; `key` is shown this once."""

    key: str


@router.get("/whoami", operation_id="get_whoami")
async def get_whoami(caller: Annotated[Caller, requires()]) -> WhoAmIV1:
    """Tell whose key or token this is and what it may do."""
    return WhoAmIV1(
        id=caller.id,
        name=caller.name,
        unit_code=caller.unit_code,
        scopes=sorted(caller.scopes),
        expires_at=caller.expires_at,
    )


@router.post("/keys", operation_id="post_key", status_code=201, responses={404: PROBLEM, 409: PROBLEM})
async def post_key(body: KeyRequest, resources: ResourcesDep, caller: Administrator) -> IssuedKeyModel:
    """Issue a key for a unit of the caller's subtree, with no more scopes than the caller has."""
    issued = await keys.issue_key_for(
        caller,
        body.name,
        unit_code=body.unit_code,
        scopes=body.scopes,
        expires_at=body.expires_at,
        environment=resources.key_environment,
        begin=resources.begin,
        clock=resources.clock,
        rulebook=resources.rulebook,
    )
    return IssuedKeyModel(**vars(_key(issued.record)), key=issued.key)


@router.get("/keys", operation_id="list_keys")
async def list_keys(
    resources: ResourcesDep, caller: Administrator, after: MomentAfterDep, limit: LimitQuery = 100
) -> Page[KeyModel]:
    """List the keys of the caller's subtree, oldest first, revoked ones too."""
    found = await keys.list_keys_for(
        caller, after=after, limit=limit + 1, begin=resources.begin, rulebook=resources.rulebook
    )
    return page_of([_key(key) for key in found], limit=limit, key=lambda key: [key.created_at.isoformat(), key.id])


@router.delete("/keys/{key_id}", operation_id="delete_key", status_code=204, responses={404: PROBLEM})
async def delete_key(key_id: CodePath, resources: ResourcesDep, caller: Administrator) -> Response:
    """Revoke a key: dead here at once, at the other services within 30 s."""
    await keys.revoke_key_for(caller, key_id, begin=resources.begin, clock=resources.clock, rulebook=resources.rulebook)
    resources.keyring.forget(key_id)
    return Response(status_code=204)


def _key(record: KeyRecord) -> KeyModel:
    return KeyModel.model_validate(record, from_attributes=True)
