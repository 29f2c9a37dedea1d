"""What clients are answered about reports and forms."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from report_worker.domain.diagnosing import Kind
from report_worker.domain.reported import Reporter
from report_worker.domain.reports import ReportState
from report_worker.domain.schedules import Each, Part
from report_worker.routes.figure_responses import (
    NarrativeFiguresResponse,
    Number,
    SeriesFiguresResponse,
    TableFiguresResponse,
)


class PeriodResponse(BaseModel):
    """A period, half-open."""

    name: str
    from_: date = Field(alias="from")
    to: date


class ThroughResponse(BaseModel):
    """How far the figures reach."""

    position: int
    at: datetime | None


class CheckResponse(BaseModel):
    """An identity judged; an empty group is the whole report."""

    identity: str
    group: dict[str, str]
    holds: bool
    left: Number
    right: Number
    difference: Number
    message: str | None


class ComparedResponse(BaseModel):
    """A figure computed and printed; `difference` is printed less computed."""

    name: str
    caption: str
    computed: Number | None
    printed: Number | None
    difference: Number | None
    status: Literal["agrees", "differs", "not_printed"]


class ComparisonResponse(BaseModel):
    """A printed report held against this one; `failures` are the printed sums that fail."""

    title: str
    figures: list[ComparedResponse]
    failures: list[CheckResponse]


class WordingResponse(BaseModel):
    """One text in both languages."""

    vi: str
    en: str


class EntryResponse(BaseModel):
    """What a unit sent for a figure: a number, `nil` for nothing to report, null for taken back."""

    unit_code: str
    unit_name: str
    name: str
    value: int | Literal["nil"] | None
    note: str | None
    recorded_at: datetime


class UnitNameResponse(BaseModel):
    """A unit, named."""

    unit_code: str
    unit_name: str


class ReportedTotalResponse(BaseModel):
    """A reported figure over a subtree; `total` is null while nobody has sent it."""

    name: str
    total: int | None
    entries: list[EntryResponse]
    missing: list[UnitNameResponse]


class ReportedFiguresResponse(BaseModel):
    """What the units of a subtree report for a period."""

    unit_code: str
    period: PeriodResponse
    known_at: date | None
    figures: list[ReportedTotalResponse]


class ReportableFigureResponse(BaseModel):
    """A figure that units may report, and which units are to."""

    name: str
    caption: WordingResponse
    reporters: list[Reporter]


class ReportableFiguresResponse(BaseModel):
    """The catalogue of reportable figures, and what must hold among those of one unit."""

    figures: list[ReportableFigureResponse]
    identities: list[str]


class PublicationResponse(BaseModel):
    """Who froze a report and when; `known_at` is the last civil day whose recordings are in it."""

    at: datetime
    by_id: str
    by_name: str
    known_at: date
    content_hash: str
    file_hashes: dict[str, str]
    override_note: str | None


class FileProofResponse(BaseModel):
    """SHA-256 of one file: as published, as kept, as rendered today."""

    format: str
    published: str
    kept: str | None
    rendered: str | None


class VerificationResponse(BaseModel):
    """A published report proved; `renders_same` may become false when a later release renders otherwise."""

    is_intact: bool
    renders_same: bool
    content_hash: str
    publication: PublicationResponse
    files: list[FileProofResponse]


class CellValueResponse(BaseModel):
    """A number; a rate with what was divided."""

    value: Number | None
    numerator: Number | None
    denominator: Number | None


class MovedDossierResponse(BaseModel):
    """A dossier and by how much it moved a cell; in a rate, either part."""

    code: str
    change: int
    denominator_change: int


class MovedReturnResponse(BaseModel):
    """A unit's return that moved a cell; null where there was or is none."""

    unit_code: str
    unit_name: str
    name: str
    before: int | None
    now: int | None


class RestatedCellResponse(BaseModel):
    """A cell that would differ today, and what moved it; `truncated` where not all that moved it is listed.

    An empty group is the whole report. A cell that procedures or units moved names no dossier.
    """

    group: dict[str, str]
    name: str
    caption: str
    before: CellValueResponse
    now: CellValueResponse
    difference: Number | None
    dossiers: list[MovedDossierResponse]
    returns: list[MovedReturnResponse]
    truncated: bool


class RestatementResponse(BaseModel):
    """Every cell that would differ; `before` is how far the report's figures reached, `through` today's."""

    report_id: UUID
    known_at: date | None
    before: ThroughResponse
    through: ThroughResponse
    cells: list[RestatedCellResponse]


class ReportSummary(BaseModel):
    """A report without its content."""

    id: UUID
    state: ReportState
    progress: float
    form: str
    form_version: int
    unit_code: str
    period: PeriodResponse
    cutoff: str
    as_of: date
    known_at: date | None
    language: str
    created_at: datetime
    finished_at: datetime | None
    files: dict[str, str]
    problem: dict[str, Any] | None
    publication: PublicationResponse | None


class ReportResponse(ReportSummary):
    """A report; what it says is null until it is done."""

    through: ThroughResponse | None
    figures: TableFiguresResponse | NarrativeFiguresResponse | SeriesFiguresResponse | None
    checks: list[CheckResponse]
    comparison: ComparisonResponse | None
    reported: list[ReportedTotalResponse]


class DueRunResponse(BaseModel):
    """A period and the day its reports are made."""

    due_on: date
    period_name: str


class RunResponse(DueRunResponse):
    """What became of one unit's run: a report, or the problem that kept it from being ordered."""

    unit_code: str
    report_id: UUID | None
    report_state: ReportState | None
    problem: dict[str, Any] | None


class ScheduleSummary(BaseModel):
    """A schedule and what it makes next."""

    id: UUID
    form: str
    unit_code: str
    unit_name: str
    each: Each
    parts: list[Part]
    cutoff: str
    working_days: int
    language: str
    starts_on: date
    created_at: datetime
    next_runs: list[DueRunResponse]


class ScheduleResponse(ScheduleSummary):
    """A schedule with its last 200 runs, the latest due first."""

    runs: list[RunResponse]


class FailureResponse(CheckResponse):
    """A failing identity: the cells it speaks of as typed, and what is likely wrong.

    Where one cell alone could be the mistake, `suspect` names it and `should_be` what it should hold.
    """

    cells: dict[str, Number]
    kind: Kind
    likely: str
    suspect: str | None
    should_be: Number | None


class ReportCheckResponse(BaseModel):
    """The identities that fail; `judged` counts those that the typed cells settle."""

    holds: bool
    judged: int
    failures: list[FailureResponse]


class FormFigureResponse(BaseModel):
    """A column of a table or a figure of a narrative."""

    name: str
    caption: WordingResponse
    kind: Literal["count", "rate"]
    source: str


class FormSummary(BaseModel):
    """A form; `valid_to` is half-open."""

    code: str
    version: int
    kind: Literal["columns", "narrative", "series"]
    title: WordingResponse
    official_code: str
    issuer: WordingResponse
    legal_source: WordingResponse
    valid_from: date
    valid_to: date | None


class FormResponse(FormSummary):
    """A form with its numbers and what must hold among them."""

    measured_in: WordingResponse
    figures: list[FormFigureResponse]
    identities: list[str]
