"""A second reading of the clock, from contract section 4 alone, slow and plain.

It walks day by day and quarter hour by quarter hour over a diary, and starts from the beginning for every question.
Everything in a diary happens on the quarter hour.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))


@dataclass(frozen=True)
class Entry:
    """One line of a diary; `due_at` is the date printed on a receipt or given by an extension."""

    at: datetime
    name: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Term:
    """What the procedure says."""

    amount: int | None
    unit: str
    policy: str
    late_after: time | None = None


@dataclass(frozen=True)
class Office:
    """Which days are off though weekdays, which are worked though weekend."""

    off: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        return day in self.worked or (day.isoweekday() <= 5 and day not in self.off)

    def is_open(self, at: datetime) -> bool:
        return self.works(at.date()) and any(opens <= at.time() < closes for opens, closes in OFFICE_HOURS)

    @cache  # noqa: B019 - one office lives as long as the tests
    def quarters_after(self, at: datetime, quarters: int) -> datetime:
        """Return when so many open quarters will have passed."""
        while quarters:
            quarters -= self.is_open(at)
            at += QUARTER
        return at

    @cache  # noqa: B019 - likewise
    def open_quarters(self, start: datetime, end: datetime) -> int:
        count = 0
        while start < end:
            count += self.is_open(start)
            start += QUARTER
        return count

    def working_days_after(self, day: date, count: int) -> date:
        while not self.works(day):
            day -= DAY
        while count:
            day += DAY
            count -= self.works(day)
        return day

    def next_worked(self, day: date) -> date:
        while not self.works(day):
            day += DAY
        return day


@dataclass(frozen=True)
class Promise:
    """A due date, and the instant from which pauses move it."""

    due: datetime | None
    since: datetime


@dataclass(frozen=True)
class Standing:
    """How a dossier stands after the last entry of a diary."""

    status: str
    first: datetime | None
    statutory: Promise
    current: Promise
    changed_at: datetime
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    paused_at: datetime | None = None
    is_out: bool = False
    is_extended: bool = False
    ended_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True)
class NaiveClock:
    """Answers for one procedure at one office."""

    office: Office
    term: Term
    zone: tzinfo

    @property
    def policy(self) -> str:
        """Nothing can be given anew where there is no term."""
        is_impossible = self.term.policy == "restart" and self.term.amount is None
        return "exclude" if is_impossible else self.term.policy

    def dues(self, diary: Sequence[Entry]) -> tuple[datetime | None, datetime | None, datetime | None] | None:
        """Return first, statutory and current due date; None where they are left open."""
        standing = self._after(_without_finishes_taken_back(diary))
        if standing.status in {"withdrawn", "stopped"} or (standing.paused_at and not standing.finished_at):
            return None
        until = standing.finished_at or standing.changed_at
        return (
            standing.first,
            self._due(standing, standing.statutory, until),
            self._due(standing, standing.current, until),
        )

    def class_at(self, diary: Sequence[Entry], day: date, *, by_extension: bool) -> str | None:
        """Return the class at the close of a day, as known from the whole diary."""
        known = [entry for entry in _without_finishes_taken_back(diary) if entry.at.date() <= day]
        if not known:
            return None
        standing = self._after(known)
        promise = standing.current if by_extension else standing.statutory
        if standing.status in {"withdrawn", "stopped"}:
            return standing.status
        if standing.status == "finished":
            return self._class_of_finish(standing, promise)
        overdue = self._is_overdue(standing, promise, day)
        if standing.status == "awaiting_payment":
            return "waiting"
        if standing.status == "awaiting_supplement":
            return "overdue" if overdue and self.policy == "none" else "waiting"
        return "overdue" if overdue else "in_time"

    def _class_of_finish(self, standing: Standing, promise: Promise) -> str:
        judged_at = standing.ended_at or standing.finished_at
        assert judged_at is not None
        due = self._due(standing, promise, judged_at)
        if due is None:
            return "undetermined"
        if judged_at.date() < due.date():
            return "early"
        return "late" if self._is_past(due, judged_at) else "on_time"

    def _is_overdue(self, standing: Standing, promise: Promise, day: date) -> bool:
        """An open dossier is overdue where its clock runs past its date, or had run past it before it stopped."""
        stopped_at = standing.ended_at or (standing.changed_at if standing.paused_at else None)
        due = self._due(standing, promise, stopped_at or standing.changed_at)
        if due is None:
            return False
        if stopped_at:
            return self._is_past(due, stopped_at)
        return due.date() < day or (self.term.unit == "working_hour" and due.date() == day)

    def _is_past(self, due: datetime, at: datetime) -> bool:
        return at > due if self.term.unit == "working_hour" else at.date() > due.date()

    def _due(self, standing: Standing, promise: Promise, until: datetime) -> datetime | None:
        """Return a due date moved by every pause there was from its promise on, until an instant."""
        if promise.due is None:
            return None
        pauses = [*standing.pauses, *([(standing.paused_at, until)] if standing.paused_at else [])]
        seen = [(max(start, promise.since), min(end, until)) for start, end in pauses]
        seen = [(start, end) for start, end in seen if start < end]
        if self.term.unit == "working_hour":
            quarters = sum(self.office.open_quarters(start, end) for start, end in seen)
            return self.office.quarters_after(promise.due, quarters)
        days = {day for start, end in seen for day in _days(start.date() + DAY, end.date())}
        if self.term.unit == "calendar_day":
            return (
                self._at_close(self.office.next_worked(promise.due.date() + len(days) * DAY)) if days else promise.due
            )
        count = sum(self.office.works(day) for day in days)
        return self._at_close(self.office.working_days_after(promise.due.date(), count)) if count else promise.due

    def _full_term(self, start: datetime) -> datetime | None:
        if self.term.amount is None:
            return None
        if self.term.unit == "working_hour":
            return self.office.quarters_after(start, self.term.amount * 4)
        if self.term.unit == "calendar_day":
            return self._at_close(self.office.next_worked(start.date() + self.term.amount * DAY))
        return self._at_close(self.office.working_days_after(start.date(), self.term.amount))

    def _at_close(self, day: date) -> datetime:
        return datetime.combine(day, OFFICE_HOURS[-1][1], self.zone)

    def _begin(self, accepted_at: datetime) -> datetime:
        """After the hour of the rule, and on a day off, which counts as a close, the next working day counts."""
        if self.term.late_after is None:
            return accepted_at
        if self.office.works(accepted_at.date()) and accepted_at.time() <= self.term.late_after:
            return accepted_at
        return datetime.combine(self.office.next_worked(accepted_at.date() + DAY), time(0), accepted_at.tzinfo)

    def _after(self, diary: Iterable[Entry]) -> Standing:
        accepted, *rest = diary
        due = accepted.due_at or self._full_term(self._begin(accepted.at))
        promise = Promise(due, accepted.at)
        standing = Standing("processing", due, promise, promise, accepted.at)
        for entry in rest:
            standing = self._paused_or_not(STEPS[entry.name](self, standing, entry), entry.at)
        return standing

    def _paused_or_not(self, standing: Standing, at: datetime) -> Standing:
        """Open or close a pause.  Payment and outage always exclude, a supplement where the policy says so."""
        waits = standing.status == "awaiting_payment" or (
            standing.status == "awaiting_supplement" and self.policy == "exclude"
        )
        # A term that will be given anew is not moved meanwhile.
        is_dead = standing.status == "awaiting_supplement" and self.policy == "restart"
        pauses = not standing.ended_at and not is_dead and (waits or standing.is_out)
        if standing.finished_at or pauses == (standing.paused_at is not None):
            return standing
        if standing.paused_at is None:
            return replace(standing, paused_at=at)
        return replace(standing, paused_at=None, pauses=(*standing.pauses, (standing.paused_at, at)))

    def ask(self, standing: Standing, entry: Entry) -> Standing:
        ends = self.policy == "end_at_request" and standing.ended_at is None
        asked = replace(standing, status="awaiting_supplement", changed_at=entry.at)
        return replace(asked, ended_at=entry.at) if ends else asked

    def complete(self, standing: Standing, entry: Entry) -> Standing:
        completed = replace(standing, status="processing", changed_at=entry.at)
        if self.policy != "restart":
            return completed
        due = self._full_term(entry.at)
        extended = self._due(standing, standing.current, entry.at) if standing.is_extended else None
        current = max(due, extended) if due and extended else due
        return replace(completed, statutory=Promise(due, entry.at), current=Promise(current, entry.at))

    def extend(self, standing: Standing, entry: Entry) -> Standing:
        return replace(standing, current=Promise(entry.due_at, entry.at), is_extended=True)


def _turn(**change: Any) -> Callable[[NaiveClock, Standing, Entry], Standing]:
    return lambda _, standing, entry: replace(standing, changed_at=entry.at, **change)


STEPS: dict[str, Callable[[NaiveClock, Standing, Entry], Standing]] = {
    "supplement_requested": NaiveClock.ask,
    "supplemented": NaiveClock.complete,
    "payment_requested": _turn(status="awaiting_payment"),
    "paid": _turn(status="processing"),
    "outage_started": _turn(is_out=True),
    "outage_ended": _turn(is_out=False),
    "extended": NaiveClock.extend,
    "finished": lambda _, standing, entry: replace(standing, status="finished", finished_at=entry.at),
    "returned": lambda _, standing, __: standing,
    "withdrawn": _turn(status="withdrawn"),
    "stopped": _turn(status="stopped"),
}


def _days(first: date, last: date) -> Iterable[date]:
    while first <= last:
        yield first
        first += DAY


def _without_finishes_taken_back(diary: Sequence[Entry]) -> list[Entry]:
    """As known from the reopening on, the finish never was."""
    kept: list[Entry] = []
    for entry in diary:
        if entry.name == "reopened":
            kept = [one for one in kept if one.name != "finished"]
        else:
            kept.append(entry)
    return kept
