"""Starting, stopping and restarting a dossier's clock: the stretches of its life."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from dossier_api.domain.catalogue import ProcedureVersion, SupplementPolicy
from dossier_api.domain.deadlines import due_after, first_due, put_off
from dossier_api.domain.dossier import ClockState, Dossier, Rules, Stretch
from dossier_api.domain.transitions import WAITING, Status


def first_dues(
    accepted_at: datetime, version: ProcedureVersion, *, rules: Rules, unit_code: str, printed: datetime | None
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Return the due date as computed, as promised (`due_first`), and as it now binds (`due_statutory`).

    Promised is what the receipt prints, else what the calendar of that day gave. After a later calendar
    was applied, the promise still stands where it is no later and falls on a working day.
    Rule: contract section 4; domain h.3, rule 3.
    """
    timetable = rules.timetable(unit_code, accepted_at)
    computed = first_due(accepted_at, version, timetable)
    if rules.promised is None:
        return computed, printed or computed, printed or computed
    promised = printed or first_due(accepted_at, version, timetable.by(rules.promised))
    if promised is None or computed is None:
        return computed, promised, promised
    stands = promised <= computed and rules.calendar.is_working(promised.date())
    return computed, promised, promised if stands else computed


def enter(dossier: Dossier, status: Status, at: datetime, rules: Rules) -> Dossier:
    """Return the dossier in another status from `at` on, its clock and due dates moved as the law says."""
    moved = replace(dossier, status=status)
    before, after, waits = dossier.stretches[-1], _clock_in(moved), status in WAITING
    if after is before.clock and waits is before.is_waiting:
        return moved
    moved = settle(moved, at, rules)
    if after is ClockState.SUPPLEMENT and _ends_clock(moved):
        moved = replace(moved, clock_ended_at=at)
    stretch = Stretch(at, after, moved.due_statutory, moved.due_current, at, waits)
    return replace(moved, stretches=(*moved.stretches, stretch))


def settle(dossier: Dossier, at: datetime, rules: Rules) -> Dossier:
    """Return the dossier with its due dates as they are at `at`, the end of its latest stretch."""
    stood = dossier.stretches[-1]
    return dossier if stood.clock is ClockState.RUNNING else _resumed(dossier, stood, at, rules)


def _clock_in(dossier: Dossier) -> ClockState:
    """Return what the clock does now: a wait counts once, whatever else stands still meanwhile."""
    match dossier.status:
        case Status.AWAITING_PAYMENT:
            return ClockState.PAYMENT
        case Status.AWAITING_SUPPLEMENT if dossier.policy is not SupplementPolicy.NONE:
            return ClockState.SUPPLEMENT
        case _:
            return ClockState.OUTAGE if dossier.is_out else ClockState.RUNNING


def _ends_clock(dossier: Dossier) -> bool:
    return dossier.policy is SupplementPolicy.END_AT_REQUEST and dossier.clock_ended_at is None


def _resumed(dossier: Dossier, stood: Stretch, at: datetime, rules: Rules) -> Dossier:
    """Return the dossier with its dates moved by a stretch in which the clock may have stood still."""
    if dossier.clock_ended_at is not None:
        return dossier
    if stood.clock is not ClockState.SUPPLEMENT:
        return _put_off(dossier, stood, at, rules)
    match dossier.policy:
        case SupplementPolicy.RESTART:
            return _restarted(dossier, at, rules)
        case SupplementPolicy.EXCLUDE:
            return _put_off(dossier, stood, at, rules)
        case SupplementPolicy.END_AT_REQUEST | SupplementPolicy.NONE:
            return dossier
        case _:
            assert_never(dossier.policy)


def _put_off(dossier: Dossier, stood: Stretch, at: datetime, rules: Rules) -> Dossier:
    unit, timetable = dossier.version.processing_time.unit, rules.timetable(dossier.unit_code, at)
    return replace(
        dossier,
        due_statutory=put_off(stood.due_statutory, stood.since, at, unit=unit, timetable=timetable),
        due_current=put_off(stood.due_current, stood.start, at, unit=unit, timetable=timetable),
    )


def _restarted(dossier: Dossier, at: datetime, rules: Rules) -> Dossier:
    """Give the full time again from completion.  Rule: NĐ 61/2018 Đ.19(4).

    An extension granted before still stands where it is the later date.  A date that was only printed
    has no full time to give again, so it is put off.
    """
    if dossier.version.processing_time.amount is None:
        return _put_off(dossier, dossier.stretches[-1], at, rules)
    due = due_after(at, dossier.version.processing_time, rules.timetable(dossier.unit_code, at))
    extended = dossier.due_current if dossier.extended_to else None
    later = max(due, extended) if due and extended else due
    return replace(dossier, due_statutory=due, due_current=later)
