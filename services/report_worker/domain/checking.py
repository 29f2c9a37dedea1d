"""Identities judged over finished figures and over figures somebody typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from report_worker.domain.expressions import Number
from report_worker.domain.figures import Figures, TableFigures
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
    """Lines of fields by level, and the sum somebody typed below them."""

    rows: tuple[TypedRow, ...] = ()
    total: TypedRow | None = None


@dataclass(frozen=True)
class Check:
    """A verdict and where it was reached: an empty group is the whole report."""

    verdict: Verdict
    group: Mapping[str, str]


def check_figures(form: Form, figures: Figures) -> list[Check]:
    """Return every identity once on the whole report, and again for each line where it fails."""
    if not isinstance(figures, TableFigures):
        cells = {name: one.value for name, one in figures.values.items() if one.value is not None}
        return [Check(verdict, {}) for verdict in judge_all(form.identities, cells)]
    whole = [Check(verdict, {}) for verdict in judge_all(form.identities, figures.total.columns)]
    lines = [(row.columns, row.group) for row in (*figures.levels, *figures.rows)]
    failing = [check for check in _check_lines(form, lines) if not check.verdict.holds]
    return [*whole, *failing, *_check_sums(form.names, figures)]


def check_typed(form: Form, cells: NumbersByName) -> list[Check]:
    """Judge one set of typed numbers.  Raises UnknownFigures."""
    _require_known(form, cells)
    return [Check(verdict, {}) for verdict in judge_all(form.identities, cells)]


def check_typed_table(form: ColumnsForm, table: TypedTable) -> list[Check]:
    """Judge typed lines, and their sum where a total was typed.  Raises UnknownFigures."""
    lines = [*table.rows, *([table.total] if table.total else [])]
    for line in lines:
        _require_known(form, line.columns)
    checks = _check_lines(form, [(line.columns, line.group) for line in lines])
    sums = _typed_sums(form, table.rows, table.total.columns) if table.rows and table.total else ()
    return [*checks, *sums]


def _require_known(form: Form, cells: NumbersByName) -> None:
    unknown = sorted(set(cells) - set(form.names))
    if unknown:
        raise UnknownFigures(form.head.code, unknown)


def _check_lines(form: Form, lines: Sequence[tuple[NumbersByName, Mapping[str, str]]]) -> list[Check]:
    return [Check(verdict, group) for cells, group in lines for verdict in judge_all(form.identities, cells)]


def _check_sums(names: Sequence[str], figures: TableFigures) -> Iterator[Check]:
    """Fields add up to their level and levels to the whole.  Rule: domain d.2 (vii)."""
    by_level = {row.group["level"]: row.columns for row in figures.levels}
    for name in names:
        yield Check(_sum(name, "levels", [one[name] for one in by_level.values()], figures.total.columns[name]), {})
        for level in filter(by_level.__contains__, LEVELS):
            fields = [row.columns[name] for row in figures.rows if row.group["level"] == level]
            yield Check(_sum(name, "fields", fields, by_level[level][name]), {"level": level})


def _typed_sums(form: ColumnsForm, rows: Sequence[TypedRow], total: NumbersByName) -> Iterator[Check]:
    """A sum is judged where every line and the total have the cell."""
    for name in form.names:
        if name in total and all(name in row.columns for row in rows):
            yield Check(_sum(name, "rows", [row.columns[name] for row in rows], total[name]), {})


def _sum(name: str, of: str, addends: Sequence[Number], total: Number) -> Verdict:
    """Judge `[3] = Σ levels [3]`: the sum's own cell on the left."""
    return Verdict(f"[{name}] = Σ {of} [{name}]", total == sum(addends), total, sum(addends))
