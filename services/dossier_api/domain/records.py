"""What is kept of events and dossiers, as read back."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

# Who keeps an event that a late arrival displaced: no key posted that it should be kept.
SYSTEM_KEY = "system"


class LogEntry(msgspec.Struct, frozen=True, gc=False):
    """One row of the log, ready to be written; `data` and `life` are JSON texts."""

    position: int
    source: str
    id: str
    type: str
    subject: str
    occurred_at: datetime
    recorded_at: datetime
    unit_code: str | None
    key_id: str
    content_hash: bytes
    data: str
    life: str | None


@dataclass(frozen=True)
class RejectedEntry:
    """One kept event; `data` and `facts` are JSON texts, `unit_code` the subtree of the key that posted it."""

    source: str
    id: str
    type: str
    subject: str
    occurred_at: datetime
    received_at: datetime
    unit_code: str | None
    key_id: str
    content_hash: bytes
    data: str
    reason: str
    facts: str


@dataclass(frozen=True)
class KeptEntry(RejectedEntry):
    """A kept event with its place in the order of arrival."""

    arrival: int

    @property
    def is_displaced(self) -> bool:
        """Say whether the event is in the log, and only its effect is gone."""
        return self.key_id == SYSTEM_KEY


class Due(msgspec.Struct, frozen=True, gc=False):
    """An open dossier; `due_on` is the last civil day in time, `late_from` the first instant that is not."""

    code: str
    status: str
    unit_code: str
    receiving_unit_code: str | None
    procedure_code: str
    is_extended: bool
    due_on: date
    late_from: datetime
