import hashlib
import os
import re
import subprocess
import sys
from datetime import datetime
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from report_worker.domain.figures import NarrativeFigures
from report_worker.domain.forms import Form, NarrativeForm
from report_worker.domain.numbers import Numbers
from report_worker.domain.reports import FileFormat
from report_worker.render import typesetting
from report_worker.render.files import formats_of, render_files
from report_worker.render.typesetting import TypesettingWarned, typeset_png
from tests.report_worker import given
from tests.report_worker.given import FORMS, NARRATIVE, REPORTED, content, order

SHIPPED = ["II.06a", "II.07b", "cchc", "cchc-5nam"]
# Numbers that stand in the form's own words: dates and numbers of laws, levels of services, labels.
LEGAL = re.compile(
    r"\d+/\d{4}/NĐ-CP ngày \d+/\d+/\d{4}|Kế hoạch số 447/KH-UBND ngày 18/4/2017|[Mm]ức độ 1, 2|MỨC ĐỘ 3, 4"
    r"|mức độ 3, 4|mức độ [34]|(Bảng|Biểu đồ) \d\."
)


def _numbers() -> Numbers:
    base = given.numbers()
    whole = Numbers({**base.cells, (): {**base.cells[()], **REPORTED}})
    years = {f"{year}": whole for year in range(2016, 2021)}
    return Numbers(whole.cells, {"year_ago": whole, "previous": whole, **years})


def _rendered(form: Form, language: str = "vi") -> dict[FileFormat, bytes]:
    wanted = order(form, language=language)
    return render_files(form, wanted, content(form, wanted, _numbers()))


def _word() -> Document:
    return docx.Document(BytesIO(_rendered(NARRATIVE)[FileFormat.DOCX]))


def _hashes(code: str) -> dict[str, str]:
    return {kind.value: hashlib.sha256(body).hexdigest() for kind, body in _rendered(FORMS.get(code)).items()}


@pytest.mark.parametrize("code", SHIPPED)
def test_another_process_renders_the_same_bytes(code: str) -> None:
    script = f"from tests.report_worker.render.test_documents import _hashes; print(_hashes({code!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Lima", "SOURCE_DATE_EPOCH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment, timeout=60
    )

    assert done.stdout.strip() == str(_hashes(code))


@pytest.mark.parametrize("code", SHIPPED)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_form_is_rendered_in_all_its_formats(code: str, language: str) -> None:
    rendered = _rendered(FORMS.get(code), language)

    assert tuple(rendered) == formats_of(FORMS.get(code))
    assert rendered[FileFormat.PDF].startswith(b"%PDF-")


def test_only_a_narrative_is_a_letter() -> None:
    assert [code for code in SHIPPED if FileFormat.DOCX in formats_of(FORMS.get(code))] == ["cchc"]


def test_each_number_of_the_word_document_is_a_control_that_names_its_figure() -> None:
    figures = content(NARRATIVE, of=_numbers()).figures
    assert isinstance(figures, NarrativeFigures)
    assert isinstance(NARRATIVE, NarrativeForm)
    controls = list(_word().element.body.iter(qn("w:sdt")))

    bound = [(one.find(f".//{qn('w:tag')}").get(qn("w:val")), _text(one)) for one in controls]

    printed = {name: text for name, text in bound if name in NARRATIVE.names}
    assert printed["received_total"] == "37.588"
    assert printed["open_overdue_total"] == "847"
    assert all(_read(text) == figures.values[name].value for name, text in printed.items())


def test_no_number_of_the_word_document_stands_outside_its_controls() -> None:
    body = _word().element.body
    for control in list(body.iter(qn("w:sdt"))):
        control.getparent().remove(control)

    texts = ["".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p"))]
    loose = [text for text in texts if re.search(r"\d", LEGAL.sub("", text))]

    # The frame tells the year and its period, a heading its columns, the last note its source.
    assert [text.replace("\u00a0", "") for text in loose] == [
        "Lai Châu, ngày tháng 7 năm 2020",
        "Kết quả cải cách thủ tục hành chính và thực hiện cơ chế một cửa, một cửa liên thông 6 tháng đầu năm 2020",
        "Cùng kỳ năm 2019",
        "6 tháng cuối năm 2019",
        "Ghi chú: Số liệu tính đến hết ngày 30/6/2020; đầy đủ sự kiện đến vị trí 91234.",
    ]


def _text(node: docx.oxml.xmlchemy.BaseOxmlElement) -> str:
    return "".join(one.text or "" for one in node.iter(qn("w:t")))


def _read(text: str) -> float | None:
    """Read a number as Vietnamese print it."""
    if text == "—":
        return None
    plain = text.rstrip("%").replace(".", "").replace(",", ".")
    return round(float(plain) / 100, 4) if text.endswith("%") else int(plain)


def test_the_page_is_that_of_the_decree() -> None:
    """Rule: NĐ 30/2020/NĐ-CP, Phụ lục I, mục I."""
    section = _word().sections[0]

    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in (section.page_width, section.page_height) if one is not None] == [210, 297]
    assert [round(one.mm) for one in sides if one is not None] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    assert [one.text for one in section.first_page_header.paragraphs] == [""]
    assert "PAGE" in section.header._element.xml


def test_the_frame_is_that_of_the_decree() -> None:
    document = _word()

    left, right = (cell.text.split("\n") for cell in document.tables[0].rows[0].cells)
    assert (left[:2], left[-1].replace("\u00a0", "")) == (["ỦY BAN NHÂN DÂN", "TỈNH LAI CHÂU"], "Số:/BC-UBND")
    assert right[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    recipients, signature = (cell.text.split("\n") for cell in document.tables[-1].rows[0].cells)
    assert (recipients[0], recipients[-1]) == ("Nơi nhận:", "- Lưu: VT, KSTT.")
    assert signature[:2] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_every_script_of_the_word_document_has_the_one_font() -> None:
    fonts = _word().styles["Normal"].element.rPr.rFonts

    assert dict(fonts.attrib) == {qn(f"w:{one}"): "Times New Roman" for one in ("ascii", "hAnsi", "cs", "eastAsia")}


def test_tables_repeat_their_heading_and_never_break_a_row() -> None:
    tables = _word().tables[1:-1]

    assert len(tables) == 3
    for table in tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_the_file_tells_no_time_of_making() -> None:
    properties = _word().core_properties

    assert properties.created.replace(tzinfo=None) == datetime(2020, 7, 1)  # noqa: DTZ001 - OOXML keeps no zone
    assert properties.author == "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU"


def test_the_chart_says_what_it_shows_to_who_cannot_see_it() -> None:
    shapes = _word().inline_shapes

    assert [one._inline.docPr.get("descr") for one in shapes] == [
        "Biểu đồ 1. Hồ sơ đang giải quyết theo cấp: chưa đến hạn và đã quá hạn"
    ]


def test_another_font_than_ours_fails_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_source", lambda _name: b'#set text(font: "Comic Sans MS")\nx')

    with pytest.raises(TypesettingWarned, match="comic sans"):
        typeset_png("picture", {})
