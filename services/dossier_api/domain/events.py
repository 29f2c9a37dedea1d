"""The events of a dossier: their kinds, and what each may say.

No member can hold a name or free text: reasons are codes.  Rule: contract section 3, rule 5.
"""

from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import msgspec

from shared.contracts.feed import EVENT_TYPE_PREFIX

# How a code of a unit, a procedure, a dossier or a reason is spelled: no name can hide in it.
CODE = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
# `$` would let a last line feed pass.
Code = Annotated[str, msgspec.Meta(pattern=rf"^{CODE}\Z")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Identity = tuple[str, str]


class EventKind(StrEnum):
    """The `<name>` in `vn.motcua.dossier.<name>.v1`."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    SUPPLEMENTED = "supplemented"
    PAYMENT_REQUESTED = "payment_requested"
    PAID = "paid"
    OUTAGE_STARTED = "outage_started"
    OUTAGE_ENDED = "outage_ended"
    TRANSFERRED = "transferred"
    EXTENDED = "extended"
    FINISHED = "finished"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    REOPENED = "reopened"
    RATED = "rated"
    VOIDED = "voided"


class Channel(StrEnum):
    """How a dossier comes in or goes out (trực tiếp, trực tuyến, bưu chính công ích)."""

    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    GRANTED_IN_PART = "granted_in_part"
    REJECTED = "rejected"


# gc=False, here and on other values made by the thousand: they are in no cycle, so the collector need not know them.
class EventData(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Base of what an event says: a closed set of members."""


class Submitted(EventData, frozen=True):
    """Filed, not yet taken in."""

    procedure_code: Code
    unit_code: Code
    receiving_unit_code: Code | None = None
    channel: Channel | None = None


class Accepted(EventData, frozen=True):
    """Taken in; the clock starts.  `due_at` is what the receipt prints."""

    procedure_code: Code
    unit_code: Code
    channel: Channel
    receiving_unit_code: Code | None = None
    due_at: Instant | None = None


class Reasoned(EventData, frozen=True):
    """Needs a reason: refused, supplement_requested, reopened."""

    reason: Code


class PerhapsReasoned(EventData, frozen=True):
    """May give a reason: withdrawn, stopped."""

    reason: Code | None = None


class Silent(EventData, frozen=True):
    """Says nothing but that it happened."""


class Transferred(EventData, frozen=True):
    """Passed to another competent unit."""

    to_unit_code: Code


class Extended(EventData, frozen=True):
    """Put off once, with a letter of apology (phiếu xin lỗi và hẹn lại)."""

    due_at: Instant
    reason: Code
    apology_number: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-zĐđ./-]{1,40}\Z")] | None = None
    apology_on: date | None = None


class Finished(EventData, frozen=True):
    """Decided; the clock ends."""

    outcome: Outcome


class Returned(EventData, frozen=True):
    """Handed over."""

    channel: Channel | None = None


class Rated(EventData, frozen=True):
    """Rated by the citizen."""

    score: Annotated[int, msgspec.Meta(ge=1, le=5)]


class Voided(EventData, frozen=True):
    """Undoes one earlier event of the dossier."""

    event_id: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    reason: Code


DATA_OF: dict[EventKind, type[EventData]] = {
    EventKind.SUBMITTED: Submitted,
    EventKind.ACCEPTED: Accepted,
    EventKind.REFUSED: Reasoned,
    EventKind.SUPPLEMENT_REQUESTED: Reasoned,
    EventKind.SUPPLEMENTED: Silent,
    EventKind.PAYMENT_REQUESTED: Silent,
    EventKind.PAID: Silent,
    EventKind.OUTAGE_STARTED: Silent,
    EventKind.OUTAGE_ENDED: Silent,
    EventKind.TRANSFERRED: Transferred,
    EventKind.EXTENDED: Extended,
    EventKind.FINISHED: Finished,
    EventKind.RETURNED: Returned,
    EventKind.WITHDRAWN: PerhapsReasoned,
    EventKind.STOPPED: PerhapsReasoned,
    EventKind.REOPENED: Reasoned,
    EventKind.RATED: Rated,
    EventKind.VOIDED: Voided,
}


_TYPE_SUFFIX = ".v1"
_TYPES: dict[EventKind, str] = {kind: f"{EVENT_TYPE_PREFIX}{kind}{_TYPE_SUFFIX}" for kind in DATA_OF}
_KINDS: dict[str, EventKind] = {name: kind for kind, name in _TYPES.items()}
_DECODERS: dict[EventKind, msgspec.json.Decoder[EventData]] = {
    kind: msgspec.json.Decoder(data) for kind, data in DATA_OF.items()
}


def type_of(kind: EventKind) -> str:
    """Return the CloudEvents type of a kind."""
    return _TYPES[kind]


def kind_of(event_type: str) -> EventKind:
    """Return the kind a CloudEvents type names; raises KeyError for any other."""
    return _KINDS[event_type]


@lru_cache(maxsize=4_096)
def decode_data(kind: EventKind, data: str | bytes) -> EventData:
    """Return what an event says; raises msgspec.ValidationError or DecodeError.

    Most say what thousands have said: that it was granted, or that a common procedure was taken in at the same unit.
    """
    return _DECODERS[kind].decode(data)


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event at a counter.  `at` is in the province's zone, so its date is the civil day.

    `arrival` orders events of the same instant: the position in the log, or larger for one not yet in it.
    """

    source: str
    id: str
    kind: EventKind
    at: datetime
    dossier: str
    data: EventData
    arrival: int = 0

    @property
    def identity(self) -> Identity:
        """Return what makes the event one and the same however often it is sent."""
        return (self.source, self.id)

    @property
    def order(self) -> tuple[datetime, int]:
        """Return the key of the fold's order.  Rule: contract section 3, rule 4."""
        return (self.at, self.arrival)
