"""Dossiers and their clocks as the wire says them.  Rule: contract sections 3 and 4."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dossier_api.domain.catalogue import ProcedureVersion, SupplementPolicy
from dossier_api.domain.dossier import ClockState, Dossier
from dossier_api.domain.events import Channel, Outcome
from dossier_api.domain.explained_days import ExplainedDay
from dossier_api.domain.explanation import Step, StepKind
from dossier_api.domain.flags import Flag
from dossier_api.domain.records import LogEntry
from dossier_api.domain.transitions import Status
from dossier_api.routes import clock_texts
from dossier_api.usecases.read_dossiers import Classed, Explained
from shared.contracts.life import Phase
from shared.http.languages import Language


class DossierModel(BaseModel):
    """A dossier as its events make it; `class` is told as of today."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    status: Status
    class_: Annotated[Phase | None, Field(alias="class")]
    unit_code: str
    receiving_unit_code: str | None
    procedure_code: str
    channel: Channel | None
    submitted_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    due_first: AwareDatetime | None
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None
    finished_at: AwareDatetime | None
    outcome: Outcome | None
    returned_at: AwareDatetime | None
    flags: list[Flag]

    @classmethod
    def of(cls, classed: Classed) -> "DossierModel":
        """Return a dossier with its class."""
        told = {name: getattr(classed.dossier, name) for name in DossierModel.model_fields if name != "class_"}
        return cls(class_=classed.class_, **told)


class ClockSegment(BaseModel):
    """What the clock did from `start` to `end` (null: to this day), and the due dates in force meanwhile."""

    start: AwareDatetime
    end: AwareDatetime | None
    clock: ClockState
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None

    @classmethod
    def of(cls, dossier: Dossier) -> list["ClockSegment"]:
        """Return the segments of a dossier's clock, oldest first."""
        ends = [stretch.start for stretch in dossier.stretches[1:]]
        return [
            cls(
                start=stretch.start,
                end=end,
                clock=stretch.clock,
                due_statutory=stretch.due_statutory,
                due_current=stretch.due_current,
            )
            for stretch, end in zip(dossier.stretches, [*ends, dossier.closed_at], strict=False)
        ]


class DossierWithClock(DossierModel):
    """A dossier with the segments of its clock."""

    clock: list[ClockSegment]

    @classmethod
    def of(cls, classed: Classed) -> "DossierWithClock":
        """Return a dossier with its class and its clock."""
        return cls(**vars(DossierModel.of(classed)), clock=ClockSegment.of(classed.dossier))


class ExplainedDayModel(BaseModel):
    """A day, and why it counts or does not."""

    day: date
    why: str

    @classmethod
    def told(cls, days: Iterable[ExplainedDay], language: Language) -> list["ExplainedDayModel"]:
        """Return days with their reasons in the reader's language."""
        return [cls(day=one.day, why=clock_texts.why_of(one, language)) for one in days]


class ClockStep(BaseModel):
    """One step of the clock, told and ruled.

    Days are those after `start` up to the step's end or due day; of working hours, the day of `start` too.
    `days_worked_instead` are those of the counted days that lie on a weekend.
    """

    kind: StepKind
    start: AwareDatetime
    end: AwareDatetime | None
    text: str
    rule: str
    days_counted: list[date]
    days_worked_instead: list[ExplainedDayModel]
    days_skipped: list[ExplainedDayModel]
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None

    @classmethod
    def told(cls, step: Step, version: ProcedureVersion, language: Language) -> "ClockStep":
        """Return a step in the reader's language."""
        return cls(
            kind=step.kind,
            start=step.start,
            end=step.end,
            text=clock_texts.sentence_of(step, version.processing_time, language),
            rule=clock_texts.rule_of(step, version, language),
            days_counted=list(step.days.counted),
            days_worked_instead=ExplainedDayModel.told(step.days.worked_instead, language),
            days_skipped=ExplainedDayModel.told(step.days.skipped, language),
            due_statutory=step.due,
            due_current=step.due_current,
        )


class ClockExplained(BaseModel):
    """A dossier's due dates and how they came about.

    `is_estimate` says that the lawful date lies in a time whose days off are not yet decided.
    """

    dossier: str
    processing_time: str
    supplement_policy: SupplementPolicy
    due_first: AwareDatetime | None
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None
    is_estimate: bool
    steps: list[ClockStep]
    conclusion: str

    @classmethod
    def told(cls, explained: Explained, language: Language) -> "ClockExplained":
        """Return an explanation in the reader's language."""
        classed = explained.classed
        dossier = classed.dossier
        return cls(
            dossier=dossier.code,
            processing_time=clock_texts.term_of(dossier.version.processing_time, language),
            supplement_policy=dossier.policy,
            due_first=dossier.due_first,
            due_statutory=dossier.due_statutory,
            due_current=dossier.due_current,
            is_estimate=Flag.DUE_ON_ESTIMATE in dossier.flags,
            steps=[ClockStep.told(step, dossier.version, language) for step in explained.steps],
            conclusion=clock_texts.conclusion_of(dossier, classed.class_, language),
        )


class LoggedEvent(BaseModel):
    """One event of a dossier, as posted."""

    id: str
    source: str
    type: str
    time: AwareDatetime
    data: dict[str, Any]
    position: int
    recorded_at: AwareDatetime

    @classmethod
    def of(cls, entry: LogEntry, zone: ZoneInfo) -> "LoggedEvent":
        """Return an entry of the log at the province's clock."""
        return cls(
            id=entry.id,
            source=entry.source,
            type=entry.type,
            time=entry.occurred_at.astimezone(zone),
            data=msgspec.json.decode(entry.data),
            position=entry.position,
            recorded_at=entry.recorded_at.astimezone(zone),
        )
