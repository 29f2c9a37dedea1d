"""Targets in JSON, as they are put and as they are read."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from indicator_api.domain.targets import Comparison, Target, TargetSet
from indicator_api.routes.queries import CivilDay
from indicator_api.routes.value_sets import Channel, Label

MOST_TARGETS = 300
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
Number = Annotated[Decimal, Field(ge=-1000, le=1000, decimal_places=6)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ToldModel(_Strict):
    """A text in both languages."""

    vi: Label
    en: Label


class ConditionModel(_Strict):
    """An indicator held against a threshold, a decimal in a string; with `channel`, of dossiers filed that way."""

    indicator: Label
    comparison: Comparison
    threshold: Number
    channel: Channel | None = None


class BandModel(_Strict):
    """All conditions together earn the points, or `points × value of the first / pro_rata_of`; none is what is left."""

    conditions: Annotated[list[ConditionModel], Field(max_length=10)] = []
    points: Number | None = None
    pro_rata_of: Annotated[Number, Field(gt=0)] | None = None


class TargetModel(_Strict):
    """One target, `valid_to` half-open; the first band is what meets it, without bands nothing here can judge it."""

    code: Code
    scheme: Code
    name: ToldModel
    source: Label
    valid_from: CivilDay
    valid_to: CivilDay | None = None
    bands: Annotated[list[BandModel], Field(max_length=10)] = []


class TargetsRequest(_Strict):
    """All targets of the province: what is left out is no longer one."""

    targets: Annotated[list[TargetModel], Field(max_length=MOST_TARGETS)]

    def domain(self) -> tuple[Target, ...]:
        """Return the targets as the domain knows them."""
        return msgspec.convert(self.model_dump(mode="json")["targets"], tuple[Target, ...])


class TargetSetResponse(BaseModel):
    """All targets as they were put; both members of recording are null for those shipped."""

    recorded_at: datetime | None
    recorded_by: str | None
    items: list[TargetModel]
    next: None = None
    has_more: bool = False


def told_set(known: TargetSet, zone: ZoneInfo) -> TargetSetResponse:
    """Return a set of targets, its instant as the province's clocks show it."""
    return TargetSetResponse(
        recorded_at=known.recorded_at.astimezone(zone) if known.recorded_at else None,
        recorded_by=known.recorded_by,
        items=[TargetModel.model_validate(msgspec.to_builtins(target)) for target in known.targets],
    )
