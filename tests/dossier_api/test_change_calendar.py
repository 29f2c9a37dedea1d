"""A calendar decided late: previewed, then applied by an audited run.  Rule: contract sections 2 and 4; domain h.3."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.usecases.recalculate import Recalculation
from shared.contracts.feed import RECALCULATED_TYPE, FeedItemV1
from shared.contracts.life import Phase, PhaseFrom
from shared.db import Begin
from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import ZONE, Service, post
from tests.dossier_api.wire import BIRTH, DISTRICT, event
from tests.support.problems import assert_problem

DECISION = "12729/VPCP-KGVX 25/12/2025"
SWAP = [
    {"day": "2026-01-02", "kind": "off", "decision": DECISION},
    {"day": "2026-01-10", "kind": "worked", "decision": DECISION},
]
# Of the three terms below, accepted on 24 December 2025 by the calendar of that day, one ends before, one on
# and one after the day that is to be off.
NEW_YEAR = wire.off("2026-01-01")


@pytest.fixture
async def counter(service: Service, province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client at noon of Christmas 2025, before the decision is out."""
    service.clock.at = datetime(2025, 12, 25, 12, tzinfo=ZONE)
    await province.post("/v1/catalogue", json={"calendar": [NEW_YEAR]})
    return province


def accepted(code: str, term: str, *, at: str = "2025-12-24T09:00:00+07:00", **data: Any) -> dict[str, Any]:
    return event(id=f"accepted-{code}", dossier=code, at=at, data=wire.accepted(procedure_code=term, **data))


async def three_terms(client: httpx.AsyncClient) -> None:
    """Accept dossiers of three, six and seven working days."""
    for name, amount in (("three", 3), ("six", 6), ("seven", 7)):
        version = wire.version(processing_time={"amount": amount, "unit": "working_day"})
        await client.put(f"/v1/procedures/{name}", json=wire.procedure(name, version))
    results = await post(client, *(accepted(name, name) for name in ("three", "six", "seven")))
    assert [result["status"] for result in results] == ["accepted"] * 3


