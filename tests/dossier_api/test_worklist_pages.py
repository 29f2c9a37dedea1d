"""Worklists page by page: complete, in order, each by one statement.  Rule: contract section 1."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncEngine

from dossier_api.routes.worklists import WorklistItem
from dossier_api.store.worklists import statement_of
from shared.db import Begin, driver_of
from shared.http.access import Scope
from shared.http.paging import Page, cursor_of
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, post
from tests.dossier_api.wire import COMMUNE, DISTRICT, LAND, OTHER_DISTRICT, event
from tests.dossier_api.worklists import HOURS, LISTS, WORKLISTS, accepted, listed, promise, set_clock
from tests.support.problems import assert_problem


async def pages(client: httpx.AsyncClient, worklist: str, **asked: Any) -> list[list[str]]:
    """Return the codes of all pages of a worklist."""
    found: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(f"/v1/worklists/{worklist}", params={**asked, **cursor})).json()
        found.append([item["code"] for item in page["items"]])
        if not page["has_more"]:
            return found
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("asked", [{}, {"unit": DISTRICT}], ids=["everywhere", "by unit"])
async def test_pages_are_complete_and_in_order_among_equal_moments(
    province: httpx.AsyncClient, asked: dict[str, str]
) -> None:
    units = (DISTRICT, COMMUNE)
    codes = [f"{number:02}" for number in range(23)]
    await post(province, *(accepted(code, due="2020-06-02", unit=units[int(code) % 2]) for code in codes))

    found = await pages(province, "due-soon", limit=5, **asked)

    assert ([len(page) for page in found], [code for page in found for code in page]) == ([5, 5, 5, 5, 3], codes)


async def test_a_page_goes_on_where_the_last_one_ended_whatever_was_done_meanwhile(
    province: httpx.AsyncClient,
) -> None:
    await post(province, *(accepted(f"{number}", due="2020-06-02") for number in range(6)))
    first = (await province.get("/v1/worklists/due-soon", params={"limit": 3})).json()
    await post(province, event("finished", dossier="1"), event("finished", id="e2", dossier="4"))

    assert await listed(province, "due-soon", limit=3, cursor=first["next"]) == ["3", "5"]


async def test_a_page_goes_on_no_earlier_than_its_list_begins_by_now(
    service: Service, province: httpx.AsyncClient
) -> None:
    await promise(province, "2020-06-01", "2020-06-02", "2020-06-03", "2020-06-04")
    first = (await province.get("/v1/worklists/due-soon", params={"limit": 1})).json()
    set_clock(service, "2020-06-03 00:00")

    assert await listed(province, "due-soon", cursor=first["next"]) == ["2020-06-03", "2020-06-04"]


@pytest.mark.parametrize("number", [1, 2, 3, 5], ids="{} communes".format)
async def test_a_district_of_any_size_merges_what_its_communes_have(
    service: Service, province: httpx.AsyncClient, number: int
) -> None:
    communes = [f"{OTHER_DISTRICT}.9{place}" for place in range(number)]
    for commune in communes:
        await province.put(f"/v1/units/{commune}", json=wire.unit(commune, "commune", OTHER_DISTRICT))
    days = [f"2020-06-0{day}" for day in (2, 3, 4)]
    told = [(f"{day}.{commune}", day, commune) for day in days for commune in communes]
    await post(province, *(accepted(code, due=day, unit=commune) for code, day, commune in reversed(told)))
    await post(province, accepted("elsewhere", due="2020-06-02"))
    restricted = await service.client(OTHER_DISTRICT, Scope.DOSSIERS_READ)

    found = await pages(restricted, "due-soon", limit=2)

    assert [code for page in found for code in page] == [code for code, _, _ in told]


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_is_written_as_its_model_has_it(service: Service, province: httpx.AsyncClient, name: str) -> None:
    await province.put(f"/v1/procedures/{LAND}", json=wire.procedure(LAND, HOURS))
    hours = event(id="hours", dossier="hours", at="2020-06-01T09:00:30.25+07:00")
    hours["data"] = wire.accepted(procedure_code=LAND, receiving_unit_code=COMMUNE)
    filed = {"procedure_code": wire.BIRTH, "unit_code": DISTRICT, "channel": "online"}
    early = event("submitted", filed, id="filed", dossier="filed", at="2020-05-29T15:00:00+07:00")
    await post(province, early, hours, *(accepted(day, due=day) for day in ("2020-06-01", "2020-06-02", "2020-06-03")))
    set_clock(service, "2020-06-02 09:30")

    told: list[dict[str, str | int]] = [{}, {"unit": DISTRICT}, {"unit": DISTRICT, "limit": 100}, {"limit": 1}]
    answers = [await province.get(f"/v1/worklists/{name}", params=one) for one in told]

    assert answers[0].content == answers[1].content == answers[2].content
    for answer in answers:
        page = Page[WorklistItem].model_validate_json(answer.content)
        assert page.items
        assert answer.content.decode() == page.model_dump_json()
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("x", id="no JSON"),
        pytest.param(cursor_of(["x"]), id="too short"),
        pytest.param(cursor_of(["x", "y"]), id="no moment"),
        pytest.param(cursor_of(["2020-06-01T12:00:00", "y"]), id="no offset"),
        pytest.param(cursor_of(["0001-01-01T00:00:00+14:00", "y"]), id="before all time"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/worklists/overdue", "/v1/keys"])
async def test_a_foreign_cursor_is_refused(province: httpx.AsyncClient, path: str, cursor: str) -> None:
    answer = await province.get(path, params={"cursor": cursor})

    errors = [{"parameter": "cursor", "detail": "not a cursor given by this list"}]
    assert_problem(answer, 422, "invalid-request", errors=errors)


@asynccontextmanager
async def counted(engine: AsyncEngine, begin: Begin) -> AsyncIterator[list[str]]:
    """Collect the statements sent, through sessions and through the driver itself.

    A session of a test is nested in its transaction, and told its zone, which connections kept for lists have.
    """
    statements: list[str] = []

    def note(statement: str) -> None:
        if "SAVEPOINT" not in statement and "TIME ZONE" not in statement:
            statements.append(statement)

    def note_executed(*told: Any) -> None:
        note(told[2])

    async with begin() as session:
        driver = await driver_of(session)
    sqlalchemy_event.listen(engine.sync_engine, "before_cursor_execute", note_executed)
    with driver.query_logger(lambda record: note(record.query)):
        yield statements
    sqlalchemy_event.remove(engine.sync_engine, "before_cursor_execute", note_executed)


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_one_statement_whatever_its_length(
    province: httpx.AsyncClient, dossier_engine: AsyncEngine, begin: Begin, name: str
) -> None:
    await listed(province, name)

    async with counted(dossier_engine, begin) as statements:
        await listed(province, name)
    await post(province, *(accepted(f"{number}", due="2020-06-02") for number in range(40)))
    async with counted(dossier_engine, begin) as more:
        await listed(province, name)

    assert statements == more == [statement_of(WORKLISTS[name], None)]
