import io
import json
from typing import Any

import httpx
import pytest
from rich.console import Console

from motcua.sample.calling import SampleRefused
from motcua.sample.figures import LEVELS, Fate, quotas
from motcua.sample.reports import make_reports, orders, printed_by_name
from motcua.sample.summary import percent, print_summary
from report_worker.forms.reading import read_forms


class Reports:
    """A report_worker that finishes a report when asked about it the second time."""

    def __init__(self, *existing: dict[str, Any], ends: str = "done") -> None:
        self.items = list(existing)
        self._ends = ends

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(202, json=self._create(json.loads(request.content)))
        if request.url.path == "/v1/reports":
            return httpx.Response(200, json={"items": self.items, "next": None, "has_more": False})
        report = next(item for item in self.items if request.url.path == f"/v1/reports/{item['id']}")
        answer = httpx.Response(200, json=report)
        report["state"] = self._ends
        return answer

    def _create(self, order: dict[str, Any]) -> dict[str, Any]:
        report = {"id": f"r{len(self.items)}", "state": "queued", "form": order["form"]}
        self.items.append(report | {"unit_code": order["unit_code"], "period": {"from": "2020-01-01"}})
        return report


async def make(reports: Reports) -> str:
    told = io.StringIO()
    async with httpx.AsyncClient(transport=httpx.MockTransport(reports), base_url="http://report") as client:
        await make_reports(client, console=Console(file=told, width=200))
    return told.getvalue()


async def test_both_reports_are_made_and_told() -> None:
    reports = Reports()

    told = await make(reports)

    assert [item["form"] for item in reports.items] == ["cchc", "II.06a"]
    assert "http://report/v1/reports/r0" in told


async def test_reports_that_exist_are_not_made_again() -> None:
    reports = Reports()
    await make(reports)

    await make(reports)

    assert len(reports.items) == 2


async def test_a_report_of_another_unit_is_not_ours() -> None:
    reports = Reports(
        {"id": "x", "form": "cchc", "unit_code": "H35.12", "period": {"from": "2020-01-01"}, "state": "done"}
    )

    await make(reports)

    assert [item["form"] for item in reports.items] == ["cchc", "cchc", "II.06a"]


async def test_a_report_that_fails_is_told() -> None:
    with pytest.raises(SampleRefused, match="failed"):
        await make(Reports(ends="failed"))


def test_printed_figures_bear_the_names_of_the_form() -> None:
    assert printed_by_name().keys() <= set(read_forms().get("cchc").names)
    assert orders()[0]["compare_with"]["figures"] == printed_by_name()


def test_the_overdue_are_not_claimed_to_be_printed() -> None:
    assert not [name for name in printed_by_name() if name.startswith("open_overdue")]


def counts_of(level: str) -> dict[str, int]:
    wanted = quotas(level)
    ends = {fate.value: wanted[fate] for fate in (Fate.EARLY, Fate.ON_TIME, Fate.LATE, Fate.WAITING)}
    open_ones = sum(wanted[fate] for fate in (Fate.IN_TIME, Fate.WAITING, Fate.OVERDUE))
    received = sum(wanted.values())
    return ends | {"carried_over": 0, "received": received, "open": open_ones, "open_overdue": wanted[Fate.OVERDUE]}


def indicator(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/counts":
        rows = [{"group": {"level": level}, "counts": counts_of(level)} for level in LEVELS]
        return httpx.Response(200, json={"rows": rows})
    return httpx.Response(200, json={"rows": [{"group": {}, "numerator": 136, "denominator": 2077}]})


async def test_the_table_shows_what_the_report_leaves_out() -> None:
    told = io.StringIO()

    async with httpx.AsyncClient(transport=httpx.MockTransport(indicator), base_url="http://indicator") as client:
        await print_summary(client, console=Console(file=told, width=120))

    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.getvalue().splitlines()]
    assert [line for line in lines if line] == [
        ["Hồ sơ tiếp nhận", "37.588", "37.588"],
        ["Đã giải quyết, cấp tỉnh", "8.460", "8.460"],
        ["Đã giải quyết, cấp huyện", "14.175", "14.175"],
        ["Đã giải quyết, cấp xã", "13.166", "13.166"],
        ["Đang giải quyết, cấp tỉnh", "899", "899"],
        ["Đang giải quyết, cấp huyện", "593", "593"],
        ["Đang giải quyết, cấp xã", "295", "295"],
        ["Chưa đến hạn", "940", "940"],
        ["Quá hạn, chưa giải quyết xong", "không nêu", "847"],
        ["Đúng hạn, trên hồ sơ đã giải quyết", "không nêu", "97,68%"],
        ["Không quá hạn, tính cả hồ sơ tồn", "không nêu", "95,53%"],
        ["Dịch vụ công đăng tải", "2.007", "2.077"],
    ]


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [(1, 1, "100,00%"), (1, 3, "33,33%"), (2, 3, "66,67%"), (1, 800, "0,13%"), (0, 5, "0,00%")],
)
def test_shares_are_rounded_half_up(numerator: int, denominator: int, text: str) -> None:
    assert percent(numerator, denominator) == text
