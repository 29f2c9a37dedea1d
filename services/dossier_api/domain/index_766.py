"""When a dossier is late by index 2.1 of QĐ 766, whose ends are not those of the clock.

What has ended is judged at its end: finished, else withdrawn or stopped. One supplement request is an end too,
so the dossier is judged at that moment whatever follows; a second one makes it late. Without a due date the
longest time the procedure ever had is its own. What has not ended is judged day by day.
Rule: QĐ 766/QĐ-TTg index 2.1; domain c.1.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from dossier_api.domain.deadlines import class_of_finish, overdue_from
from dossier_api.domain.dossier import ClockState, Dossier, Stretch
from dossier_api.domain.lateness import due_in
from dossier_api.domain.transitions import Status
from shared.contracts.life import Mark, Phase

_ENDED_OTHERWISE = frozenset({Status.WITHDRAWN, Status.STOPPED})
_STANDS_STILL = frozenset({ClockState.PAYMENT, ClockState.OUTAGE})

Verdict = tuple[date, bool]


def is_judged_otherwise(dossier: Dossier) -> bool:
    """Say whether anything has happened that the index may see in another light than the clock."""
    return (
        dossier.supplement_requests > 0
        or dossier.due_longest is not None
        or dossier.status in _ENDED_OTHERWISE
        or any(stretch.clock is ClockState.PAYMENT for stretch in dossier.stretches[1:])
    )


def turns_of(dossier: Dossier, *, by_extension: bool = False) -> tuple[date, ...]:
    """Return the days at whose close it turns late, in time again and so on in turn, beginning in time."""
    asked = [marked.at for marked in dossier.marks if marked.mark is Mark.SUPPLEMENT_REQUEST]
    end = asked[0] if asked else dossier.closed_at
    verdicts = list(_while_open(dossier, end, by_extension=by_extension))
    if asked:
        verdicts.append((asked[0].date(), _is_late_when_asked(dossier, asked[0], by_extension=by_extension)))
        verdicts.extend((second.date(), True) for second in asked[1:2])
    elif end is not None:
        verdicts.append((end.date(), _is_late_at_end(dossier, end, by_extension=by_extension)))
    return turns_in(verdicts)


def turns_in(verdicts: Iterable[Verdict]) -> tuple[date, ...]:
    """Return the days on which the last verdict of a day differs from the one before, which is in time at first."""
    turns: list[date] = []
    for day, is_late in dict(verdicts).items():
        if is_late is not bool(len(turns) % 2):
            turns.append(day)
    return tuple(turns)


def _while_open(dossier: Dossier, end: datetime | None, *, by_extension: bool) -> Iterator[Verdict]:
    """Yield how each stretch before the end begins, and when it turns late by itself."""
    before = [stretch for stretch in dossier.stretches if end is None or stretch.start < end]
    untils = [*(stretch.start for stretch in before[1:]), end]
    for stretch, until in zip(before, untils, strict=False):
        yield stretch.start.date(), _is_late_standing(stretch, dossier, by_extension=by_extension)
        due = _due(stretch, dossier, by_extension=by_extension)
        if due is not None and stretch.clock not in _STANDS_STILL:
            turns = max(stretch.start.date(), overdue_from(due, dossier.version.processing_time.unit))
            if until is None or turns < until.date():
                yield turns, True


def _is_late_standing(stretch: Stretch, dossier: Dossier, *, by_extension: bool) -> bool:
    """Say whether a stretch in which the clock stands still began late; one that runs turns late by itself."""
    if stretch.clock not in _STANDS_STILL:
        return False
    return _is_late(stretch.since, _due(stretch, dossier, by_extension=by_extension), dossier)


def _is_late_when_asked(dossier: Dossier, asked: datetime, *, by_extension: bool) -> bool:
    """Judge at a supplement request, by the due date it found."""
    waiting = next(stretch for stretch in dossier.stretches if stretch.start >= asked)
    return _is_late(asked, _due(waiting, dossier, by_extension=by_extension), dossier)


def _is_late_at_end(dossier: Dossier, end: datetime, *, by_extension: bool) -> bool:
    """Judge at the end; who withdrew or stopped while the clock stood still, at the moment it came to stand."""
    last = dossier.stretches[-1] if dossier.stretches else None
    if last is None:
        return False
    if dossier.status in _ENDED_OTHERWISE:
        judged_at = last.since if last.clock in _STANDS_STILL else end
        return _is_late(judged_at, _due(last, dossier, by_extension=by_extension), dossier)
    due = dossier.due_current if by_extension else dossier.due_statutory
    return _is_late(end, due or dossier.due_longest, dossier)


def _due(stretch: Stretch, dossier: Dossier, *, by_extension: bool) -> datetime | None:
    return due_in(stretch, by_extension=by_extension) or dossier.due_longest


def _is_late(at: datetime, due: datetime | None, dossier: Dossier) -> bool:
    return class_of_finish(at, due, dossier.version.processing_time.unit) is Phase.LATE
