"""Figures that units report, over HTTP: kept with their history, in workbooks, and in the reports."""

from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import text

from report_worker.reported.reading import ContradictoryCatalogue, read_catalogue_of
from shared.db import Begin
from tests.report_worker.given import report_body
from tests.support.problems import assert_problem

Make = Callable[[str], Awaitable[Mapping[str, Any]]]
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
NOTE = "Hai đơn thư liên quan cả hai nội dung."


def _body(unit: str = "H35.12", **figures: Any) -> dict[str, Any]:
    return {"unit_code": unit, "period": "2020-H1", "figures": figures}


async def _put(client: httpx.AsyncClient, unit: str = "H35.12", **figures: Any) -> httpx.Response:
    return await client.put("/v1/reported-figures", json=_body(unit, **figures))


async def _read(client: httpx.AsyncClient, name: str, unit: str = "H35", **options: Any) -> Any:
    query = {"unit": unit, "period": "2020-H1", **options}
    answer = (await client.get("/v1/reported-figures", params=query)).json()
    return next(one for one in answer["figures"] if one["name"] == name)


async def test_what_a_unit_sends_can_be_read(client: httpx.AsyncClient) -> None:
    response = await _put(client, survey_asked=15, survey_satisfied=12)

    entry = {
        "unit_code": "H35.12",
        "unit_name": "Xã Bản Bo",
        "note": None,
        "recorded_at": "2020-07-01T05:00:00Z",
    }
    sent = [one for one in response.json()["figures"] if one["entries"]]
    assert response.status_code == 200
    assert response.json()["period"] == {"name": "2020-H1", "from": "2020-01-01", "to": "2020-07-01"}
    assert sent == [
        {"name": name, "total": value, "entries": [{**entry, "name": name, "value": value}], "missing": []}
        for name, value in (("survey_asked", 15), ("survey_satisfied", 12))
    ]


async def test_the_subtree_is_summed_and_the_silent_are_named(client: httpx.AsyncClient) -> None:
    await _put(client, survey_asked=15)
    await _put(client, "H35.13", survey_asked=5)

    total = await _read(client, "survey_asked")

    assert (total["total"], [one["unit_code"] for one in total["entries"]]) == (20, ["H35.12", "H35.13"])
    assert [one["unit_name"] for one in total["missing"]] == ["Tỉnh Lai Châu", "Huyện Tam Đường"]


async def test_a_nil_return_is_told_from_a_missing_one(client: httpx.AsyncClient) -> None:
    await _put(client, petitions_received="nil")

    total = await _read(client, "petitions_received")

    assert (total["total"], [one["value"] for one in total["entries"]]) == (0, ["nil"])
    assert "H35.12" not in {one["unit_code"] for one in total["missing"]}
    assert "H35.13" in {one["unit_code"] for one in total["missing"]}


async def test_what_nobody_sent_has_no_total(client: httpx.AsyncClient) -> None:
    assert (await _read(client, "survey_asked"))["total"] is None


async def test_the_newest_counts_and_the_older_stays(client: httpx.AsyncClient) -> None:
    await _put(client, survey_asked=15)
    await _put(client, survey_asked=16)

    history = await client.get("/v1/reported-figures/history", params={"unit": "H35", "period": "2020-H1"})

    assert (await _read(client, "survey_asked"))["total"] == 16
    assert [one["value"] for one in history.json()["items"]] == [16, 15]


async def test_what_is_taken_back_is_missing_again(client: httpx.AsyncClient) -> None:
    await _put(client, survey_asked=15)
    await _put(client, survey_asked=None)

    total = await _read(client, "survey_asked", "H35.12")

    assert (total["total"], total["entries"], len(total["missing"])) == (None, [], 1)


async def test_figures_are_read_as_known_on_a_day(client: httpx.AsyncClient, report_begin: Begin) -> None:
    await _put(client, survey_asked=15)
    async with report_begin() as session:
        await session.execute(text("UPDATE report.reported_figures SET recorded_on = '2020-06-20'"))
    await _put(client, survey_asked=16)

    totals = [(await _read(client, "survey_asked", known_at=day))["total"] for day in ("2020-06-19", "2020-06-30")]

    assert totals == [None, 15]


async def test_figures_that_contradict_each_other_are_refused(client: httpx.AsyncClient, report_begin: Begin) -> None:
    await _put(client, survey_asked=15)

    response = await _put(client, survey_satisfied=16)

    failure = {"identity": "survey_satisfied <= survey_asked", "left": 16, "right": 15, "difference": 1}
    identities = [failure["identity"]]
    assert_problem(
        response, 422, "reported-figures-inconsistent", unit="H35.12", failures=[failure], identities=identities
    )
    assert response.json()["detail"].startswith("Số liệu của «H35.12» không khớp: survey_satisfied <= survey_asked. ")
    assert (await _read(client, "survey_satisfied"))["total"] is None


