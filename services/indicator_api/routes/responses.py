"""The shape of every answer."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from indicator_api.domain.counts import Count, Counts
from indicator_api.domain.cursor import Cursor
from indicator_api.domain.formulae import CountedFrom
from indicator_api.domain.measures import Basis
from indicator_api.domain.rounding import value_of
from indicator_api.domain.rows import CountRow, RatioRow
from indicator_api.domain.selection import Dimension, Selection, UnitMap
from indicator_api.domain.slices import Slice
from indicator_api.usecases.read_figures import FigureTable

Group = dict[Dimension, str]
Link = Callable[[Mapping[Dimension, str], Slice], str]


class PeriodResponse(BaseModel):
    """Half-open: `to` is the day after the last."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    start: date = Field(alias="from")
    end: date = Field(alias="to")


class ThroughResponse(BaseModel):
    """The feed position and instant up to which the figures are complete."""

    position: int
    at: datetime | None


Told = TypeVar("Told")


class StateResponse(BaseModel, Generic[Told]):
    """What was asked for, how the unit is told, and the one state of the figures that answers it."""

    unit: Told
    period: PeriodResponse
    as_of: date
    known_at: date | None
    basis: Basis
    map: UnitMap
    through: ThroughResponse


class HeadResponse(StateResponse[str | None]):
    """What a table of figures is about."""

    truncated: bool


class CountsResponse(BaseModel):
    """Every count of a group.

    carried_over + received + transferred_in = early + on_time + late + undetermined + withdrawn +
    stopped + transferred_out + open, and open = open_in_time + open_overdue + waiting.
    """

    carried_over: int
    received: int
    received_online: int
    received_direct: int
    received_postal: int
    transferred_in: int
    transferred_out: int
    early: int
    on_time: int
    late: int
    undetermined: int
    withdrawn: int
    stopped: int
    open: int
    open_in_time: int
    open_overdue: int
    waiting: int
    refused: int
    supplement_requests: int
    extensions: int
    returned: int


class CountRowResponse(BaseModel):
    """One group; `dossiers` lists those received, and with another `count` those of any other column."""

    group: Group
    counts: CountsResponse
    dossiers: str


class CountTableResponse(HeadResponse):
    """Counts by group."""

    rows: list[CountRowResponse]


class IndicatorRowResponse(BaseModel):
    """One group; `value` is null where the denominator is 0, and all three where only reports could tell.

    `behind` lists what is counted: dossiers, services or units; `dossiers` is the same link where dossiers are.
    """

    group: Group
    numerator: int | None
    denominator: int | None
    value: float | None
    dossiers: str | None
    behind: str | None


class IndicatorTableResponse(HeadResponse):
    """One indicator by group."""

    indicator: str
    definition_version: int
    rows: list[IndicatorRowResponse]


ANSWERED = [Count(name) for name in CountsResponse.model_fields]


def head_of(table: FigureTable[Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return the members of a HeadResponse."""
    state = state_of(table.selection, table.through, zone)
    return {"unit": table.selection.unit_code, **state, "truncated": table.is_truncated}


def state_of(selection: Selection, through: Cursor, zone: ZoneInfo) -> dict[str, Any]:
    """Return the members of a StateResponse but the unit."""
    return {
        "period": PeriodResponse(start=selection.period.start, end=selection.period.end),
        "as_of": selection.as_of,
        "known_at": selection.known_at,
        "basis": selection.basis,
        "map": selection.unit_map,
        "through": through_of(through, zone),
    }


def through_of(cursor: Cursor, zone: ZoneInfo) -> ThroughResponse:
    """Return how far the figures go, the instant as the province's clocks show it."""
    return ThroughResponse(position=cursor.position, at=cursor.at.astimezone(zone) if cursor.at else None)


def count_row(row: CountRow, link: Link) -> CountRowResponse:
    """Return one row of counts."""
    return CountRowResponse(group=dict(row.labels), counts=_counts(row.counts), dossiers=link(row.labels, row.slice))


def _counts(counts: Counts) -> CountsResponse:
    return CountsResponse.model_validate({count.value: number for count, number in counts.values.items()})


def indicator_row(row: RatioRow, link: Link, counted_from: CountedFrom) -> IndicatorRowResponse:
    """Return one row of an indicator."""
    behind = link(row.labels, row.slice)
    return IndicatorRowResponse(
        group=dict(row.labels),
        numerator=row.numerator,
        denominator=row.denominator,
        value=value_of(row.numerator, row.denominator),
        dossiers=behind if counted_from is CountedFrom.DOSSIERS else None,
        behind=behind,
    )


def nothing_told() -> IndicatorRowResponse:
    """Return the row of an indicator that only reports can tell."""
    return IndicatorRowResponse(group={}, numerator=None, denominator=None, value=None, dossiers=None, behind=None)
