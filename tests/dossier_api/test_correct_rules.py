"""A procedure or office hours corrected after the fact: what is open is looked at again, by a run of its own."""

from typing import Any

import httpx
import pytest

from shared.contracts.feed import RECALCULATED_TYPE
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, post
from tests.dossier_api.wire import BIRTH, DOSSIER, LAND, PROVINCE, event

HOURS = wire.version(processing_time={"amount": 8, "unit": "working_hour"})
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture
async def counter(province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a province where one dossier counts days and one hours."""
    await province.put(f"/v1/procedures/{LAND}", json=wire.procedure(LAND, HOURS))
    hourly = event(id="e2", dossier="hourly", data=wire.accepted(procedure_code=LAND))
    await post(province, event(), hourly)
    return province


async def told_late(service: Service) -> dict[str, Any]:
    """Work off all runs; return by dossier the moment from which it is late, as kept for worklists."""
    while await service.app.state.resources.recalculation.step():
        pass
    return {
        code: f"{at:%m-%d %H:%M}"
        for code, at in await service.rows(
            "SELECT code, late_from AT TIME ZONE 'Asia/Ho_Chi_Minh' FROM dossier.dossiers ORDER BY 1"
        )
    }


async def recalculated(service: Service) -> list[str]:
    statement = "SELECT subject FROM dossier.events WHERE type = :type ORDER BY position"
    return await service.rows(statement, type=RECALCULATED_TYPE)


async def test_a_corrected_term_reaches_worklists_and_feed(service: Service, counter: httpx.AsyncClient) -> None:
    corrected = wire.version(processing_time={"amount": 3, "unit": "working_day"})

    await counter.put(f"/v1/procedures/{BIRTH}", json=wire.procedure(BIRTH, corrected))

    late = await told_late(service)
    assert (late[DOSSIER], await recalculated(service)) == ("06-05 00:00", [DOSSIER])
    assert (await counter.get(f"/v1/dossiers/{DOSSIER}")).json()["due_statutory"] == "2020-06-04T17:00:00+07:00"
    [run] = (await counter.get("/v1/runs")).json()["items"]
    assert (run["kind"], run["state"], run["changed"]) == ("correction", "done", 1)


async def test_corrected_hours_reach_what_counts_hours(service: Service, counter: httpx.AsyncClient) -> None:
    longer = {name: [["07:00", "11:30"], ["13:30", "17:30"]] for name in WEEKDAYS}
    told = {"unit_code": PROVINCE, "valid_from": "2020-01-01", "weekdays": longer}

    await counter.put(f"/v1/units/{PROVINCE}/office-hours", json=told)

    assert (await told_late(service))["hourly"] == "06-02 08:42"


async def test_a_procedure_that_is_new_orders_no_run(counter: httpx.AsyncClient) -> None:
    await counter.put("/v1/procedures/2.000001", json=wire.procedure("2.000001"))

    assert (await counter.get("/v1/runs")).json()["items"] == []