async def test_a_note_lets_them_stand_and_is_kept(client: httpx.AsyncClient) -> None:
    body = {**_body(petitions_received=3, petitions_about_acts=2, petitions_about_regulations=2), "note": NOTE}

    response = await client.put("/v1/reported-figures", json=body)

    assert response.status_code == 200
    assert (await _read(client, "petitions_received"))["entries"][0]["note"] == NOTE


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (_body(survey=1), 422, "unknown-reported-figures"),
        (_body(announced_province=1), 422, "not-reported-by-unit"),
        (_body(survey_asked=-1), 422, "invalid-request"),
        (_body(survey_asked=1.5), 422, "invalid-request"),
        (_body(survey_asked="no"), 422, "invalid-request"),
        (_body(survey_asked=True), 422, "invalid-request"),
        (_body(), 422, "invalid-request"),
        (_body("H36", survey_asked=1), 404, "unit-not-found"),
        ({**_body(survey_asked=1), "period": "2020-H3"}, 422, "unknown-period"),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any], status: int, code: str
) -> None:
    response = await client.put("/v1/reported-figures", json=body)

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, code)


async def test_a_unit_writes_and_reads_its_own_subtree_only(client: httpx.AsyncClient) -> None:
    await _put(client, survey_asked=15)
    other = {"Authorization": "Bearer other-commune"}

    written = await client.put("/v1/reported-figures", json=_body(survey_asked=1), headers=other)
    read = [
        await client.get(f"/v1/reported-figures{path}", params={"unit": "H35.12", "period": "2020-H1"}, headers=other)
        for path in ("", "/history", "/workbook")
    ]

    assert [one.status_code for one in (written, *read)] == [404] * 4


