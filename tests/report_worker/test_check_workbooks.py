"""An uploaded workbook of a form, ours or one typed by hand, is checked like typed figures."""

from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest

from tests.report_worker.given import PRINTED, report_body
from tests.support.problems import assert_problem

Make = Callable[[str], Awaitable[Mapping[str, Any]]]
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HAND_TYPED: list[list[Any]] = [
    ["BÁO CÁO TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"],
    [],
    ["STT", "Lĩnh vực", "Tổng số", "Trực tuyến", "Trực tiếp", "Kỳ trước", "Tổng", "Trước hạn", "Đúng hạn", "Quá hạn"],
    ["(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)", "(7)=(8)+(9)+(10)", "(8)", "(9)", "(10)", "(11)=(12)+(13)",
     "(12)", "(13)"],
    ["I", "Cấp xã", "1.010", 10, "1.000", 0, 1000, 400, 600, 0, 10, 10, 0],
    [1, "Hộ tịch", 610, 10, 600, 0, 600, 300, 300, 0, 10, 10, 0],
    [2, "Chứng thực", 400, 0, 400, "-", 400, 100, 300, 0, 0, 0, 0],
    [None, "Trong đó: rút hồ sơ", None, None, None, None, None, None, 7],
    [None, "Tổng cộng", 1010, 10, 1000, 0, 1000, 400, 600, 0, 10, 10, 0],
    ["Người lập biểu"],
]  # fmt: skip


def _xlsx(rows: list[list[Any]]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)  # type: ignore[union-attr]
    return _saved(workbook)


def _saved(workbook: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _with(row: int, column: int, value: Any) -> bytes:
    rows = [list(one) for one in HAND_TYPED]
    rows[row][column] = value
    return _xlsx(rows)


async def _upload(client: httpx.AsyncClient, content: bytes, form: str | None = "II.06a") -> httpx.Response:
    query = {"form": form} if form else {}
    return await client.post("/v1/report-checks", content=content, params=query, headers={"Content-Type": MEDIA_TYPE})


@pytest.fixture
def ours(client: httpx.AsyncClient, make: Make) -> Callable[[str], Awaitable[bytes]]:
    """Return what makes a report of a form and fetches its workbook."""

    async def fetched(form: str) -> bytes:
        ordered = (await client.post("/v1/reports", json=report_body(form=form))).json()
        report = await make(ordered["id"])
        return (await client.get(report["files"]["xlsx"])).content

    return fetched


@pytest.mark.parametrize("form", ["II.06a", "II.07b", "cchc"])
async def test_our_own_workbook_holds(
    client: httpx.AsyncClient, ours: Callable[[str], Awaitable[bytes]], form: str
) -> None:
    answer = (await _upload(client, await ours(form), form)).json()

    assert (answer["holds"], answer["failures"]) == (True, [])
    assert answer["judged"] > 20


async def test_a_cell_typed_over_in_our_workbook_is_found(
    client: httpx.AsyncClient, ours: Callable[[str], Awaitable[bytes]]
) -> None:
    workbook = openpyxl.load_workbook(BytesIO(await ours("cchc")))
    sheet = workbook["Số liệu"]
    (row,) = [row for row in sheet.iter_rows() if row[1].value == "Dịch vụ công đăng tải"]
    row[5].value = 2007

    answer = (await _upload(client, _saved(workbook), "cchc")).json()

    (failure,) = answer["failures"]
    assert failure["cells"] == {
        "services_total": 2007, "services_level_1_2": 1941, "services_level_3": 63, "services_level_4": 73
    }  # fmt: skip
    assert (failure["kind"], failure["suspect"], failure["should_be"]) == ("mistyped_digit", "services_total", 2077)


async def test_a_workbook_typed_by_hand_is_read(client: httpx.AsyncClient) -> None:
    answer = (await _upload(client, _xlsx(HAND_TYPED))).json()

    assert (answer["holds"], answer["failures"]) == (True, [])


@pytest.mark.parametrize(
    ("row", "column", "value", "found"),
    [
        (5, 7, 200, ("7 = 8 + 9 + 10", {"level": "commune", "field": "hộ tịch"}, "mistyped_digit")),
        (6, 2, 40, ("3 = 4 + 5 + 6", {"level": "commune", "field": "chứng thực"}, "mistyped_digit")),
        (8, 6, 1100, ("[7] = Σ levels [7]", {}, "mistyped_digit")),
        (4, 2, 1100, ("[3] = Σ fields [3]", {"level": "commune"}, "transposed_digits")),
    ],
)
async def test_a_mistake_in_a_workbook_typed_by_hand_is_named(
    client: httpx.AsyncClient, row: int, column: int, value: Any, found: tuple[str, dict[str, str], str]
) -> None:
    answer = (await _upload(client, _with(row, column, value))).json()

    assert found in [(one["identity"], one["group"], one["kind"]) for one in answer["failures"]]


async def test_a_single_line_of_totals_is_enough(client: httpx.AsyncClient) -> None:
    rows = [HAND_TYPED[3], [None, None, 37588, None, None, None, 35801, None, None, None, 1787, 940]]

    (failure,) = (await _upload(client, _xlsx(rows))).json()["failures"]

    assert (failure["identity"], failure["kind"], failure["should_be"]) == ("11 = 12 + 13", "silent_remainder", 847)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b,c", "not an XLSX workbook"),
        (_xlsx([["Báo cáo"], ["không có số cột"]]), "no row holds the column numbers of form II.06a"),
        (_xlsx([HAND_TYPED[3], ["Cộng"]]), "no line below the column numbers holds a number"),
        (_with(5, 3, "mười"), "«mười» is no number"),
    ],
    ids=["csv", "no-column-numbers", "no-line-of-figures", "a-word-for-a-number"],
)
async def test_what_is_no_workbook_of_the_form_is_refused(
    client: httpx.AsyncClient, content: bytes, reason: str
) -> None:
    assert_problem(await _upload(client, content), 422, "unreadable-workbook", reason=reason)


async def test_an_upload_must_name_its_form(client: httpx.AsyncClient) -> None:
    response = await _upload(client, _xlsx(HAND_TYPED), None)

    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (422, "form")


async def test_another_media_type_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/report-checks", content=b"a,b", headers={"Content-Type": "text/csv"})

    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (422, "content-type")


async def test_both_sections_of_the_printed_report_are_diagnosed(client: httpx.AsyncClient) -> None:
    tthc = await client.post("/v1/report-checks", json={"form": "cchc", "figures": PRINTED.figures})
    services = {"services_total": 2034, "services_level_1_2": 2090, "services_level_3": 63, "services_level_4": 73}
    section_on_it = await client.post("/v1/report-checks", json={"form": "cchc", "figures": services})

    found = [(one["kind"], one["difference"]) for one in tthc.json()["failures"]]
    assert found == [("mistyped_digit", -70), ("silent_remainder", 847)]
    assert [(one["kind"], one["difference"]) for one in section_on_it.json()["failures"]] == [("mixed_dates", -192)]
