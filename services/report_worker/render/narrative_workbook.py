"""A narrative form as a workbook: figures, paragraphs, comparison, checks."""

from collections.abc import Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from report_worker.domain.figures import FigureValue, NarrativeFigures
from report_worker.domain.forms import LEVEL_NAMES, LEVELS, TOTAL, Figure, FigureKind, NarrativeForm
from report_worker.domain.printing import NOTHING
from report_worker.domain.reports import Content, ReportOrder
from report_worker.render.comparison_sheet import write_comparison
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

HEADINGS = {
    "vi": ("STT", "Chỉ tiêu", *(LEVEL_NAMES[one].vi for one in (*LEVELS, TOTAL)), "Tử số", "Mẫu số"),
    "en": ("No.", "Figure", *(LEVEL_NAMES[one].en for one in (*LEVELS, TOTAL)), "Numerator", "Denominator"),
}
SCOPE_COLUMNS = {scope: column for column, scope in enumerate((*LEVELS, TOTAL), start=2)}
NUMERATOR, DENOMINATOR = 6, 7
TABLE_TOP = 5
# The column is measured in characters of size 11; of size 13 fewer fit.
PARAGRAPH_WIDTH = 96
CHARACTERS = 88
LINE_PT = 17.0


def render_narrative(form: NarrativeForm, order: ReportOrder, content: Content) -> bytes:
    """Return the workbook of a narrative."""
    figures = content.figures
    if not isinstance(figures, NarrativeFigures):
        raise TypeError("a narrative needs a narrative's figures")
    with open_workbook(form.head.title[order.language]) as (workbook, styles, stream):
        _write_figures(workbook, styles, form, order, content=content, figures=figures)
        _write_paragraphs(workbook, styles, form, order, figures=figures)
        if content.comparison is not None:
            write_comparison(workbook, styles, form, order, comparison=content.comparison)
        write_checks(workbook, styles, form, order, content)
    return stream.getvalue()


def _write_figures(
    workbook: Workbook,
    styles: Styles,
    form: NarrativeForm,
    order: ReportOrder,
    *,
    content: Content,
    figures: NarrativeFigures,
) -> None:
    sheet = workbook.add_worksheet("Figures" if order.language == "en" else "Số liệu")
    set_up_page(sheet, landscape=True)
    for column, width in enumerate((5, 66, 13, 13, 13, 13, 13, 13)):
        sheet.set_column(column, column, width)
    _write_top(sheet, styles, form, order)
    sheet.write_row(TABLE_TOP - 1, 0, HEADINGS[order.language], styles.heading())
    sheet.repeat_rows(TABLE_TOP - 1)
    sheet.freeze_panes(TABLE_TOP, 2)
    lines = form.lines
    for at, name in enumerate(lines, start=TABLE_TOP):
        members = form.members(name)
        _write_line(sheet, at, members, number=at - TABLE_TOP + 1, figures=figures, order=order, styles=styles)
    for at, remark in enumerate((*figures.remarks, source_line(order, content)), start=TABLE_TOP + len(lines) + 1):
        sheet.merge_range(at, 0, at, DENOMINATOR, remark, styles.of(italic=True, text_wrap=True))


def _write_top(sheet: Worksheet, styles: Styles, form: NarrativeForm, order: ReportOrder) -> None:
    title = styles.of(bold=True, font_size=13, align="center", text_wrap=True)
    sheet.merge_range(0, 0, 0, DENOMINATOR, order.unit_name.upper(), styles.of(bold=True, align="center"))
    sheet.merge_range(1, 0, 1, DENOMINATOR, form.head.title[order.language].upper(), title)
    sheet.set_row(1, 24)
    sheet.merge_range(2, 0, 2, DENOMINATOR, title_of_period(order), styles.of(italic=True, align="center"))


def _write_line(
    sheet: Worksheet,
    at: int,
    members: Sequence[Figure],
    *,
    number: int,
    figures: NarrativeFigures,
    order: ReportOrder,
    styles: Styles,
) -> None:
    """Write one line of the table: its figure at each level, and what the total was divided from."""
    is_rate = members[0].kind is FigureKind.RATE
    sheet.write_number(at, 0, number, styles.cell(align="center"))
    sheet.write_string(at, 1, members[0].caption[order.language], styles.words())
    sheet.write_row(at, 2, [""] * 6, styles.cell())
    for figure in members:
        style = styles.number(RATE_FORMAT if is_rate else COUNT_FORMAT, bold=figure.scope == TOTAL)
        one = figures.values[figure.name]
        place = (at, SCOPE_COLUMNS[figure.scope])
        if figure.scope == TOTAL and is_rate:
            for column, part in ((NUMERATOR, one.numerator), (DENOMINATOR, one.denominator)):
                sheet.write(at, column, part, styles.number())
            sheet.write_formula(*place, _quotient(at + 1), style, NOTHING if one.value is None else one.value)
        elif figure.scope == TOTAL and len(members) > 1 and one.value is not None:
            sheet.write_formula(*place, f"=SUM(C{at + 1}:E{at + 1})", style, _sum_of_levels(members, figures))
        elif one.value is None:
            sheet.write_string(*place, NOTHING, style)
        else:
            sheet.write_number(*place, one.value, style)


def _quotient(line: int) -> str:
    """Return the live rate, rounded as the figures are."""
    return f'=IF(H{line}=0,"{NOTHING}",ROUND(G{line}/H{line},4))'


def _sum_of_levels(members: Sequence[Figure], figures: NarrativeFigures) -> int:
    values: list[FigureValue] = [figures.values[one.name] for one in members if one.scope != TOTAL]
    return sum(one.numerator or 0 for one in values)


def _write_paragraphs(
    workbook: Workbook, styles: Styles, form: NarrativeForm, order: ReportOrder, *, figures: NarrativeFigures
) -> None:
    sheet = workbook.add_worksheet("Text" if order.language == "en" else "Nội dung")
    set_up_page(sheet, landscape=False)
    sheet.set_column(0, 0, PARAGRAPH_WIDTH)
    sheet.write_string(0, 0, form.head.title[order.language], styles.of(bold=True, font_size=13, text_wrap=True))
    sheet.set_row(0, 24)
    style = styles.of(font_size=13, text_wrap=True, align="justify", valign="top")
    for at, paragraph in enumerate(figures.paragraphs, start=2):
        sheet.write_string(at, 0, paragraph, style)
        sheet.set_row(at, height_of(paragraph, CHARACTERS, line_pt=LINE_PT) + LINE_PT / 2)
