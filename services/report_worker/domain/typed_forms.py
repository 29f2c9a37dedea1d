"""The typed figures of a form, found in a workbook by the form's own column numbers and captions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from report_worker.domain.checking import TypedRow, TypedTable
from report_worker.domain.expressions import Number
from report_worker.domain.forms import LEVEL_NAMES, LEVELS, TOTAL, ColumnsForm, Form
from report_worker.domain.typed_sheets import Cell, TypedSheet, UnreadableWorkbook, number_of, text_of

# `3`, `(3)`, `(3)=(4)+(5)+(6)`, `3=4+5+6`, as the forms print the numbers of their columns.
_NUMBERED = re.compile(r"\(?\s*(\d{1,2})\s*\)?\s*(?:=.*)?")
# So many of a form's columns must be numbered in one row for it to be the row of numbers.
LEAST_NUMBERED = 3
TOTALS = {"tổng số", "tổng cộng", "cộng", "tổng", "toàn tỉnh", "total", "sum"}
PARTS = ("trong đó", "of which")
LEVEL_WORDS = {level: {LEVEL_NAMES[level].vi.casefold(), LEVEL_NAMES[level].en.casefold()} for level in LEVELS}
SCOPE_WORDS = {**LEVEL_WORDS, TOTAL: TOTALS}


def read_typed(form: Form, sheets: Sequence[TypedSheet]) -> TypedTable | dict[str, Number]:
    """Return what somebody typed into a form.  Raises UnreadableWorkbook."""
    if isinstance(form, ColumnsForm):
        return _read_table(form, sheets)
    found = {name: number for sheet in sheets for name, number in _figures_in(form, sheet)}
    if not found:
        raise UnreadableWorkbook(f"no line bears a caption of form {form.head.code}")
    return found


@dataclass(frozen=True)
class _Place:
    """Where a table lies on a sheet: the row of column numbers, and the column of each code."""

    row: int
    columns: Mapping[str, int]


def _read_table(form: ColumnsForm, sheets: Sequence[TypedSheet]) -> TypedTable:
    for sheet in sheets:
        place = _place_of(form, sheet)
        if place is not None:
            return _table_at(form, sheet, place)
    raise UnreadableWorkbook(f"no row holds the column numbers of form {form.head.code}")


def _place_of(form: ColumnsForm, sheet: TypedSheet) -> _Place | None:
    wanted = {*(label.code for label in form.labels), *form.names}
    for at, row in enumerate(sheet.rows):
        found = {code: column for column, cell in enumerate(row) if (code := _numbered(cell)) in wanted}
        if len(found.keys() & set(form.names)) >= min(LEAST_NUMBERED, len(form.names)):
            return _Place(at, found)
    return None


def _numbered(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:g}"
    match = _NUMBERED.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return match[1] if match else ""


def _table_at(form: ColumnsForm, sheet: TypedSheet, place: _Place) -> TypedTable:
    """Sort the lines below the numbers into levels, fields and the total; those of parts are passed over."""
    levels: list[TypedRow] = []
    rows: list[TypedRow] = []
    total: TypedRow | None = None
    level: dict[str, str] = {}
    for words, columns in _lines_below(form, sheet, place):
        named = next((one for one, names in LEVEL_WORDS.items() if words in names), None)
        if words in TOTALS:
            total = TypedRow(columns)
        elif named is not None:
            level = {"level": named}
            levels.append(TypedRow(columns, level))
        elif not words.startswith(PARTS):
            rows.append(TypedRow(columns, {**level, "field": words or f"{len(rows) + 1}"}))
    if not levels and not rows and total is None:
        raise UnreadableWorkbook("no line below the column numbers holds a number")
    # A single line without a name is the whole report.
    if len(rows) == 1 and not levels and total is None:
        return TypedTable((), TypedRow(rows[0].columns))
    return TypedTable(tuple(rows), total, tuple(levels))


def _lines_below(form: ColumnsForm, sheet: TypedSheet, place: _Place) -> Iterator[tuple[str, dict[str, Number]]]:
    texts = [place.columns[label.code] for label in form.labels if label.code in place.columns]
    texts = texts or list(range(min(place.columns.values())))
    for at in range(place.row + 1, len(sheet.rows)):
        words = " ".join(text for column in texts[::-1] if (text := text_of(sheet.cell(at, column))))
        cells = {code: number_of(sheet.cell(at, place.columns[code])) for code in form.names if code in place.columns}
        columns = {code: number for code, number in cells.items() if number is not None}
        if columns:
            yield _without_serial(words), columns


def _without_serial(words: str) -> str:
    """Drop the numeral of a line: `cấp tỉnh i` is `cấp tỉnh`."""
    return re.sub(r"\s+(?:[ivx]+|[a-d]|\d+)\.?$", "", words)


def _figures_in(form: Form, sheet: TypedSheet) -> Iterator[tuple[str, Number]]:
    """Yield the named figures of a sheet: a line by its caption, a level by the heading of its column."""
    if isinstance(form, ColumnsForm):
        return
    captions = {
        text.casefold(): line
        for line in form.lines
        for text in (form.members(line)[0].caption.vi, form.members(line)[0].caption.en)
    }
    scopes: dict[int, str] = {}
    for at, row in enumerate(sheet.rows):
        heading = {column: scope for column, cell in enumerate(row) if (scope := _scope_of(cell))}
        scopes = heading if len(heading) > 1 else scopes
        line, column = next(
            ((captions[text], column) for column, cell in enumerate(row) if (text := text_of(cell)) in captions),
            (None, 0),
        )
        if line is not None:
            yield from _figures_on(form, sheet, line, at=at, column=column, scopes=scopes)


def _figures_on(
    form: Form, sheet: TypedSheet, line: str, *, at: int, column: int, scopes: Mapping[int, str]
) -> Iterator[tuple[str, Number]]:
    if isinstance(form, ColumnsForm):
        return
    # Without a heading of levels the number stands beside its caption and means the whole.
    places = {scope: place for place, scope in scopes.items()} or {TOTAL: column + 1}
    for figure in form.members(line):
        place = places.get(figure.scope)
        number = number_of(sheet.cell(at, place)) if place is not None else None
        if number is not None:
            yield figure.name, number


def _scope_of(cell: Cell) -> str | None:
    text = text_of(cell)
    return next((scope for scope, words in SCOPE_WORDS.items() if text in words), None)
