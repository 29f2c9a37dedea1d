"""A table form, or a series over years, as PDF in its official shape."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from report_worker.domain.figures import SeriesFigures, TableFigures, TableRow
from report_worker.domain.forms import LEVEL_NAMES, TOTAL, ColumnsForm, FormHead, SeriesForm
from report_worker.domain.printing import print_count
from report_worker.domain.prose import roman
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render.column_numbers import number_of, starred
from report_worker.render.heading_grid import Path, heading_cells
from report_worker.render.series_lines import heading_of, lines_of
from report_worker.render.typesetting import typeset_pdf
from report_worker.render.workbook import source_line, title_of_period

BODY_PT, NAME_MM, SERIES_NAME_MM = 10.0, 62.0, 110.0
SIGN_HERE = {"vi": "(Ký, ghi rõ họ tên)", "en": "(signature, full name)"}
Line = dict[str, Any]


def render_table_pdf(form: ColumnsForm, order: ReportOrder, content: Content, *, figures: TableFigures) -> bytes:
    """Return the PDF of a table."""
    language = order.language
    headings = [*(one.heading for one in form.labels), *(one.heading for one in form.columns)]
    paths = [[one[language] for one in heading] for heading in headings]
    numbers = [number_of(form, code) for code in (*(one.code for one in form.labels), *form.names)]
    lines, remarks = list(_lines(form, figures, language)), starred(figures)
    return _typeset(form.head, order, content, paths=paths, numbers=numbers, lines=lines, remarks=remarks)


def render_series_pdf(form: SeriesForm, order: ReportOrder, content: Content, *, figures: SeriesFigures) -> bytes:
    """Return the PDF of a series over years."""
    heading = heading_of(figures, order.language)
    rows = [[line.number, line.caption, *line.printed] for line in lines_of(form, figures, order.language)]
    lines = [_line(row) for row in rows]
    numbers = [f"({place})" for place in range(1, len(heading) + 1)]
    return _typeset(
        form.head,
        order,
        content,
        paths=[[one] for one in heading],
        numbers=numbers,
        lines=lines,
        remarks=figures.remarks,
        name_mm=SERIES_NAME_MM,
    )


def _typeset(
    head: FormHead,
    order: ReportOrder,
    content: Content,
    *,
    paths: Sequence[Path],
    numbers: Sequence[str],
    lines: Sequence[Line],
    remarks: Sequence[str],
    name_mm: float = NAME_MM,
) -> bytes:
    depth = max(map(len, paths))
    data = {
        **_top(head, order),
        "columns": len(paths),
        "name_width": name_mm,
        "size": BODY_PT,
        "heading_rows": depth + 1,
        "captions": list(_captions(paths)),
        # Long sums break behind their signs.
        "numbers": [one.replace("+", "+\u200b").replace("=", "=\u200b") for one in numbers],
        "rows": list(lines),
        "notes": [*remarks, source_line(order, content)],
        "signatures": [one[order.language] for one in head.signatures],
        "sign_here": SIGN_HERE[order.language],
    }
    return typeset_pdf("table", data, on=order.as_of + timedelta(days=1))


def _top(head: FormHead, order: ReportOrder) -> Mapping[str, Any]:
    """Return what stands above the table."""
    language = order.language
    words = ("Form", "Reporting unit", "Unit") if language == "en" else ("Biểu số", "Đơn vị báo cáo", "Đơn vị tính")
    return {
        "language": language,
        "title": f"{head.official_code}: {order.unit_name}, {order.period_name}",
        "author": order.unit_name,
        "form": f"{words[0]} {head.official_code}",
        "issuer": head.issuer[language],
        "legal_source": head.legal_source[language],
        "right": [f"{words[1]}: {order.unit_name}", f"{words[2]}: {head.measured_in[language]}"],
        "heading": head.title[language].upper(),
        "period": title_of_period(order),
    }


def _captions(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for cell in heading_cells(paths):
        yield {
            "text": cell.caption,
            "x": cell.first_column,
            "y": cell.first_row,
            "colspan": cell.last_column - cell.first_column + 1,
            "rowspan": cell.last_row - cell.first_row + 1,
        }


def _lines(form: ColumnsForm, figures: TableFigures, language: str) -> Iterator[Line]:
    """Yield levels with their fields, the whole, and the parts of it that have no column."""
    for number, level in enumerate(figures.levels, start=1):
        name = LEVEL_NAMES[level.group["level"]][language]
        yield _line([roman(number), name, *_cells(form, level, language)], strong=True)
        fields = [row for row in figures.rows if row.group["level"] == level.group["level"]]
        for place, row in enumerate(fields, start=1):
            yield _line([f"{place}", row.group["field"], *_cells(form, row, language)])
    yield _line(["", LEVEL_NAMES[TOTAL][language], *_cells(form, figures.total, language)], strong=True)
    yield from _parts(form, figures.total, language)


def _parts(form: ColumnsForm, total: TableRow, language: str) -> Iterator[Line]:
    words = "Of which" if language == "en" else "Trong đó"
    for part in form.of_which:
        count = total.of_which[part.name]
        if count:
            cells = [print_count(count, language) if code == part.column else "" for code in form.names]
            yield _line(["", f"{words} ({part.column}): {part.caption[language]}", *cells], emph=True)


def _cells(form: ColumnsForm, row: TableRow, language: str) -> list[str]:
    return [_cell(row, code, language) for code in form.names]


def _cell(row: TableRow, code: str, language: str) -> str:
    """Print a cell; one not yet reported is blank, one with a remark bears its star."""
    count = row.columns[code]
    star = "*" if code in row.footnoted else ""
    return "" if count is None else f"{print_count(count, language)}{star}"


def _line(cells: Sequence[str], *, strong: bool = False, emph: bool = False) -> Line:
    return {"cells": list(cells), "strong": strong, "emph": emph}
