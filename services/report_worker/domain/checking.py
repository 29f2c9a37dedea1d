"""Identities judged over finished figures and over figures somebody typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from report_worker.domain.expressions import Number
from report_worker.domain.figures import Figures, FigureValue, NarrativeFigures, SeriesFigures, TableFigures
from report_worker.domain.forms import LEVELS, ColumnsForm, Form
from report_worker.domain.identities import Verdict, judge_all
from shared.errors import DomainError

NumbersByName = Mapping[str, Number]


class UnknownFigures(DomainError):
    """Typed figures bear names that the form does not have."""

    code = "unknown-figures"

    def __init__(self, form: str, names: Sequence[str]) -> None:
        super().__init__(f"form {form} has no {', '.join(names)}")
        self.form, self.names = form, list(names)


@dataclass(frozen=True)
class TypedRow:
    """A line of a table somebody typed; cells left blank are absent."""

    columns: NumbersByName
    group: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TypedTable:
    """Lines of fields by level, the sums somebody typed for the levels, and the one below them all."""

    rows: tuple[TypedRow, ...] = ()
    total: TypedRow | None = None
    levels: tuple[TypedRow, ...] = ()

    @property
    def lines(self) -> tuple[TypedRow, ...]:
        """Return every line, the total last."""
        return (*self.levels, *self.rows, *([self.total] if self.total else []))


@dataclass(frozen=True)
class Check:
    """A verdict and where it was reached: an empty group is the whole report."""

    verdict: Verdict
    group: Mapping[str, str]


def check_figures(form: Form, figures: Figures) -> list[Check]:
    """Return every identity once on the whole report, and again for each line where it fails."""
    match figures:
        case NarrativeFigures():
            return _check_values(form, figures.values, {})
        case SeriesFigures():
            return [check for one in figures.years for check in _check_values(form, one.values, {"year": one.year})]
        case TableFigures():
            return _check_table(form, figures) if isinstance(form, ColumnsForm) else []
    assert_never(figures)


def _check_values(form: Form, values: Mapping[str, FigureValue], group: Mapping[str, str]) -> list[Check]:
    cells = _filled({name: one.value for name, one in values.items()})
    return [Check(verdict, group) for verdict in judge_all(form.identities, cells)]


def _check_table(form: ColumnsForm, figures: TableFigures) -> list[Check]:
    whole = [Check(verdict, {}) for verdict in judge_all(form.identities, _filled(figures.total.columns))]
    lines = [(_filled(row.columns), row.group) for row in (*figures.levels, *figures.rows)]
    failing = [check for check in _check_lines(form, lines) if not check.verdict.holds]
    return [*whole, *failing, *_check_sums(form, figures)]


def _filled(cells: Mapping[str, Number | None]) -> dict[str, Number]:
    """Drop the cells that nobody has reported yet."""
    return {name: cell for name, cell in cells.items() if cell is not None}


def check_typed(form: Form, cells: NumbersByName) -> list[Check]:
    """Judge one set of typed numbers.  Raises UnknownFigures."""
    _require_known(form, cells)
    return [Check(verdict, {}) for verdict in judge_all(form.identities, cells)]


def check_typed_table(form: ColumnsForm, table: TypedTable) -> list[Check]:
    """Judge typed lines, and their sum where a total was typed.  Raises UnknownFigures."""
    for line in table.lines:
        _require_known(form, line.columns)
    checks = _check_lines(form, [(line.columns, line.group) for line in table.lines])
    return [*checks, *_sums_of_levels(form, table), *_sums_of_total(form, table)]


def _sums_of_levels(form: ColumnsForm, table: TypedTable) -> Iterator[Check]:
    """Fields add up to the level they stand under, where the level has a sum and fields of its own."""
    for level in table.levels:
        fields = [row for row in table.rows if row.group.get("level") == level.group["level"]]
        if fields:
            yield from _typed_sums(form, fields, level, of="fields")


def _sums_of_total(form: ColumnsForm, table: TypedTable) -> Iterator[Check]:
    """The total is the sum of the levels, or of all lines where no level has a sum."""
    addends, of = (table.levels, "levels") if table.levels else (table.rows, "rows")
    if addends and table.total is not None:
        yield from _typed_sums(form, addends, table.total, of=of)


def _require_known(form: Form, cells: NumbersByName) -> None:
    unknown = sorted(set(cells) - set(form.names))
    if unknown:
        raise UnknownFigures(form.head.code, unknown)


def _check_lines(form: Form, lines: Sequence[tuple[NumbersByName, Mapping[str, str]]]) -> list[Check]:
    return [Check(verdict, group) for cells, group in lines for verdict in judge_all(form.identities, cells)]


def _check_sums(form: ColumnsForm, figures: TableFigures) -> Iterator[Check]:
    """Fields add up to their level and levels to the whole; cells not yet reported settle nothing.

    Rule: domain d.2 (vii).
    """
    by_level = {row.group["level"]: row.columns for row in figures.levels}
    has_fields = len(form.rows) > 1
    for name in form.names:
        levels = [one[name] for one in by_level.values()]
        yield from _settled(name, "levels", addends=levels, total=figures.total.columns[name], group={})
        for level in filter(by_level.__contains__, LEVELS if has_fields else ()):
            fields = [row.columns[name] for row in figures.rows if row.group["level"] == level]
            yield from _settled(name, "fields", addends=fields, total=by_level[level][name], group={"level": level})


def _settled(
    name: str, of: str, *, addends: Sequence[Number | None], total: Number | None, group: Mapping[str, str]
) -> Iterator[Check]:
    known = [one for one in addends if one is not None]
    if total is not None and len(known) == len(addends):
        yield Check(_sum(name, of, known, total), group)


def _typed_sums(form: ColumnsForm, rows: Sequence[TypedRow], total: TypedRow, *, of: str) -> Iterator[Check]:
    """A sum is judged where every line and the total have the cell."""
    for name in form.names:
        if name in total.columns and all(name in row.columns for row in rows):
            addends = [row.columns[name] for row in rows]
            yield Check(_sum(name, of, addends, total.columns[name]), total.group)


def _sum(name: str, of: str, addends: Sequence[Number], total: Number) -> Verdict:
    """Judge `[3] = Σ levels [3]`: the sum's own cell on the left."""
    return Verdict(f"[{name}] = Σ {of} [{name}]", total == sum(addends), total, sum(addends))
