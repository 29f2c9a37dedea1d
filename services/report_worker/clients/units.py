"""Units as dossier_api shows them to the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from report_worker.domain.reports import UnitNotFound
from shared.http.client import UpstreamNonsense, get

SERVICE = "dossier_api"


class UnitV1(BaseModel):
    """The part of dossier_api's unit that a report needs; `path` runs from the topmost unit the asker sees."""

    code: str
    name: str
    path: Sequence[str]


@dataclass(frozen=True)
class Units:
    """Asks dossier_api with the caller's key what they may see, and with our own for the whole path."""

    client: httpx.AsyncClient
    key: str

    async def get(self, code: str, *, bearer: str) -> UnitV1:
        """Return a unit that the bearer may see, its path from the root.

        Raises UnitNotFound, UpstreamUnavailable, UpstreamNonsense.
        """
        # Nobody orders a report on what they may not see, but all above the unit may read it.
        await self._ask(code, bearer)
        return await self._ask(code, self.key)

    async def _ask(self, code: str, bearer: str) -> UnitV1:
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = await get(self.client, f"/v1/units/{quote(code, safe='')}", service=SERVICE, headers=headers)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise UnitNotFound(code)
        try:
            return UnitV1.model_validate_json(answer.raise_for_status().content)
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise UpstreamNonsense(SERVICE, answer.status_code) from error
