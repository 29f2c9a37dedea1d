"""Units open, close, merge and split by date; what is open passes on.  Rule: contract section 2."""

from datetime import date, datetime
from typing import Any

import httpx
import msgspec
import pytest

from motcua.sample.units import SampleUnit, list_units
from shared.contracts.feed import RECALCULATED_TYPE, FeedItemV1
from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import ZONE, Service, kept, post, post_one
from tests.dossier_api.wire import BIRTH, COMMUNE, DISTRICT, OTHER_COMMUNE, OTHER_DISTRICT, PROVINCE, event
from tests.support.problems import assert_problem

END = "2025-07-01"


def accepted(code: str, unit: str, at: str = "2025-06-25T09:00:00+07:00") -> dict[str, Any]:
    return event(id=f"accepted-{code}", dossier=code, at=at, data=wire.accepted(unit_code=unit))


def closing(code: str, *successors: str, on: str = END, **members: Any) -> dict[str, Any]:
    """Build a district that ends on a day."""
    told = {"valid_to": on, "successor_codes": list(successors), **members}
    return wire.unit(code, "district", PROVINCE, **told)


async def run_out(service: Service) -> None:
    """Work until no run is left."""
    while await service.app.state.resources.recalculation.step():
        pass


async def lives_of(client: httpx.AsyncClient, code: str) -> list[list[tuple[str, str]]]:
    """Return the placements the feed told of a dossier, life by life."""
    answer = await client.get("/v1/feed", params={"include": "life", "limit": 5000})
    feed = msgspec.json.decode(answer.content, type=list[FeedItemV1])
    lives = [wire.life_in(item) for item in feed if item.subject == code]
    return [[(placed.day.isoformat(), placed.unit_code) for placed in life.placements] for life in lives]


async def unit_of(client: httpx.AsyncClient, code: str) -> str:
    return str((await client.get(f"/v1/dossiers/{code}")).json()["unit_code"])


def set_clock(service: Service, text: str) -> None:
    service.clock.at = datetime.fromisoformat(text).replace(tzinfo=ZONE)


async def test_a_closing_known_beforehand_comes_true_by_itself(service: Service, province: httpx.AsyncClient) -> None:
    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    set_clock(service, "2025-06-30 12:00")
    await post(province, accepted("D", DISTRICT))

    found = []
    for now in ("2025-06-30 23:59", "2025-07-01 00:00"):
        set_clock(service, now)
        found.append(await unit_of(province, "D"))

    assert found == [DISTRICT, OTHER_DISTRICT]
    assert await lives_of(province, "D") == [[("2025-06-25", DISTRICT), (END, OTHER_DISTRICT)]]


async def test_a_closing_decided_late_is_told_by_a_run(service: Service, province: httpx.AsyncClient) -> None:
    set_clock(service, "2025-07-03 12:00")
    await post(province, accepted("open", DISTRICT), accepted("elsewhere", OTHER_DISTRICT))
    await post(province, accepted("done", DISTRICT), event("finished", dossier="done", at="2025-06-27T09:00:00+07:00"))

    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    await run_out(service)

    [run] = (await province.get("/v1/runs")).json()["items"]
    assert {name: run[name] for name in ("kind", "state", "seen", "changed")} == {
        "kind": "succession",
        "state": "done",
        "seen": 2,
        "changed": 1,
    }
    assert await lives_of(province, "open") == [
        [("2025-06-25", DISTRICT)],
        [("2025-06-25", DISTRICT), (END, OTHER_DISTRICT)],
    ]
    assert [await unit_of(province, code) for code in ("open", "done")] == [OTHER_DISTRICT, DISTRICT]
    assert await lives_of(province, "done") == [[("2025-06-25", DISTRICT)]] * 2


@pytest.mark.parametrize(
    "mended",
    [wire.unit(DISTRICT, "district", PROVINCE), closing(DISTRICT, COMMUNE)],
    ids=["the closing is called off", "another unit succeeds"],
)
async def test_a_closing_that_was_wrong_is_taken_back(
    service: Service, province: httpx.AsyncClient, mended: dict[str, Any]
) -> None:
    set_clock(service, "2025-07-03 12:00")
    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    await post(province, accepted("D", DISTRICT))

    await province.put(f"/v1/units/{DISTRICT}", json=mended)
    await run_out(service)

    placed = [(END, code) for code in mended["successor_codes"]]
    assert (await lives_of(province, "D"))[-1] == [("2025-06-25", DISTRICT), *placed]


