"""When an open dossier is late: in which stretches of its clock, and from which instant."""

from datetime import date, datetime, time, timedelta

from dossier_api.domain.catalogue import TimeUnit
from dossier_api.domain.deadlines import class_of_finish, overdue_from
from dossier_api.domain.dossier import ClockState, Dossier, Stretch
from dossier_api.domain.transitions import OPEN
from shared.contracts.life import Phase

_INSTANT = timedelta(microseconds=1)
_WAITS = frozenset({ClockState.SUPPLEMENT, ClockState.PAYMENT})


def late_from(dossier: Dossier, *, by_extension: bool = False) -> datetime | None:
    """Return the instant a dossier turns late, or turned; None where it cannot without another event.

    Rule: contract section 4: after its civil day, for hour-based procedures after its moment.
    """
    if dossier.status not in OPEN:
        return None
    stretch = dossier.stretches[-1]
    due = due_in(stretch, by_extension=by_extension)
    if due is None or not shows_lateness(stretch, dossier, due):
        return None
    if dossier.version.processing_time.unit is TimeUnit.WORKING_HOUR:
        return due
    return datetime.combine(overdue_from(due, dossier.version.processing_time.unit), time.min, due.tzinfo)


def last_day_before(late: datetime) -> date:
    """Return the last civil day in time of what is late from an instant.

    Midnight is the first instant of the day after; a moment within a day lies on its due day.
    """
    return (late - _INSTANT).date()


def due_in(stretch: Stretch, *, by_extension: bool) -> datetime | None:
    """Return the due date that lateness is judged by over a stretch."""
    return stretch.due_current if by_extension else stretch.due_statutory


def shows_lateness(stretch: Stretch, dossier: Dossier, due: datetime) -> bool:
    """Say whether a dossier is overdue in a stretch as soon as `due` is past.

    Never while it waits with its clock stopped. Where an outage stops the clock, or a request has
    ended it, nothing turns overdue any more, but lateness reached before is not taken back.
    Rule: contract section 4, the classes of an open dossier.
    """
    if stretch.clock in _WAITS:
        return False
    stopped_at = _stopped_at(stretch, dossier)
    if stopped_at is None:
        return True
    return class_of_finish(stopped_at, due, dossier.version.processing_time.unit) is Phase.LATE


def _stopped_at(stretch: Stretch, dossier: Dossier) -> datetime | None:
    if dossier.clock_ended_at is not None and dossier.clock_ended_at <= stretch.start:
        return dossier.clock_ended_at
    return stretch.since if stretch.clock is ClockState.OUTAGE else None
