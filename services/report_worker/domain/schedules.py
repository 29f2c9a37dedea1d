"""Reports that come by themselves: of which periods, and on which day each is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.errors import DomainError
from shared.periods import Cutoff, Period, parse_period
from shared.working_days import WorkingCalendar

# No N working days have ever taken more than three times N days and the holidays of Tết.
LONGEST_HOLIDAY = timedelta(days=15)


class Part(StrEnum):
    """A part of the year that is reported on.  Rule: contract section 6, domain b.5."""

    Q1 = "Q1"
    H1 = "H1"
    Q2 = "Q2"
    Q3 = "Q3"
    NINE_MONTHS = "9M"
    H2 = "H2"
    Q4 = "Q4"
    YEAR = "year"

    def name_in(self, year: int) -> str:
        """Return the period's name: `2020`, `2020-H1`."""
        return f"{year}" if self is Part.YEAR else f"{year}-{self}"


class Each(StrEnum):
    """Whom a run is made for: the schedule's unit, or each unit right below it."""

    UNIT = "unit"
    CHILD = "child"


@dataclass(frozen=True)
class ScheduleTerms:
    """What somebody wants to come by itself; runs due before `starts_on` are not made."""

    form: str
    each: Each
    parts: tuple[Part, ...]
    cutoff: Cutoff
    working_days: int
    language: str
    starts_on: date


@dataclass(frozen=True)
class Schedule:
    """Terms, and whom they are for; `unit_path` runs from the root to the unit."""

    id: UUID
    terms: ScheduleTerms
    unit_code: str
    unit_name: str
    unit_path: tuple[str, ...]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, order=True)
class DueRun:
    """A period and the day its reports are made."""

    due_on: date
    period_name: str


@dataclass(frozen=True)
class Run:
    """What became of a period's run for one unit: a report, or the problem that kept it from being ordered."""

    period_name: str
    unit_code: str
    due_on: date
    report_id: UUID | None
    report_state: str | None
    problem: dict[str, Any] | None


class ScheduleNotFound(DomainError):
    """The schedule does not exist, has ended, or is not for this caller."""

    code = "schedule-not-found"

    def __init__(self, schedule: UUID) -> None:
        super().__init__(f"no schedule {schedule}")
        self.schedule = str(schedule)


class NoUnitsBelow(DomainError):
    """A schedule makes a report for each unit below one that has none."""

    code = "no-units-below"

    def __init__(self, unit: str) -> None:
        super().__init__(f"no unit lies right below {unit}")
        self.unit = unit


def due_day(period: Period, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the N-th working day after the period's last day."""
    return calendar.add(period.last, working_days)


def runs_due(terms: ScheduleTerms, calendar: WorkingCalendar, *, first: date, last: date) -> list[DueRun]:
    """Return the runs due on the days `first` to `last`, both inclusive, by day."""
    found = (
        DueRun(due_day(parse_period(name, terms.cutoff), terms.working_days, calendar), name)
        for name in _names(terms, first, last)
    )
    return sorted(run for run in found if max(first, terms.starts_on) <= run.due_on <= last)


def periods_maybe_due(terms: ScheduleTerms, *, today: date) -> list[str]:
    """Return the periods whose run may be due by now, whatever the calendar: a superset, to spare asking for it."""
    found = {name: parse_period(name, terms.cutoff).last for name in _names(terms, terms.starts_on, today)}
    shortest, longest = timedelta(days=terms.working_days), timedelta(days=3 * terms.working_days) + LONGEST_HOLIDAY
    return [name for name, last in found.items() if last + shortest <= today and terms.starts_on <= last + longest]


def _names(terms: ScheduleTerms, first: date, last: date) -> Iterator[str]:
    """Yield the periods that could be due on some days; the last of a year may fall due in the next."""
    for year in range(first.year - 1, last.year + 1):
        yield from (part.name_in(year) for part in terms.parts)
