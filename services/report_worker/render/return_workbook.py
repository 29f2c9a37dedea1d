"""The workbook a unit fills in: its figures, and the identities among them live beside the cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from report_worker.domain.expressions import Expression
from report_worker.domain.identities import Identity
from report_worker.domain.reported import NIL, ReportableFigure, ReportingUnit
from report_worker.render.workbook import COUNT_FORMAT, Styles, open_workbook, set_up_page
from shared.periods import Period

# Read back by these names, so that a workbook says itself whose it is.
UNIT_CELL, PERIOD_CELL = "B2", "B3"
NAME_COLUMN, VALUE_COLUMN = 0, 2
FIRST_LINE = 6
LARGEST = 10**12
WORDS = {
    "vi": {
        "sheet": "Số liệu",
        "title": "Biểu thu thập số liệu",
        "unit": "Đơn vị",
        "period": "Kỳ",
        "heads": ("Mã", "Chỉ tiêu", "Số liệu"),
        "hint": f"Nhập số nguyên; không phát sinh thì nhập «{NIL}»; chưa có số liệu thì để trống.",
        "checks": ("Đẳng thức", "Kết quả"),
        "holds": "đúng",
        "fails": "KHÔNG ĐÚNG",
    },
    "en": {
        "sheet": "Figures",
        "title": "Return of figures",
        "unit": "Unit",
        "period": "Period",
        "heads": ("Code", "Figure", "Value"),
        "hint": f"Whole numbers; «{NIL}» for nothing to report; blank while there is no figure.",
        "checks": ("Identity", "Result"),
        "holds": "holds",
        "fails": "FAILS",
    },
}


@dataclass(frozen=True)
class BlankReturn:
    """What one unit is to report for a period, with what it has reported already."""

    unit: ReportingUnit
    period: Period
    figures: Sequence[ReportableFigure]
    identities: Sequence[Identity]
    sent: Mapping[str, int | str]
    language: str


def render_return(blank: BlankReturn) -> bytes:
    """Return the workbook to be filled in; only the value cells are open."""
    words = WORDS[blank.language]
    with open_workbook(str(words["title"])) as (workbook, styles, stream):
        sheet = workbook.add_worksheet(str(words["sheet"]))
        set_up_page(sheet, landscape=False)
        for column, width in enumerate((30, 62, 16)):
            sheet.set_column(column, column, width)
        _write_head(sheet, styles, blank)
        lines = {figure.name: FIRST_LINE + at for at, figure in enumerate(blank.figures)}
        _write_figures(sheet, styles, blank, lines)
        _write_checks(sheet, styles, blank, lines)
        sheet.protect(options={"format_columns": True})
    return stream.getvalue()


def _write_head(sheet: Worksheet, styles: Styles, blank: BlankReturn) -> None:
    words = WORDS[blank.language]
    sheet.write_string(0, 0, str(words["title"]), styles.of(bold=True, font_size=13))
    sheet.write_string(1, 0, str(words["unit"]), styles.of())
    sheet.write_string(UNIT_CELL, blank.unit.code, styles.of(bold=True))
    sheet.write_string(1, 2, blank.unit.name, styles.of())
    sheet.write_string(2, 0, str(words["period"]), styles.of())
    sheet.write_string(PERIOD_CELL, f"{blank.period.start}/{blank.period.end}", styles.of(bold=True))
    sheet.write_string(3, 0, str(words["hint"]), styles.of(italic=True))
    sheet.write_row(FIRST_LINE - 1, 0, words["heads"], styles.heading())
    sheet.freeze_panes(FIRST_LINE, 0)


def _write_figures(sheet: Worksheet, styles: Styles, blank: BlankReturn, lines: Mapping[str, int]) -> None:
    open_cell = styles.number(COUNT_FORMAT, locked=False, bg_color="#FFFBE6")
    for figure in blank.figures:
        line = lines[figure.name]
        sheet.write_string(line, NAME_COLUMN, figure.name, styles.words(font_color="#808080"))
        sheet.write_string(line, 1, figure.caption[blank.language], styles.words())
        sheet.write(line, VALUE_COLUMN, blank.sent.get(figure.name), open_cell)
        cell = f"C{line + 1}"
        rule = f'=OR({cell}="{NIL}",AND(ISNUMBER({cell}),{cell}>=0,{cell}<={LARGEST},{cell}=INT({cell})))'
        sheet.data_validation(line, VALUE_COLUMN, line, VALUE_COLUMN, {"validate": "custom", "value": rule})


def _write_checks(sheet: Worksheet, styles: Styles, blank: BlankReturn, lines: Mapping[str, int]) -> None:
    """Write each identity with a formula that judges it as the cells are filled; blank cells settle nothing."""
    words = WORDS[blank.language]
    captions = {figure.name: figure.caption[blank.language] for figure in blank.figures}
    top = FIRST_LINE + len(blank.figures) + 1
    sheet.write_row(top, 1, words["checks"], styles.heading())
    among = [one for one in blank.identities if all(name in lines for name in one.names)]
    for line, identity in enumerate(among, start=top + 1):
        spoken = " ".join(captions.get(token, token) for token in str(identity).split())
        sheet.write_string(line, 1, spoken, styles.words())
        cells = ",".join(f"C{lines[name] + 1}" for name in identity.names)
        judged = f"{_side(identity.left, lines)}{identity.relation}{_side(identity.right, lines)}"
        filled = f"COUNTA({cells})={len(identity.names)}"
        result = f'=IF({filled},IF({judged},"{words["holds"]}","{words["fails"]}"),"")'
        sheet.write_formula(line, VALUE_COLUMN, result, styles.cell(align="center"), "")


def _side(side: Expression, lines: Mapping[str, int]) -> str:
    """Return one side as a formula; N() takes a nil return for 0."""
    terms = "".join(f"{'+' if sign > 0 else '-'}N(C{lines[name] + 1})" for sign, name in side.terms)
    return f"({side.constant}{terms})"
