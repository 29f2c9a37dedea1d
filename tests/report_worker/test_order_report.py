import httpx
import pytest
from sqlalchemy import text

from shared.db import Begin
from tests.report_worker.given import PRINTED, report_body


async def _order(client: httpx.AsyncClient, **options: object) -> httpx.Response:
    return await client.post("/v1/reports", json=report_body(), **options)  # type: ignore[arg-type]


async def _jobs(begin: Begin) -> list[str]:
    async with begin() as session:
        return list(await session.scalars(text("SELECT dedupe_key FROM report.pgqueuer WHERE status = 'queued'")))


async def test_an_ordered_report_is_queued(client: httpx.AsyncClient, report_begin: Begin) -> None:
    response = await _order(client)

    body = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"/v1/reports/{body['id']}"
    assert body == {
        "id": body["id"],
        "state": "queued",
        "progress": 0.0,
        "form": "II.06a",
        "form_version": 1,
        "unit_code": "H35",
        "period": {"name": "2020-H1", "from": "2020-01-01", "to": "2020-07-01"},
        "cutoff": "calendar",
        "as_of": "2020-06-30",
        "known_at": None,
        "language": "vi",
        "created_at": "2020-07-01T05:00:00Z",
        "finished_at": None,
        "files": {},
        "problem": None,
        "publication": None,
        "through": None,
        "figures": None,
        "checks": [],
        "comparison": None,
        "reported": [],
    }
    assert await _jobs(report_begin) == [body["id"]]


@pytest.mark.parametrize(
    ("cutoff", "first", "end"), [("calendar", "2020-01-01", "2020-07-01"), ("nd09", "2019-12-15", "2020-06-15")]
)
async def test_the_cutoff_moves_the_period(client: httpx.AsyncClient, cutoff: str, first: str, end: str) -> None:
    response = await client.post("/v1/reports", json=report_body(cutoff=cutoff))

    assert response.json()["period"] == {"name": "2020-H1", "from": first, "to": end}


@pytest.mark.parametrize(
    ("period", "as_of"),
    [("2020-06", "2020-06-30"), ("2020-07", "2020-07-01"), ("2020", "2020-07-01")],
    ids=["ended yesterday", "began today", "runs"],
)
async def test_a_running_period_is_reported_as_of_today(client: httpx.AsyncClient, period: str, as_of: str) -> None:
    response = await client.post("/v1/reports", json=report_body(period=period))

    assert response.json()["as_of"] == as_of


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"form": "II.99"}, 404, "form-not-found"),
        ({"form_version": 9}, 404, "form-not-found"),
        ({"period": "2020-H3"}, 422, "unknown-period"),
        ({"period": "2020-08"}, 422, "period-not-begun"),
        ({"unit_code": "H36"}, 404, "unit-not-found"),
        ({"compare_with": {"title": "?", "figures": {"14": 3}}}, 422, "unknown-figures"),
        ({"language": "fr"}, 422, "invalid-request"),
        ({"surplus": 1}, 422, "invalid-request"),
        ({"known_at": 0}, 422, "invalid-request"),
        ({"unit_code": ".."}, 422, "invalid-request"),
        ({"unit_code": "H35\0"}, 422, "invalid-request"),
        ({"compare_with": {"title": "a\0", "figures": {}}}, 422, "invalid-request"),
    ],
)
async def test_an_order_that_cannot_be_met_is_refused(
    client: httpx.AsyncClient, report_begin: Begin, change: dict[str, object], status: int, code: str
) -> None:
    response = await client.post("/v1/reports", json=report_body(**change))

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert await _jobs(report_begin) == []


async def test_a_unit_outside_the_callers_subtree_is_not_found(client: httpx.AsyncClient) -> None:
    response = await _order(client, headers={"Authorization": "Bearer commune"})

    assert (response.status_code, response.json()["unit"]) == (404, "H35")


@pytest.mark.parametrize(("key", "status"), [("nobody", 401), ("counter", 403), ("reader", 403)])
async def test_who_may_not_write_reports_orders_none(client: httpx.AsyncClient, key: str, status: int) -> None:
    response = await _order(client, headers={"Authorization": f"Bearer {key}"})

    assert response.status_code == status


async def test_a_retry_under_the_same_idempotency_key_orders_nothing_new(
    client: httpx.AsyncClient, report_begin: Begin
) -> None:
    first = await _order(client, headers={"Idempotency-Key": "h1"})

    again = await _order(client, headers={"Idempotency-Key": "h1"})

    assert (again.status_code, again.json()) == (202, first.json())
    assert await _jobs(report_begin) == [first.json()["id"]]


async def test_an_idempotency_key_is_good_for_one_order_only(client: httpx.AsyncClient) -> None:
    await _order(client, headers={"Idempotency-Key": "h1"})

    other = await client.post("/v1/reports", json=report_body(period="2020"), headers={"Idempotency-Key": "h1"})

    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (409, "idempotency-key-reused")


async def test_an_idempotency_key_belongs_to_its_caller(client: httpx.AsyncClient) -> None:
    body = report_body(unit_code="H35.12")
    mine = await client.post("/v1/reports", json=body, headers={"Idempotency-Key": "h1"})

    theirs = await client.post(
        "/v1/reports", json=body, headers={"Idempotency-Key": "h1", "Authorization": "Bearer commune"}
    )

    assert theirs.status_code == 202
    assert theirs.json()["id"] != mine.json()["id"]


async def test_printed_figures_may_be_ordered_along(client: httpx.AsyncClient) -> None:
    printed = {"title": PRINTED.title, "figures": {**PRINTED.figures, "open_overdue_total": None}}

    response = await client.post("/v1/reports", json=report_body(form="cchc", compare_with=printed))

    assert response.status_code == 202
