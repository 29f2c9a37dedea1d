"""What a unit must do next: due soon, overdue, late acceptance, apologies due.  Rule: contract section 3."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.http.access import Scope
from shared.http.paging import cursor_of
from tests.dossier_api import wire
from tests.dossier_api.serving import ZONE, Service, post
from tests.dossier_api.wire import COMMUNE, DISTRICT, LAND, OTHER_DISTRICT, event
from tests.support.problems import assert_problem

LISTS = ("due-soon", "overdue", "apologies-due", "late-acceptance")
HOURS = wire.version(processing_time={"amount": 8, "unit": "working_hour"})


def accepted(code: str, *, due: str, unit: str = DISTRICT) -> dict[str, Any]:
    """Build the acceptance of a dossier whose receipt prints a due day."""
    data = wire.accepted(unit_code=unit, due_at=f"{due}T17:00:00+07:00")
    return event(id=f"accepted-{code}", dossier=code, at="2020-01-02T09:00:00+07:00", data=data)


async def promise(client: httpx.AsyncClient, *dues: str) -> None:
    """Accept dossiers whose codes are their printed due days."""
    results = await post(client, *(accepted(due, due=due) for due in dues))
    assert {result["status"] for result in results} == {"accepted"}


async def listed(client: httpx.AsyncClient, worklist: str, **asked: Any) -> list[str]:
    """Return the codes of a worklist."""
    answer = await client.get(f"/v1/worklists/{worklist}", params=asked)
    assert answer.status_code == httpx.codes.OK, answer.text
    return [item["code"] for item in answer.json()["items"]]


def set_clock(service: Service, text: str) -> None:
    service.clock.at = datetime.fromisoformat(text).replace(tzinfo=ZONE)


async def test_an_item_tells_what_to_do_and_by_when(province: httpx.AsyncClient) -> None:
    await post(province, event(data=wire.accepted(receiving_unit_code=COMMUNE)))

    page = (await province.get("/v1/worklists/due-soon", params={"days": 5})).json()

    assert page == {
        "items": [
            {
                "code": wire.DOSSIER,
                "status": "processing",
                "unit_code": DISTRICT,
                "receiving_unit_code": COMMUNE,
                "procedure_code": wire.BIRTH,
                "is_extended": False,
                "due_on": "2020-06-08",
                "late_from": "2020-06-09T00:00:00+07:00",
            }
        ],
        "next": None,
        "has_more": False,
    }


@pytest.mark.parametrize(
    ("now", "days", "due"),
    [
        pytest.param("2020-06-04 08:00", 0, ["2020-06-04"], id="today"),
        pytest.param("2020-06-04 08:00", 1, ["2020-06-04", "2020-06-05"], id="one working day"),
        pytest.param("2020-06-05 08:00", 1, ["2020-06-05", "2020-06-08"], id="one working day over a weekend"),
        pytest.param("2020-06-06 08:00", 1, ["2020-06-08"], id="one working day from a Saturday"),
        pytest.param("2020-06-05 23:59", 3, ["2020-06-05", "2020-06-08", "2020-06-09", "2020-06-10"], id="three"),
        pytest.param("2020-06-04 08:00", 6, [f"2020-06-{day:02}" for day in (4, 5, 8, 9, 10, 11, 12)], id="n"),
    ],
)
async def test_due_soon_counts_working_days(
    service: Service, province: httpx.AsyncClient, now: str, days: int, due: list[str]
) -> None:
    await promise(province, *(f"2020-06-{day:02}" for day in (3, 4, 5, 8, 9, 10, 11, 12, 15)))
    set_clock(service, now)

    assert await listed(province, "due-soon", days=days) == due


async def test_due_soon_looks_over_tet(service: Service, province: httpx.AsyncClient) -> None:
    tet = [wire.off(f"2020-01-{day}") for day in (23, 24, 27, 28, 29)]
    await province.post("/v1/catalogue", json={"calendar": tet})
    await promise(province, "2020-01-21", "2020-01-22", "2020-01-30", "2020-01-31")
    set_clock(service, "2020-01-22 10:00")

    assert await listed(province, "due-soon", days=1) == ["2020-01-22", "2020-01-30"]
    assert await listed(province, "apologies-due") == ["2020-01-30"]


async def test_overdue_begins_the_day_after_and_the_longest_comes_first(
    service: Service, province: httpx.AsyncClient
) -> None:
    await promise(province, "2020-06-04", "2020-06-03", "2020-06-05")
    set_clock(service, "2020-06-05 23:59")

    assert await listed(province, "overdue") == ["2020-06-03", "2020-06-04"]
    assert await listed(province, "due-soon", days=0) == ["2020-06-05"]


async def test_hours_turn_late_within_their_day(service: Service, province: httpx.AsyncClient) -> None:
    await province.put(f"/v1/procedures/{LAND}", json=wire.procedure(LAND, HOURS))
    data = wire.accepted(procedure_code=LAND)
    await post(province, event(at="2020-06-01T10:00:00+07:00", data=data))

    found = []
    for now in ("2020-06-02 10:29", "2020-06-02 10:31"):
        set_clock(service, now)
        found.append((await listed(province, "due-soon", days=0), await listed(province, "overdue")))

    assert found == [([wire.DOSSIER], []), ([], [wire.DOSSIER])]


@pytest.mark.parametrize(
    "then",
    [event("finished"), event("supplement_requested"), event("payment_requested"), event("withdrawn")],
    ids=["finished", "waiting for papers", "waiting for payment", "withdrawn"],
)
async def test_what_is_done_or_waits_is_on_no_list(
    service: Service, province: httpx.AsyncClient, then: dict[str, Any]
) -> None:
    await post(province, event(), {**then, "id": "e2", "time": "2020-06-01T10:00:00+07:00"})

    found = []
    for now in ("2020-06-05 09:00", "2020-06-08 09:00", "2020-07-08 09:00"):
        set_clock(service, now)
        found += [code for name in LISTS for code in await listed(province, name)]

    assert found == []


async def test_today_is_the_last_day_for_an_apology_of_what_is_due_next(
    service: Service, province: httpx.AsyncClient
) -> None:
    """Rule: NĐ 61/2018 Đ.19(9): the letter goes out at least a day before the date, and at most one does."""
    await promise(province, "2020-06-05", "2020-06-08", "2020-06-09")
    written = {"due_at": "2020-06-12T17:00:00+07:00", "reason": "late-consultation"}
    extended = event("extended", written, dossier="extended", at="2020-06-04T09:00:00+07:00")
    set_clock(service, "2020-06-05 08:00")
    await post(province, accepted("extended", due="2020-06-08"), extended)

    assert await listed(province, "apologies-due") == ["2020-06-08"]
    assert await listed(province, "due-soon", days=1) == ["2020-06-05", "2020-06-08", "extended"]


async def test_late_acceptance_begins_after_eight_working_hours(service: Service, province: httpx.AsyncClient) -> None:
    """Rule: NĐ 297/2025 Đ.6(4)a: from Friday 15:00 they end on Monday 15:30."""
    told = {"at": "2020-05-29T15:00:00+07:00"}
    filed = {"procedure_code": wire.BIRTH, "unit_code": DISTRICT}
    await post(
        province,
        event("submitted", {**filed, "channel": "online"}, id="a", dossier="online", **told),
        event("submitted", {**filed, "channel": "online"}, id="b", dossier="answered", **told),
        event("submitted", {**filed, "channel": "direct"}, id="c", dossier="direct", **told),
        event("refused", id="d", dossier="answered", at="2020-05-29T16:00:00+07:00"),
    )

    found = []
    for now in ("2020-06-01 15:29", "2020-06-01 15:31"):
        set_clock(service, now)
        found.append(await listed(province, "late-acceptance"))
    await post(province, event(id="e", dossier="online", at="2020-06-01T15:31:00+07:00"))

    assert (found, await listed(province, "late-acceptance")) == ([[], ["online"]], [])


async def test_a_worklist_is_of_a_subtree_and_a_caller_sees_its_own(
    service: Service, province: httpx.AsyncClient
) -> None:
    units = {"district": DISTRICT, "commune": COMMUNE, "other": OTHER_DISTRICT}
    await post(province, *(accepted(name, due="2020-06-02", unit=unit) for name, unit in units.items()))
    restricted = await service.client(DISTRICT, Scope.DOSSIERS_READ)

    assert await listed(province, "due-soon") == ["commune", "district", "other"]
    assert await listed(province, "due-soon", unit=DISTRICT) == ["commune", "district"]
    assert await listed(restricted, "due-soon") == ["commune", "district"]
    assert await listed(restricted, "due-soon", unit=COMMUNE) == ["commune"]
    for stranger in (OTHER_DISTRICT, "H99"):
        answer = await restricted.get("/v1/worklists/due-soon", params={"unit": stranger})
        assert_problem(answer, 404, "unit-unknown", unit_code=stranger)


async def test_what_a_closed_unit_left_open_is_its_successors(service: Service, province: httpx.AsyncClient) -> None:
    await promise(province, "2020-06-09")
    closed = wire.unit(DISTRICT, "district", wire.PROVINCE, valid_to="2020-06-05", successor_codes=[OTHER_DISTRICT])
    await province.put(f"/v1/units/{DISTRICT}", json=closed)
    old, new = [await service.client(unit, Scope.DOSSIERS_READ) for unit in (DISTRICT, OTHER_DISTRICT)]

    found = []
    for now in ("2020-06-04 09:00", "2020-06-05 09:00"):
        set_clock(service, now)
        found.append([await listed(client, "due-soon", days=3) for client in (old, new)])

    assert found == [[["2020-06-09"], []], [[], ["2020-06-09"]]]
    [item] = (await new.get("/v1/worklists/due-soon")).json()["items"]
    assert item["unit_code"] == OTHER_DISTRICT


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


async def test_worklists_need_the_scope_of_dossiers(service: Service, province: httpx.AsyncClient) -> None:
    counter = await service.client(DISTRICT, Scope.EVENTS_WRITE)

    for name in LISTS:
        answer = await counter.get(f"/v1/worklists/{name}")
        assert_problem(answer, 403, "scope-missing", scope="dossiers:read")


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[list[str]]:
    """Collect the statements sent."""
    statements: list[str] = []

    def note(*told: Any) -> None:
        statements.append(told[2])

    sqlalchemy_event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield statements
    sqlalchemy_event.remove(engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", LISTS)
async def test_the_number_of_statements_does_not_grow_with_the_list(
    province: httpx.AsyncClient, dossier_engine: AsyncEngine, name: str
) -> None:
    numbers = []
    for size in (2, 40):
        await post(province, *(accepted(f"{size}-{number}", due="2020-06-02") for number in range(size)))
        with counted(dossier_engine) as statements:
            await listed(province, name)
        numbers.append(len(statements))

    assert numbers[0] == numbers[1] > 0
