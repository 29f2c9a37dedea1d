"""What dossier_api answers to `GET /v1/whoami`."""

from pydantic import AwareDatetime, BaseModel

from shared.http.access import Scope


class WhoAmIV1(BaseModel):
    """The owner of the bearer token that asked."""

    id: str
    name: str
    unit_code: str | None
    scopes: list[Scope]
    expires_at: AwareDatetime | None
