"""A dossier (hồ sơ) as its events make it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from dossier_api.domain.catalogue import Catalogue, ProcedureVersion, SupplementPolicy
from dossier_api.domain.code import TT_01_2018, CodeStandard
from dossier_api.domain.deadlines import Timetable
from dossier_api.domain.events import Channel, Outcome
from dossier_api.domain.flags import Flag
from dossier_api.domain.transitions import Status
from shared.contracts.life import Mark
from shared.working_days import WorkingCalendar


@dataclass(frozen=True)
class Rules:
    """What a fold consults: the catalogue, the calendar, and the calendar this dossier was promised by.

    `promised` differs from `calendar` only once an audited run has dated the dossier anew.
    """

    catalogue: Catalogue
    calendar: WorkingCalendar
    promised: WorkingCalendar | None = None
    code_standard: CodeStandard = TT_01_2018

    def timetable(self, unit_code: str, at: datetime) -> Timetable:
        """Return the timetable of whoever has at an instant what was put with a unit."""
        return Timetable(self.calendar, self.catalogue, self.catalogue.unit_on(unit_code, at.date()))


class ClockState(StrEnum):
    """What the clock does over a stretch of a dossier's life."""

    RUNNING = "running"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    OUTAGE = "outage"


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """The clock from `start` until the next stretch, with the due dates then in force.

    `since` is when the clock began to do so: before `start` where an extension lies in between.
    A dossier may wait while its clock runs, where the policy lets a supplement stop nothing.
    """

    start: datetime
    clock: ClockState
    due_statutory: datetime | None
    due_current: datetime | None
    since: datetime
    is_waiting: bool = False


class Placement(msgspec.Struct, frozen=True, gc=False):
    """The competent unit from `start` on."""

    start: datetime
    unit_code: str


class Marked(msgspec.Struct, frozen=True, gc=False):
    """Something counted that happened at an instant."""

    at: datetime
    mark: Mark


class Dossier(msgspec.Struct, frozen=True, gc=False):
    """State of one dossier after some of its events.  Instants are in the province's zone.

    `reception_due` is when a filed dossier must have been accepted or refused. `clock_ended_at` is set
    where the law ends the clock at a supplement request. `due_longest` is told only of a dossier without
    a due date: the longest time its procedure ever had.
    """

    code: str
    status: Status
    unit_code: str
    procedure_code: str
    version: ProcedureVersion
    receiving_unit_code: str | None = None
    channel: Channel | None = None
    submitted_at: datetime | None = None
    reception_due: datetime | None = None
    accepted_at: datetime | None = None
    due_first: datetime | None = None
    due_statutory: datetime | None = None
    due_current: datetime | None = None
    due_longest: datetime | None = None
    clock_ended_at: datetime | None = None
    closed_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    returned_at: datetime | None = None
    score: int | None = None
    is_out: bool = False
    extended_to: datetime | None = None
    supplement_requests: int = 0
    placements: tuple[Placement, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    marks: tuple[Marked, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def policy(self) -> SupplementPolicy:
        """Return what a supplement request does to this dossier's clock."""
        return self.version.supplement_policy

    def flagged(self, *flags: Flag) -> "Dossier":
        """Return the dossier with flags added, each once, in order of appearance."""
        new = tuple([flag for flag in flags if flag not in self.flags])
        return msgspec.structs.replace(self, flags=self.flags + new) if new else self

    def marked(self, at: datetime, *marks: Mark) -> "Dossier":
        """Return the dossier with marks added."""
        return msgspec.structs.replace(self, marks=(*self.marks, *(Marked(at, mark) for mark in marks)))
