"""Which event may meet a dossier in which status, and what it makes of it."""

from enum import StrEnum

from dossier_api.domain.events import EventKind


class Status(StrEnum):
    """Where a dossier stands.  Rule: domain b.2, the national portal's states 1 to 10."""

    SUBMITTED = "submitted"
    PROCESSING = "processing"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_PAYMENT = "awaiting_payment"
    REFUSED = "refused"
    FINISHED = "finished"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


OPEN = frozenset({Status.PROCESSING, Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT})
WAITING = frozenset({Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT})
_SUPPLEMENTABLE = frozenset({Status.PROCESSING, Status.AWAITING_SUPPLEMENT})

# The statuses an event may find; no entry for a dossier that does not exist yet.
# Rule: domain b.2, "Allowed"; NĐ 118/2025 Đ.21: a stop is possible only while no decision exists.
FOUND_IN: dict[EventKind, frozenset[Status]] = {
    EventKind.SUBMITTED: frozenset(),
    EventKind.ACCEPTED: frozenset({Status.SUBMITTED}),
    EventKind.REFUSED: frozenset({Status.SUBMITTED}),
    EventKind.SUPPLEMENT_REQUESTED: frozenset({Status.PROCESSING}),
    EventKind.SUPPLEMENTED: frozenset({Status.AWAITING_SUPPLEMENT}),
    EventKind.PAYMENT_REQUESTED: frozenset({Status.PROCESSING}),
    EventKind.PAID: frozenset({Status.AWAITING_PAYMENT}),
    EventKind.OUTAGE_STARTED: OPEN,
    EventKind.OUTAGE_ENDED: OPEN,
    EventKind.TRANSFERRED: OPEN | {Status.SUBMITTED},
    EventKind.EXTENDED: OPEN,
    EventKind.FINISHED: frozenset({Status.PROCESSING}),
    EventKind.RETURNED: frozenset({Status.FINISHED}),
    EventKind.WITHDRAWN: _SUPPLEMENTABLE,
    EventKind.STOPPED: OPEN,
    EventKind.REOPENED: frozenset({Status.FINISHED}),
    EventKind.RATED: frozenset({Status.FINISHED, Status.RETURNED}),
}
# Kinds that may be a dossier's first event.
FIRST = frozenset({EventKind.SUBMITTED, EventKind.ACCEPTED})
