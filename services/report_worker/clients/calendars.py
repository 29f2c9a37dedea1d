"""The official calendar as dossier_api keeps it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import httpx
from pydantic import BaseModel, ValidationError

from shared.http.client import UpstreamNonsense, get
from shared.working_days import WorkingCalendar

SERVICE = "dossier_api"


class _DayV1(BaseModel):
    day: date
    kind: str


class _DaysV1(BaseModel):
    items: list[_DayV1]


@dataclass(frozen=True)
class Calendars:
    """Asks dossier_api with the service's own key."""

    client: httpx.AsyncClient
    key: str

    async def of_years(self, years: Iterable[int]) -> WorkingCalendar:
        """Return the working days; what is not in the years is Monday to Friday.

        Raises UpstreamUnavailable, UpstreamNonsense.
        """
        answers = await asyncio.gather(*(self._year(year) for year in sorted(set(years))))
        days = [day for answer in answers for day in answer]
        return WorkingCalendar(
            off={one.day for one in days if one.kind == "off"}, worked={one.day for one in days if one.kind == "worked"}
        )

    async def _year(self, year: int) -> list[_DayV1]:
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = await get(self.client, "/v1/calendar", service=SERVICE, params={"year": year}, headers=headers)
        try:
            return _DaysV1.model_validate_json(answer.raise_for_status().content).items
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise UpstreamNonsense(SERVICE, answer.status_code) from error
