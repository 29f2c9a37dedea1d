"""The figures of a finished report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from report_worker.domain.prose import Block, Cover, Paragraph
from report_worker.domain.targets import Aim


@dataclass(frozen=True)
class TableRow:
    """One line of a table; `footnoted` names its columns that carry a remark, None is a cell not yet reported."""

    group: Mapping[str, str]
    columns: Mapping[str, int | None]
    of_which: Mapping[str, int]
    footnoted: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableFigures:
    """A filled table: fields by level, the levels, the whole, and the remarks on it."""

    rows: tuple[TableRow, ...]
    levels: tuple[TableRow, ...]
    total: TableRow
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class FigureValue:
    """A number with what it was divided from; a count has no denominator, a rate of nothing no value.

    Where units have yet to report a part of it there is no numerator either.
    """

    value: int | float | None
    numerator: int | None
    denominator: int | None

    @property
    def exact(self) -> Fraction | None:
        """Return the value before it was rounded."""
        if self.value is None or self.numerator is None:
            return None
        return Fraction(self.numerator, 1 if self.denominator is None else self.denominator)


@dataclass(frozen=True)
class EarlierFigures:
    """The compared figures of an earlier period; without dossiers in it there are no values to compare with."""

    label: str
    first_day: date
    as_of: date
    values: Mapping[str, FigureValue]


@dataclass(frozen=True)
class Outcome:
    """A target and what came of it; None where there is no value to judge."""

    figure: str
    aim: Aim
    threshold: float
    source: str
    value: int | float | None
    is_met: bool | None


@dataclass(frozen=True)
class NarrativeFigures:
    """Filled figures by name, what they are held against, and the document that speaks them."""

    values: Mapping[str, FigureValue]
    earlier: Mapping[str, EarlierFigures]
    outcomes: tuple[Outcome, ...]
    cover: Cover
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return the text, a paragraph each."""
        return tuple(block.text for block in self.blocks if isinstance(block, Paragraph))


@dataclass(frozen=True)
class YearFigures:
    """One column of a series: the year, the last day seen of it, its figures."""

    year: str
    as_of: date
    values: Mapping[str, FigureValue]


@dataclass(frozen=True)
class SeriesFigures:
    """Figures by name, a column a year, oldest first."""

    years: tuple[YearFigures, ...]
    remarks: tuple[str, ...]


Figures = TableFigures | NarrativeFigures | SeriesFigures


def printed_values(figures: Figures) -> dict[str, int | float | None]:
    """Return the numbers of a report's last line by name: what somebody else's report may be held against."""
    if isinstance(figures, TableFigures):
        return dict(figures.total.columns)
    values = figures.years[-1].values if isinstance(figures, SeriesFigures) else figures.values
    return {name: figure.value for name, figure in values.items()}
