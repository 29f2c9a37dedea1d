import hashlib
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from report_worker.domain.figures import TableFigures
from report_worker.domain.forms import Form
from report_worker.domain.reports import FileFormat
from report_worker.render.files import render_files
from report_worker.render.heading_grid import HeadingCell, heading_cells
from report_worker.store.reports import _CONTENT
from tests.report_worker.given import NARRATIVE, PRINTED, TABLE, content, order

Rendered = dict[FileFormat, bytes]


def _rendered(form: Form, **changes: Any) -> Rendered:
    wanted = order(form, **changes)
    return render_files(form, wanted, content(form, wanted))


def _sheet(rendered: Rendered, name: str, *, cached: bool = False) -> Worksheet:
    sheet: Worksheet = openpyxl.load_workbook(BytesIO(rendered[FileFormat.XLSX]), data_only=cached)[name]
    return sheet


def _texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("form", [TABLE, NARRATIVE], ids=["II.06a", "cchc"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_same_report_gives_the_same_bytes(form: Form, language: str) -> None:
    hashes = [
        {kind: hashlib.sha256(body).hexdigest() for kind, body in _rendered(form, language=language).items()}
        for _time in range(2)
    ]

    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("form", [TABLE, NARRATIVE], ids=["II.06a", "cchc"])
def test_a_report_that_was_stored_renders_as_before(form: Form) -> None:
    wanted = order(form, compare_with=PRINTED if form is NARRATIVE else None)
    made = content(form, wanted)
    stored = json.loads(json.dumps(_CONTENT.dump_python(made, mode="json")))

    assert render_files(form, wanted, _CONTENT.validate_python(stored)) == render_files(form, wanted, made)


def test_the_table_is_headed_numbered_and_printed_as_the_official_form() -> None:
    sheet = _sheet(_rendered(TABLE), "II.06a")

    texts = _texts(sheet)
    assert texts[:5] == [
        "Biểu số II.06a/VPCP/KSTT",
        "Đơn vị báo cáo: Tỉnh Lai Châu",
        "Văn phòng Chính phủ",
        "Đơn vị tính: Hồ sơ TTHC",
        "Thông tư số 01/2020/TT-VPCP ngày 21/10/2020",
    ]
    assert "Kỳ báo cáo: 6 tháng đầu năm 2020 (từ ngày 1/1/2020 đến hết ngày 30/6/2020)" in texts
    assert [cell.value for cell in sheet[10]] == [
        "(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)",
        "(11)=(12)+(13)", "(12)", "(13)",
    ]  # fmt: skip
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$7:$10"
    assert {cell.font.name for row in sheet["A1:M25"] for cell in row} == {"Times New Roman"}


def test_the_live_sums_come_to_their_cached_values_and_to_the_figures() -> None:
    rendered = _rendered(TABLE)
    live, cached = (_sheet(rendered, "II.06a", cached=one) for one in (False, True))
    figures = content(TABLE).figures
    assert isinstance(figures, TableFigures)

    formulas = [cell for row in live.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert len(formulas) == (3 + 1) * 11
    assert all(_recalculated(live, str(cell.value)) == cached[cell.coordinate].value for cell in formulas)
    total = next(row for row in cached.iter_rows(values_only=True) if row[1] == "Tổng số" and not row[0])
    assert list(total[2:13]) == list(figures.total.columns.values())


def test_parts_without_a_column_and_transfers_are_printed() -> None:
    texts = _texts(_sheet(_rendered(TABLE), "II.06a"))

    assert "Trong đó (9): Công dân, tổ chức rút hồ sơ" in texts
    assert "Trong đó (12): Chờ bổ sung hồ sơ hoặc thực hiện nghĩa vụ tài chính" in texts
    assert any(text.startswith("(*) Cột 6 gồm") and text.endswith("10 + 3 − 13.") for text in texts)


def test_rates_of_the_narrative_are_live_and_rounded() -> None:
    rendered = _rendered(NARRATIVE)
    live, cached = (_sheet(rendered, "Số liệu", cached=one) for one in (False, True))
    captions = [row[1] for row in live.iter_rows(values_only=True)]
    line = captions.index("Tỷ lệ đúng hạn trên hồ sơ đã giải quyết") + 1

    assert live.cell(line, 6).value == f'=IF(H{line}=0,"—",ROUND(G{line}/H{line},4))'
    assert (cached.cell(line, 6).value, cached.cell(line, 7).value, cached.cell(line, 8).value) == (
        0.9964,
        35596,
        35726,
    )


def test_the_comparison_sheet_tells_what_was_left_out_and_what_fails() -> None:
    sheet = _sheet(_rendered(NARRATIVE, compare_with=PRINTED), "Đối chiếu")

    rows = {row[0]: row[1:5] for row in sheet.iter_rows(values_only=True)}
    assert rows["Hồ sơ đã quá hạn mà chưa giải quyết xong (tổng số)"] == ("—", 847, "—", "báo cáo không nêu")
    assert rows["Dịch vụ công đăng tải"] == (2007, 2077, -70, "LỆCH")
    assert rows["Hồ sơ đã giải quyết (tổng số)"] == (35801, 35801, 0, "khớp")
    assert any("phải là 847" in str(text) for text in rows)


def test_without_a_printed_report_there_is_no_comparison_sheet() -> None:
    book = openpyxl.load_workbook(BytesIO(_rendered(NARRATIVE)[FileFormat.XLSX]))

    assert book.sheetnames == ["Số liệu", "Nội dung", "Kiểm tra"]


@pytest.mark.parametrize("form", [TABLE, NARRATIVE], ids=["II.06a", "cchc"])
def test_an_english_report_holds_no_vietnamese(form: Form) -> None:
    rendered = _rendered(form, language="en", unit_name="Lai Chau")
    book = openpyxl.load_workbook(BytesIO(rendered[FileFormat.XLSX]))
    # Laws, plans and fields are cited by their official names.
    legal = ("Decree", "Circular", "Kế hoạch số 447", "Đất đai", "Lý lịch tư pháp", "Hộ tịch", "Chứng thực")

    foreign = [
        text
        for sheet in book
        for text in _texts(sheet)
        if re.search(r"[ăâđêôơưáàảãạ]", text.lower()) and not any(one in text for one in legal)
    ]

    assert foreign == []


def test_a_heading_is_merged_where_neighbours_share_it() -> None:
    cells = heading_cells([["No."], ["In", "Total"], ["In", "New", "Online"], ["In", "New", "Paper"], ["Out", "Total"]])

    assert cells == [
        HeadingCell("No.", 0, 0, 2, 0),
        HeadingCell("In", 0, 1, 0, 3),
        HeadingCell("Out", 0, 4, 0, 4),
        HeadingCell("Total", 1, 1, 2, 1),
        HeadingCell("New", 1, 2, 1, 3),
        HeadingCell("Total", 1, 4, 2, 4),
        HeadingCell("Online", 2, 2, 2, 2),
        HeadingCell("Paper", 2, 3, 2, 3),
    ]


def _recalculated(sheet: Worksheet, formula: str) -> int:
    """Work out the two kinds of sums the table uses: of a range, and of single cells."""
    if match := re.fullmatch(r"=SUM\((\w+):(\w+)\)", formula):
        cells = [cell for row in sheet[f"{match[1]}:{match[2]}"] for cell in row]
    else:
        cells = [sheet[name] for name in formula.removeprefix("=").split("+")]
    value: Callable[[Any], int] = lambda cell: (  # noqa: E731 - recursion in one line
        _recalculated(sheet, cell.value) if isinstance(cell.value, str) else cell.value
    )
    return sum(map(value, cells))
