"""A dossier's life as dossier_api tells it on the feed and indicator_api counts it.

Everything in it is a civil day; what happened within a day is told as it stood at the day's close.
"""

from datetime import date
from enum import StrEnum

import msgspec


class Phase(StrEnum):
    """How a received dossier stands at the close of a day.

    The first three are open; the rest end it.  Rule: contract sections 4 and 5.
    """

    IN_TIME = "in_time"
    OVERDUE = "overdue"
    WAITING = "waiting"
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    UNDETERMINED = "undetermined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


OPEN_PHASES = frozenset({Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING})


class Mark(StrEnum):
    """Something that happens on a day and is counted, but ends no phase."""

    SUBMITTED = "submitted"
    SUBMITTED_ONLINE = "submitted_online"
    LATE_ACCEPTANCE = "late_acceptance"
    REFUSED = "refused"
    SUPPLEMENT_REQUEST = "supplement_request"
    EXTENSION = "extension"
    APOLOGY_IN_TIME = "apology_in_time"
    RETURNED = "returned"
    RETURNED_POSTAL = "returned_postal"
    RATED = "rated"
    RATED_SATISFIED = "rated_satisfied"


class PhaseFrom(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A phase and the first day at whose close it holds."""

    day: date
    phase: Phase


class PlacementFrom(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A competent unit and the first day at whose close it holds the dossier."""

    day: date
    unit_code: str


class MarkOn(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A mark and its day."""

    day: date
    mark: Mark


class LifeV1(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Everything the figures need to know of one dossier, as known after one event.

    `received_on` is None before acceptance (and for ever, if refused). `phases` is judged against
    the statutory due date; `phases_current` against the extended one, None where both agree.
    Days ascend, one entry a day. An OVERDUE entry may lie in the future: it comes true by itself.

    `late_766` is told where QĐ 766 judges otherwise than `phases`: the days at whose close the dossier
    turns late, in time again and so on in turn, beginning in time. None: it is late while it is OVERDUE
    and once it ended LATE, and at no other time. `late_766_current` is the same beside the current phases.
    """

    procedure_code: str
    field: str
    online_level: str
    channel: str | None
    placements: tuple[PlacementFrom, ...]
    received_on: date | None = None
    phases: tuple[PhaseFrom, ...] = ()
    phases_current: tuple[PhaseFrom, ...] | None = None
    marks: tuple[MarkOn, ...] = ()
    late_766: tuple[date, ...] | None = None
    late_766_current: tuple[date, ...] | None = None
