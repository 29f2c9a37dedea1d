"""The days of a stretch of time, each with the reason why it counts or does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dossier_api.domain.catalogue import CalendarDay, ProcessingTime, TimeUnit
from shared.working_days import SATURDAY, WorkingCalendar


class Why(StrEnum):
    """Why a day is not what its weekday says, or does not count although none said so."""

    WEEKEND = "weekend"
    OFFICIAL = "official"
    WORKED_INSTEAD = "worked_instead"


@dataclass(frozen=True)
class ExplainedDay:
    """A day and why; an official one with its name and decision."""

    day: date
    why: Why
    name: str | None = None
    decision: str | None = None


@dataclass(frozen=True)
class Days:
    """Days counted, those of them that are weekend days worked in place of others, and days skipped."""

    counted: tuple[date, ...] = ()
    worked_instead: tuple[ExplainedDay, ...] = ()
    skipped: tuple[ExplainedDay, ...] = ()


@dataclass(frozen=True)
class DaysExplainer:
    """Tells days by the term of a procedure and its calendar, whose days `official` names."""

    term: ProcessingTime
    calendar: WorkingCalendar
    official: Mapping[date, CalendarDay]

    def counting(self, start: datetime, due: datetime | None) -> Days:
        """Return the days of a full term: those after its first one; of hours, that one too.

        Of calendar days every one counts, but the last of the term if it is off: it moves to the next worked one.
        """
        if due is None:
            return Days()
        first = start.date() + timedelta(days=self.term.unit is not TimeUnit.WORKING_HOUR)
        days = _days(first, due.date())
        if self.term.unit is not TimeUnit.CALENDAR_DAY:
            return self._told(days)
        moved_over = days[(self.term.amount or 0) - 1 : -1]
        counted = tuple(day for day in days if day not in moved_over)
        return Days(counted, skipped=tuple(self._off(day) for day in moved_over))

    def between(self, start: datetime, end: datetime) -> Days:
        """Return the days for which the clock stood: after the day of stopping, up to and with that of resuming."""
        days = _days(start.date() + timedelta(days=1), end.date())
        return Days(tuple(days)) if self.term.unit is TimeUnit.CALENDAR_DAY else self._told(days)

    def _told(self, days: list[date]) -> Days:
        counted = tuple(day for day in days if self.calendar.is_working(day))
        instead = tuple(self._official(day, Why.WORKED_INSTEAD) for day in counted if day.weekday() >= SATURDAY)
        return Days(counted, instead, tuple(self._off(day) for day in days if not self.calendar.is_working(day)))

    def _off(self, day: date) -> ExplainedDay:
        return ExplainedDay(day, Why.WEEKEND) if day.weekday() >= SATURDAY else self._official(day, Why.OFFICIAL)

    def _official(self, day: date, why: Why) -> ExplainedDay:
        known = self.official.get(day)
        return ExplainedDay(day, why, known.name, known.decision) if known else ExplainedDay(day, why)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
