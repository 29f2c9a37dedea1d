"""The catalogue as the wire says it.  Rule: contract section 2."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dossier_api.domain.catalogue import (
    WEEKDAYS,
    CalendarDay,
    Level,
    OfficeHours,
    OnlineLevel,
    Procedure,
    ProcedureVersion,
    ProcessingTime,
    SupplementPolicy,
    TimeUnit,
    Unit,
)
from dossier_api.domain.events import CODE
from dossier_api.routes.bodies import Day, Hour, Line
from shared.working_days import FIRST, LAST

Code = Annotated[str, StringConstraints(pattern=rf"^{CODE}$")]
Name = Annotated[Line, StringConstraints(max_length=1000, strip_whitespace=True)]
Decision = Annotated[Line, StringConstraints(max_length=200)]
SCHEMES = {"nd43": {"1", "2", "3", "4"}, "nd42": {"full", "partial"}, "nd224": {"full", "partial"}}
# Ten years: a longer term is a typing error, and the calendar must reach its end.
LONGEST = {TimeUnit.WORKING_DAY: 2_500, TimeUnit.CALENDAR_DAY: 3_650, TimeUnit.WORKING_HOUR: 20_000}


class Wire(BaseModel):
    """A closed set of members."""

    model_config = ConfigDict(extra="forbid")


class UnitModel(Wire):
    """A unit (cơ quan, đơn vị); `valid_to` is the first day it is no more."""

    code: Code
    name: Name
    level: Level
    parent_code: Code | None
    valid_from: Day
    valid_to: Day | None = None
    successor_codes: list[Code] = []
    has_one_stop: bool

    def to_domain(self) -> Unit:
        """Return the domain's unit."""
        return Unit(**{**self.model_dump(), "successor_codes": tuple(self.successor_codes)})


class ProcessingTimeModel(Wire):
    """Time allowed; `amount` null is a procedure without a limit."""

    amount: Annotated[int, Field(ge=0)] | None
    unit: TimeUnit

    @model_validator(mode="after")
    def _within_reach(self) -> "ProcessingTimeModel":
        if self.amount is not None and self.amount > LONGEST[self.unit]:
            raise ValueError(f"more than {LONGEST[self.unit]} {self.unit}s")
        return self


class OnlineLevelModel(Wire):
    """Online level under the scheme of its decree."""

    scheme: Literal["nd43", "nd42", "nd224"]
    value: str

    @model_validator(mode="after")
    def _known_to_its_scheme(self) -> "OnlineLevelModel":
        if self.value not in SCHEMES[self.scheme]:
            raise ValueError(f"{self.scheme} knows {', '.join(sorted(SCHEMES[self.scheme]))}, not {self.value}")
        return self


class ProcedureVersionModel(Wire):
    """A procedure as in force on `valid_from <= day < valid_to`."""

    valid_from: Day
    valid_to: Day | None = None
    name: Name
    field: Name
    level: Level
    processing_time: ProcessingTimeModel
    online_level: OnlineLevelModel
    at_one_stop: bool
    interlinked: Literal["none", "same_level", "cross_level"] = "none"
    postal: bool = False
    supplement_policy: SupplementPolicy = SupplementPolicy.RESTART
    late_acceptance_after: Hour | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "ProcedureVersionModel":
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"it ends on {self.valid_to}, not after it began")
        return self

    def to_domain(self) -> ProcedureVersion:
        """Return the domain's version."""
        return ProcedureVersion(
            **{
                **self.model_dump(),
                "processing_time": ProcessingTime(**self.processing_time.model_dump()),
                "online_level": OnlineLevel(**self.online_level.model_dump()),
            }
        )


class ProcedureModel(Wire):
    """A procedure (thủ tục hành chính) and its versions; given ones are merged by their first day."""

    code: Code
    versions: Annotated[list[ProcedureVersionModel], Field(min_length=1)]

    def to_domain(self) -> Procedure:
        """Return the domain's procedure."""
        return Procedure(self.code, tuple(version.to_domain() for version in self.versions))


class CalendarDayModel(Wire):
    """An official day: `off`, `worked` instead of another, or `usual` to take an entry back.

    `is_estimate` marks what the law lets expect of a year for which no decision is out yet.
    """

    day: Annotated[Day, Field(ge=FIRST, le=LAST)]
    kind: Literal["off", "worked", "usual"]
    decision: Decision
    name: Name | None = None
    is_estimate: bool = False

    def to_domain(self) -> CalendarDay:
        """Return the domain's day."""
        return CalendarDay(**self.model_dump())


Span = Annotated[list[Hour], Field(min_length=2, max_length=2)]
WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class OfficeHoursModel(Wire):
    """Office hours of a unit and of all below it that have none of their own, from one day on."""

    unit_code: Code
    valid_from: Day
    weekdays: dict[WeekdayName, list[Span]]

    @model_validator(mode="after")
    def _in_order(self) -> "OfficeHoursModel":
        for name, spans in self.weekdays.items():
            moments = [moment for span in spans for moment in span]
            if any(before >= after for before, after in pairwise(moments)):
                raise ValueError(f"the hours of {name} must ascend")
        if not any(self.weekdays.values()):
            raise ValueError("a unit that never opens has no office hours")
        return self

    def to_domain(self) -> tuple[str, OfficeHours]:
        """Return the unit's code and the domain's office hours."""
        weekdays = {
            WEEKDAYS.index(name): tuple((opens, closes) for opens, closes in spans)
            for name, spans in self.weekdays.items()
        }
        return self.unit_code, OfficeHours(self.valid_from, weekdays)

    @classmethod
    def from_domain(cls, unit_code: str, hours: OfficeHours) -> "OfficeHoursModel":
        """Return office hours as the wire says them."""
        weekdays = {WEEKDAYS[day]: [list(span) for span in spans] for day, spans in hours.weekdays.items()}
        return cls.model_validate({"unit_code": unit_code, "valid_from": hours.valid_from, "weekdays": weekdays})


class CatalogueModel(Wire):
    """Everything at once, written in one transaction."""

    units: list[UnitModel] = []
    procedures: list[ProcedureModel] = []
    calendar: list[CalendarDayModel] = []
    office_hours: list[OfficeHoursModel] = []

    @model_validator(mode="after")
    def _names_each_once(self) -> "CatalogueModel":
        names = [
            *(unit.code for unit in self.units),
            *(("procedure", procedure.code) for procedure in self.procedures),
            *(day.day for day in self.calendar),
            *((hours.unit_code, hours.valid_from) for hours in self.office_hours),
        ]
        if len(set(names)) < len(names):
            raise ValueError("an entity is given twice")
        return self


class CatalogueChangedModel(BaseModel):
    """How many entities really changed, and the feed's position after them."""

    position: int
    units: int
    procedures: int
    calendar: int
    office_hours: int