@pytest.mark.parametrize(("key", "status"), [("reader", 403), ("nobody", 401)])
async def test_who_may_not_write_reports_none(client: httpx.AsyncClient, key: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {key}"}

    response = await client.put("/v1/reported-figures", json=_body(survey_asked=1), headers=headers)

    assert response.status_code == status


async def test_every_return_leaves_its_trace(client: httpx.AsyncClient, report_begin: Begin) -> None:
    await _put(client, survey_asked=15)

    async with report_begin() as session:
        row = (await session.execute(text("SELECT key_id, action, subject FROM report.audit"))).one()
    assert tuple(row) == ("province", "figures.reported", "H35.12 2020-01-01/2020-07-01")


async def _workbook(client: httpx.AsyncClient, unit: str = "H35.12") -> openpyxl.Workbook:
    answer = await client.get("/v1/reported-figures/workbook", params={"unit": unit, "period": "2020-H1"})
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(BytesIO(answer.content))


async def _upload(client: httpx.AsyncClient, workbook: openpyxl.Workbook, **options: Any) -> httpx.Response:
    stream = BytesIO()
    workbook.save(stream)
    return await client.put("/v1/reported-figures/workbook", content=stream.getvalue(), headers=XLSX, params=options)


def _fill(workbook: openpyxl.Workbook, **values: Any) -> None:
    sheet = workbook.worksheets[0]
    lines = {row[0].value: row for row in sheet.iter_rows(min_row=7) if row[0].value}
    for name, value in values.items():
        lines[name][2].value = value


async def test_the_workbook_asks_a_unit_for_its_own_figures(client: httpx.AsyncClient) -> None:
    sheet = (await _workbook(client)).worksheets[0]

    names = [row[0] for row in sheet.iter_rows(min_row=7, values_only=True) if row[0]]
    assert (sheet["B2"].value, sheet["B3"].value) == ("H35.12", "2020-01-01/2020-07-01")
    assert names == [
        "petitions_received",
        "petitions_about_acts",
        "petitions_about_regulations",
        "petitions_answered",
        "petitions_answered_late",
        "survey_asked",
        "survey_satisfied",
    ]
    assert sheet.protection.sheet


async def test_the_workbook_judges_the_identities_itself(client: httpx.AsyncClient) -> None:
    sheet = (await _workbook(client)).worksheets[0]

    formulas = [row[2].value for row in sheet.iter_rows(min_row=7) if str(row[2].value).startswith("=")]

    assert formulas[0] == '=IF(COUNTA(C7,C8,C9)=3,IF((0+N(C7))=(0+N(C8)+N(C9)),"đúng","KHÔNG ĐÚNG"),"")'
    assert len(formulas) == 4


async def test_a_filled_in_workbook_is_taken_in(client: httpx.AsyncClient) -> None:
    workbook = await _workbook(client)
    _fill(workbook, survey_asked=15, survey_satisfied="1.012", petitions_received=" Nil ")
    _fill(workbook, survey_asked=2000)

    response = await _upload(client, workbook)

    sent = {one["name"]: one["entries"][0]["value"] for one in response.json()["figures"] if one["entries"]}
    assert sent == {"petitions_received": "nil", "survey_asked": 2000, "survey_satisfied": 1012}
    again = {row[0]: row[2] for row in (await _workbook(client)).worksheets[0].iter_rows(min_row=7, values_only=True)}
    assert (again["survey_asked"], again["petitions_received"], again["petitions_answered"]) == (2000, "nil", None)


@pytest.mark.parametrize("value", ["mười", 1.5, -2])
async def test_a_workbook_with_what_is_no_count_is_refused(client: httpx.AsyncClient, value: Any) -> None:
    workbook = await _workbook(client)
    _fill(workbook, survey_asked=value)

    response = await _upload(client, workbook)

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (422, "unreadable-workbook")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"], ids=["empty", "cut off", "text"])
async def test_what_is_no_workbook_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    response = await client.put("/v1/reported-figures/workbook", content=content, headers=XLSX)

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (422, "unreadable-workbook")


async def test_a_workbook_filled_in_for_another_unit_is_not_taken_from_a_stranger(client: httpx.AsyncClient) -> None:
    workbook = await _workbook(client)
    _fill(workbook, survey_asked=1)
    stream = BytesIO()
    workbook.save(stream)

    response = await client.put(
        "/v1/reported-figures/workbook",
        content=stream.getvalue(),
        headers={**XLSX, "Authorization": "Bearer other-commune"},
    )

    assert response.status_code == 404


async def test_reported_figures_flow_into_the_report(client: httpx.AsyncClient, make: Make) -> None:
    await _put(client, survey_asked=15, survey_satisfied=12, petitions_received="nil")
    ordered = (await client.post("/v1/reports", json=report_body(form="cchc"))).json()

    report = await make(ordered["id"])

    values = report["figures"]["values"]
    reported = {one["name"]: one for one in report["reported"]}
    assert report["state"] == "done", report["problem"]
    assert (values["survey_asked"]["value"], values["survey_satisfied"]["value"]) == (15, 12)
    assert values["petitions_received"]["value"] == 0
    assert reported["survey_asked"]["entries"][0]["unit_name"] == "Xã Bản Bo"
    assert "Xã Nà Tăm" in {one["unit_name"] for one in reported["survey_asked"]["missing"]}
    remarks = " ".join(report["figures"]["remarks"])
    assert "Đơn vị chưa báo cáo: Huyện Tam Đường; Tỉnh Lai Châu; Xã Nà Tăm." in remarks
    assert "Đơn vị báo cáo không phát sinh: Xã Bản Bo." in remarks


async def test_a_report_known_earlier_uses_what_was_reported_by_then(client: httpx.AsyncClient, make: Make) -> None:
    await _put(client, survey_asked=15)
    ordered = (await client.post("/v1/reports", json=report_body(form="cchc", known_at="2020-06-30"))).json()

    report = await make(ordered["id"])

    assert report["figures"]["values"]["survey_asked"]["value"] is None


async def test_the_catalogue_is_published(client: httpx.AsyncClient) -> None:
    catalogue = (await client.get("/v1/reportable-figures")).json()

    assert catalogue["figures"][0] == {
        "name": "announcement_decisions",
        "caption": {"vi": "Quyết định công bố TTHC đã ban hành", "en": "Decisions that announce procedures"},
        "reporters": ["root"],
    }
    assert "survey_satisfied <= survey_asked" in catalogue["identities"]


def test_a_catalogue_that_contradicts_itself_stops_the_start() -> None:
    with pytest.raises(ContradictoryCatalogue):
        read_catalogue_of(b'{"figures": [], "identities": ["a <= b"]}')


async def test_a_table_over_years_takes_what_was_reported_for_each(client: httpx.AsyncClient, make: Make) -> None:
    for year, value in (("2018", 329), ("2019", 495)):
        body = {"unit_code": "H35", "period": year, "figures": {"procedures_disclosed": value}}
        assert (await client.put("/v1/reported-figures", json=body)).status_code == 200
    ordered = (await client.post("/v1/reports", json=report_body(form="cchc-5nam", period="2020"))).json()

    report = await make(ordered["id"])

    assert report["state"] == "done", report["problem"]
    by_year = {one["year"]: one["values"]["disclosed"]["value"] for one in report["figures"]["years"]}
    assert by_year == {"2016": None, "2017": None, "2018": 329, "2019": 495, "2020": None}
