"""A dossier's life as the figures need it: one phase and one unit at the close of each day."""

from collections.abc import Mapping
from datetime import date, datetime

from dossier_api.domain.catalogue import Catalogue
from dossier_api.domain.deadlines import class_of_finish, overdue_from
from dossier_api.domain.dossier import Dossier, Stretch
from dossier_api.domain.index_766 import is_judged_otherwise, turns_in, turns_of
from dossier_api.domain.lateness import due_in, shows_lateness
from dossier_api.domain.succession import placements_of
from dossier_api.domain.transitions import Status
from shared.contracts.life import LifeV1, Mark, MarkOn, Phase, PhaseFrom, PlacementFrom

_LATE = frozenset({Phase.OVERDUE, Phase.LATE})


def life_of(dossier: Dossier, catalogue: Catalogue) -> LifeV1:
    """Return the life of a dossier, as known after its latest event; the catalogue tells who succeeds whom."""
    phases = phases_of(dossier)
    late = _late_766(dossier, phases)
    current, late_current = phases, late
    # Every event waits for this, and without an extension there is no second date to judge by.
    if dossier.extended_to is not None:
        current = phases_of(dossier, by_extension=True)
        late_current = _late_766(dossier, current, by_extension=True)
    return LifeV1(
        procedure_code=dossier.procedure_code,
        field=dossier.version.field,
        online_level=str(dossier.version.online_level),
        channel=dossier.channel,
        placements=tuple([PlacementFrom(day, code) for day, code in placements_of(dossier, catalogue)]),
        received_on=dossier.accepted_at.date() if dossier.accepted_at else None,
        phases=phases,
        phases_current=None if current == phases else current,
        marks=_marks(dossier),
        late_766=late,
        late_766_current=late_current,
    )


def phases_of(dossier: Dossier, *, by_extension: bool = False) -> tuple[PhaseFrom, ...]:
    """Return the phases by close of day, judged by the statutory date, or by the extended one."""
    by_day: dict[date, Phase] = {}
    ends = [stretch.start for stretch in dossier.stretches[1:]]
    for stretch, end in zip(dossier.stretches, [*ends, dossier.closed_at], strict=False):
        by_day[stretch.start.date()] = Phase.WAITING if stretch.is_waiting else Phase.IN_TIME
        turns = _turns_overdue(stretch, dossier, due_in(stretch, by_extension=by_extension))
        if turns is not None and (end is None or turns < end.date()):
            by_day[turns] = Phase.OVERDUE
    if dossier.stretches and dossier.closed_at:
        by_day[dossier.closed_at.date()] = _end_of(dossier, by_extension=by_extension)
    return _changes(by_day)


def class_at(dossier: Dossier, day: date, *, by_extension: bool = False) -> Phase | None:
    """Return the class of a dossier at the close of `day`, None before its acceptance."""
    reached = [entry.phase for entry in phases_of(dossier, by_extension=by_extension) if entry.day <= day]
    return reached[-1] if reached else None


def _turns_overdue(stretch: Stretch, dossier: Dossier, due: datetime | None) -> date | None:
    """Return the first day at whose close a stretch shows the dossier overdue, if nothing ends it before."""
    if due is None or not shows_lateness(stretch, dossier, due):
        return None
    return max(stretch.start.date(), overdue_from(due, dossier.version.processing_time.unit))


def _end_of(dossier: Dossier, *, by_extension: bool) -> Phase:
    match dossier.status:
        case Status.WITHDRAWN:
            return Phase.WITHDRAWN
        case Status.STOPPED:
            return Phase.STOPPED
        case _:
            due = dossier.due_current if by_extension else dossier.due_statutory
            judged_at = dossier.clock_ended_at or dossier.finished_at
            if judged_at is None:
                raise TypeError("a closed dossier was finished, withdrawn or stopped")
            return class_of_finish(judged_at, due, dossier.version.processing_time.unit)


def _changes(by_day: Mapping[date, Phase]) -> tuple[PhaseFrom, ...]:
    """Keep, of equal neighbours, the first."""
    told: list[PhaseFrom] = []
    for day, phase in by_day.items():
        if not told or told[-1].phase is not phase:
            told.append(PhaseFrom(day, phase))
    return tuple(told)


def _late_766(
    dossier: Dossier, phases: tuple[PhaseFrom, ...], *, by_extension: bool = False
) -> tuple[date, ...] | None:
    """Return the turns QĐ 766 sees, None where the phases tell the same."""
    if not is_judged_otherwise(dossier):
        return None
    turns = turns_of(dossier, by_extension=by_extension)
    return None if turns == turns_in((entry.day, entry.phase in _LATE) for entry in phases) else turns


def _marks(dossier: Dossier) -> tuple[MarkOn, ...]:
    marks = [MarkOn(marked.at.date(), marked.mark) for marked in dossier.marks]
    answered_at = dossier.accepted_at or dossier.closed_at
    if dossier.reception_due and (answered_at is None or answered_at > dossier.reception_due):
        marks.append(MarkOn(dossier.reception_due.date(), Mark.LATE_ACCEPTANCE))
    return tuple(marks)
