"""The province's targets, as indicator_api keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ValidationError

from report_worker.clients.indicators import SERVICE, Indicators, reason_of
from report_worker.domain.reports import FiguresRefused
from report_worker.domain.targets import Aim, Goal, Target
from report_worker.domain.wording import Wording
from shared.http.client import UpstreamNonsense, get

_AIMS: Mapping[str, Aim] = {
    "at_least": Aim.AT_LEAST,
    "above": Aim.ABOVE,
    "at_most": Aim.AT_MOST,
    "below": Aim.BELOW,
}


class _NameV1(BaseModel):
    vi: str
    en: str


class _ConditionV1(BaseModel):
    indicator: str
    comparison: Literal["at_least", "above", "at_most", "below"]
    threshold: float
    channel: str | None

    def goal(self) -> Goal:
        return Goal(self.indicator, _AIMS[self.comparison], self.threshold)


class _BandV1(BaseModel):
    conditions: list[_ConditionV1]
    points: float | None


class _TargetV1(BaseModel):
    name: _NameV1
    source: str
    valid_from: date
    valid_to: date | None
    bands: list[_BandV1]

    @property
    def is_of_a_plan(self) -> bool:
        """Say whether it is to be reached; what earns points, or cannot be judged, is an index that others score."""
        return bool(self.bands) and all(band.points is None for band in self.bands)

    def target(self) -> Target:
        name = Wording(self.name.vi, self.name.en)
        return Target(name, self.source, self.valid_from, self.valid_to, _goal(self.bands[0].conditions))


class _TargetsV1(BaseModel):
    items: list[_TargetV1]


@dataclass(frozen=True)
class Targets:
    """Asks indicator_api with the service's own key."""

    indicators: Indicators

    async def list_of_plans(self, *, known_at: date | None) -> tuple[Target, ...]:
        """Return the targets of the province's plans as known at the close of a day, in their order.

        Raises FiguresRefused, UpstreamUnavailable, UpstreamNonsense.
        """
        params = {} if known_at is None else {"known_at": f"{known_at}"}
        answer = await get(self.indicators.client, "/v1/targets", service=SERVICE, params=params)
        if answer.is_client_error:
            raise FiguresRefused("targets", answer.status_code, reason_of(answer))
        try:
            told = _TargetsV1.model_validate_json(answer.content)
        except ValidationError as error:
            raise UpstreamNonsense(SERVICE, answer.status_code) from error
        return tuple(one.target() for one in told.items if one.is_of_a_plan)


def _goal(conditions: Sequence[_ConditionV1]) -> Goal | None:
    """Return what a band asks of one rate over all channels; None where it asks for more, or for less than that."""
    if len(conditions) != 1 or conditions[0].channel is not None:
        return None
    return conditions[0].goal()
