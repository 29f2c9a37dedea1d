"""A series over years as a workbook, its rates live."""

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from report_worker.domain.figures import FigureValue, SeriesFigures
from report_worker.domain.forms import SeriesForm
from report_worker.domain.printing import NOTHING
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render.series_lines import SeriesLine, heading_of, lines_of
from report_worker.render.workbook import (
    COUNT_FORMAT,
    RATE_FORMAT,
    Styles,
    height_of,
    open_workbook,
    set_up_page,
    source_line,
    title_of_period,
    write_checks,
)

CAPTION_WIDTH = 62
TABLE_TOP = 4
PARTS = {"vi": "Tử số và mẫu số", "en": "Numerators and denominators"}


def render_series(form: SeriesForm, order: ReportOrder, content: Content, *, figures: SeriesFigures) -> bytes:
    """Return the workbook of a series."""
    lines = list(lines_of(form, figures, order.language))
    with open_workbook(form.head.title[order.language]) as (workbook, styles, stream):
        sheet, parts = workbook.add_worksheet(form.head.code[:31]), workbook.add_worksheet(PARTS[order.language])
        last = 1 + len(figures.years)
        _write_top(sheet, styles, form, order, last=last)
        for one in (sheet, parts):
            _set_up(one, styles, heading_of(figures, order.language), top=TABLE_TOP)
        for at, line in enumerate(lines, start=TABLE_TOP + 1):
            _write_line(sheet, styles, line, at=at, parts=parts.get_name())
            _write_parts(parts, styles, line, at=TABLE_TOP + 1 + 2 * (at - TABLE_TOP - 1))
        notes = (*figures.remarks, source_line(order, content))
        for at, note in enumerate(notes, start=TABLE_TOP + len(lines) + 2):
            sheet.merge_range(at, 0, at, last, note, styles.of(italic=True, text_wrap=True))
            sheet.set_row(at, height_of(note, CAPTION_WIDTH + 12 * len(figures.years)))
        write_checks(workbook, styles, form, order, content)
    return stream.getvalue()


def _write_top(sheet: Worksheet, styles: Styles, form: SeriesForm, order: ReportOrder, *, last: int) -> None:
    title = styles.of(bold=True, font_size=13, align="center", text_wrap=True)
    sheet.merge_range(0, 0, 0, last, order.unit_name.upper(), styles.of(bold=True, align="center"))
    sheet.merge_range(1, 0, 1, last, form.head.title[order.language].upper(), title)
    sheet.set_row(1, 36)
    sheet.merge_range(2, 0, 2, last, title_of_period(order), styles.of(italic=True, align="center"))


def _set_up(sheet: Worksheet, styles: Styles, heading: list[str], *, top: int) -> None:
    set_up_page(sheet, landscape=True)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, CAPTION_WIDTH)
    sheet.set_column(2, len(heading) - 1, 13)
    sheet.write_row(top, 0, heading, styles.heading())
    sheet.set_row(top, 32)
    sheet.repeat_rows(top)
    sheet.freeze_panes(top + 1, 2)


def _write_line(sheet: Worksheet, styles: Styles, line: SeriesLine, *, at: int, parts: str) -> None:
    style = styles.number(RATE_FORMAT if line.is_rate else COUNT_FORMAT, bold=bool(line.number))
    sheet.write_string(at, 0, line.number, styles.cell(align="center"))
    sheet.write_string(at, 1, line.caption, styles.words(bold=bool(line.number)))
    above = TABLE_TOP + 1 + 2 * (at - TABLE_TOP - 1)
    for column, one in enumerate(line.values, start=2):
        if one.value is None:
            sheet.write_string(at, column, NOTHING, style)
        elif line.is_rate:
            cells = (f"'{parts}'!{xl_rowcol_to_cell(row, column)}" for row in (above, above + 1))
            sheet.write_formula(at, column, "=ROUND({}/{},4)".format(*cells), style, one.value)
        else:
            sheet.write_number(at, column, one.value, style)


def _write_parts(sheet: Worksheet, styles: Styles, line: SeriesLine, *, at: int) -> None:
    """Write the numerators of a line above its denominators; a count has none."""
    for offset, part in enumerate(("numerator", "denominator")):
        sheet.write_string(at + offset, 0, line.number if offset == 0 else "", styles.cell(align="center"))
        sheet.write_string(at + offset, 1, line.caption if offset == 0 else "", styles.words())
        for column, one in enumerate(line.values, start=2):
            sheet.write(at + offset, column, _part(one, part), styles.number())


def _part(one: FigureValue, name: str) -> int | None:
    return one.numerator if name == "numerator" else one.denominator
