"""A form: what a report of its kind holds, where each number comes from and what must hold among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from report_worker.domain.expressions import Expression
from report_worker.domain.identities import Identity
from report_worker.domain.narratives import BlockTemplate, Letterhead
from report_worker.domain.wording import Wording
from shared.errors import DomainError

# Rule: contract section 2; a department is a unit of the province's level.
LEVELS = ("province", "district", "commune")
TOTAL = "total"


# What units report over the API bears names that begin so.
REPORTED = "reported"

LEVEL_NAMES = {
    "province": Wording("Cấp tỉnh", "Province"),
    "district": Wording("Cấp huyện", "District"),
    "commune": Wording("Cấp xã", "Commune"),
    TOTAL: Wording("Tổng số", "Total"),
}


def is_reported(name: str) -> bool:
    """Say whether a name of an expression is a figure that units report."""
    return name.startswith(f"{REPORTED}.")


@dataclass(frozen=True)
class FormHead:
    """What stands above every form: its name, who issued it, by which document and since when.

    `valid_to` is half-open; `signatures` are who signs below a table, left to right.
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
    signatures: tuple[Wording, ...] = ()

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
    """A numbered column of counts and the counts it sums.

    With a level it counts in that level's line and the whole only; `by_level` holds sources of a level's own.
    """

    code: str
    heading: tuple[Wording, ...]
    source: Expression
    level: str | None = None
    by_level: Mapping[str, Expression] = field(default_factory=dict)

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
    """A table: one row a level or, below it, a field, with sums; `rows` says which."""

    head: FormHead
    labels: tuple[Label, ...]
    columns: tuple[Column, ...]
    of_which: tuple[OfWhich, ...]
    footnotes: tuple[Footnote, ...]
    identities: tuple[Identity, ...]
    rows: tuple[str, ...] = ("level", "field")

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
    """One number by name: a count (no denominator) or a rate.

    `scope` is a level or `total`; `line` is the name without its scope, one line of the figures' table; `counted`
    is what a count counts, as prose says it after the number.
    """

    name: str
    line: str
    scope: str
    kind: FigureKind
    numerator: Expression
    denominator: Expression | None
    caption: Wording
    counted: Wording | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Return what it is computed from."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)

    @property
    def counts_dossiers(self) -> bool:
        """Say whether counts of dossiers go into it; names with a dot are indicators or reported."""
        return any("." not in name for expression in self.expressions for name in expression.names)

    @property
    def is_reported(self) -> bool:
        """Say whether units report it, at least in part, since no event gives it."""
        return any(is_reported(name) for expression in self.expressions for name in expression.names)


@dataclass(frozen=True)
class _FiguresForm:
    """What forms of named figures share."""

    head: FormHead
    figures: tuple[Figure, ...]
    identities: tuple[Identity, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the figures."""
        return tuple(figure.name for figure in self.figures)

    @cached_property
    def by_name(self) -> Mapping[str, Figure]:
        """Return the figures by their names."""
        return {figure.name: figure for figure in self.figures}

    def caption_of(self, name: str) -> Wording:
        """Return the caption of a figure, with its level."""
        figure = self.by_name[name]
        if figure.line == figure.name:
            return figure.caption
        level = LEVEL_NAMES[figure.scope]
        return Wording(f"{figure.caption.vi} ({level.vi.lower()})", f"{figure.caption.en} ({level.en.lower()})")

    def is_rate(self, name: str) -> bool:
        """Say whether the number is a rate."""
        return self.by_name[name].kind is FigureKind.RATE

    def members(self, line: str) -> list[Figure]:
        """Return the figures of one line: its levels, then its total."""
        return [figure for figure in self.figures if figure.line == line]

    @property
    def lines(self) -> list[str]:
        """Return the names of the lines in their order."""
        return list(dict.fromkeys(figure.line for figure in self.figures))


@dataclass(frozen=True)
class NarrativeForm(_FiguresForm):
    """Figures by name, and a document in which every number is one of them.

    `subject_line` is the document's own (trích yếu); `compared` are the lines whose totals are held against earlier
    periods; `judged` names, by indicator, the figure that a target on it is held against; letterheads are kept apart
    from the form, since a province has its own.
    """

    subject_line: Wording
    blocks: tuple[BlockTemplate, ...]
    compared: tuple[str, ...]
    judged: Mapping[str, str] = field(default_factory=dict)
    letterheads: tuple[Letterhead, ...] = ()

    @property
    def compared_figures(self) -> tuple[Figure, ...]:
        """Return the totals of the compared lines."""
        return tuple(one for one in self.figures if one.line in self.compared and one.scope == TOTAL)


@dataclass(frozen=True)
class SeriesForm(_FiguresForm):
    """Figures by name over several years, a column each."""

    years: int


Form = ColumnsForm | NarrativeForm | SeriesForm


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
        versions = self.versions_of(code, version=version)
        in_force = [form for form in versions if on is not None and form.head.was_in_force(on)]
        return max(in_force or versions, key=lambda form: form.head.version)

    def versions_of(self, code: str, *, version: int | None = None) -> list[Form]:
        """Return all versions of a form, or the one asked for, the latest first.  Raises FormNotFound."""
        found = [form for form in self.all if form.head.code == code and version in (None, form.head.version)]
        if not found:
            raise FormNotFound(code, version)
        return sorted(found, key=lambda form: -form.head.version)

    def latest(self) -> list[Form]:
        """Return the latest version of each form, by code."""
        return [self.get(code) for code in sorted({form.head.code for form in self.all})]
