"""The dossiers by which a number differs from what was known once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import httpx
from pydantic import BaseModel, ValidationError

from report_worker.clients.indicators import SERVICE, Indicators
from report_worker.domain.reports import FiguresRefused
from shared.http.client import UpstreamNonsense, get
from shared.periods import Period

# More dossiers than anybody reads; the list says that it was cut.
MOST_LISTED = 500


@dataclass(frozen=True)
class Since:
    """What was known once: the feed up to a position, of it only the recordings up to a day, if given."""

    position: int
    known_at: date | None


@dataclass(frozen=True)
class ChangeQuestion:
    """A number by name, in a group, over a unit and period as seen on a day."""

    name: str
    group: tuple[tuple[str, str], ...]
    unit_code: str
    period: Period
    as_of: date


@dataclass(frozen=True)
class Moved:
    """How much more often each dossier counts than it did, by code; `is_truncated` where more have moved."""

    changes: Mapping[str, int]
    is_truncated: bool


class _ListedV1(BaseModel):
    code: str
    times: int


class _PageV1(BaseModel):
    items: list[_ListedV1]
    has_more: bool


@dataclass(frozen=True)
class Changes:
    """Asks indicator_api with the service's own key."""

    indicators: Indicators

    async def ask(self, question: ChangeQuestion, since: Since) -> Moved:
        """Return the dossiers that moved; none where procedures or units are counted.

        Raises FiguresRefused, UpstreamUnavailable, UpstreamNonsense.
        """
        indicator, dot, part = question.name.partition(".")
        path = f"/v1/indicators/{indicator}/dossiers" if dot else "/v1/counts/dossiers"
        what = {"part": part} if dot else {"count": question.name}
        parameters = {**what, **_parameters(question, since)}
        answer = await get(self.indicators.client, path, service=SERVICE, params=parameters)
        if _counts_no_dossiers(answer):
            return Moved({}, is_truncated=False)
        if answer.is_client_error:
            raise FiguresRefused(question.name, answer.status_code, answer.reason_phrase)
        return _read(answer)


def _parameters(question: ChangeQuestion, since: Since) -> dict[str, str]:
    parameters = {
        "unit": question.unit_code,
        "period": f"{question.period.start}/{question.period.end}",
        "as_of": f"{question.as_of}",
        "since_position": f"{since.position}",
        "limit": f"{MOST_LISTED}",
        **dict(question.group),
    }
    return parameters if since.known_at is None else {**parameters, "since_known_at": f"{since.known_at}"}


def _counts_no_dossiers(answer: httpx.Response) -> bool:
    if answer.status_code != httpx.codes.NOT_FOUND:
        return False
    try:
        return str(answer.json()["type"]).endswith("/no-dossiers-behind")
    except (ValueError, KeyError, TypeError):
        return False


def _read(answer: httpx.Response) -> Moved:
    try:
        page = _PageV1.model_validate_json(answer.content)
    except ValidationError as error:
        raise UpstreamNonsense(SERVICE, answer.status_code) from error
    return Moved({one.code: one.times for one in page.items}, page.has_more)
