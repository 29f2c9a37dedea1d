"""What each kind of event does to a dossier that may meet it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from dossier_api.domain.clock import enter, first_dues, settle
from dossier_api.domain.deadlines import longest_due
from dossier_api.domain.dossier import ClockState, Dossier, Placement, Rules, Stretch
from dossier_api.domain.errors import AlreadyExtended, ExtensionNotLater, IllegalMove
from dossier_api.domain.events import (
    Accepted,
    Channel,
    Event,
    EventData,
    EventKind,
    Extended,
    Finished,
    Rated,
    Returned,
    Submitted,
    Transferred,
)
from dossier_api.domain.flags import Flag
from dossier_api.domain.transitions import Status
from shared.contracts.life import Mark

Move = Callable[[Dossier | None, Event, Rules], Dossier]
Data = TypeVar("Data", bound=EventData)

# Rule: NĐ 297/2025 Đ.6(4)a: a filed dossier is accepted or answered within 8 working hours.
RECEPTION_MINUTES = 8 * 60
# Rule: NĐ 61/2018 Đ.19(4): a supplement is asked for within 3 working days of acceptance.
SUPPLEMENT_WORKING_DAYS = 3
# Rule: SIPAS counts the two highest of five answers as satisfied: 4 hài lòng, 5 rất hài lòng.
LEAST_SATISFIED = 4
_RATINGS = frozenset({Mark.RATED, Mark.RATED_SATISFIED})


def submit(_: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """File a dossier; whoever is competent has 8 working hours to take it in."""
    data = _said(event, Submitted)
    _check_units(data.unit_code, data.receiving_unit_code, event, rules)
    version = rules.catalogue.version(data.procedure_code, event.at.date())
    online = data.channel is Channel.ONLINE
    filed = Dossier(
        event.dossier,
        Status.SUBMITTED,
        data.unit_code,
        data.procedure_code,
        version,
        receiving_unit_code=data.receiving_unit_code,
        channel=data.channel,
        submitted_at=event.at,
        reception_due=rules.timetable(data.unit_code, event.at).walk(event.at, RECEPTION_MINUTES) if online else None,
        placements=(Placement(event.at, data.unit_code),),
        flags=rules.code_standard.flags_of(event.dossier, None),
    )
    return filed.marked(event.at, Mark.SUBMITTED, *([Mark.SUBMITTED_ONLINE] if online else []))


def accept(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Take a dossier in: the version in force today is its own for ever, and its clock starts.

    Rule: contract section 4: the first due date is the printed one, if the receipt was told of one.
    """
    data = _said(event, Accepted)
    _check_units(data.unit_code, data.receiving_unit_code, event, rules)
    version = rules.catalogue.version(data.procedure_code, event.at.date())
    printed = data.due_at.astimezone(event.at.tzinfo) if data.due_at else None
    computed, first, statutory = first_dues(event.at, version, rules=rules, unit_code=data.unit_code, printed=printed)
    flags = rules.code_standard.flags_of(event.dossier, event.at.date())
    if printed is not None and computed is not None and printed.date() > computed.date():
        flags += (Flag.PRINTED_DUE_LATER,)
    found = dossier or Dossier(event.dossier, Status.SUBMITTED, data.unit_code, data.procedure_code, version)
    return replace(
        found.flagged(*flags),
        status=Status.PROCESSING,
        unit_code=data.unit_code,
        procedure_code=data.procedure_code,
        version=version,
        receiving_unit_code=data.receiving_unit_code or found.receiving_unit_code,
        channel=data.channel,
        accepted_at=event.at,
        due_first=first,
        due_statutory=statutory,
        due_current=statutory,
        due_longest=None if statutory else _longest_due(data, event, rules),
        placements=_placed(found, event.at, data.unit_code),
        stretches=(Stretch(event.at, ClockState.RUNNING, statutory, statutory, event.at),),
    )


def refuse(dossier: Dossier | None, event: Event, _: Rules) -> Dossier:
    """Turn a filed dossier away; it never counts as received."""
    found = _found(dossier)
    return replace(found, status=Status.REFUSED, closed_at=event.at).marked(event.at, Mark.REFUSED)


