"""What clients send about reports."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictFloat, StrictInt, StringConstraints

from report_worker.domain.checking import TypedRow, TypedTable
from report_worker.domain.reported import NIL, Submission
from report_worker.domain.reports import PrintedReport
from report_worker.domain.schedules import Each, Part, ScheduleTerms
from report_worker.usecases.order_report import ReportWish
from report_worker.usecases.report_figures import Return
from shared.periods import Cutoff, parse_period

# PostgreSQL keeps no NUL, and people read no other control character.
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")
]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
# Far above any count of dossiers, and far below what no longer fits a float.
LARGEST = 10**12
TypedNumber = (
    Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)] | Annotated[StrictFloat, Field(ge=-LARGEST, le=LARGEST)]
)
# Whoever wants older reports orders them one by one.
EARLIEST_START, LATEST_START = date(2015, 1, 1), date(2050, 1, 1)
Cells = dict[str, TypedNumber | None]


def _civil_day(text: Any) -> date:
    """Read `2020-06-30` and nothing else: pydantic would take a number for seconds since 1970."""
    if isinstance(text, str) and len(text) == len("2020-06-30"):
        return date.fromisoformat(text)
    raise ValueError("not a civil day such as 2020-06-30")


CivilDay = Annotated[date, BeforeValidator(_civil_day)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PrintedReportBody(_Body):
    """The figures somebody printed for the same period; rates between 0 and 1, a blank is null or absent."""

    title: Line = Field(examples=["Báo cáo CCHC 6 tháng đầu năm 2020"])
    figures: Cells = Field(examples=[{"open_total": 1787, "open_not_yet_due_total": 940}])

    def printed(self) -> PrintedReport:
        """Return it without its blanks."""
        return PrintedReport(self.title, typed(self.figures))


class ReportRequest(_Body):
    """A report to make."""

    form: Line = Field(examples=["II.06a"])
    form_version: int | None = Field(None, ge=1, description="absent: the version in force at the period's end")
    unit_code: UnitCode = Field(examples=["H35"])
    period: Line = Field(examples=["2020-H1"])
    cutoff: Cutoff = Cutoff.CALENDAR
    known_at: CivilDay | None = Field(None, description="use only what had been recorded by the close of this day")
    language: Literal["vi", "en"] = "vi"
    compare_with: PrintedReportBody | None = None

    def wish(self) -> ReportWish:
        """Return what is asked for."""
        printed = self.compare_with.printed() if self.compare_with else None
        return ReportWish(
            self.form,
            self.form_version,
            self.unit_code,
            self.period,
            self.cutoff,
            self.known_at,
            self.language,
            printed,
        )


class PublishRequest(_Body):
    """How a report is frozen."""

    override_note: Note | None = Field(
        None, description="why it is published although identities fail; printed as a footnote"
    )


class ScheduleRequest(_Body):
    """Reports that are to come by themselves."""

    form: Line = Field(examples=["II.06a"])
    unit_code: UnitCode = Field(examples=["H35"])
    each: Each = Field(Each.UNIT, description="of the unit itself, or of each unit right below it")
    parts: list[Part] = Field(min_length=1, max_length=len(Part), examples=[["Q1", "H1", "Q3", "9M", "year"]])
    cutoff: Cutoff = Cutoff.CALENDAR
    working_days: int = Field(ge=1, le=60, description="after the period's last day")
    language: Literal["vi", "en"] = "vi"
    starts_on: CivilDay | None = Field(
        None, ge=EARLIEST_START, lt=LATEST_START, description="runs due before are not made; absent: today"
    )

    def terms(self, *, today: date) -> ScheduleTerms:
        """Return them, each part once."""
        parts = tuple(part for part in Part if part in self.parts)
        return ScheduleTerms(
            self.form, self.each, parts, self.cutoff, self.working_days, self.language, self.starts_on or today
        )


class ReportedFiguresRequest(_Body):
    """What a unit reports for a period: numbers, `nil` for nothing to report, null to take back."""

    unit_code: UnitCode = Field(examples=["H35.12"])
    period: Line = Field(examples=["2020-H1"])
    cutoff: Cutoff = Cutoff.CALENDAR
    figures: dict[str, Annotated[StrictInt, Field(ge=0, le=LARGEST)] | Literal["nil"] | None] = Field(
        min_length=1, max_length=200, examples=[{"petitions_received": "nil", "survey_asked": 15}]
    )
    note: Note | None = Field(None, description="why the figures stand although identities fail")

    def sent(self) -> Return:
        """Return it as it is kept.  Raises UnknownPeriod."""
        submissions = tuple(submission_of(name, value) for name, value in self.figures.items())
        return Return(self.unit_code, parse_period(self.period, self.cutoff), submissions, self.note)


class LineBody(_Body):
    """One typed line of a table."""

    columns: Cells
    group: dict[str, str] = Field(default_factory=dict)

    def typed(self) -> TypedRow:
        """Return it without its blanks."""
        return TypedRow(typed(self.columns), self.group)


class OneLineBody(_Body):
    """A table of one typed line, usually its total."""

    columns: Cells

    def table(self) -> TypedTable:
        """Return it as a table."""
        return TypedTable((TypedRow(typed(self.columns)),))


class TableBody(_Body):
    """A typed table: its lines and their total."""

    rows: list[LineBody] = Field(max_length=10_000)
    total: LineBody | None = None

    def table(self) -> TypedTable:
        """Return it without its blanks."""
        return TypedTable(tuple(row.typed() for row in self.rows), self.total.typed() if self.total else None)


class ReportCheckRequest(_Body):
    """The typed figures of a report: columns of one line, a whole table, or figures by name."""

    form: str = Field(examples=["II.06a"])
    form_version: int | None = Field(None, ge=1)
    figures: OneLineBody | TableBody | Cells = Field(
        examples=[{"columns": {"3": 37588, "7": 35801, "11": 1787, "12": 940}}]
    )

    def typed(self) -> TypedTable | dict[str, int | float]:
        """Return the figures without their blanks."""
        return typed(self.figures) if isinstance(self.figures, dict) else self.figures.table()


def submission_of(name: str, value: int | str | None) -> Submission:
    """Return one figure as it is kept."""
    return Submission(name, value if isinstance(value, int) else None, is_nil=value == NIL)


def typed(cells: Cells) -> dict[str, int | float]:
    """Drop the blank cells."""
    return {name: number for name, number in cells.items() if number is not None}
