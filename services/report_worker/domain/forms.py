"""A form: what a report of its kind holds, where each number comes from and what must hold among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from report_worker.domain.expressions import Expression
from report_worker.domain.identities import Identity
from shared.errors import DomainError

# Rule: contract section 2; a department is a unit of the province's level.
LEVELS = ("province", "district", "commune")
TOTAL = "total"


@dataclass(frozen=True)
class Wording:
    """One text of a form in both languages."""

    vi: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.vi


LEVEL_NAMES = {
    "province": Wording("Cấp tỉnh", "Province"),
    "district": Wording("Cấp huyện", "District"),
    "commune": Wording("Cấp xã", "Commune"),
    TOTAL: Wording("Tổng số", "Total"),
}


@dataclass(frozen=True)
class FormHead:
    """What stands above every form: its name, who issued it, by which document and since when.

    `valid_to` is half-open.
    """

    code: str
    version: int
    title: Wording
    official_code: str
    issuer: Wording
    legal_source: Wording
    valid_from: date
    valid_to: date | None
    measured_in: Wording

    def was_in_force(self, on: date) -> bool:
        """Say whether the form was in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Label:
    """A numbered column that holds text; `heading` runs from the widest caption to the narrowest."""

    code: str
    heading: tuple[Wording, ...]


@dataclass(frozen=True)
class Column:
    """A numbered column of counts and the counts it sums."""

    code: str
    heading: tuple[Wording, ...]
    source: Expression

    @property
    def caption(self) -> Wording:
        """Return the whole heading as one text."""
        return Wording(": ".join(one.vi for one in self.heading), ": ".join(one.en for one in self.heading))


@dataclass(frozen=True)
class OfWhich:
    """A part of a column that the official form has no column for; shown where it is not 0."""

    column: str
    name: str
    source: Expression
    caption: Wording


@dataclass(frozen=True)
class Footnote:
    """A remark on a column, made where `unless_zero` is not 0; `values` fill the text's braces."""

    column: str
    unless_zero: Expression
    values: Mapping[str, Expression]
    text: Wording


@dataclass(frozen=True)
class ColumnsForm:
    """A table: one row a field, grouped by level, with sums."""

    head: FormHead
    labels: tuple[Label, ...]
    columns: tuple[Column, ...]
    of_which: tuple[OfWhich, ...]
    footnotes: tuple[Footnote, ...]
    identities: tuple[Identity, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the codes of the columns that hold numbers."""
        return tuple(column.code for column in self.columns)

    def caption_of(self, name: str) -> Wording:
        """Return the whole caption of a column."""
        return next(column.caption for column in self.columns if column.code == name)

    def is_rate(self, _name: str) -> bool:
        """Say whether the number is a rate: a table holds counts only."""
        return False


class FigureKind(StrEnum):
    """Whether a figure counts or divides."""

    COUNT = "count"
    RATE = "rate"


@dataclass(frozen=True)
class Figure:
    """One number of a narrative: a count (no denominator) or a rate.

    `scope` is a level or `total`; `line` is the name without its scope, one line of the figures' table.
    """

    name: str
    line: str
    scope: str
    kind: FigureKind
    numerator: Expression
    denominator: Expression | None
    caption: Wording


@dataclass(frozen=True)
class NarrativeForm:
    """Figures by name, and paragraphs in which every number is one of them."""

    head: FormHead
    figures: tuple[Figure, ...]
    paragraphs: tuple[Wording, ...]
    identities: tuple[Identity, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the figures."""
        return tuple(figure.name for figure in self.figures)

    def caption_of(self, name: str) -> Wording:
        """Return the caption of a figure, with its level."""
        figure = self.figure(name)
        if figure.line == figure.name:
            return figure.caption
        level = LEVEL_NAMES[figure.scope]
        return Wording(f"{figure.caption.vi} ({level.vi.lower()})", f"{figure.caption.en} ({level.en.lower()})")

    def figure(self, name: str) -> Figure:
        """Return the figure of a name."""
        return next(figure for figure in self.figures if figure.name == name)

    def is_rate(self, name: str) -> bool:
        """Say whether the number is a rate."""
        return self.figure(name).kind is FigureKind.RATE


Form = ColumnsForm | NarrativeForm


class FormNotFound(DomainError):
    """No form bears this code, or not in this version."""

    code = "form-not-found"

    def __init__(self, form: str, version: int | None) -> None:
        super().__init__(f"no form {form}" + (f" in version {version}" if version else ""))
        self.form, self.version = form, version


@dataclass(frozen=True)
class Forms:
    """All versions of all forms."""

    all: tuple[Form, ...]

    def get(self, code: str, *, version: int | None = None, on: date | None = None) -> Form:
        """Return a version of a form: the asked one, else the latest of those in force on a day, else the latest.

        Raises FormNotFound.
        """
        versions = [form for form in self.all if form.head.code == code and version in (None, form.head.version)]
        if not versions:
            raise FormNotFound(code, version)
        in_force = [form for form in versions if on is not None and form.head.was_in_force(on)]
        return max(in_force or versions, key=lambda form: form.head.version)

    def latest(self) -> list[Form]:
        """Return the latest version of each form, by code."""
        return [self.get(code) for code in sorted({form.head.code for form in self.all})]
