"""What a unit must do next: due soon, overdue, late acceptance, apologies due.  Rule: contract section 3."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dossier_api.usecases.read_worklists import WorklistReader
from dossier_api.usecases.rulebook import Rulebook
from shared.db import Begin
from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import ZONE, Service, post, serving
from tests.dossier_api.wire import COMMUNE, DISTRICT, LAND, OTHER_DISTRICT, event
from tests.dossier_api.worklists import HOURS, LISTS, accepted, listed, promise, set_clock
from tests.support.problems import assert_problem


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
    found = []
    for now in ("2020-06-05 23:59:59.999999", "2020-06-06 00:00"):
        set_clock(service, now)
        found.append((await listed(province, "overdue"), await listed(province, "due-soon", days=0)))

    assert found == [
        (["2020-06-03", "2020-06-04"], ["2020-06-05"]),
        (["2020-06-03", "2020-06-04", "2020-06-05"], []),
    ]


async def test_hours_turn_late_within_their_day(service: Service, province: httpx.AsyncClient) -> None:
    await province.put(f"/v1/procedures/{LAND}", json=wire.procedure(LAND, HOURS))
    data = wire.accepted(procedure_code=LAND)
    await post(province, event(at="2020-06-01T10:00:00+07:00", data=data))

    found = []
    for now in ("2020-06-02 10:29:59.999999", "2020-06-02 10:30", "2020-06-02 10:31"):
        set_clock(service, now)
        found.append((await listed(province, "due-soon", days=0), await listed(province, "overdue")))

    assert found == [([wire.DOSSIER], []), ([], [wire.DOSSIER]), ([], [wire.DOSSIER])]
    [item] = (await province.get("/v1/worklists/overdue")).json()["items"]
    assert (item["due_on"], item["late_from"]) == ("2020-06-02", "2020-06-02T10:30:00+07:00")


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
    for now in ("2020-06-01 15:29:59.999999", "2020-06-01 15:30"):
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


@pytest.fixture
async def neighbour(begin: Begin) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a second process on the same database."""
    async with serving(begin) as running:
        yield await running.client()


async def test_a_calendar_decided_at_another_process_counts_at_once(
    service: Service, province: httpx.AsyncClient, neighbour: httpx.AsyncClient
) -> None:
    await promise(province, "2020-06-01", "2020-06-02", "2020-06-03")
    before = await listed(province, "due-soon", days=1), await listed(province, "apologies-due")

    await neighbour.post("/v1/catalogue", json={"calendar": [wire.off("2020-06-02")]})

    assert before == (["2020-06-01", "2020-06-02"], ["2020-06-02"])
    assert await listed(province, "due-soon", days=1) == ["2020-06-01", "2020-06-02", "2020-06-03"]
    assert await listed(province, "apologies-due") == ["2020-06-02", "2020-06-03"]


async def test_a_unit_moved_at_another_process_is_seen_by_its_new_superiors_only(
    service: Service, province: httpx.AsyncClient, neighbour: httpx.AsyncClient
) -> None:
    await post(province, accepted("D", due="2020-06-02", unit=COMMUNE))
    old, new = [await service.client(unit, Scope.DOSSIERS_READ) for unit in (DISTRICT, OTHER_DISTRICT)]
    before = await listed(old, "due-soon", unit=COMMUNE), await listed(new, "due-soon")

    await neighbour.put(f"/v1/units/{COMMUNE}", json=wire.unit(COMMUNE, "commune", OTHER_DISTRICT))

    assert before == (["D"], [])
    answer = await old.get("/v1/worklists/due-soon", params={"unit": COMMUNE})
    assert_problem(answer, 404, "unit-unknown", unit_code=COMMUNE)
    assert (await listed(old, "due-soon"), await listed(new, "due-soon", unit=COMMUNE)) == ([], ["D"])


async def test_a_unit_told_at_another_process_is_known_at_once(
    province: httpx.AsyncClient, neighbour: httpx.AsyncClient
) -> None:
    new = f"{DISTRICT}.77"

    await neighbour.put(f"/v1/units/{new}", json=wire.unit(new, "commune", DISTRICT))

    assert await listed(province, "due-soon", unit=new) == []


async def test_who_stands_for_no_known_unit_sees_nothing(service: Service, province: httpx.AsyncClient) -> None:
    """As one whose access token names a unit that the catalogue has not, or not yet, even where it has none at all."""
    await promise(province, "2020-05-29")
    held = service.app.state.resources
    empty = Rulebook(in_force=held.rulebook.in_force)

    for rulebook in (held.rulebook, empty):
        reader = WorklistReader(held.connect, held.begin, held.clock, ZONE, rulebook, root="H99", unit_code=None)
        assert await reader.overdue(after=None, limit=10) == []
        assert await reader.late_acceptance(after=None, limit=10) == []


async def test_worklists_need_the_scope_of_dossiers(service: Service, province: httpx.AsyncClient) -> None:
    counter = await service.client(DISTRICT, Scope.EVENTS_WRITE)

    stranger = await service.client_with(None)
    for path in (f"/v1/worklists/{name}{asked}" for name in LISTS for asked in ("", "?limit=5")):
        assert_problem(await counter.get(path), 403, "scope-missing", scope="dossiers:read")
        assert_problem(await stranger.get(path), 401, "unauthenticated")
