"""A dossier's clock told step by step: which days were counted, which were skipped and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from dossier_api.domain.catalogue import CalendarDay, SupplementPolicy, TimeUnit
from dossier_api.domain.dossier import ClockState, Dossier, Stretch
from shared.working_days import SATURDAY, WorkingCalendar


class StepKind(StrEnum):
    """What moved, or did not move, the due date."""

    COUNTED = "counted"
    STOPPED_FOR_SUPPLEMENT = "stopped_for_supplement"
    STOPPED_FOR_PAYMENT = "stopped_for_payment"
    STOPPED_BY_OUTAGE = "stopped_by_outage"
    NOT_STOPPED = "not_stopped"
    ENDED_AT_REQUEST = "ended_at_request"
    RESTARTED = "restarted"
    PUT_OFF = "put_off"
    EXTENDED = "extended"


class Why(StrEnum):
    """Why a day was not counted."""

    WEEKEND = "weekend"
    OFFICIAL = "official"


@dataclass(frozen=True)
class SkippedDay:
    """A day that was not counted; an official one with its name and decision."""

    day: date
    why: Why
    name: str | None = None
    decision: str | None = None


@dataclass(frozen=True)
class Step:
    """One step of the clock.

    `counted` and `skipped` are the days after `start`, up to and with the one the step ends on: the new
    due day of a count, the day of resuming of a stop. `due` is the date the law gives after the step,
    `due_current` the one an extension gives.
    """

    kind: StepKind
    start: datetime
    end: datetime | None
    counted: list[date]
    skipped: list[SkippedDay]
    due: datetime | None
    due_current: datetime | None


_STOPS = {
    ClockState.SUPPLEMENT: StepKind.STOPPED_FOR_SUPPLEMENT,
    ClockState.PAYMENT: StepKind.STOPPED_FOR_PAYMENT,
    ClockState.OUTAGE: StepKind.STOPPED_BY_OUTAGE,
}


@dataclass(frozen=True)
class Explainer:
    """Explains one dossier by the calendar it is counted by; `official` names its days."""

    dossier: Dossier
    calendar: WorkingCalendar
    official: Mapping[date, CalendarDay]

    def steps(self) -> list[Step]:
        """Return the steps of the clock, oldest first; none before acceptance."""
        stretches = self.dossier.stretches
        if not stretches:
            return []
        moved = [self._moved(before, after) for before, after in pairwise(stretches)]
        last = stretches[-1]
        standing = [self._stop(last, None)] if last.clock is not ClockState.RUNNING else []
        return [self._count(StepKind.COUNTED, stretches[0]), *(step for steps in moved for step in steps), *standing]

    def _moved(self, before: Stretch, after: Stretch) -> Iterator[Step]:
        """Yield what happened from one stretch to the next."""
        if before.clock is after.clock:
            yield Step(StepKind.EXTENDED, after.start, None, [], [], after.due_statutory, after.due_current)
            return
        if before.clock is ClockState.RUNNING:
            return
        yield self._stop(before, after.start)
        if after.due_statutory == before.due_statutory:
            return
        restarts = before.clock is ClockState.SUPPLEMENT and self.dossier.policy is SupplementPolicy.RESTART
        if restarts:
            yield self._count(StepKind.RESTARTED, after)
        else:
            yield Step(StepKind.PUT_OFF, after.start, None, [], [], after.due_statutory, after.due_current)

    def _stop(self, stretch: Stretch, end: datetime | None) -> Step:
        counted, skipped = self._days(stretch.start.date(), end.date()) if end else ([], [])
        kind = self._kind_of(stretch)
        return Step(kind, stretch.start, end, counted, skipped, stretch.due_statutory, stretch.due_current)

    def _kind_of(self, stretch: Stretch) -> StepKind:
        if stretch.clock is ClockState.SUPPLEMENT and self.dossier.policy is SupplementPolicy.NONE:
            return StepKind.NOT_STOPPED
        if self.dossier.clock_ended_at == stretch.start:
            return StepKind.ENDED_AT_REQUEST
        return _STOPS[stretch.clock]

    def _count(self, kind: StepKind, stretch: Stretch) -> Step:
        due = stretch.due_statutory
        counted, skipped = self._days(stretch.start.date(), due.date()) if due else ([], [])
        return Step(kind, stretch.start, None, counted, skipped, due, stretch.due_current)

    def _days(self, after: date, last: date) -> tuple[list[date], list[SkippedDay]]:
        """Return the days after one day up to and with another, counted and skipped."""
        days = [after + timedelta(days=number) for number in range(1, (last - after).days + 1)]
        if self.dossier.version.processing_time.unit is TimeUnit.CALENDAR_DAY:
            return days, []
        counted = [day for day in days if self.calendar.is_working(day)]
        return counted, [self._skipped(day) for day in days if not self.calendar.is_working(day)]

    def _skipped(self, day: date) -> SkippedDay:
        official = self.official.get(day)
        if official is None or day.weekday() >= SATURDAY:
            return SkippedDay(day, Why.WEEKEND)
        return SkippedDay(day, Why.OFFICIAL, official.name, official.decision)
