"""Due moments: working days, working hours and calendar days over one unit's timetable.

All instants are in the province's zone, so that `.date()` is the civil day.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import assert_never

import msgspec

from dossier_api.domain.catalogue import Catalogue, ProcedureVersion, ProcessingTime, Span, TimeUnit
from shared.contracts.life import Phase
from shared.working_days import SATURDAY, WorkingCalendar

MONDAY = 0
ONE_DAY = timedelta(days=1)
# Rule: domain e.1; only where a unit says nothing of a day on which it must work.
USUAL_CLOSE = time(17, 0)
MINUTES_PER_HOUR = 60


class Timetable(msgspec.Struct, frozen=True, gc=False):
    """When one unit works: the official calendar and the unit's own hours."""

    calendar: WorkingCalendar
    catalogue: Catalogue
    unit_code: str

    def by(self, calendar: WorkingCalendar) -> "Timetable":
        """Return the same unit's timetable by another calendar."""
        return msgspec.structs.replace(self, calendar=calendar)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the opening spans of a day, none on a day off.

        A worked Saturday or Sunday without hours of its own takes Monday's: it stands in for a weekday.
        """
        if not self.calendar.is_working(day):
            return ()
        hours = self.catalogue.hours_on(self.unit_code, day).weekdays
        spans = hours.get(day.weekday(), ())
        return spans or (hours.get(MONDAY, ()) if day.weekday() >= SATURDAY else ())

    def close_of(self, day: date, like: datetime) -> datetime:
        """Return the end of a working day's office hours, in the zone of `like`."""
        spans = self.spans(day)
        return datetime.combine(day, spans[-1][1] if spans else USUAL_CLOSE, like.tzinfo)

    def openings(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the opening spans from an instant on, the first cut to begin there."""
        day = start.date()
        while True:
            for opens, closes in self.spans(day):
                begin = max(start, datetime.combine(day, opens, start.tzinfo))
                end = datetime.combine(day, closes, start.tzinfo)
                if begin < end:
                    yield begin, end
            day += ONE_DAY

    def walk(self, start: datetime, minutes: float) -> datetime:
        """Return the instant at which so many office minutes have passed since `start`.

        That is a close rather than the opening after it, and `start` itself where nothing has to pass.
        """
        left = timedelta(minutes=minutes)
        if not left:
            return start
        for begin, end in self.openings(start):
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("openings never end")

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """Return the office minutes between two instants."""
        total = timedelta()
        for begin, close in self.openings(start):
            if begin >= end:
                break
            total += min(close, end) - begin
        return total / timedelta(minutes=1)


def first_due(accepted_at: datetime, version: ProcedureVersion, timetable: Timetable) -> datetime | None:
    """Return when a dossier accepted then is due, None without a time limit."""
    return due_after(counted_from(accepted_at, version, timetable), version.processing_time, timetable)


def due_after(start: datetime, term: ProcessingTime, timetable: Timetable) -> datetime | None:
    """Return the end of a full term from `start`.

    The day of `start` is day 0; a day off counts as the working day before it.
    Rule: contract section 4.
    """
    if term.amount is None:
        return None
    match term.unit:
        case TimeUnit.WORKING_DAY:
            return timetable.close_of(timetable.calendar.add(start.date(), term.amount), start)
        case TimeUnit.CALENDAR_DAY:
            last = timetable.calendar.on_or_after(start.date() + timedelta(days=term.amount))
            return timetable.close_of(last, start)
        case TimeUnit.WORKING_HOUR:
            return timetable.walk(start, term.amount * MINUTES_PER_HOUR)
        case _:
            assert_never(term.unit)


def longest_due(accepted_at: datetime, versions: Iterable[ProcedureVersion], timetable: Timetable) -> datetime | None:
    """Return the latest of the due dates that versions known by the day of acceptance give, None if none has a limit.

    Rule: QĐ 766 index 2.1, what is judged where no due date is: the longest time the procedure has.
    """
    known = (version for version in versions if version.valid_from <= accepted_at.date())
    dues = (first_due(accepted_at, version, timetable) for version in known)
    return max((due for due in dues if due is not None), default=None)


def put_off(
    due: datetime | None, start: datetime, end: datetime, *, unit: TimeUnit, timetable: Timetable
) -> datetime | None:
    """Return `due` moved by the time the clock stood still from `start` to `end`.

    Days count after the day of stopping, up to and with the day of resuming.
    Rule: contract section 4, `exclude`.
    """
    if due is None:
        return None
    match unit:
        case TimeUnit.WORKING_DAY:
            days = timetable.calendar.between(start.date(), end.date())
            return timetable.close_of(timetable.calendar.add(due.date(), days), due) if days else due
        case TimeUnit.CALENDAR_DAY:
            stood = end.date() - start.date()
            return timetable.close_of(timetable.calendar.on_or_after(due.date() + stood), due) if stood else due
        case TimeUnit.WORKING_HOUR:
            return timetable.walk(due, timetable.minutes_between(start, end))
        case _:
            assert_never(unit)


def overdue_from(due: datetime, unit: TimeUnit) -> date:
    """Return the first day at whose close an open dossier is overdue.

    Rule: contract section 4: past its civil day; for hour-based procedures, past its moment.
    """
    return due.date() if unit is TimeUnit.WORKING_HOUR else due.date() + ONE_DAY


def class_of_finish(finished_at: datetime, due: datetime | None, unit: TimeUnit) -> Phase:
    """Return how a finish compares with its due date.  Rule: contract section 4."""
    if due is None:
        return Phase.UNDETERMINED
    if finished_at.date() < due.date():
        return Phase.EARLY
    if unit is TimeUnit.WORKING_HOUR:
        return Phase.ON_TIME if finished_at <= due else Phase.LATE
    return Phase.ON_TIME if finished_at.date() == due.date() else Phase.LATE


def counted_from(accepted_at: datetime, version: ProcedureVersion, timetable: Timetable) -> datetime:
    """Return the instant the term counts from, after the rule of late acceptance.

    An acceptance on a day off counts as made at the close of the working day before, which is late in the day too.
    Rule: contract section 4; NĐ 63/2024 Đ.7(2).
    """
    after = version.late_acceptance_after
    if after is None:
        return accepted_at
    day = accepted_at.date()
    if timetable.calendar.is_working(day) and accepted_at.time() <= after:
        return accepted_at
    return datetime.combine(timetable.calendar.add(day, 1), time.min, accepted_at.tzinfo)