async def test_a_change_of_name_orders_no_run(service: Service, province: httpx.AsyncClient) -> None:
    await post(province, event())
    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    await run_out(service)

    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT, name="Huyện Tam Đường"))

    assert len((await province.get("/v1/runs")).json()["items"]) == 1


async def test_merged_units_leave_what_is_open_to_one(service: Service, province: httpx.AsyncClient) -> None:
    merged = wire.unit("H35.40", "district", PROVINCE, valid_from=END)
    closed = [closing(code, "H35.40") for code in (DISTRICT, OTHER_DISTRICT)]
    await province.post("/v1/catalogue", json={"units": [merged, *closed]})
    set_clock(service, "2025-07-01 08:00")
    await post(province, accepted("a", DISTRICT), accepted("b", OTHER_DISTRICT))

    items = (await province.get("/v1/dossiers", params={"unit": "H35.40"})).json()["items"]

    assert [(item["code"], item["unit_code"]) for item in items] == [("a", "H35.40"), ("b", "H35.40")]


async def test_a_split_leaves_what_is_open_to_the_first_named_who_may_transfer_it(
    service: Service, province: httpx.AsyncClient
) -> None:
    parts = [wire.unit(code, "district", PROVINCE, valid_from=END) for code in ("H35.41", "H35.42")]
    await province.post("/v1/catalogue", json={"units": [*parts, closing(DISTRICT, "H35.41", "H35.42")]})
    set_clock(service, "2025-07-02 12:00")
    await post(province, accepted("a", DISTRICT), accepted("b", DISTRICT))
    first = await service.client("H35.41", Scope.EVENTS_WRITE)

    await post(first, event("transferred", {"to_unit_code": "H35.42"}, dossier="b", at="2025-07-01T09:00:00+07:00"))

    assert [await unit_of(province, code) for code in ("a", "b")] == ["H35.41", "H35.42"]
    assert (await lives_of(province, "b"))[-1] == [("2025-06-25", DISTRICT), (END, "H35.42")]


async def test_only_the_successor_may_go_on(service: Service, province: httpx.AsyncClient) -> None:
    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    set_clock(service, "2025-07-01 12:00")
    await post(province, accepted("D", DISTRICT))
    old, new, stranger = [
        await service.client(code, Scope.EVENTS_WRITE) for code in (DISTRICT, OTHER_DISTRICT, OTHER_COMMUNE)
    ]
    yesterday = event("supplement_requested", id="asked", dossier="D", at="2025-06-30T16:00:00+07:00")
    today = event("supplemented", id="complete", dossier="D", at="2025-07-01T09:00:00+07:00")

    refused = [await post_one(client, today) for client in (old, stranger)]
    taken = [await post_one(old, yesterday), await post_one(new, today)]

    for answer in refused:
        assert_problem(answer, 404, "dossier-unknown", dossier="D")
    assert [answer.status_code for answer in taken] == [200, 200]
    assert await kept(province) == []


async def test_what_is_dated_after_the_closing_cannot_begin_there(
    service: Service, province: httpx.AsyncClient
) -> None:
    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    set_clock(service, "2025-07-02 12:00")

    answer = await post_one(province, accepted("D", DISTRICT, at="2025-07-01T09:00:00+07:00"))

    assert_problem(answer, 409, "unit-not-open", unit_code=DISTRICT, day="2025-07-01")


async def test_a_closed_unit_stays_readable(service: Service, province: httpx.AsyncClient) -> None:
    await province.put(f"/v1/units/{DISTRICT}", json=closing(DISTRICT, OTHER_DISTRICT))
    set_clock(service, "2026-01-05 12:00")
    told = event("finished", dossier="D", at="2025-06-27T09:00:00+07:00")
    await post(province, accepted("D", DISTRICT), told)

    unit = (await province.get(f"/v1/units/{DISTRICT}")).json()
    items = (await province.get("/v1/dossiers", params={"unit": DISTRICT})).json()["items"]

    assert (unit["valid_to"], unit["successor_codes"]) == (END, [OTHER_DISTRICT])
    assert [(item["code"], item["unit_code"], item["class"]) for item in items] == [("D", DISTRICT, "early")]


