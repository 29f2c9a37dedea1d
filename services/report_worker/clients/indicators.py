"""Counts and indicators as indicator_api answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import BaseModel, ValidationError

from report_worker.domain.numbers import COUNTS, Cells, Group, Question
from report_worker.domain.reports import FiguresRefused, FiguresTruncated, ReportOrder, Through
from shared.http.client import UpstreamNonsense, get

SERVICE = "indicator_api"


class _ThroughV1(BaseModel):
    position: int
    at: datetime | None


class _CountsRowV1(BaseModel):
    group: Mapping[str, str]
    counts: Mapping[str, int]

    def cells(self, _source: str) -> Cells:
        return self.counts


class _IndicatorRowV1(BaseModel):
    group: Mapping[str, str]
    numerator: int
    denominator: int

    def cells(self, source: str) -> Cells:
        return {f"{source}.numerator": self.numerator, f"{source}.denominator": self.denominator}


class _HeadV1(BaseModel):
    through: _ThroughV1
    truncated: bool


class _CountsV1(_HeadV1):
    rows: list[_CountsRowV1]


class _IndicatorV1(_HeadV1):
    rows: list[_IndicatorRowV1]


@dataclass(frozen=True)
class Answer:
    """The answer to one question, by group, and how far the figures reached when it was given."""

    question: Question
    groups: Mapping[Group, Cells]
    through: Through


@dataclass(frozen=True)
class Indicators:
    """Asks indicator_api with the service's own key."""

    client: httpx.AsyncClient

    async def ask(self, question: Question, order: ReportOrder) -> Answer:
        """Return an answer over the report's unit and period.

        Raises FiguresRefused, FiguresTruncated, UpstreamUnavailable, UpstreamNonsense.
        """
        path = "/v1/counts" if question.source == COUNTS else f"/v1/indicators/{question.source}"
        answer = await get(self.client, path, service=SERVICE, params=_parameters(question, order))
        if answer.is_client_error:
            raise FiguresRefused(question.source, answer.status_code, reason_of(answer))
        return _read(question, answer)


def _parameters(question: Question, order: ReportOrder) -> dict[str, str]:
    """Return the query; the period goes as its days, since it has already been cut."""
    parameters = {
        "unit": order.unit_code,
        "period": f"{order.period.start}/{order.period.end}",
        "as_of": f"{order.as_of}",
    }
    if order.known_at is not None:
        parameters["known_at"] = f"{order.known_at}"
    if question.group_by:
        parameters["group_by"] = ",".join(question.group_by)
    return parameters


def _read(question: Question, answer: httpx.Response) -> Answer:
    model = _CountsV1 if question.source == COUNTS else _IndicatorV1
    try:
        body = model.model_validate_json(answer.content)
        groups = {tuple(row.group[name] for name in question.group_by): row.cells(question.source) for row in body.rows}
    except (ValidationError, KeyError) as error:
        raise UpstreamNonsense(SERVICE, answer.status_code) from error
    if body.truncated:
        raise FiguresTruncated(question.source)
    return Answer(question, groups, Through(body.through.position, body.through.at))


def reason_of(answer: httpx.Response) -> str:
    """Return the detail of a problem document, if it is one."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
