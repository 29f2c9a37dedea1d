"""A report held against the same report as known now: every cell that would differ."""

from dataclasses import dataclass
from typing import assert_never

from report_worker.domain.expressions import Number
from report_worker.domain.figures import Figures, NarrativeFigures, SeriesFigures, TableFigures, TableRow


@dataclass(frozen=True)
class CellPlace:
    """Where a number stands: its line, its name, and for a rate which part of it."""

    group: tuple[tuple[str, str], ...]
    name: str


@dataclass(frozen=True)
class CellValue:
    """A number; a rate with what was divided."""

    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None


@dataclass(frozen=True)
class DifferingCell:
    """A cell then and now; a line that one of them lacks counts as 0 there."""

    place: CellPlace
    before: CellValue
    now: CellValue

    @property
    def difference(self) -> Number | None:
        """Return by how much it grew; None where there was or is no number."""
        if self.before.value is None or self.now.value is None:
            return None
        return self.now.value - self.before.value


def differing_cells(before: Figures, now: Figures) -> list[DifferingCell]:
    """Return the cells that differ, in the order of the report, new lines last."""
    then, today = cells_of(before), cells_of(now)
    places = dict.fromkeys((*then, *today))
    found = (DifferingCell(one, then.get(one, CellValue(0)), today.get(one, CellValue(0))) for one in places)
    return [one for one in found if one.before != one.now]


def cells_of(figures: Figures) -> dict[CellPlace, CellValue]:
    """Return every number of a report by its place."""
    match figures:
        case TableFigures():
            lines = (*figures.rows, *figures.levels, figures.total)
            return {place: value for line in lines for place, value in _cells_of_line(line).items()}
        case NarrativeFigures():
            return {
                CellPlace((), name): CellValue(one.value, one.numerator, one.denominator)
                for name, one in figures.values.items()
            }
        case SeriesFigures():
            return {
                CellPlace((("year", year.year),), name): CellValue(one.value, one.numerator, one.denominator)
                for year in figures.years
                for name, one in year.values.items()
            }
    assert_never(figures)


def _cells_of_line(line: TableRow) -> dict[CellPlace, CellValue]:
    group = tuple(line.group.items())
    return {CellPlace(group, name): CellValue(value) for name, value in line.columns.items()}
