import httpx
import pytest

from tests.report_worker.given import report_body


async def _order(client: httpx.AsyncClient, unit: str, period: str = "2020-H1") -> str:
    response = await client.post("/v1/reports", json=report_body(unit_code=unit, period=period))
    return str(response.json()["id"])


def _as(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_a_subtree_sees_its_own_reports_only(client: httpx.AsyncClient) -> None:
    mine, _province, _other = [await _order(client, unit) for unit in ("H35.12", "H35", "H35.13")]

    response = await client.get("/v1/reports", headers=_as("commune"))

    assert [report["id"] for report in response.json()["items"]] == [mine]


async def test_all_above_a_unit_see_what_its_own_people_ordered(client: httpx.AsyncClient) -> None:
    body = report_body(unit_code="H35.12")
    ordered = (await client.post("/v1/reports", json=body, headers=_as("commune"))).json()["id"]

    for key, status in (("province", 200), ("district", 200), ("commune", 200), ("other-commune", 404)):
        response = await client.get(f"/v1/reports/{ordered}", headers=_as(key))
        assert response.status_code == status, key


@pytest.mark.parametrize("path", ["", "/files/json", "/files/docx"])
async def test_a_foreign_report_is_not_found_as_an_absent_one_is(client: httpx.AsyncClient, path: str) -> None:
    foreign = await _order(client, "H35.13")
    absent = "019f0000-0000-7000-8000-000000000000"

    answers = [await client.get(f"/v1/reports/{report}{path}", headers=_as("commune")) for report in (foreign, absent)]

    bodies = [answer.text.replace(report, "?") for answer, report in zip(answers, (foreign, absent), strict=True)]
    shapes = [{**httpx.Response(200, text=body).json(), "instance": None} for body in bodies]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert shapes[0] == shapes[1]


async def test_pages_go_from_the_newest_to_the_oldest(client: httpx.AsyncClient) -> None:
    ordered = [await _order(client, "H35", period) for period in ("2020-Q1", "2020-Q2", "2020-H1")]

    first = (await client.get("/v1/reports", params={"limit": 2})).json()
    second = (await client.get("/v1/reports", params={"limit": 2, "cursor": first["next"]})).json()

    assert [report["id"] for report in first["items"] + second["items"]] == ordered[::-1]
    assert (first["has_more"], second["has_more"], second["next"]) == (True, False, None)


async def test_reports_are_found_by_form_unit_and_state(client: httpx.AsyncClient) -> None:
    wanted = await _order(client, "H35.12")
    await _order(client, "H35")

    asked = {"form": "II.06a", "unit": "H35.12", "state": "queued"}
    assert [one["id"] for one in (await client.get("/v1/reports", params=asked)).json()["items"]] == [wanted]
    assert (await client.get("/v1/reports", params={**asked, "state": "done"})).json()["items"] == []


@pytest.mark.parametrize("cursor", ["nonsense", "WyJ4Il0"])
async def test_a_foreign_cursor_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    assert (await client.get("/v1/reports", params={"cursor": cursor})).status_code == 422


async def test_reading_needs_its_scope(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/reports", headers=_as("counter"))

    assert (response.status_code, response.json()["scope"]) == (403, "reports:read")


async def test_a_filter_that_no_report_can_match_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/reports", params={"unit": "H35\0"})).status_code == 422