def request_supplement(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Ask for missing papers; a second or a late request is allowed and flagged."""
    found = _found(dossier)
    flags = []
    if found.supplement_requests:
        flags.append(Flag.SECOND_SUPPLEMENT_REQUEST)
    accepted_on = (found.accepted_at or event.at).date()
    if rules.calendar.between(accepted_on, event.at.date()) > SUPPLEMENT_WORKING_DAYS:
        flags.append(Flag.LATE_SUPPLEMENT_REQUEST)
    asked = replace(found, supplement_requests=found.supplement_requests + 1).flagged(*flags)
    return enter(asked, Status.AWAITING_SUPPLEMENT, event.at, rules).marked(event.at, Mark.SUPPLEMENT_REQUEST)


def request_payment(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Wait for a financial obligation (nghĩa vụ tài chính)."""
    return enter(_found(dossier), Status.AWAITING_PAYMENT, event.at, rules)


def resume(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Go on processing: the papers are complete, or the money is paid."""
    return enter(_found(dossier), Status.PROCESSING, event.at, rules)


def start_outage(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Stop the clock while the system is down."""
    found = _found(dossier)
    if found.is_out:
        raise IllegalMove(event.kind, "out")
    return enter(replace(found, is_out=True), found.status, event.at, rules)


def end_outage(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Let the clock run again."""
    found = _found(dossier)
    if not found.is_out:
        raise IllegalMove(event.kind, found.status)
    return enter(replace(found, is_out=False), found.status, event.at, rules)


def transfer(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Pass to another competent unit; the clock runs on."""
    to_unit_code = _said(event, Transferred).to_unit_code
    rules.catalogue.open_unit(to_unit_code, event.at.date())
    found = _found(dossier)
    return replace(found, unit_code=to_unit_code, placements=_placed(found, event.at, to_unit_code))


def extend(dossier: Dossier | None, event: Event, _: Rules) -> Dossier:
    """Put the date off, once, with a letter of apology sent at least a day before.

    Rule: NĐ 61/2018 Đ.19(9). Only the current date moves: lateness stays what the law says.
    """
    found, data = _found(dossier), _said(event, Extended)
    if found.extended_to is not None:
        raise AlreadyExtended(found.extended_to)
    due_at = data.due_at.astimezone(event.at.tzinfo)
    if found.due_current is None or due_at <= found.due_current:
        raise ExtensionNotLater(due_at, found.due_current)
    is_in_time = (data.apology_on or event.at.date()) < found.due_current.date()
    stretch = replace(found.stretches[-1], start=event.at, due_current=due_at)
    extended = replace(found, extended_to=due_at, due_current=due_at, stretches=(*found.stretches, stretch))
    if is_in_time:
        return extended.marked(event.at, Mark.EXTENSION, Mark.APOLOGY_IN_TIME)
    return extended.marked(event.at, Mark.EXTENSION).flagged(Flag.LATE_APOLOGY)


def finish(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Decide: the clock ends here, whenever the citizen comes for the result."""
    settled, outcome = settle(_found(dossier), event.at, rules), _said(event, Finished).outcome
    return replace(settled, status=Status.FINISHED, finished_at=event.at, closed_at=event.at, outcome=outcome)


def reopen(dossier: Dossier | None, _event: Event, _: Rules) -> Dossier:
    """Take the finish back: as known from now on, it never was.  Rule: contract section 5."""
    found = _found(dossier)
    last = found.stretches[-1]
    return replace(
        found,
        status=Status.PROCESSING,
        due_statutory=last.due_statutory,
        due_current=last.due_current,
        finished_at=None,
        closed_at=None,
        outcome=None,
    )


def give_back(dossier: Dossier | None, event: Event, _: Rules) -> Dossier:
    """Hand the result over; not on the clock."""
    returned = replace(_found(dossier), status=Status.RETURNED, returned_at=event.at)
    by_post = _said(event, Returned).channel is Channel.POSTAL
    return returned.marked(event.at, Mark.RETURNED, *([Mark.RETURNED_POSTAL] if by_post else []))


def withdraw(dossier: Dossier | None, event: Event, _: Rules) -> Dossier:
    """Let the citizen take the dossier back."""
    return replace(_found(dossier), status=Status.WITHDRAWN, closed_at=event.at)


def stop(dossier: Dossier | None, event: Event, _: Rules) -> Dossier:
    """Stop processing without a decision."""
    return replace(_found(dossier), status=Status.STOPPED, closed_at=event.at)


def rate(dossier: Dossier | None, event: Event, _: Rules) -> Dossier:
    """Keep the citizen's latest score: one rating a dossier is counted, the last."""
    found, score = _found(dossier), _said(event, Rated).score
    kept = tuple(marked for marked in found.marks if marked.mark not in _RATINGS)
    satisfied = [Mark.RATED_SATISFIED] if score >= LEAST_SATISFIED else []
    return replace(found, score=score, marks=kept).marked(event.at, Mark.RATED, *satisfied)


MOVES: dict[EventKind, Move] = {
    EventKind.SUBMITTED: submit,
    EventKind.ACCEPTED: accept,
    EventKind.REFUSED: refuse,
    EventKind.SUPPLEMENT_REQUESTED: request_supplement,
    EventKind.SUPPLEMENTED: resume,
    EventKind.PAYMENT_REQUESTED: request_payment,
    EventKind.PAID: resume,
    EventKind.OUTAGE_STARTED: start_outage,
    EventKind.OUTAGE_ENDED: end_outage,
    EventKind.TRANSFERRED: transfer,
    EventKind.EXTENDED: extend,
    EventKind.FINISHED: finish,
    EventKind.RETURNED: give_back,
    EventKind.WITHDRAWN: withdraw,
    EventKind.STOPPED: stop,
    EventKind.REOPENED: reopen,
    EventKind.RATED: rate,
}


def _said(event: Event, kind: type[Data]) -> Data:
    if type(event.data) is not kind:
        raise TypeError(f"{event.kind} carries {type(event.data).__name__}")
    return event.data


def _found(dossier: Dossier | None) -> Dossier:
    if dossier is None:
        raise TypeError("a move past the first needs a dossier")
    return dossier


def _longest_due(data: Accepted, event: Event, rules: Rules) -> datetime | None:
    versions = rules.catalogue.procedures[data.procedure_code].versions
    return longest_due(event.at, versions, rules.timetable(data.unit_code, event.at))


def _placed(dossier: Dossier, at: datetime, unit_code: str) -> tuple[Placement, ...]:
    """Return the placements of a dossier that lies with a unit from an instant on."""
    if dossier.placements and dossier.placements[-1].unit_code == unit_code:
        return dossier.placements
    return (*dossier.placements, Placement(at, unit_code))


def _check_units(unit_code: str, receiving_unit_code: str | None, event: Event, rules: Rules) -> None:
    for code in (unit_code, receiving_unit_code):
        if code is not None:
            rules.catalogue.open_unit(code, event.at.date())
