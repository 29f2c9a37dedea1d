"""Reports that come by themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from report_worker.routes.problem_types import describer
from report_worker.usecases.keep_schedules import Planner
from report_worker.usecases.run_schedules import run_schedules
from tests.report_worker.given import FakeDossiers
from tests.support.problems import assert_problem

BODY: dict[str, Any] = {"form": "II.06a", "unit_code": "H35", "parts": ["H1", "Q1"], "working_days": 5}
Round = Callable[[str], Any]


@dataclass
class ClockAt:
    """A clock that stands at the noon of a day."""

    day: str

    def now(self) -> datetime:
        return datetime.fromisoformat(f"{self.day}T05:00:00").replace(tzinfo=UTC)


@pytest.fixture
def planner(app: FastAPI) -> Planner:
    found: Planner = app.state.resources.planner
    return found


@pytest.fixture
def round_on(app: FastAPI, planner: Planner) -> Round:
    """Return what makes the worker's round on a day."""

    async def made(day: str) -> int:
        return await run_schedules(replace(planner, clock=ClockAt(day)), describer(app.state.problems))

    return made


async def _add(client: httpx.AsyncClient, **changes: Any) -> Any:
    response = await client.post("/v1/schedules", json={**BODY, **changes})
    assert response.status_code == 201, response.text
    return response.json()


async def _reports(client: httpx.AsyncClient) -> list[Any]:
    items: list[Any] = (await client.get("/v1/reports")).json()["items"]
    return sorted(items, key=lambda one: (one["period"]["name"], one["unit_code"]))


async def test_a_schedule_tells_what_it_makes_next(client: httpx.AsyncClient) -> None:
    schedule = await _add(client)

    assert schedule == {
        **BODY,
        "id": schedule["id"],
        "unit_name": "Tỉnh Lai Châu",
        "parts": ["Q1", "H1"],
        "each": "unit",
        "cutoff": "calendar",
        "language": "vi",
        "starts_on": "2020-07-01",
        "created_at": "2020-07-01T05:00:00Z",
        "next_runs": [
            {"due_on": "2020-07-07", "period_name": "2020-H1"},
            {"due_on": "2021-04-07", "period_name": "2021-Q1"},
            {"due_on": "2021-07-07", "period_name": "2021-H1"},
        ],
        "runs": [],
    }
    assert (await client.get("/v1/schedules")).json()["items"] == [
        {name: value for name, value in schedule.items() if name != "runs"}
    ]


@pytest.mark.parametrize(("day", "made"), [("2020-07-06", 0), ("2020-07-07", 1)])
async def test_a_report_is_ordered_on_the_day_it_is_due(
    client: httpx.AsyncClient, round_on: Round, day: str, made: int
) -> None:
    await _add(client)

    assert await round_on(day) == made


async def test_a_scheduled_report_is_as_if_somebody_had_ordered_it(client: httpx.AsyncClient, round_on: Round) -> None:
    schedule = await _add(client)
    await round_on("2020-07-07")

    (report,) = await _reports(client)
    seen = (await client.get(f"/v1/schedules/{schedule['id']}")).json()
    assert (report["form"], report["unit_code"], report["period"]["name"]) == ("II.06a", "H35", "2020-H1")
    assert (report["state"], report["as_of"], report["known_at"]) == ("queued", "2020-06-30", None)
    assert seen["runs"] == [
        {
            "due_on": "2020-07-07",
            "period_name": "2020-H1",
            "unit_code": "H35",
            "report_id": report["id"],
            "report_state": "queued",
            "problem": None,
        }
    ]
    assert [run["period_name"] for run in seen["next_runs"]] == ["2021-Q1", "2021-H1"]


async def test_missed_runs_are_caught_up_as_known_on_their_days(client: httpx.AsyncClient, round_on: Round) -> None:
    await _add(client)

    assert await round_on("2021-08-01") == 3

    assert [(one["period"]["name"], one["known_at"]) for one in await _reports(client)] == [
        ("2020-H1", "2020-07-07"),
        ("2021-H1", "2021-07-07"),
        ("2021-Q1", "2021-04-07"),
    ]


async def test_no_run_is_made_twice(client: httpx.AsyncClient, round_on: Round) -> None:
    await _add(client)

    assert [await round_on(day) for day in ("2020-07-07", "2020-07-07", "2020-07-08")] == [1, 0, 0]


