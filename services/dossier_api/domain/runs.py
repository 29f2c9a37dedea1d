"""Audited runs over open dossiers: what a later calendar, a closed unit or a corrected rule makes of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunKind(StrEnum):
    """Why dossiers are looked at again without an event of their own."""

    CALENDAR = "calendar"
    SUCCESSION = "succession"
    CORRECTION = "correction"


class RunState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Run:
    """One run; it goes through open dossiers by code and may be broken off and resumed after any of them."""

    id: str
    kind: RunKind
    state: RunState
    key_id: str
    created_at: datetime
    finished_at: datetime | None
    calendar_version: int | None
    after_code: str
    total: int
    seen: int
    changed: int


@dataclass(frozen=True)
class DueMove:
    """An open dossier whose lawful date a calendar moves, or would move."""

    code: str
    unit_code: str
    procedure_code: str
    due_before: datetime | None
    due_after: datetime | None
