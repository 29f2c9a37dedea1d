"""What a reader may ask in a query string; anything else is refused."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from indicator_api.domain.counts import Count
from indicator_api.domain.measures import Basis
from indicator_api.domain.online_levels import labels_meant
from indicator_api.domain.selection import Dimension, Selection, Since, UnitMap
from indicator_api.routes.value_sets import Channels, Label, Labels, Levels, OnlineLevels, chosen
from shared.errors import InvalidRequest
from shared.http.paging import key_of
from shared.periods import Cutoff, Period, parse_period

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
MOST_ITEMS = 1000


def _civil_day(text: Any) -> date:
    """Read `2020-06-30` and nothing else: pydantic would take any number for seconds since 1970."""
    if isinstance(text, str) and len(text) == len("2020-06-30"):
        return date.fromisoformat(text)
    raise ValueError("not a civil day such as 2020-06-30")


def _split(given: Any) -> list[str]:
    """Read `group_by=unit,month` like `group_by=unit&group_by=month`, each dimension once."""
    texts = [given] if isinstance(given, str) else given
    return list(dict.fromkeys(part for text in texts for part in str(text).split(",") if part))


CivilDay = Annotated[date, BeforeValidator(_civil_day)]
GroupBy = Annotated[list[Dimension], BeforeValidator(_split)]


class DaysQuery(BaseModel):
    """On which days, as known when, against which due date, on whose units."""

    model_config = ConfigDict(extra="forbid")

    period: str = Field(description="2020, 2020-H1, 2020-9M, 2020-Q1, 2020-03 or 2019-10-01/2020-01-01 (half-open)")
    cutoff: Cutoff = Field(Cutoff.CALENDAR, description="where a named period's months are cut")
    as_of: CivilDay | None = Field(None, description="last day seen, at its close; by default the period's last")
    known_at: CivilDay | None = Field(None, description="use only what was recorded by the close of this day")
    basis: Basis = Field(Basis.STATUTORY, description="due date lateness is judged against")
    map: UnitMap = Field(UnitMap.THEN, description="then: units as they were; today: the past on today's units")
    min_position: int | None = Field(None, ge=0, description="position of the feed the figures must have reached")

    def everything(self) -> Selection:
        """Return the selection of all dossiers; raises UnknownPeriod, AsOfOutsidePeriod, InvalidRequest."""
        period = _within_reason(parse_period(self.period, self.cutoff))
        return Selection(
            period,
            self.as_of or period.last,
            known_at=self.known_at,
            basis=self.basis,
            cutoff=self.cutoff,
            unit_map=self.map,
        )


class SummaryQuery(DaysQuery):
    """What a summary is asked for besides its unit."""

    def selection_of(self, unit_code: str) -> Selection:
        """Return the selection of one unit; raises UnknownPeriod, AsOfOutsidePeriod, InvalidRequest."""
        return replace(self.everything(), unit_code=unit_code)


class LevelsQuery(BaseModel):
    """Whose services, on which day."""

    model_config = ConfigDict(extra="forbid")

    as_of: CivilDay = Field(description="day whose catalogue is asked")
    unit: Label | None = Field(None, description="unit code, with all below it; by default the caller's own unit")
    subtree: bool = Field(True, description="false: the unit alone, without those below it")
    level: Levels = Field(default=[], description="level of the competent unit; repeated, any of them")
    field: Labels = Field(default=[], description="lĩnh vực; repeated, any of them")
    known_at: CivilDay | None = Field(None, description="use only what was recorded by the close of this day")
    min_position: int | None = Field(None, ge=0, description="position of the feed the catalogue must have reached")

    def selection(self) -> Selection:
        """Return the selection of that one day; raises InvalidRequest."""
        period = _within_reason(Period(self.as_of, self.as_of + timedelta(days=1)))
        return Selection(
            period,
            self.as_of,
            unit_code=self.unit,
            is_subtree=self.subtree,
            levels=chosen(self.level),
            fields=chosen(self.field),
            known_at=self.known_at,
        )


class SelectionQuery(DaysQuery):
    """Which dossiers, on which days, as known when."""

    unit: Label | None = Field(None, description="unit code, with all below it; by default the caller's own unit")
    subtree: bool = Field(True, description="false: the unit alone, without those below it")
    level: Levels = Field(default=[], description="level of the competent unit; repeated, any of them")
    field: Labels = Field(default=[], description="lĩnh vực; repeated, any of them")
    procedure: Labels = Field(default=[], description="procedure code; repeated, any of them")
    channel: Channels = Field(default=[], description="how the dossier was filed; repeated, any of them")
    online_level: OnlineLevels = Field(
        default=[],
        description="of the service: 1-4 whatever the decree, or one decree's own, such as nd42:full; "
        "repeated, any of them",
    )

    def selection(self, group_by: tuple[Dimension, ...] = ()) -> Selection:
        """Return the selection asked for; raises UnknownPeriod, AsOfOutsidePeriod, InvalidRequest."""
        return replace(
            self.everything(),
            unit_code=self.unit,
            is_subtree=self.subtree,
            levels=chosen(self.level),
            fields=chosen(self.field),
            procedure_codes=chosen(self.procedure),
            channels=chosen(self.channel),
            online_labels=chosen({label for text in self.online_level for label in labels_meant(text)}),
            group_by=group_by,
        )

    def dimensions(self) -> Iterator[Dimension]:
        """Yield the dimensions this query narrows."""
        narrowed = {name for name, value in self if value not in (None, [])}
        yield from (dimension for dimension in Dimension if dimension in narrowed)


class TableQuery(SelectionQuery):
    """A selection and how it is grouped."""

    group_by: GroupBy = Field(default=[], description="several, comma-separated or repeated; rows are ordered by them")
    bom: bool = Field(False, description="begin CSV with a byte order mark, for spreadsheets")

    def grouped_selection(self) -> Selection:
        """Return the selection with its groups."""
        return self.selection(tuple(self.group_by))

    def dimensions(self) -> Iterator[Dimension]:
        """Yield the dimensions this query narrows or groups by."""
        yield from super().dimensions()
        yield from self.group_by


class ListQuery(SelectionQuery):
    """A selection and which page of its list."""

    cursor: str | None = Field(None, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=MOST_ITEMS)

    @property
    def after(self) -> str:
        """Return the code the page begins after; raises InvalidRequest for a foreign cursor."""
        key = key_of(self.cursor, parts=1) or [""]
        if not key[0].isprintable():
            raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list")
        return key[0]


class KnownQuery(BaseModel):
    """As known when."""

    model_config = ConfigDict(extra="forbid")

    known_at: CivilDay | None = Field(None, description="use only what was recorded by the close of this day")


class HistoryQuery(BaseModel):
    """Which page of what was put, newest first."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(None, description="`next` of the page before")
    limit: int = Field(20, ge=1, le=100)

    @property
    def before(self) -> int | None:
        """Return the number the page begins before; raises InvalidRequest for a foreign cursor."""
        key = key_of(self.cursor, parts=1)
        if key is not None and not (key[0].isascii() and key[0].isdecimal() and len(key[0]) < 19):
            raise InvalidRequest.at_parameter("cursor", "not a cursor given by this list")
        return int(key[0]) if key else None


