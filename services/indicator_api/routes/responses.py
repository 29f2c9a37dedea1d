"""The shape of every answer."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from indicator_api.domain.counts import Counts
from indicator_api.domain.cursor import Cursor
from indicator_api.domain.definitions import Definition
from indicator_api.domain.measures import Basis
from indicator_api.domain.rounding import value_of
from indicator_api.domain.rows import Contribution, CountRow, RatioRow
from indicator_api.domain.selection import Dimension, UnitMap
from indicator_api.domain.slices import Slice
from indicator_api.usecases.read_figures import FigureTable
from shared.http.paging import Page, page_of

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


class HeadResponse(BaseModel):
    """What a table of figures is about."""

    unit: str | None
    period: PeriodResponse
    as_of: date
    known_at: date | None
    basis: Basis
    map: UnitMap
    through: ThroughResponse
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
    """One group; `value` is null where the denominator is 0; `dossiers` is null where services or units count."""

    group: Group
    numerator: int
    denominator: int
    value: float | None
    dossiers: str | None


class IndicatorTableResponse(HeadResponse):
    """One indicator by group."""

    indicator: str
    definition_version: int
    rows: list[IndicatorRowResponse]


class WordingResponse(BaseModel):
    """One text in both languages."""

    vi: str
    en: str


class DefinitionResponse(BaseModel):
    """One indicator of the catalogue; `dimensions` are those it can be narrowed and grouped by."""

    id: str
    definition_version: int
    meaning: WordingResponse
    formula: WordingResponse
    source: str
    dimensions: list[Dimension]


class ListedDossierResponse(BaseModel):
    """A dossier and how often it is counted: twice for two supplement requests, -1 where a formula subtracts it.

    In a list of changes: how much more often than it was known to be.
    """

    code: str
    times: int


COUNTED = tuple(CountsResponse.model_fields)


def head_of(table: FigureTable[Any], zone: ZoneInfo) -> dict[str, Any]:
    """Return the members of a HeadResponse."""
    selection, through = table.selection, table.through
    return {
        "unit": selection.unit_code,
        "period": PeriodResponse(start=selection.period.start, end=selection.period.end),
        "as_of": selection.as_of,
        "known_at": selection.known_at,
        "basis": selection.basis,
        "map": selection.unit_map,
        "through": through_of(through, zone),
        "truncated": table.is_truncated,
    }


def through_of(cursor: Cursor, zone: ZoneInfo) -> ThroughResponse:
    """Return how far the figures go, the instant as the province's clocks show it."""
    return ThroughResponse(position=cursor.position, at=cursor.at.astimezone(zone) if cursor.at else None)


def count_row(row: CountRow, link: Link) -> CountRowResponse:
    """Return one row of counts."""
    return CountRowResponse(group=dict(row.labels), counts=_counts(row.counts), dossiers=link(row.labels, row.slice))


def _counts(counts: Counts) -> CountsResponse:
    return CountsResponse.model_validate({count.value: number for count, number in counts.values.items()})


def indicator_row(row: RatioRow, link: Link | None) -> IndicatorRowResponse:
    """Return one row of an indicator."""
    return IndicatorRowResponse(
        group=dict(row.labels),
        numerator=row.numerator,
        denominator=row.denominator,
        value=value_of(row.numerator, row.denominator),
        dossiers=link(row.labels, row.slice) if link else None,
    )


def page_of_dossiers(found: list[Contribution], limit: int) -> Page[ListedDossierResponse]:
    """Return one page of a list that was read with one more than asked for."""
    listed = [ListedDossierResponse(code=one.code, times=one.times) for one in found]
    return page_of(listed, limit=limit, key=lambda one: [one.code])


def described(definition: Definition) -> DefinitionResponse:
    """Return one entry of the catalogue."""
    return DefinitionResponse(
        id=definition.id,
        definition_version=definition.version,
        meaning=WordingResponse(**vars(definition.meaning)),
        formula=WordingResponse(**vars(definition.formula)),
        source=definition.source,
        dimensions=[dimension for dimension in Dimension if dimension in definition.dimensions],
    )