async def test_both_cut_offs_are_kept_apart(client: httpx.AsyncClient, round_on: Round) -> None:
    await _add(client, starts_on="2020-06-01")
    await _add(client, cutoff="nd09", starts_on="2020-06-01")

    await round_on("2020-07-07")

    assert [one["period"]["to"] for one in await _reports(client)] == ["2020-06-15", "2020-07-01"]


async def test_each_unit_below_gets_its_own_report(client: httpx.AsyncClient, round_on: Round) -> None:
    await _add(client, unit_code="H35.1", each="child")

    assert await round_on("2020-07-07") == 2

    assert [one["unit_code"] for one in await _reports(client)] == ["H35.12", "H35.13"]


async def test_units_closed_by_the_period_s_end_get_none(client: httpx.AsyncClient, round_on: Round) -> None:
    schedule = await _add(client, each="child", parts=["year"], starts_on="2025-01-01")

    assert await round_on("2026-02-01") == 1

    runs = (await client.get(f"/v1/schedules/{schedule['id']}")).json()["runs"]
    assert [(run["period_name"], run["unit_code"], run["problem"] and run["problem"]["title"]) for run in runs] == [
        ("2025", "H35", "Không có đơn vị trực thuộc"),
        ("2024", "H35.1", None),
    ]


async def test_a_unit_that_is_no_more_is_named_and_holds_up_no_other(
    client: httpx.AsyncClient, round_on: Round, dossiers: FakeDossiers
) -> None:
    lost = await _add(client, unit_code="H35.13")
    await _add(client, unit_code="H35.12")
    dossiers.gone.add("H35.13")

    assert await round_on("2020-07-07") == 1

    (run,) = (await client.get(f"/v1/schedules/{lost['id']}")).json()["runs"]
    assert (run["unit_code"], run["report_id"]) == ("H35.13", None)
    assert run["problem"]["type"].endswith("/unit-not-found")
    assert await round_on("2020-07-08") == 0


async def test_an_absent_neighbour_only_puts_a_run_off(
    client: httpx.AsyncClient, round_on: Round, dossiers: FakeDossiers
) -> None:
    await _add(client)
    dossiers.is_down = True
    assert await round_on("2020-07-07") == 0
    dossiers.is_down = False

    assert await round_on("2020-07-07") == 1


async def test_nobody_is_asked_while_nothing_can_be_due(
    client: httpx.AsyncClient, round_on: Round, dossiers: FakeDossiers
) -> None:
    await _add(client)
    dossiers.asked.clear()

    await round_on("2020-07-04")

    assert dossiers.asked == []


async def test_an_ended_schedule_makes_nothing(client: httpx.AsyncClient, round_on: Round) -> None:
    schedule = await _add(client)

    ended = await client.delete(f"/v1/schedules/{schedule['id']}")

    assert (ended.status_code, await round_on("2020-07-07")) == (204, 0)
    assert_problem(
        await client.delete(f"/v1/schedules/{schedule['id']}"), 404, "schedule-not-found", schedule=schedule["id"]
    )


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"form": "II.99"}, 404, "form-not-found"),
        ({"unit_code": "H36"}, 404, "unit-not-found"),
        ({"parts": []}, 422, "invalid-request"),
        ({"parts": ["Q5"]}, 422, "invalid-request"),
        ({"working_days": 0}, 422, "invalid-request"),
        ({"working_days": 61}, 422, "invalid-request"),
        ({"starts_on": "1999-12-31"}, 422, "invalid-request"),
    ],
)
async def test_a_schedule_that_cannot_be_kept_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], status: int, code: str
) -> None:
    response = await client.post("/v1/schedules", json={**BODY, **change})

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, code)
    assert (await client.get("/v1/schedules")).json()["items"] == []


async def test_a_schedule_is_seen_in_its_subtree_only(client: httpx.AsyncClient) -> None:
    mine = await _add(client, unit_code="H35.12")
    commune, other = ({"Authorization": f"Bearer {key}"} for key in ("commune", "other-commune"))

    seen = (await client.get("/v1/schedules", headers=commune)).json()["items"]
    unseen = (await client.get("/v1/schedules", headers=other)).json()["items"]
    ended = await client.delete(f"/v1/schedules/{mine['id']}", headers=other)

    assert ([one["id"] for one in seen], unseen, ended.status_code) == ([mine["id"]], [], 404)


@pytest.mark.parametrize(("key", "status"), [("reader", 403), ("nobody", 401)])
async def test_who_may_not_write_reports_keeps_no_schedule(client: httpx.AsyncClient, key: str, status: int) -> None:
    response = await client.post("/v1/schedules", json=BODY, headers={"Authorization": f"Bearer {key}"})

    assert response.status_code == status
