"""Cancel, retry, publish, verify: what a report may go through over HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from report_worker.usecases.make_report import MOST_ATTEMPTS, Workshop, make_report
from shared.db import Begin
from shared.http.client import UpstreamUnavailable
from tests.report_worker.given import LAI_CHAU, FakeFigures, report_body
from tests.support.problems import assert_problem

Make = Callable[[str], Awaitable[Mapping[str, Any]]]
WRONG = {**LAI_CHAU, ("province", "Đất đai"): {**LAI_CHAU["province", "Đất đai"], "open": 900}}
NOTE = "Số liệu cấp xã lấy từ phần mềm cũ, sẽ đối soát trong quý III."


@pytest.fixture
async def ordered(client: httpx.AsyncClient) -> str:
    """Return the id of an ordered table."""
    return str((await client.post("/v1/reports", json=report_body())).json()["id"])


@pytest.fixture
async def broken(client: httpx.AsyncClient, make: Make, figures: FakeFigures) -> str:
    """Return the id of a made table whose sums fail: fields that do not add up to their dossiers."""
    figures.cells = WRONG
    report_id = str((await client.post("/v1/reports", json=report_body())).json()["id"])
    await make(report_id)
    return report_id


async def _act(client: httpx.AsyncClient, report_id: str, action: str, **options: Any) -> httpx.Response:
    return await client.post(f"/v1/reports/{report_id}/{action}", **options)


async def _audit(begin: Begin) -> list[tuple[str, str]]:
    async with begin() as session:
        rows = await session.execute(text("SELECT key_id, action FROM report.audit ORDER BY id"))
        return [(row.key_id, row.action) for row in rows]


async def test_a_queued_report_can_be_cancelled(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    response = await _act(client, ordered, "cancel")

    assert (response.status_code, response.json()["state"]) == (200, "cancelled")
    assert (await make(ordered))["state"] == "cancelled"


async def test_cancelling_twice_is_cancelling_once(
    client: httpx.AsyncClient, ordered: str, report_begin: Begin
) -> None:
    first = await _act(client, ordered, "cancel")

    again = await _act(client, ordered, "cancel")

    assert again.json() == first.json()
    assert await _audit(report_begin) == [("province", "report.ordered"), ("province", "report.cancelled")]


async def test_a_report_cancelled_in_the_making_is_not_finished(
    client: httpx.AsyncClient, ordered: str, workshop: Workshop, figures: FakeFigures
) -> None:
    async def cancel_before_answering(request: httpx.Request) -> httpx.Response:
        figures.asked.append(request)
        if len(figures.asked) == 1:
            await _act(client, ordered, "cancel")
        return figures(request)

    transport = httpx.MockTransport(cancel_before_answering)
    async with httpx.AsyncClient(transport=transport, base_url="http://indicator") as upstream:
        await make_report(UUID(ordered), replace(workshop, indicators=type(workshop.indicators)(upstream)))

    report = (await client.get(f"/v1/reports/{ordered}")).json()
    assert (report["state"], report["progress"], report["figures"]) == ("cancelled", 0.0, None)


async def test_a_done_report_cannot_be_cancelled(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    await make(ordered)

    response = await _act(client, ordered, "cancel")

    assert_problem(
        response,
        409,
        "report-action-not-allowed",
        report=ordered,
        state="done",
        action="cancel",
        allowed_in=["queued", "running"],
    )


async def test_a_cancelled_report_can_be_retried(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    await _act(client, ordered, "cancel")

    response = await _act(client, ordered, "retry")

    assert (response.status_code, response.json()["state"]) == (202, "queued")
    assert (await make(ordered))["state"] == "done"


async def test_a_failed_report_gets_all_its_attempts_again(
    client: httpx.AsyncClient, ordered: str, workshop: Workshop, figures: FakeFigures
) -> None:
    figures.before_answer = lambda _number: httpx.Response(503)
    for _attempt in range(MOST_ATTEMPTS - 1):
        with pytest.raises(UpstreamUnavailable):
            await make_report(UUID(ordered), workshop)
    await make_report(UUID(ordered), workshop)
    await _act(client, ordered, "retry")

    with pytest.raises(UpstreamUnavailable):
        await make_report(UUID(ordered), workshop)

    report = (await client.get(f"/v1/reports/{ordered}")).json()
    assert (report["state"], report["problem"]) == ("running", None)


async def test_publishing_freezes_who_when_and_what(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    made = await make(ordered)

    response = await _act(client, ordered, "publish")

    published = response.json()["publication"]
    assert published == {
        "at": "2020-07-01T05:00:00Z",
        "by_id": "province",
        "by_name": "province",
        "known_at": "2020-07-01",
        "content_hash": published["content_hash"],
        "file_hashes": published["file_hashes"],
        "override_note": None,
    }
    assert response.json() == {**made, "state": "published", "publication": published}
    assert set(published["file_hashes"]) == set(made["files"])
    assert (await make(ordered)) == response.json()


async def test_publishing_twice_publishes_once(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    await make(ordered)
    first = await _act(client, ordered, "publish")

    assert (await _act(client, ordered, "publish")).json() == first.json()


async def test_a_published_report_takes_no_other_note(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    await make(ordered)
    await _act(client, ordered, "publish")

    response = await _act(client, ordered, "publish", json={"override_note": NOTE})

    assert (response.status_code, response.json()["state"]) == (409, "published")


async def test_the_hash_depends_on_what_the_report_says(
    client: httpx.AsyncClient, make: Make, figures: FakeFigures
) -> None:
    hashes = set()
    for position in (1, 2):
        figures.positions = [position]
        report_id = str((await client.post("/v1/reports", json=report_body())).json()["id"])
        await make(report_id)
        hashes.add((await _act(client, report_id, "publish")).json()["publication"]["content_hash"])

    assert len(hashes) == 2


@pytest.mark.parametrize("state", ["queued", "cancelled"])
async def test_only_a_done_report_is_published(client: httpx.AsyncClient, ordered: str, state: str) -> None:
    if state == "cancelled":
        await _act(client, ordered, "cancel")

    response = await _act(client, ordered, "publish")

    assert (response.status_code, response.json()["allowed_in"]) == (409, ["done"])


async def test_a_report_whose_sums_fail_is_not_published(client: httpx.AsyncClient, broken: str) -> None:
    response = await _act(client, broken, "publish")

    identities = response.json()["identities"]
    assert_problem(response, 409, "report-checks-fail", report=broken, identities=identities, failing=len(identities))
    assert "11 = 12 + 13" in identities
    assert (await client.get(f"/v1/reports/{broken}")).json()["state"] == "done"


async def test_a_note_that_overrides_is_printed_as_a_footnote(client: httpx.AsyncClient, broken: str) -> None:
    response = await _act(client, broken, "publish", json={"override_note": NOTE})

    footnote = response.json()["figures"]["remarks"][-1]
    workbook = openpyxl.load_workbook(BytesIO((await client.get(f"/v1/reports/{broken}/files/xlsx")).content))
    cells = {cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row}
    assert response.json()["publication"]["override_note"] == NOTE
    assert footnote.endswith(NOTE)
    assert footnote in cells


async def test_a_note_without_a_failure_is_not_kept(client: httpx.AsyncClient, ordered: str, make: Make) -> None:
    await make(ordered)

    response = await _act(client, ordered, "publish", json={"override_note": NOTE})

    assert response.json()["publication"]["override_note"] is None


@pytest.mark.parametrize("cells", [LAI_CHAU, WRONG], ids=["sums hold", "sums fail"])
async def test_a_published_report_is_verified(
    client: httpx.AsyncClient, ordered: str, make: Make, figures: FakeFigures, cells: Any
) -> None:
    figures.cells = cells
    await make(ordered)
    published = (await _act(client, ordered, "publish", json={"override_note": NOTE})).json()["publication"]

    proof = (await client.get(f"/v1/reports/{ordered}/verification")).json()

    assert proof == {
        "is_intact": True,
        "renders_same": True,
        "content_hash": published["content_hash"],
        "publication": published,
        "files": [
            {"format": name, "published": one, "kept": one, "rendered": one}
            for name, one in published["file_hashes"].items()
        ],
    }


async def test_verification_finds_what_was_tampered_with(
    client: httpx.AsyncClient, ordered: str, make: Make, report_begin: Begin
) -> None:
    await make(ordered)
    await _act(client, ordered, "publish")
    async with report_begin() as session:
        await session.execute(text("ALTER TABLE report.reports DISABLE TRIGGER published_stays"))
        await session.execute(
            text("UPDATE report.reports SET content = replace(content::text, '37588', '37589')::json")
        )

    proof = (await client.get(f"/v1/reports/{ordered}/verification")).json()

    assert (proof["is_intact"], proof["renders_same"]) == (False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE report.reports SET content = '{}'",
        "DELETE FROM report.reports",
        "UPDATE report.files SET content = ''",
        "DELETE FROM report.files",
    ],
)
async def test_the_database_itself_refuses_to_change_what_is_published(
    client: httpx.AsyncClient, ordered: str, make: Make, report_begin: Begin, statement: str
) -> None:
    await make(ordered)
    await _act(client, ordered, "publish")

    async def change() -> None:
        async with report_begin() as session:
            await session.execute(text(statement))

    with pytest.raises(DBAPIError, match="is published"):
        await change()


async def test_what_is_not_published_is_not_verified(client: httpx.AsyncClient, ordered: str) -> None:
    response = await client.get(f"/v1/reports/{ordered}/verification")

    assert (response.status_code, response.json()["allowed_in"]) == (409, ["published"])


@pytest.mark.parametrize("action", ["cancel", "retry", "publish"])
@pytest.mark.parametrize(("key", "status"), [("reader", 403), ("counter", 403), ("nobody", 401), ("commune", 404)])
async def test_who_may_not_write_the_report_changes_nothing(
    client: httpx.AsyncClient, ordered: str, action: str, key: str, status: int
) -> None:
    response = await _act(client, ordered, action, headers={"Authorization": f"Bearer {key}"})

    assert response.status_code == status
    assert (await client.get(f"/v1/reports/{ordered}")).json()["state"] == "queued"


async def test_every_step_leaves_its_trace(
    client: httpx.AsyncClient, ordered: str, make: Make, report_begin: Begin
) -> None:
    await _act(client, ordered, "cancel")
    await _act(client, ordered, "retry")
    await make(ordered)
    await _act(client, ordered, "publish")

    assert [action for _key, action in await _audit(report_begin)] == [
        "report.ordered",
        "report.cancelled",
        "report.retried",
        "report.published",
    ]
