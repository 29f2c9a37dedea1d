"""A report: what was asked, how far it is, what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from report_worker.domain.checking import Check
from report_worker.domain.comparing import Comparison
from report_worker.domain.expressions import Number
from report_worker.domain.figures import Figures
from report_worker.domain.reported import ReportedTotal
from report_worker.domain.windows import Subject
from shared.errors import DomainError
from shared.periods import Cutoff, Period


class ReportState(StrEnum):
    """How far a report is.  Rule: contract section 6."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PUBLISHED = "published"


WAITING_STATES = frozenset({ReportState.QUEUED, ReportState.RUNNING})


class FileFormat(StrEnum):
    """The files made of every report."""

    JSON = "json"
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


@dataclass(frozen=True)
class PrintedReport:
    """The figures somebody printed for the same period, by name."""

    title: str
    figures: Mapping[str, Number]


@dataclass(frozen=True)
class ReportOrder:
    """What was asked for, settled to the last detail so that it can be made again.

    `unit_path` runs from the root to the unit, as the tree stood when the report was ordered.
    """

    form: str
    form_version: int
    unit_code: str
    unit_name: str
    unit_path: tuple[str, ...]
    period: Period
    period_name: str
    cutoff: Cutoff
    as_of: date
    known_at: date | None
    language: str
    compare_with: PrintedReport | None

    @property
    def subject(self) -> Subject:
        """Return whom and when it speaks of."""
        return Subject(self.unit_name, self.period_name, self.cutoff, self.period, self.as_of, self.language)


@dataclass(frozen=True)
class Through:
    """The feed position up to which the figures are complete, and its instant."""

    position: int
    at: datetime | None


@dataclass(frozen=True)
class Content:
    """What a finished report says; `reported` are the units' returns behind its reported figures."""

    through: Through
    figures: Figures
    checks: tuple[Check, ...]
    comparison: Comparison | None
    reported: tuple[ReportedTotal, ...] = ()


@dataclass(frozen=True)
class Publication:
    """Who froze a report and when, and by what it is known again: hex SHA-256 of what it says and of each file.

    `known_at` is the last civil day whose recordings are in it; the content's position says it to the event.
    """

    at: datetime
    by_id: str
    by_name: str
    known_at: date
    content_hash: str
    file_hashes: Mapping[str, str]
    override_note: str | None


@dataclass(frozen=True)
class Report:
    """A report as it stands; `content` is there once it is done, `problem` once it has failed.

    `attempts_before` are those made before somebody last asked to try again.
    """

    id: UUID
    order: ReportOrder
    state: ReportState
    progress: float
    attempts: int
    attempts_before: int
    created_at: datetime
    finished_at: datetime | None
    content: Content | None
    problem: Mapping[str, Any] | None
    publication: Publication | None


class ReportNotFound(DomainError):
    """The report does not exist, or not for this caller."""

    code = "report-not-found"

    def __init__(self, report: str) -> None:
        super().__init__(f"no report {report}")
        self.report = report


class ReportNotReady(DomainError):
    """The report has no files, because it is not done."""

    code = "report-not-ready"

    def __init__(self, report: UUID, state: ReportState) -> None:
        super().__init__(f"report {report} is {state}")
        self.report, self.state = str(report), state


class FileNotFound(DomainError):
    """Reports of this form have no file of this format."""

    code = "file-not-found"

    def __init__(self, format_: str, formats: Sequence[FileFormat]) -> None:
        super().__init__(f"the report has no {format_} file")
        self.format = format_
        self.formats = list(formats)


class IdempotencyKeyReused(DomainError):
    """The caller used the same Idempotency-Key for another order."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("the Idempotency-Key was used for another order")


class PeriodNotBegun(DomainError):
    """The period lies in the future, so there is nothing to report on."""

    code = "period-not-begun"

    def __init__(self, period: str, first_day: date) -> None:
        super().__init__(f"{period} begins on {first_day}")
        self.period, self.first_day = period, f"{first_day}"


class UnitNotFound(DomainError):
    """The unit does not exist, or not for this caller."""

    code = "unit-not-found"

    def __init__(self, unit: str) -> None:
        super().__init__(f"no unit {unit}")
        self.unit = unit


class FiguresKeptMoving(DomainError):
    """The figures changed under every attempt to read them at one position."""

    code = "figures-kept-moving"

    def __init__(self, tries: int) -> None:
        super().__init__(f"the figures moved during each of {tries} readings")
        self.tries = tries


class FiguresTruncated(DomainError):
    """The figures were too many for one answer, so a report on them would lack some."""

    code = "figures-truncated"

    def __init__(self, source: str) -> None:
        super().__init__(f"{source} was answered in part")
        self.source = source


class FiguresRefused(DomainError):
    """indicator_api refused to answer a report's question."""

    code = "figures-refused"

    def __init__(self, source: str, status: int, reason: str) -> None:
        super().__init__(f"{source} was refused with {status}: {reason}")
        self.source, self.answered_status, self.reason = source, status, reason


class ReportGivenUp(DomainError):
    """Every attempt to make the report ended in an error or took the worker down with it."""

    code = "report-given-up"

    def __init__(self, attempts: int) -> None:
        super().__init__(f"given up after {attempts} attempts")
        self.attempts = attempts