async def decide(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/catalogue", json={"calendar": SWAP})
    assert answer.status_code == httpx.codes.OK, answer.text


async def run(service: Service, client: httpx.AsyncClient) -> dict[str, Any]:
    """Order a run and work until it is done; return it."""
    ordered = await client.post("/v1/calendar-runs")
    assert ordered.status_code == httpx.codes.ACCEPTED, ordered.text
    while await service.app.state.resources.recalculation.step():
        pass
    done: dict[str, Any] = (await client.get(ordered.headers["location"])).json()
    return done


async def dues(client: httpx.AsyncClient) -> dict[str, str]:
    """Return the lawful due day of each dossier."""
    items = (await client.get("/v1/dossiers")).json()["items"]
    return {item["code"]: item["due_statutory"][:10] for item in items}


BEFORE = {"three": "2025-12-29", "six": "2026-01-02", "seven": "2026-01-05"}


def move(name: str, before: str, after: str) -> dict[str, Any]:
    day = "{}T17:00:00+07:00"
    told = {"due_before": day.format(before), "due_after": day.format(after)}
    return {"code": name, "unit_code": DISTRICT, "procedure_code": name, **told}


async def test_a_preview_lists_what_would_move_and_moves_nothing(counter: httpx.AsyncClient) -> None:
    """The seventh day is a promise that is earlier and still worked: it stands."""
    await three_terms(counter)

    preview = await counter.post("/v1/calendar-previews", json={"calendar": SWAP})

    items = [move("six", "2026-01-02", "2026-01-05")]
    assert preview.json() == {"items": items, "next": None, "has_more": False}
    assert await dues(counter) == BEFORE


async def test_a_new_calendar_moves_nothing_by_itself(counter: httpx.AsyncClient) -> None:
    await three_terms(counter)

    await decide(counter)

    assert await dues(counter) == BEFORE
    assert (await counter.post("/v1/calendar-previews", json={})).json()["items"] == [
        move("six", "2026-01-02", "2026-01-05")
    ]


async def test_a_run_moves_what_the_preview_said(service: Service, counter: httpx.AsyncClient) -> None:
    await three_terms(counter)
    await decide(counter)

    done = await run(service, counter)

    assert await dues(counter) == {**BEFORE, "six": "2026-01-05"}
    told = {name: done[name] for name in ("kind", "state", "total", "seen", "changed", "progress")}
    assert told == {"kind": "calendar", "state": "done", "total": 3, "seen": 3, "changed": 1, "progress": 1.0}
    assert (await counter.post("/v1/calendar-previews", json={})).json()["items"] == []


async def test_the_clock_tells_that_the_calendar_moved_the_date(service: Service, counter: httpx.AsyncClient) -> None:
    await three_terms(counter)
    await decide(counter)
    await run(service, counter)

    told = {}
    for name in ("six", "seven"):
        steps = (await counter.get(f"/v1/dossiers/{name}/clock")).json()["steps"]
        told[name] = [(step["kind"], step["due_statutory"][:10]) for step in steps]

    assert told == {
        "six": [("counted", "2026-01-05"), ("moved_by_calendar", "2026-01-05")],
        "seven": [("counted", "2026-01-06"), ("promise_kept", "2026-01-05")],
    }


@pytest.mark.parametrize(
    ("printed", "after"),
    [("2025-12-31", "2025-12-31"), ("2026-01-02", "2026-01-05"), ("2026-01-15", "2026-01-05")],
    ids=["earlier and worked: it stands", "no longer worked", "later than the law's"],
)
async def test_a_printed_date_stands_where_it_is_earlier_and_worked(
    service: Service, counter: httpx.AsyncClient, printed: str, after: str
) -> None:
    await counter.put(
        "/v1/procedures/six",
        json=wire.procedure("six", wire.version(processing_time={"amount": 6, "unit": "working_day"})),
    )
    await post(counter, accepted("D", "six", due_at=f"{printed}T17:00:00+07:00"))
    await decide(counter)

    await run(service, counter)

    read = (await counter.get("/v1/dossiers/D")).json()
    assert (read["due_first"][:10], read["due_statutory"][:10]) == (printed, after)


async def test_new_dossiers_are_counted_by_the_new_calendar_at_once(
    service: Service, counter: httpx.AsyncClient
) -> None:
    await three_terms(counter)
    filed = event("submitted", {"procedure_code": "six", "unit_code": DISTRICT}, dossier="filed", id="f")
    await post(counter, {**filed, "time": "2025-12-24T09:00:00+07:00"})
    await decide(counter)

    late = "2025-12-25T09:00:00+07:00"
    await post(counter, accepted("new", "six", at=late), accepted("filed", "six", at=late))

    found = await dues(counter)
    assert (found["new"], found["filed"]) == ("2026-01-06", "2026-01-06")


async def test_the_feed_carries_the_new_life_and_what_was_known_before_stays(
    service: Service, counter: httpx.AsyncClient
) -> None:
    await three_terms(counter)
    await decide(counter)
    service.clock.move(days=1)

    done = await run(service, counter)

    answer = await counter.get("/v1/feed", params={"include": "life", "limit": 5000})
    feed = msgspec.json.decode(answer.content, type=list[FeedItemV1])
    six = [item for item in feed if item.subject == "six" and item.type.startswith("vn.motcua.dossier.")]
    lives = [wire.life_in(item) for item in six]
    overdue = [[entry.day.isoformat() for entry in life.phases if entry.phase is Phase.OVERDUE] for life in lives]
    assert [item.type for item in six] == ["vn.motcua.dossier.accepted.v1", RECALCULATED_TYPE]
    assert [item.recordedat.astimezone(ZONE).date().isoformat() for item in six] == ["2025-12-25", "2025-12-26"]
    assert overdue == [["2026-01-03"], ["2026-01-06"]]
    assert lives[1].phases[0] == PhaseFrom(datetime(2025, 12, 24, tzinfo=ZONE).date(), Phase.IN_TIME)
    told = msgspec.json.decode(six[1].data)
    assert {name: told[name] for name in ("run", "reason", "due_before", "due_after")} == {
        "run": done["id"],
        "reason": "calendar",
        "due_before": "2026-01-02T17:00:00+07:00",
        "due_after": "2026-01-05T17:00:00+07:00",
    }
    assert six[1].position == feed[-1].position


async def test_what_happens_after_a_run_is_counted_by_its_calendar(
    service: Service, counter: httpx.AsyncClient
) -> None:
    await three_terms(counter)
    await decide(counter)
    await run(service, counter)
    service.clock.at = datetime(2026, 1, 9, 12, tzinfo=ZONE)

    await post(
        counter,
        event("supplement_requested", dossier="three", id="a", at="2025-12-29T09:00:00+07:00"),
        event("supplemented", dossier="three", id="b", at="2026-01-08T09:00:00+07:00"),
    )

    assert (await dues(counter))["three"] == "2026-01-12"


async def test_a_second_run_changes_nothing(service: Service, counter: httpx.AsyncClient) -> None:
    await three_terms(counter)
    await decide(counter)
    await run(service, counter)
    before = await service.rows("SELECT code, late_from, calendar_version FROM dossier.dossiers ORDER BY 1")

    again = await run(service, counter)

    assert again["changed"] == 0
    after = await service.rows("SELECT code, late_from, calendar_version FROM dossier.dossiers ORDER BY 1")
    assert after == before


async def test_finished_dossiers_keep_the_date_they_were_judged_by(
    service: Service, counter: httpx.AsyncClient
) -> None:
    await three_terms(counter)
    await post(counter, event("finished", dossier="six", id="end", at="2025-12-25T11:00:00+07:00"))
    await decide(counter)

    done = await run(service, counter)

    assert (done["total"], (await dues(counter))["six"]) == (2, "2026-01-02")


class Killed(Exception):
    """The process is gone before its transaction is committed."""


def killed_before_commit(begin: Begin) -> Begin:
    """Return a `begin` under which a process dies just before it commits."""

    @asynccontextmanager
    async def dying() -> AsyncIterator[AsyncSession]:
        async with begin() as session:
            yield session
            raise Killed

    return dying


async def test_a_run_that_is_killed_goes_on_and_changes_nothing_twice(
    service: Service, counter: httpx.AsyncClient
) -> None:
    await three_terms(counter)
    await post(counter, *(accepted(f"more-{number}", "six") for number in range(4)))
    await decide(counter)
    first: Recalculation = replace(service.app.state.resources.recalculation, slice_size=2)
    ordered = (await counter.post("/v1/calendar-runs")).json()
    await first.step()

    with pytest.raises(Killed):
        await replace(first, begin=killed_before_commit(service.begin)).step()
    seen = (await counter.get(f"/v1/runs/{ordered['id']}")).json()
    while await replace(first, begin=service.begin).step():
        pass

    assert (seen["state"], seen["seen"], seen["progress"]) == ("running", 2, pytest.approx(2 / 7))
    done = (await counter.get(f"/v1/runs/{ordered['id']}")).json()
    assert (done["state"], done["seen"], done["changed"]) == ("done", 7, 5)
    told = await service.rows(
        "SELECT subject, count(*) FROM dossier.events WHERE type = :type GROUP BY 1 ORDER BY 1", type=RECALCULATED_TYPE
    )
    assert told == [(name, 1) for name in ("more-0", "more-1", "more-2", "more-3", "six")]


async def test_a_preview_is_paged(service: Service, counter: httpx.AsyncClient) -> None:
    await three_terms(counter)
    await post(counter, *(accepted(f"more-{number}", "six") for number in range(4)))
    pages: list[list[str]] = []
    cursor: dict[str, str] = {}

    while True:
        asked: dict[str, int | str] = {"limit": 2, **cursor}
        page = (await counter.post("/v1/calendar-previews", params=asked, json={"calendar": SWAP})).json()
        pages.append([item["code"] for item in page["items"]])
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next"]}

    assert [code for page in pages for code in page] == ["more-0", "more-1", "more-2", "more-3", "six"]


async def test_half_a_swap_is_refused_in_writing_and_in_preview(counter: httpx.AsyncClient) -> None:
    told = f"decision {DECISION} makes 1 more days worked than off: enter both halves of the swap together"

    for path in ("/v1/catalogue", "/v1/calendar-previews"):
        answer = await counter.post(path, json={"calendar": SWAP[1:]})
        assert_problem(answer, 409, "catalogue-inconsistent", contradictions=[told])
    assert (await counter.post("/v1/catalogue", json={"calendar": SWAP[:1]})).json()["calendar"] == 1
    assert (await counter.post("/v1/catalogue", json={"calendar": SWAP[1:]})).json()["calendar"] == 1


async def test_taking_back_one_half_of_a_swap_is_refused(counter: httpx.AsyncClient) -> None:
    await decide(counter)

    answer = await counter.post("/v1/catalogue", json={"calendar": [{**SWAP[0], "kind": "usual"}]})

    assert answer.status_code == 409
    both = [{**day, "kind": "usual"} for day in SWAP]
    assert (await counter.post("/v1/catalogue", json={"calendar": both})).json()["calendar"] == 2


async def test_the_decision_and_the_run_leave_audit_rows(service: Service, counter: httpx.AsyncClient) -> None:
    await three_terms(counter)
    await decide(counter)
    done = await run(service, counter)

    rows = await service.rows("SELECT action, subject FROM dossier.audit ORDER BY id DESC LIMIT 3")

    kind = "vn.motcua.catalogue.calendar_day.v1"
    assert rows == [("run-calendar", done["id"]), (kind, "2026-01-10"), (kind, "2026-01-02")]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/calendar-previews"), ("POST", "/v1/calendar-runs"), ("GET", "/v1/runs"), ("GET", "/v1/runs/x")],
)
async def test_keys_of_a_part_of_the_province_are_refused(
    service: Service, counter: httpx.AsyncClient, method: str, path: str
) -> None:
    district = await service.client(DISTRICT)

    answer = await district.request(method, path, json={} if method == "POST" else None)

    assert_problem(answer, 403, "province-wide", unit_code=DISTRICT)


