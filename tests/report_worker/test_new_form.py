"""A form nobody foresaw, of an issuer nobody foresaw, comes in as data."""

import json
from datetime import date
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from report_worker.domain.reports import FileFormat
from report_worker.forms.reading import ContradictoryForm, read_forms
from report_worker.render.files import render_files
from tests.report_worker.given import content, order


def _words(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def _column(code: str, caption: str, source: str) -> dict[str, Any]:
    return {"code": code, "heading": [_words("Hồ sơ", "Dossiers"), _words(caption, caption)], "source": source}


MINISTRY_FORM = {
    "code": "BTP.01",
    "version": 1,
    "kind": "columns",
    "title": _words("Kết quả giải quyết thủ tục hành chính", "Handling of procedures"),
    "official_code": "01/BTP/TTHC",
    "issuer": _words("Bộ Tư pháp", "Ministry of Justice"),
    "legal_source": _words("Thông tư của Bộ Tư pháp", "Circular of the Ministry of Justice"),
    "valid_from": "2027-01-01",
    "valid_to": None,
    "measured_in": _words("Hồ sơ", "dossiers"),
    "labels": [
        {"code": "A", "heading": [_words("TT", "No.")]},
        {"code": "B", "heading": [_words("Lĩnh vực", "Field")]},
    ],
    "columns": [
        _column("1", "Tổng số", "received"),
        _column("2", "Trực tuyến", "received_online"),
        _column("3", "Khác", "received_direct + received_postal"),
    ],
    "identities": ["1 = 2 + 3"],
}


def _kept(folder: Path, **bodies: Any) -> Path:
    for name, body in bodies.items():
        (folder / f"{name}.json").write_text(json.dumps(body))
    return folder


def test_a_form_of_another_ministry_is_made_without_code(tmp_path: Path) -> None:
    form = read_forms(_kept(tmp_path, btp=MINISTRY_FORM)).get("BTP.01")
    wanted = order(form)

    rendered = render_files(form, wanted, content(form, wanted))

    told = json.loads(rendered[FileFormat.JSON])
    assert told["figures"]["total"]["columns"] == {"1": 37588, "2": 1980, "3": 35608}
    assert all(check["holds"] for check in told["checks"])
    sheet = openpyxl.load_workbook(BytesIO(rendered[FileFormat.XLSX]))["BTP.01"]
    assert [sheet["A1"].value, sheet["A2"].value] == ["Biểu số 01/BTP/TTHC", "Bộ Tư pháp"]
    assert "(1)=(2)+(3)" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert rendered[FileFormat.PDF].startswith(b"%PDF-")


def test_a_successor_takes_over_on_its_first_day(tmp_path: Path) -> None:
    second = {**MINISTRY_FORM, "version": 2, "valid_from": "2028-01-01"}
    first = {**MINISTRY_FORM, "valid_to": "2028-01-01"}
    forms = read_forms(_kept(tmp_path, first=first, second=second))

    days = (date(2027, 12, 31), date(2028, 1, 1))

    assert [forms.get("BTP.01", on=day).head.version for day in days] == [1, 2]
    assert forms.get("BTP.01", version=1, on=days[1]).head.version == 1


def test_a_target_held_against_no_figure_of_the_form_stops_the_start_up(tmp_path: Path) -> None:
    shipped = json.loads((files("report_worker.forms") / "cchc.json").read_text())

    with pytest.raises(ContradictoryForm, match="on_tyme"):
        read_forms(_kept(tmp_path, own={**shipped, "judged": {"on_time_rate": "on_tyme_rate_total"}}))


def test_a_provinces_own_letterhead_comes_first(tmp_path: Path) -> None:
    letterhead = {
        "prefix": "Tỉnh Lai Châu",
        "valid_from": "2004-01-01",
        "valid_to": None,
        "superior": _words("Ủy ban nhân dân tỉnh Lai Châu", "People's Committee of Lai Châu"),
        "agency": _words("Sở Nội vụ", "Department of Home Affairs"),
        "in_text": _words("tỉnh Lai Châu", "Lai Châu"),
        "place": "Lai Châu",
        "symbol": "BC-SNV",
        "signature": [_words("GIÁM ĐỐC", "DIRECTOR")],
        "recipients": [_words("Bộ Nội vụ;", "Ministry of Home Affairs;")],
    }
    form = read_forms(_kept(tmp_path, heads={"kind": "letterheads", "letterheads": [letterhead]})).get("cchc")

    figures: Any = content(form).figures

    assert (figures.cover.superior, figures.cover.agency) == ("Ủy ban nhân dân tỉnh Lai Châu", "SỞ NỘI VỤ")
    assert figures.cover.number.endswith("/BC-SNV")
    assert figures.blocks[0].text.count("Sở Nội vụ báo cáo kết quả") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"block": "text", "vi": "{recieved_total}", "en": ""},
        {"block": "text", "vi": "x", "en": "", "when": "recieved_total"},
        {"block": "table", "caption": _words("", ""), "lines": ["recieved"]},
        {"block": "text", "vi": "{recieved:levels}", "en": ""},
    ],
    ids=["figure", "condition", "line of a table", "line in words"],
)
def test_words_that_name_no_figure_stop_the_start_up(tmp_path: Path, change: dict[str, Any]) -> None:
    shipped = json.loads((files("report_worker.forms") / "cchc.json").read_text())

    with pytest.raises(ContradictoryForm, match="recieved"):
        read_forms(_kept(tmp_path, own={**shipped, "blocks": [change]}))
