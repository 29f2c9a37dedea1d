"""A dossier's clock told step by step: which days were counted, which were skipped and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from dossier_api.domain.catalogue import CalendarDay, SupplementPolicy
from dossier_api.domain.deadlines import Timetable, counted_from, first_due
from dossier_api.domain.dossier import ClockState, Dossier, Rules, Stretch
from dossier_api.domain.explained_days import Days, DaysExplainer


class StepKind(StrEnum):
    """What moved, or did not move, the due date."""

    STARTED_NEXT_DAY = "started_next_day"
    COUNTED = "counted"
    PRINTED = "printed"
    PROMISE_KEPT = "promise_kept"
    MOVED_BY_CALENDAR = "moved_by_calendar"
    STOPPED_FOR_SUPPLEMENT = "stopped_for_supplement"
    STOPPED_FOR_PAYMENT = "stopped_for_payment"
    STOPPED_BY_OUTAGE = "stopped_by_outage"
    NOT_STOPPED = "not_stopped"
    ENDED_AT_REQUEST = "ended_at_request"
    RESTARTED = "restarted"
    PUT_OFF = "put_off"
    EXTENDED = "extended"


@dataclass(frozen=True)
class Step:
    """One step of the clock.

    `days` lie after `start`, up to and with the one the step ends on: the new due day of a count, the
    day of resuming of a stop. `before` is the date that held until the step, `due` the one the law gives
    after it, `due_current` the one an extension gives.
    """

    kind: StepKind
    start: datetime
    end: datetime | None = None
    days: Days = field(default_factory=Days)
    before: datetime | None = None
    due: datetime | None = None
    due_current: datetime | None = None


_STOPS = {
    ClockState.SUPPLEMENT: StepKind.STOPPED_FOR_SUPPLEMENT,
    ClockState.PAYMENT: StepKind.STOPPED_FOR_PAYMENT,
    ClockState.OUTAGE: StepKind.STOPPED_BY_OUTAGE,
}


class Explainer:
    """Explains one dossier by the rules it is folded by; `official` names the days of its calendar."""

    def __init__(self, dossier: Dossier, rules: Rules, official: Mapping[date, CalendarDay]) -> None:
        self._dossier = dossier
        self._rules = rules
        self._days = DaysExplainer(dossier.version.processing_time, rules.calendar, official)

    def steps(self) -> list[Step]:
        """Return the steps of the clock, oldest first; none before acceptance."""
        accepted_at = self._dossier.accepted_at
        if accepted_at is None:
            return []
        told = [*self._first(accepted_at), *self._later()]
        return sorted(told, key=lambda step: step.start)

    def _first(self, accepted_at: datetime) -> Iterator[Step]:
        """Yield how the first date came about: counted, then perhaps printed, then perhaps counted by a later calendar.

        Rule: contract section 4; domain h.3, rule 3.
        """
        dossier, timetable = self._dossier, self._timetable(accepted_at)
        start = counted_from(accepted_at, dossier.version, timetable)
        if start != accepted_at:
            yield Step(StepKind.STARTED_NEXT_DAY, accepted_at, start)
        computed = first_due(accepted_at, dossier.version, timetable)
        yield Step(StepKind.COUNTED, accepted_at, days=self._days.counting(start, computed), due=computed)
        promised, stood = dossier.due_first, dossier.stretches[0].due_statutory
        as_promised = timetable.by(self._rules.promised or self._rules.calendar)
        if promised != first_due(accepted_at, dossier.version, as_promised):
            yield Step(StepKind.PRINTED, accepted_at, before=computed, due=promised)
        if self._rules.promised is None or promised == computed:
            return
        kind = StepKind.MOVED_BY_CALENDAR if stood == computed else StepKind.PROMISE_KEPT
        yield Step(kind, accepted_at, before=promised, due=stood)

    def _later(self) -> Iterator[Step]:
        """Yield what happened from each stretch to the next, and in the last one."""
        for before, after in pairwise(self._dossier.stretches):
            yield from self._between(before, after)
        yield from self._at_last(self._dossier.stretches[-1])

    def _between(self, before: Stretch, after: Stretch) -> Iterator[Step]:
        if (before.clock, before.is_waiting) == (after.clock, after.is_waiting):
            yield Step(
                StepKind.EXTENDED,
                after.start,
                before=before.due_current,
                due=after.due_statutory,
                due_current=after.due_current,
            )
        else:
            yield from self._ended(before, after.start, due=after.due_statutory, due_current=after.due_current)

    def _at_last(self, stretch: Stretch) -> Iterator[Step]:
        """Yield what the last stretch did, whether it goes on or the dossier was closed in it."""
        dossier = self._dossier
        if dossier.closed_at is not None:
            yield from self._ended(
                stretch, dossier.closed_at, due=dossier.due_statutory, due_current=dossier.due_current
            )
        elif (kind := self._kind_of(stretch)) is not None:
            yield Step(kind, stretch.since, due=stretch.due_statutory, due_current=stretch.due_current)

    def _ended(
        self, stretch: Stretch, end: datetime, *, due: datetime | None, due_current: datetime | None
    ) -> Iterator[Step]:
        """Yield a stretch in which the clock stood, and what that did to the date."""
        kind = self._kind_of(stretch)
        if kind is None:
            return
        days = self._days.between(stretch.since, end)
        yield Step(kind, stretch.since, end, days, due=stretch.due_statutory, due_current=stretch.due_current)
        if self._restarts(stretch) and self._dossier.closed_at != end:
            counted = self._days.counting(end, due)
            yield Step(StepKind.RESTARTED, end, None, counted, stretch.due_statutory, due, due_current)
        elif due != stretch.due_statutory:
            yield Step(StepKind.PUT_OFF, end, None, Days(), stretch.due_statutory, due, due_current)

    def _kind_of(self, stretch: Stretch) -> StepKind | None:
        """Return what a stretch is told as; None for one in which the clock simply ran."""
        if stretch.clock is ClockState.RUNNING:
            return StepKind.NOT_STOPPED if stretch.is_waiting else None
        if self._dossier.clock_ended_at == stretch.since:
            return StepKind.ENDED_AT_REQUEST
        return _STOPS[stretch.clock]

    def _restarts(self, stretch: Stretch) -> bool:
        has_term = self._dossier.version.processing_time.amount is not None
        return stretch.clock is ClockState.SUPPLEMENT and self._dossier.policy is SupplementPolicy.RESTART and has_term

    def _timetable(self, accepted_at: datetime) -> Timetable:
        placed = [one.unit_code for one in self._dossier.placements if one.start <= accepted_at]
        return self._rules.timetable(placed[-1], accepted_at)
