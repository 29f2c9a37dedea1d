"""A table form as a workbook in its official shape, with live sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from report_worker.domain.figures import TableFigures, TableRow
from report_worker.domain.forms import LEVEL_NAMES, TOTAL, ColumnsForm
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render.column_numbers import number_of, starred
from report_worker.render.heading_grid import HeadingCell, heading_cells
from report_worker.render.workbook import (
    COUNT_FORMAT,
    HEADING_FILL,
    LEVEL_FILL,
    Styles,
    height_of,
    open_workbook,
    set_up_page,
    source_line,
    title_of_period,
    write_checks,
)

TEXT_COLUMNS = 2
RIGHT_BLOCK = 5
NAME_WIDTH = 44
COLUMN_WIDTH = 11.5
LEAST_HEIGHT, LAST_HEIGHT, NUMBERS_HEIGHT = 20.0, 44.0, 26.0
HEADING_TOP = 6
ROMAN = ("I", "II", "III")
FOOTNOTE_FORMAT = '#,##0"*"'


def render_table(form: ColumnsForm, order: ReportOrder, content: Content) -> bytes:
    """Return the workbook of a table."""
    figures = content.figures
    if not isinstance(figures, TableFigures):
        raise TypeError("a table needs a table's figures")
    with open_workbook(form.head.title[order.language]) as (workbook, styles, stream):
        sheet = workbook.add_worksheet(form.head.code)
        page = _Page(sheet, styles, form, order)
        page.write_top()
        page.write_heading()
        line = page.write_body(figures)
        page.write_foot(line, figures, source_line(order, content))
        write_checks(workbook, styles, form, order, content)
    return stream.getvalue()


@dataclass
class _Page:
    """The sheet of the table while it is written, top to bottom."""

    sheet: Worksheet
    styles: Styles
    form: ColumnsForm
    order: ReportOrder

    def __post_init__(self) -> None:
        self.codes = self.form.names
        self.width = TEXT_COLUMNS + len(self.codes)
        set_up_page(self.sheet, landscape=True)
        self.sheet.set_column(0, 0, 5)
        self.sheet.set_column(1, 1, NAME_WIDTH)
        self.sheet.set_column(TEXT_COLUMNS, self.width - 1, COLUMN_WIDTH)

    def write_top(self) -> None:
        """Write the block above the table: form, title, period, unit."""
        head, language, width = self.form.head, self.order.language, self.width
        form = "Form" if language == "en" else "Biểu số"
        left = [f"{form} {head.official_code}", head.issuer[language], head.legal_source[language]]
        formats = [self.styles.of(bold=True), self.styles.of(), self.styles.of(italic=True, font_size=10)]
        for row, (text, style) in enumerate(zip(left, formats, strict=True)):
            self.sheet.write_string(row, 0, text, style)
        reporter, unit = ("Reporting unit", "Unit") if language == "en" else ("Đơn vị báo cáo", "Đơn vị tính")
        right, first = self.styles.of(align="right"), max(TEXT_COLUMNS, width - RIGHT_BLOCK)
        self.sheet.merge_range(0, first, 0, width - 1, f"{reporter}: {self.order.unit_name}", right)
        self.sheet.merge_range(1, first, 1, width - 1, f"{unit}: {head.measured_in[language]}", right)
        title = self.styles.of(bold=True, font_size=13, align="center", text_wrap=True)
        self.sheet.merge_range(3, 0, 3, width - 1, head.title[language].upper(), title)
        self.sheet.set_row(3, 36)
        period = self.styles.of(italic=True, align="center")
        self.sheet.merge_range(4, 0, 4, width - 1, title_of_period(self.order), period)

    def write_heading(self) -> None:
        """Write the captions, the row of numbers below them, and repeat both on every page."""
        paths = [[one[self.order.language] for one in column.heading] for column in self._all_columns()]
        for cell in heading_cells(paths):
            place = (HEADING_TOP + cell.first_row, cell.first_column, HEADING_TOP + cell.last_row, cell.last_column)
            if place[:2] == place[2:]:
                self.sheet.write_string(*place[:2], cell.caption, self.styles.heading())
            else:
                self.sheet.merge_range(*place, cell.caption, self.styles.heading())
        depth = max(map(len, paths))
        for row, height in enumerate(_heights(heading_cells(paths), depth)):
            self.sheet.set_row(HEADING_TOP + row, height)
        style = self.styles.cell(align="center", italic=True, font_size=9, text_wrap=True, bg_color=HEADING_FILL)
        self.sheet.set_row(HEADING_TOP + depth, NUMBERS_HEIGHT)
        for place_of, column in enumerate(self._all_columns()):
            self.sheet.write_string(HEADING_TOP + depth, place_of, number_of(self.form, column.code), style)
        self.body_top = HEADING_TOP + depth + 1
        self.sheet.repeat_rows(HEADING_TOP, HEADING_TOP + depth)
        self.sheet.freeze_panes(self.body_top, TEXT_COLUMNS)

    def write_body(self, figures: TableFigures) -> int:
        """Write levels, their fields and the total; return the first free line."""
        line, sums = self.body_top, []
        for numeral, level in zip(ROMAN, figures.levels, strict=False):
            fields = [row for row in figures.rows if row.group["level"] == level.group["level"]]
            self._write_level(line, numeral, level, fields)
            for number, row in enumerate(fields, start=1):
                self._write_row(line + number, f"{number}", row)
            sums.append(line)
            line += len(fields) + 1
        self._write_total(line, figures, sums)
        return self._write_of_which(line + 1, figures.total)

    def write_foot(self, line: int, figures: TableFigures, source: str) -> None:
        """Write the remarks below the table and where the figures come from."""
        style = self.styles.of(italic=True, text_wrap=True)
        for number, remark in enumerate((*starred(figures), source), start=line + 1):
            self.sheet.merge_range(number, 0, number, self.width - 1, remark, style)

    def _all_columns(self) -> Iterator[Any]:
        yield from self.form.labels
        yield from self.form.columns

    def _write_level(self, line: int, numeral: str, level: TableRow, fields: Sequence[TableRow]) -> None:
        style = {"bold": True, "bg_color": LEVEL_FILL}
        name = LEVEL_NAMES[level.group["level"]][self.order.language]
        self._write_words(line, numeral, name, **style)
        for place, code in enumerate(self.codes, start=TEXT_COLUMNS):
            cell = self.styles.number(self._number_format(level, code), **style)
            if not fields:
                self.sheet.write(line, place, level.columns[code], cell)
                continue
            letter = xl_col_to_name(place)
            formula = f"=SUM({letter}{line + 2}:{letter}{line + 1 + len(fields)})"
            self.sheet.write_formula(line, place, formula, cell, sum(row.columns[code] or 0 for row in fields))

    def _write_row(self, line: int, number: str, row: TableRow) -> None:
        self._write_words(line, number, row.group["field"])
        self.sheet.set_row(line, height_of(row.group["field"], NAME_WIDTH))
        for place, code in enumerate(self.codes, start=TEXT_COLUMNS):
            cell = self.styles.number(self._number_format(row, code))
            self.sheet.write(line, place, row.columns[code], cell)

    def _write_total(self, line: int, figures: TableFigures, levels: Sequence[int]) -> None:
        style = {"bold": True, "bg_color": HEADING_FILL}
        self._write_words(line, "", LEVEL_NAMES[TOTAL][self.order.language], **style)
        for place, code in enumerate(self.codes, start=TEXT_COLUMNS):
            cell = self.styles.number(self._number_format(figures.total, code), **style)
            if figures.total.columns[code] is None:
                self.sheet.write_blank(line, place, None, cell)
                continue
            letter = xl_col_to_name(place)
            formula = "=" + "+".join(f"{letter}{level + 1}" for level in levels) if levels else "=0"
            self.sheet.write_formula(line, place, formula, cell, _added_up(figures, code))

    def _write_of_which(self, line: int, total: TableRow) -> int:
        """Write a line for each part of a column that is not 0, the number in that column."""
        words = "Of which" if self.order.language == "en" else "Trong đó"
        shown = [part for part in self.form.of_which if total.of_which[part.name] != 0]
        for at, part in enumerate(shown, start=line):
            caption = part.caption[self.order.language]
            name = f"{words} ({part.column}): {caption}"
            self._write_words(at, "", name, italic=True)
            self.sheet.set_row(at, height_of(name, NAME_WIDTH))
            self.sheet.write_row(at, TEXT_COLUMNS, [""] * len(self.codes), self.styles.cell())
            place = TEXT_COLUMNS + self.codes.index(part.column)
            self.sheet.write_number(at, place, total.of_which[part.name], self.styles.number(italic=True))
        return line + len(shown)

    def _write_words(self, line: int, number: str, name: str, **properties: Any) -> None:
        self.sheet.write_string(line, 0, number, self.styles.cell(align="center", **properties))
        self.sheet.write_string(line, 1, name, self.styles.words(**properties))

    def _number_format(self, row: TableRow, code: str) -> str:
        return FOOTNOTE_FORMAT if code in row.footnoted else COUNT_FORMAT


def _heights(cells: Sequence[HeadingCell], depth: int) -> list[float]:
    """Return the heights of a heading's rows, each by its longest caption that ends in it."""
    heights = [LEAST_HEIGHT] * depth
    for cell in cells:
        if cell.first_row == cell.last_row:
            width = COLUMN_WIDTH * (cell.last_column - cell.first_column + 1) - 1
            heights[cell.last_row] = max(heights[cell.last_row], height_of(cell.caption, width))
    return [*heights[:-1], max(heights[-1], LAST_HEIGHT)]


def _added_up(figures: TableFigures, code: str) -> int:
    """Return what the sheet's own formulas come to: fields where a level has any, else the level itself."""
    with_fields = {row.group["level"] for row in figures.rows}
    bare = [row for row in figures.levels if row.group["level"] not in with_fields]
    return sum(row.columns[code] or 0 for row in (*figures.rows, *bare))
