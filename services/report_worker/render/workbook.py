"""What the workbooks share: styles, the same bytes each time, the sheet of checks."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from report_worker.domain.checking import Check
from report_worker.domain.explaining import explain, in_words, name_of_group
from report_worker.domain.forms import Form
from report_worker.domain.printing import print_day, print_period
from report_worker.domain.reports import Content, ReportOrder

# A file tells no time of making, or the same report would not give the same bytes.
FIXED = datetime(2020, 1, 1)  # noqa: DTZ001 - xlsxwriter wants a naive instant
A4 = 9
FONT = "Times New Roman"
FONT_SIZE = 11
COUNT_FORMAT = "#,##0_)"
RATE_FORMAT = "0.00%_)"
HEADING_FILL = "#E8EEF7"
LEVEL_FILL = "#F5F5F5"
BAD_FILL = "#FBE3E0"
CHECK_WIDTHS = (84, 18, 12, 12, 14)
MARGINS_IN = {"left": 0.6, "right": 0.4, "top": 0.6, "bottom": 0.6}


@dataclass
class Styles:
    """Formats of one workbook, each built once however often it is asked for."""

    workbook: Workbook

    def __post_init__(self) -> None:
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        """Return the format of these properties over the common type."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            common = {"font_name": FONT, "font_size": FONT_SIZE, "valign": "vcenter"}
            self._made[key] = self.workbook.add_format({**common, **properties})
        return self._made[key]

    def cell(self, **properties: Any) -> Format:
        """Return the format of a bordered cell."""
        return self.of(border=1, **properties)

    def number(self, num_format: str = COUNT_FORMAT, **properties: Any) -> Format:
        """Return the format of a bordered number."""
        return self.cell(num_format=num_format, align="right", **properties)

    def words(self, **properties: Any) -> Format:
        """Return the format of a bordered text."""
        return self.cell(align="left", indent=1, text_wrap=True, **properties)

    def heading(self) -> Format:
        """Return the format of a table's heading."""
        return self.cell(bold=True, align="center", text_wrap=True, bg_color=HEADING_FILL)


@contextmanager
def open_workbook(title: str) -> Iterator[tuple[Workbook, Styles, BytesIO]]:
    """Open a workbook in memory; its bytes are in the stream once the block is left."""
    stream = BytesIO()
    options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE}}
    with xlsxwriter.Workbook(stream, options) as workbook:
        workbook.set_properties({"title": title, "created": FIXED})
        yield workbook, Styles(workbook), stream


def set_up_page(sheet: Worksheet, *, landscape: bool) -> None:
    """Print on A4, as wide as the paper, pages numbered at their foot."""
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(**MARGINS_IN)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer('&C&"Times New Roman"&9&P/&N')
    sheet.hide_gridlines(2)


def height_of(text: str, width: float, *, line_pt: float = 15.0) -> float:
    """Return the height of a row whose text wraps in a column of `width` characters, in points.

    Written out for every such row, since a sheet with a font of its own has rows of one height.
    """
    lines = sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))
    return line_pt * lines + 1


def title_of_period(order: ReportOrder) -> str:
    """Return the line that names the period by its days, both inclusive."""
    first, last = (print_day(day, order.language) for day in (order.period.start, order.period.last))
    name = print_period(order.period_name, order.language)
    if order.language == "en":
        return f"Period: {name} ({first} to {last})" if name else f"Period: {first} to {last}"
    days = f"từ ngày {first} đến hết ngày {last}"
    return f"Kỳ báo cáo: {name} ({days})" if name else f"Kỳ báo cáo: {days}"


def source_line(order: ReportOrder, content: Content) -> str:
    """Return the line that lets anybody make the report again."""
    as_of = print_day(order.as_of, order.language)
    known = print_day(order.known_at, order.language) if order.known_at else None
    if order.language == "en":
        until = f", as known by the close of {known}" if known else ""
        return f"State at the close of {as_of}{until}; events complete up to position {content.through.position}."
    until = f", theo dữ liệu ghi nhận đến hết ngày {known}" if known else ""
    return f"Số liệu tính đến hết ngày {as_of}{until}; đầy đủ sự kiện đến vị trí {content.through.position}."


def write_checks(workbook: Workbook, styles: Styles, form: Form, order: ReportOrder, content: Content) -> None:
    """Add the sheet that lists each identity and whether it holds.

    Signs and ranges are listed only where they fail, since there is one for every number.
    """
    english = order.language == "en"
    sheet = workbook.add_worksheet("Checks" if english else "Kiểm tra")
    set_up_page(sheet, landscape=True)
    for column, width in enumerate(CHECK_WIDTHS):
        sheet.set_column(column, column, width)
    heads = ("Identity", "Where", "Left", "Right", "Result") if english else (
        "Đẳng thức", "Phạm vi", "Vế trái", "Vế phải", "Kết quả")  # fmt: skip
    sheet.write_row(0, 0, heads, styles.heading())
    sheet.repeat_rows(0)
    listed = [check for check in content.checks if not check.verdict.holds or not _is_range(check)]
    for line, check in enumerate(listed, start=1):
        _write_check(sheet, line, check, form=form, styles=styles, english=english)
    silent = len(content.checks) - len(listed)
    note = f"No count is negative and no rate above 100% ({silent} checks)." if english else (
        f"Không có số âm, không có tỷ lệ vượt 100% ({silent} phép kiểm tra).")  # fmt: skip
    sheet.write(len(listed) + 2, 0, note, styles.of(italic=True))
    _write_messages(sheet, len(listed) + 3, content.checks, form=form, order=order, styles=styles)


def _is_range(check: Check) -> bool:
    return check.verdict.identity.startswith("0 <= ") or check.verdict.identity.endswith(" <= 1")


def _write_check(sheet: Worksheet, line: int, check: Check, *, form: Form, styles: Styles, english: bool) -> None:
    verdict, language = check.verdict, "en" if english else "vi"
    fill = {} if verdict.holds else {"bg_color": BAD_FILL}
    words = {True: ("đúng", "holds"), False: ("KHÔNG ĐÚNG", "FAILS")}[verdict.holds]
    identity = in_words(verdict.identity, form, language)
    sheet.set_row(line, height_of(identity, CHECK_WIDTHS[0]))
    sheet.write_string(line, 0, identity, styles.words(**fill))
    sheet.write_string(line, 1, _where(check, language), styles.words(**fill))
    number = styles.number(RATE_FORMAT if isinstance(verdict.left, float) else COUNT_FORMAT, **fill)
    sheet.write_number(line, 2, verdict.left, number)
    sheet.write_number(line, 3, verdict.right, number)
    sheet.write_string(line, 4, words[english], styles.cell(align="center", **fill))


def _where(check: Check, language: str) -> str:
    if not check.group:
        return "Whole report" if language == "en" else "Toàn báo cáo"
    return name_of_group(check.group, language)


def _write_messages(
    sheet: Worksheet, first: int, checks: tuple[Check, ...], *, form: Form, order: ReportOrder, styles: Styles
) -> None:
    failing = [check for check in checks if not check.verdict.holds]
    for line, check in enumerate(failing, start=first):
        message = explain(check.verdict, form, group=check.group, language=order.language)
        sheet.write_string(line, 0, message, styles.of(font_color="#9C1C12"))
