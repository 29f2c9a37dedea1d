"""Units as dossier_api shows them to the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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


class ListedUnitV1(UnitV1):
    """A unit of the whole tree; `valid_to` is the first day it is no more."""

    level: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None

    def exists_on(self, day: date) -> bool:
        """Say whether there is such a unit on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class _UnitsV1(BaseModel):
    items: Sequence[ListedUnitV1]


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

    async def get_own(self, code: str) -> UnitV1:
        """Return a unit as this service sees it.

        Raises UnitNotFound, UpstreamUnavailable, UpstreamNonsense.
        """
        return await self._ask(code, self.key)

    async def subtree(self, code: str, *, on: date) -> list[ListedUnitV1]:
        """Return the units there are on a day from one unit downwards, by code; it need not be among them.

        Raises UpstreamUnavailable, UpstreamNonsense.
        """
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = await get(self.client, "/v1/units", service=SERVICE, headers=headers)
        try:
            found = _UnitsV1.model_validate_json(answer.raise_for_status().content).items
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise UpstreamNonsense(SERVICE, answer.status_code) from error
        return sorted((one for one in found if code in one.path and one.exists_on(on)), key=lambda one: one.code)

    async def _ask(self, code: str, bearer: str) -> UnitV1:
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = await get(self.client, f"/v1/units/{quote(code, safe='')}", service=SERVICE, headers=headers)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise UnitNotFound(code)
        try:
            return UnitV1.model_validate_json(answer.raise_for_status().content)
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise UpstreamNonsense(SERVICE, answer.status_code) from error
