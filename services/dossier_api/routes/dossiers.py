"""Reading dossiers."""

from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dossier_api.domain.catalogue import ProcessingTime, SupplementPolicy
from dossier_api.domain.dossier import ClockState, Dossier
from dossier_api.domain.events import Channel, Outcome
from dossier_api.domain.explanation import Step, StepKind
from dossier_api.domain.flags import Flag
from dossier_api.domain.transitions import Status
from dossier_api.routes import clock_texts
from dossier_api.routes.dependencies import CursorQuery, LimitQuery, ResourcesDep
from dossier_api.usecases.read_dossiers import Asked, Classed, DossierReader
from shared.contracts.life import Phase
from shared.http.access import Caller, Scope, requires
from shared.http.languages import Language, language_of
from shared.http.paging import Page, key_of, page_of
from shared.http.problems import PROBLEM

router = APIRouter(tags=["dossiers"], responses={404: PROBLEM})


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


class ClockSegment(BaseModel):
    """What the clock did from `start` to `end` (null: to this day), and the due dates in force meanwhile."""

    start: AwareDatetime
    end: AwareDatetime | None
    clock: ClockState
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None


class DossierWithClock(DossierModel):
    """A dossier with its clock explained."""

    clock: list[ClockSegment]


class Skipped(BaseModel):
    """A day that was not counted, and why."""

    day: date
    why: str


class ClockStep(BaseModel):
    """One step of the clock, told and ruled; days are those after `start` up to the step's end or due day."""

    kind: StepKind
    start: AwareDatetime
    end: AwareDatetime | None
    text: str
    rule: str
    days_counted: list[date]
    days_skipped: list[Skipped]
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None


class ClockExplained(BaseModel):
    """A dossier's due dates and how they came about."""

    dossier: str
    processing_time: str
    supplement_policy: SupplementPolicy
    due_first: AwareDatetime | None
    due_statutory: AwareDatetime | None
    due_current: AwareDatetime | None
    steps: list[ClockStep]
    conclusion: str | None


class LoggedEvent(BaseModel):
    """One event of a dossier, as posted."""

    id: str
    source: str
    type: str
    time: AwareDatetime
    data: dict[str, Any]
    position: int
    recorded_at: AwareDatetime


def reader_of(resources: ResourcesDep, caller: Annotated[Caller, requires(Scope.DOSSIERS_READ)]) -> DossierReader:
    """Return the dossiers as the caller may see them."""
    return DossierReader(
        begin=resources.begin,
        clock=resources.clock,
        zone=resources.zone,
        rulebook=resources.rulebook,
        root=caller.unit_code,
        by_extension=resources.by_extension,
    )


ReaderDep = Annotated[DossierReader, Depends(reader_of)]


@router.get("/dossiers", operation_id="list_dossiers")
async def list_dossiers(
    reader: ReaderDep,
    *,
    unit: Annotated[str | None, Query(description="unit whose subtree is listed")] = None,
    status: Status | None = None,
    procedure: Annotated[str | None, Query(description="procedure code")] = None,
    due_before: Annotated[date | None, Query(description="open ones due before this civil day")] = None,
    overdue_on: Annotated[date | None, Query(description="those overdue at the close of this civil day")] = None,
    limit: LimitQuery = 100,
    cursor: CursorQuery = None,
) -> Page[DossierModel]:
    """List dossiers by code."""
    key = key_of(cursor, parts=1)
    asked = Asked(unit, status, procedure, due_before, overdue_on)
    found = await reader.dossiers(asked, after=key[0] if key else None, limit=limit + 1)
    return page_of([_dossier(one) for one in found], limit=limit, key=lambda dossier: [dossier.code])


@router.get("/dossiers/{code}", operation_id="get_dossier")
async def get_dossier(code: str, reader: ReaderDep) -> DossierWithClock:
    """Read one dossier: its state, its three due dates and what its clock did."""
    found = await reader.dossier(code)
    return DossierWithClock(**vars(_dossier(found)), clock=_segments(found.dossier))


@router.get("/dossiers/{code}/clock", operation_id="get_dossier_clock")
async def get_dossier_clock(code: str, reader: ReaderDep, request: Request) -> ClockExplained:
    """Explain a dossier's due date so that a citizen can follow it: each step with its rule and its days."""
    explained = await reader.explained(code)
    dossier, language = explained.classed.dossier, language_of(request)
    term = dossier.version.processing_time
    phase = explained.classed.class_
    return ClockExplained(
        dossier=dossier.code,
        processing_time=clock_texts.term_of(term, language),
        supplement_policy=dossier.policy,
        due_first=dossier.due_first,
        due_statutory=dossier.due_statutory,
        due_current=dossier.due_current,
        steps=[_step(step, term, language) for step in explained.steps],
        conclusion=clock_texts.end_of(phase, language) if phase else None,
    )


@router.get("/dossiers/{code}/events", operation_id="list_dossier_events")
async def list_dossier_events(code: str, reader: ReaderDep, resources: ResourcesDep) -> Page[LoggedEvent]:
    """List the events of one dossier, as posted, in order of arrival."""
    items = [
        LoggedEvent(
            id=entry.id,
            source=entry.source,
            type=entry.type,
            time=entry.occurred_at.astimezone(resources.zone),
            data=msgspec.json.decode(entry.data),
            position=entry.position,
            recorded_at=entry.recorded_at.astimezone(resources.zone),
        )
        for entry in await reader.events(code)
    ]
    return Page(items=items, next=None, has_more=False)


def _step(step: Step, term: ProcessingTime, language: Language) -> ClockStep:
    skipped = [Skipped(day=one.day, why=clock_texts.why_of(one, language)) for one in step.skipped]
    return ClockStep(
        kind=step.kind,
        start=step.start,
        end=step.end,
        text=clock_texts.sentence_of(step, term, language),
        rule=clock_texts.RULES[step.kind][language],
        days_counted=step.counted,
        days_skipped=skipped,
        due_statutory=step.due,
        due_current=step.due_current,
    )


def _dossier(classed: Classed) -> DossierModel:
    told = {name: getattr(classed.dossier, name) for name in DossierModel.model_fields if name != "class_"}
    return DossierModel(class_=classed.class_, **told)


def _segments(dossier: Dossier) -> list[ClockSegment]:
    ends = [stretch.start for stretch in dossier.stretches[1:]]
    return [
        ClockSegment(
            start=stretch.start,
            end=end,
            clock=stretch.clock,
            due_statutory=stretch.due_statutory,
            due_current=stretch.due_current,
        )
        for stretch, end in zip(dossier.stretches, [*ends, dossier.closed_at], strict=False)
    ]
