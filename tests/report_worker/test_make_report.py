from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest

from report_worker.clients.indicators import Indicators
from report_worker.domain.reports import FiguresKeptMoving
from report_worker.usecases.make_report import MOST_ATTEMPTS, Workshop, make_report
from shared.http.client import UpstreamUnavailable
from tests.report_worker.given import PRINTED, FakeFigures, report_body

Make = Callable[[str], Awaitable[Mapping[str, Any]]]


@pytest.fixture
async def ordered(client: httpx.AsyncClient) -> str:
    """Return the id of an ordered table."""
    return await _order(client)


async def _order(client: httpx.AsyncClient, **changes: Any) -> str:
    return str((await client.post("/v1/reports", json=report_body(**changes))).json()["id"])


async def test_a_made_table_bears_its_figures_checks_and_files(ordered: str, make: Make) -> None:
    report = await make(ordered)

    assert (report["state"], report["progress"]) == ("done", 1.0)
    assert report["through"] == {"position": 91234, "at": "2020-07-01T00:00:03+07:00"}
    assert report["figures"]["total"]["columns"] == {
        "3": 37588, "4": 1980, "5": 35608, "6": 0, "7": 35801, "8": 16300, "9": 19371, "10": 130, "11": 1787,
        "12": 940, "13": 847,
    }  # fmt: skip
    assert report["figures"]["rows"][0]["group"] == {"level": "province", "field": "Đất đai"}
    assert report["files"] == {kind: f"/v1/reports/{ordered}/files/{kind}" for kind in ("json", "xlsx", "pdf")}
    assert {check["identity"]: check["holds"] for check in report["checks"]} == {
        check["identity"]: True for check in report["checks"]
    }
    whole = [check for check in report["checks"] if check["identity"] == "11 = 12 + 13"]
    assert [(check["left"], check["right"], check["group"]) for check in whole] == [(1787, 1787, {})]


async def test_the_figures_are_asked_of_the_units_own_days(ordered: str, make: Make, figures: FakeFigures) -> None:
    await make(ordered)

    assert sorted(str(request.url) for request in figures.asked) == [
        "http://indicator/v1/counts?unit=H35&period=2020-01-01%2F2020-07-01&as_of=2020-06-30",
        "http://indicator/v1/counts?unit=H35&period=2020-01-01%2F2020-07-01&as_of=2020-06-30&group_by=level",
        "http://indicator/v1/counts?unit=H35&period=2020-01-01%2F2020-07-01&as_of=2020-06-30&group_by=level%2Cfield",
    ]


async def test_known_at_is_passed_on(client: httpx.AsyncClient, make: Make, figures: FakeFigures) -> None:
    await make(await _order(client, known_at="2020-07-15"))

    assert {request.url.params["known_at"] for request in figures.asked} == {"2020-07-15"}


async def test_the_narrative_tells_what_the_printed_report_left_out(client: httpx.AsyncClient, make: Make) -> None:
    printed = {"title": PRINTED.title, "figures": PRINTED.figures}

    report = await make(await _order(client, form="cchc", compare_with=printed))

    comparison = report["comparison"]
    by_name = {one["name"]: one for one in comparison["figures"]}
    assert by_name["open_overdue_total"] == {
        "name": "open_overdue_total",
        "caption": "Hồ sơ đã quá hạn mà chưa giải quyết xong (tổng số)",
        "computed": 847,
        "printed": None,
        "difference": None,
        "status": "not_printed",
    }
    assert by_name["services_total"]["difference"] == -70
    assert [failure["message"] for failure in comparison["failures"]] == [
        (
            "Dịch vụ công đăng tải = Dịch vụ công mức độ 1, 2 + Dịch vụ công mức độ 3 + Dịch vụ công mức độ 4 "
            "không đúng: vế trái 2.007, vế phải 2.077, chênh 70."
        ),
        (
            "Hồ sơ đang giải quyết (tổng số) = Hồ sơ chưa đến hạn giải quyết, kể cả chờ bổ sung (tổng số) + "
            "Hồ sơ đã quá hạn mà chưa giải quyết xong (tổng số) không đúng: vế trái 1.787, vế phải 940, chênh 847. "
            "Ô open_overdue_total (Hồ sơ đã quá hạn mà chưa giải quyết xong (tổng số)) để trống; phải là 847."
        ),
    ]


async def test_answers_of_different_positions_are_read_again(ordered: str, make: Make, figures: FakeFigures) -> None:
    figures.positions = [7, 7, 8, 9]

    report = await make(ordered)

    assert report["through"]["position"] == 9
    assert len(figures.asked) == 6


async def test_figures_that_never_rest_fail_the_report(
    client: httpx.AsyncClient, ordered: str, workshop: Workshop, figures: FakeFigures
) -> None:
    figures.positions = list(range(10_000))
    hasty = replace(workshop, first_pause=timedelta(0))

    for _attempt in range(MOST_ATTEMPTS - 1):
        with pytest.raises(FiguresKeptMoving):
            await make_report(UUID(ordered), hasty)
    await make_report(UUID(ordered), hasty)

    report = (await client.get(f"/v1/reports/{ordered}")).json()
    assert (report["state"], report["problem"]["type"].rpartition("/")[2]) == ("failed", "figures-kept-moving")
    assert report["problem"]["title"] == "Số liệu thay đổi liên tục"