class OfferPageQuery(ListQuery):
    """The services or units behind one part of an indicator."""

    part: Literal["numerator", "denominator"] = "numerator"


class PageQuery(ListQuery):
    """A page of dossiers, all that count or those by which the count has changed."""

    since_position: int | None = Field(
        None, ge=0, description="list what changed after this position of the feed, by how much, instead of all"
    )
    since_known_at: CivilDay | None = Field(
        None, description="with since_position: of what was known then, only the recordings up to this day's close"
    )

    def selection(self, group_by: tuple[Dimension, ...] = ()) -> Selection:
        """Return the selection asked for; raises UnknownPeriod, AsOfOutsidePeriod, InvalidRequest."""
        asked = super().selection(group_by)
        if self.since_position is not None:
            return replace(asked, since=Since(self.since_position, self.since_known_at))
        if self.since_known_at is not None:
            raise InvalidRequest.at_parameter("since_known_at", "goes with since_position only")
        return asked


class CountedPageQuery(PageQuery):
    """The dossiers behind one count."""

    count: Count = Count.RECEIVED


class PartPageQuery(PageQuery):
    """The dossiers behind one part of an indicator."""

    part: Literal["numerator", "denominator"] = "numerator"


def _within_reason(period: Period) -> Period:
    if period.start.year < EARLIEST_YEAR or period.end.year > LATEST_YEAR:
        raise InvalidRequest.at_parameter("period", f"days lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return period