def abolition() -> list[dict[str, Any]]:
    """Return the reform of 2025-07-01 on the units of the sample.

    Each three communes of a district become one new commune right below the province; a district's work passes to
    the commune at its seat. Rule: domain section 0; which communes merged is simplified, how they did is not.
    """
    units = [unit for unit in list_units() if unit.is_open("2025-06-30")]
    units_of = {unit.code: [one for one in units if one.parent_code == unit.code] for unit in units}
    reform: list[dict[str, Any]] = []
    for number, district in enumerate(one for one in units if one.level == "district"):
        communes = units_of[district.code]
        new = [f"H35.{number + 1}{place:02}" for place in range(-(-len(communes) // 3))]
        reform += [wire.unit(code, "commune", PROVINCE, valid_from=END) for code in new]
        reform += [_ended(one, new[place // 3]) for place, one in enumerate(communes)]
        reform.append(_ended(district, *new))
    return reform


def _ended(unit: SampleUnit, *successors: str) -> dict[str, Any]:
    told = {name: getattr(unit, name) for name in unit.__dataclass_fields__}
    return {**told, "valid_to": END, "successor_codes": list(successors)}


@pytest.fixture
async def reformed(service: Service) -> httpx.AsyncClient:
    """Return a client of Lai Châu after the reform, in which a dossier lay with each district and each commune."""
    set_clock(service, "2025-07-03 12:00")
    client = await service.client()
    units = [{name: getattr(unit, name) for name in unit.__dataclass_fields__} for unit in list_units()]
    written = await client.post("/v1/catalogue", json={"units": units, "procedures": [wire.procedure(BIRTH)]})
    assert written.status_code == httpx.codes.OK, written.text
    closing_units = [unit["code"] for unit in abolition() if unit["valid_to"] == END]
    await post(client, *(accepted(f"at-{code}", code) for code in closing_units))
    finished = [
        event("finished", id=f"end-{code}", dossier=f"at-{code}", at="2025-06-27T09:00:00+07:00")
        for code in closing_units[::2]
    ]
    await post(client, *finished)
    answer = await client.post("/v1/catalogue", json={"units": abolition()})
    assert answer.status_code == httpx.codes.OK, answer.text
    await run_out(service)
    return client


async def test_the_abolition_of_districts(service: Service, reformed: httpx.AsyncClient) -> None:
    ended = [unit for unit in abolition() if unit["valid_to"] == END]
    levels = [unit["level"] for unit in ended]
    page = await reformed.get("/v1/dossiers", params={"limit": 1000})
    found = {item["code"]: item["unit_code"] for item in page.json()["items"]}

    assert (levels.count("district"), levels.count("commune")) == (8, 106)
    assert found == {
        f"at-{unit['code']}": unit["code"] if place % 2 == 0 else unit["successor_codes"][0]
        for place, unit in enumerate(ended)
    }
    recalculated = await service.rows(
        "SELECT subject FROM dossier.events WHERE type = :type ORDER BY position", type=RECALCULATED_TYPE
    )
    assert sorted(recalculated) == sorted(f"at-{unit['code']}" for unit in ended[1::2])


async def test_after_the_abolition_the_new_communes_finish_what_the_districts_began(
    service: Service, reformed: httpx.AsyncClient
) -> None:
    district = [unit for unit in abolition() if unit["level"] == "district"][1]
    code, heir = district["code"], district["successor_codes"][0]
    asked = event("supplement_requested", id="q", dossier="across", at="2025-06-27T09:00:00+07:00")
    await post(reformed, accepted("across", code), asked)
    commune = await service.client(heir, Scope.EVENTS_WRITE, Scope.DOSSIERS_READ)

    results = await post(
        commune,
        event("supplemented", id="c", dossier="across", at="2025-07-01T09:00:00+07:00"),
        event("finished", id="f", dossier="across", at="2025-07-02T09:00:00+07:00"),
    )

    assert [result["status"] for result in results] == ["accepted", "accepted"]
    read = (await commune.get("/v1/dossiers/across")).json()
    assert (read["status"], read["class"], read["unit_code"]) == ("finished", "early", heir)
    assert (await lives_of(reformed, "across"))[-1] == [("2025-06-25", code), (END, heir)]


async def test_the_province_s_own_departments_go_on_through_the_abolition(reformed: httpx.AsyncClient) -> None:
    units = (await reformed.get("/v1/units")).json()["items"]
    today = date(2025, 7, 3).isoformat()
    open_now = [unit for unit in units if unit["valid_from"] <= today and (unit["valid_to"] or "9999") > today]

    assert {unit["level"] for unit in open_now} == {"province", "commune"}
    assert {unit["parent_code"] for unit in open_now} == {None, PROVINCE}