async def test_runs_need_an_administrator(service: Service, counter: httpx.AsyncClient) -> None:
    writer = await service.client(None, Scope.CATALOGUE_WRITE)

    assert_problem(await writer.post("/v1/calendar-runs"), 403, "scope-missing", scope="admin")
    assert_problem(await counter.get("/v1/runs/unknown"), 404, "run-unknown", run_id="unknown")


async def test_estimates_are_marked_in_the_calendar(counter: httpx.AsyncClient) -> None:
    estimate = {"day": "2027-01-01", "kind": "off", "decision": "chưa có quyết định", "is_estimate": True}
    await counter.post("/v1/catalogue", json={"calendar": [estimate]})

    items = (await counter.get("/v1/calendar", params={"year": 2027})).json()["items"]

    assert items == [{**estimate, "name": None}]


async def test_a_run_after_the_decision_takes_the_mark_of_an_estimate_away(
    service: Service, counter: httpx.AsyncClient
) -> None:
    """2026 has one decided day; with none, the year after the last decided one is an estimate too."""
    await counter.post("/v1/catalogue", json={"calendar": [{**NEW_YEAR, "is_estimate": True}]})
    await post(counter, accepted("D", BIRTH, at="2025-12-25T09:00:00+07:00"), accepted("E", BIRTH))
    before = (await counter.get("/v1/dossiers/D")).json()["flags"]
    await counter.post("/v1/catalogue", json={"calendar": [NEW_YEAR]})

    await run(service, counter)

    after = (await counter.get("/v1/dossiers/D")).json()["flags"]
    assert ("due_on_estimate" in before, "due_on_estimate" in after) == (True, False)
