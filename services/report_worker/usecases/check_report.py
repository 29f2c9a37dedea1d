"""Check the typed figures of a report against its form."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from report_worker.domain.checking import (
    Check,
    TypedRow,
    TypedTable,
    UnknownFigures,
    check_typed,
    check_typed_table,
)
from report_worker.domain.diagnosing import Diagnosis, diagnose
from report_worker.domain.expressions import Number
from report_worker.domain.forms import ColumnsForm, Form, Forms
from report_worker.domain.typed_forms import read_typed
from report_worker.uploads.reading import read_sheets

Group = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Failure:
    """A failing identity, the cells it speaks of as they were typed, and what is likely wrong."""

    check: Check
    cells: Mapping[str, Number]
    diagnosis: Diagnosis


@dataclass(frozen=True)
class Finding:
    """A form's identities judged over typed figures: how many they settle, and those that fail."""

    form: Form
    judged: int
    failures: tuple[Failure, ...]


def check_report(
    code: str, figures: TypedTable | Mapping[str, Number], *, version: int | None, forms: Forms
) -> Finding:
    """Judge every identity that the typed cells settle.  Raises FormNotFound, UnknownFigures."""
    form = forms.get(code, version=version)
    if not isinstance(figures, TypedTable):
        return _finding(form, check_typed(form, figures), {(): figures})
    if not isinstance(form, ColumnsForm):
        raise UnknownFigures(code, ["columns", "rows"])
    table = _with_named_rows(figures)
    lines = {tuple(line.group.items()): line.columns for line in table.lines}
    return _finding(form, check_typed_table(form, table), lines)


async def check_workbook(code: str, content: bytes, *, version: int | None, forms: Forms) -> Finding:
    """Judge the figures in an uploaded workbook of a form.

    A workbook does not tell the version it was made in: unless asked, it is the one whose captions find most cells.
    Raises FormNotFound, UnreadableWorkbook.
    """
    versions = forms.versions_of(code, version=version)
    sheets = await asyncio.to_thread(read_sheets, content)
    read = [(form, read_typed(form, sheets)) for form in versions]
    form, typed = max(read, key=lambda one: _cells_in(one[1]))
    return check_report(code, typed, version=form.head.version, forms=forms)


def _cells_in(figures: TypedTable | Mapping[str, Number]) -> int:
    return sum(len(line.columns) for line in figures.lines) if isinstance(figures, TypedTable) else len(figures)


def _finding(form: Form, checks: Sequence[Check], lines: Mapping[Group, Mapping[str, Number]]) -> Finding:
    failing = [check for check in checks if not check.verdict.holds]
    return Finding(form, len(checks), tuple(_failure(form, check, lines) for check in failing))


def _failure(form: Form, check: Check, lines: Mapping[Group, Mapping[str, Number]]) -> Failure:
    cells = lines[tuple(check.group.items())]
    spoken = [name for name in form.names if _speaks_of(check.verdict.identity, name)]
    typed = {name: cells[name] for name in spoken if name in cells}
    return Failure(check, typed, diagnose(check.verdict, cells, form))


def _speaks_of(identity: str, name: str) -> bool:
    """Say whether an identity speaks of a cell, also as `[3]` of a sum."""
    return name in identity.replace("[", " ").replace("]", " ").split()


def _with_named_rows(table: TypedTable) -> TypedTable:
    """Number the lines that bear no name, so that a failure says which it means."""
    if len(table.rows) == 1 and table.total is None and not table.levels:
        return table
    return replace(table, rows=tuple(_named(row, at) for at, row in enumerate(table.rows, start=1)))


def _named(row: TypedRow, at: int) -> TypedRow:
    return row if row.group else replace(row, group={"row": f"{at}"})
