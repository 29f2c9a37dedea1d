"""The sheet that holds a report against the one somebody printed."""

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from report_worker.domain.comparing import Agreement, Compared, Comparison
from report_worker.domain.explaining import explain
from report_worker.domain.forms import Form
from report_worker.domain.printing import NOTHING
from report_worker.domain.reports import ReportOrder
from report_worker.render.workbook import BAD_FILL, COUNT_FORMAT, RATE_FORMAT, Styles, height_of, set_up_page

HEADINGS = {
    "vi": ("Chỉ tiêu", "Đã công bố", "Hệ thống tính", "Chênh lệch", "Kết luận"),
    "en": ("Figure", "Printed", "Computed", "Difference", "Finding"),
}
FINDINGS = {
    "vi": {
        Agreement.AGREES: "khớp",
        Agreement.DIFFERS: "LỆCH",
        Agreement.NOT_PRINTED: "báo cáo không nêu",
    },
    "en": {Agreement.AGREES: "agrees", Agreement.DIFFERS: "DIFFERS", Agreement.NOT_PRINTED: "left out"},
}
FILLS = {
    Agreement.AGREES: {},
    Agreement.DIFFERS: {"bg_color": BAD_FILL},
    Agreement.NOT_PRINTED: {"bg_color": "#FFF4D6"},
}
WIDTHS = (66, 13, 13, 13, 20)


def write_comparison(
    workbook: Workbook, styles: Styles, form: Form, order: ReportOrder, *, comparison: Comparison
) -> None:
    """Add the sheet: first the printed sums that fail, then every figure in the form's order."""
    sheet = workbook.add_worksheet("Comparison" if order.language == "en" else "Đối chiếu")
    set_up_page(sheet, landscape=True)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    words = "Compared with" if order.language == "en" else "Đối chiếu với"
    last = len(WIDTHS) - 1
    title = f"{words}: {comparison.title}"
    sheet.merge_range(0, 0, 0, last, title, styles.of(bold=True, font_size=13, text_wrap=True))
    sheet.set_row(0, height_of(title, sum(WIDTHS) - 20, line_pt=18))
    line = _write_failures(sheet, styles, form, order, comparison=comparison)
    sheet.repeat_rows(line)
    sheet.write_row(line, 0, HEADINGS[order.language], styles.heading())
    for at, one in enumerate(comparison.figures, start=line + 1):
        _write_compared(sheet, at, one, form=form, order=order, styles=styles)


def _write_failures(sheet: Worksheet, styles: Styles, form: Form, order: ReportOrder, *, comparison: Comparison) -> int:
    """Write one line a failing sum of the printed report; return the line its table starts at."""
    last, failures = len(WIDTHS) - 1, comparison.failures
    english = order.language == "en"
    none = "The printed sums hold." if english else "Các tổng trong báo cáo đã công bố đều khớp."
    some = "Sums that fail in the printed report:" if english else "Các tổng không khớp trong báo cáo đã công bố:"
    sheet.merge_range(2, 0, 2, last, some if failures else none, styles.of(bold=True))
    style = styles.of(text_wrap=True, font_color="#9C1C12")
    for at, check in enumerate(failures, start=3):
        message = explain(check.verdict, form, group=check.group, language=order.language)
        sheet.merge_range(at, 0, at, last, message, style)
        sheet.set_row(at, height_of(message, sum(WIDTHS)))
    return 4 + len(failures)


def _write_compared(
    sheet: Worksheet, at: int, one: Compared, *, form: Form, order: ReportOrder, styles: Styles
) -> None:
    fill = FILLS[one.status]
    style = styles.number(RATE_FORMAT if form.is_rate(one.name) else COUNT_FORMAT, **fill)
    numbers = (one.printed, one.computed, one.difference)
    sheet.write_string(at, 0, form.caption_of(one.name)[order.language], styles.words(**fill))
    for column, number in enumerate(numbers, start=1):
        sheet.write(at, column, NOTHING if number is None else number, style)
    sheet.write_string(at, 4, FINDINGS[order.language][one.status], styles.cell(align="center", **fill))
