"""What dossier_api answers to `GET /v1/whoami`."""

from datetime import datetime

from pydantic import BaseModel

from shared.http.access import Scope


class WhoAmIV1(BaseModel):
    """The owner of the bearer token that asked."""

    id: str
    name: str
    unit_code: str | None
    scopes: list[Scope]
    expires_at: datetime | None