async def test_a_truncated_answer_fails_the_report(ordered: str, make: Make, figures: FakeFigures) -> None:
    head = {"truncated": True, "through": {"position": 1, "at": None}}
    figures.before_answer = lambda _number: httpx.Response(200, json={**head, "rows": []})

    report = await make(ordered)

    assert (report["state"], report["problem"]["type"].rpartition("/")[2]) == ("failed", "figures-truncated")


async def test_a_refusal_fails_the_report_with_its_reason(ordered: str, make: Make, figures: FakeFigures) -> None:
    figures.before_answer = lambda _number: httpx.Response(404, json={"detail": "no unit H35"})

    report = await make(ordered)

    assert (report["problem"]["type"].rpartition("/")[2], report["problem"]["reason"]) == (
        "figures-refused",
        "no unit H35",
    )


async def test_an_absent_neighbour_is_waited_for(
    client: httpx.AsyncClient, ordered: str, workshop: Workshop, figures: FakeFigures
) -> None:
    figures.before_answer = lambda _number: httpx.Response(503)
    with pytest.raises(UpstreamUnavailable):
        await make_report(UUID(ordered), workshop)
    assert (await client.get(f"/v1/reports/{ordered}")).json()["state"] == "running"
    figures.before_answer = lambda _number: None

    await make_report(UUID(ordered), workshop)

    assert (await client.get(f"/v1/reports/{ordered}")).json()["state"] == "done"


async def test_a_neighbour_that_stays_away_fails_the_report(
    client: httpx.AsyncClient, ordered: str, workshop: Workshop, figures: FakeFigures
) -> None:
    figures.before_answer = lambda _number: httpx.Response(503)

    for _attempt in range(MOST_ATTEMPTS - 1):
        with pytest.raises(UpstreamUnavailable):
            await make_report(UUID(ordered), workshop)
    await make_report(UUID(ordered), workshop)

    report = (await client.get(f"/v1/reports/{ordered}")).json()
    assert (report["state"], report["problem"]["type"].rpartition("/")[2]) == ("failed", "upstream-unavailable")


async def test_a_report_that_brings_its_worker_down_is_given_up(
    client: httpx.AsyncClient, ordered: str, workshop: Workshop, figures: FakeFigures
) -> None:
    def crash(_number: int) -> httpx.Response:
        raise MemoryError

    figures.before_answer = crash
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(MemoryError):
            await make_report(UUID(ordered), workshop)

    await make_report(UUID(ordered), workshop)

    report = (await client.get(f"/v1/reports/{ordered}")).json()
    assert (report["state"], report["problem"]["type"].rpartition("/")[2]) == ("failed", "report-given-up")


async def test_a_made_report_is_not_made_again(ordered: str, make: Make, figures: FakeFigures) -> None:
    first = await make(ordered)
    figures.positions = [99999]

    assert await make(ordered) == first


async def test_a_slow_attempt_does_not_overwrite_the_one_that_took_over(
    ordered: str, make: Make, workshop: Workshop
) -> None:
    slow_figures = FakeFigures(positions=[5])

    async def answer_after_another_made_it(request: httpx.Request) -> httpx.Response:
        if not slow_figures.asked:
            slow_figures.asked.append(request)
            await make(ordered)
        return slow_figures(request)

    transport = httpx.MockTransport(answer_after_another_made_it)
    async with httpx.AsyncClient(transport=transport, base_url="http://indicator") as upstream:
        await make_report(UUID(ordered), replace(workshop, indicators=Indicators(upstream)))

    assert (await make(ordered))["through"]["position"] == 91234


async def test_the_files_can_be_fetched_and_say_the_same(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    report = await make(ordered)

    as_json = await client.get(report["files"]["json"])
    as_xlsx = await client.get(report["files"]["xlsx"])

    assert as_json.json()["figures"] == report["figures"]
    assert as_xlsx.headers["content-disposition"] == 'attachment; filename="II.06a_H35_2020-01-01_2020-06-30.xlsx"'
    assert openpyxl.load_workbook(BytesIO(as_xlsx.content)).sheetnames == ["II.06a", "Kiểm tra"]


async def test_a_report_not_made_yet_has_no_files(client: httpx.AsyncClient, ordered: str) -> None:
    response = await client.get(f"/v1/reports/{ordered}/files/xlsx")

    assert (response.status_code, response.json()["state"]) == (409, "queued")
    assert response.json()["type"].endswith("/report-not-ready")


async def test_an_unknown_format_is_not_found(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    await make(ordered)

    response = await client.get(f"/v1/reports/{ordered}/files/docx")

    assert (response.status_code, response.json()["formats"]) == (404, ["json", "xlsx", "pdf"])


async def test_the_report_is_served_with_an_etag(client: httpx.AsyncClient, ordered: str) -> None:
    first = await client.get(f"/v1/reports/{ordered}")

    again = await client.get(f"/v1/reports/{ordered}", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
