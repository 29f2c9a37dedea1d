"""No event of the future, none from before there was anything.  Rule: contract section 3, rule 6."""

from typing import Any

import httpx
import pytest

from tests.dossier_api import wire
from tests.dossier_api.serving import Service, kept, post, post_one, statuses
from tests.dossier_api.wire import CATALOGUE_ENTRIES, DOSSIER, event
from tests.support.problems import assert_problem

FIRST = CATALOGUE_ENTRIES + 1


async def post_at(client: httpx.AsyncClient, at: str, **data: Any) -> httpx.Response:
    return await post_one(client, event(at=at, data=wire.accepted(**data)))


@pytest.mark.parametrize("minute", ["12:05:00", "12:00:00"], ids=["just within", "now"])
async def test_a_counters_clock_may_be_five_minutes_fast(province: httpx.AsyncClient, minute: str) -> None:
    assert (await post_at(province, f"2020-06-01T{minute}+07:00")).status_code == 200


@pytest.mark.parametrize("at", ["2020-06-01T12:05:00.000001+07:00", "2059-12-31T00:00:00+07:00"])
async def test_a_time_further_ahead_is_refused(province: httpx.AsyncClient, at: str) -> None:
    answer = await post_at(province, at)

    assert_problem(answer, 422, "event-in-future", time=at, now="2020-06-01T12:00:00+07:00")
    assert await kept(province) == [("e1", DOSSIER, "event-in-future")]


async def test_a_kept_event_of_the_future_waits_for_its_time(service: Service, province: httpx.AsyncClient) -> None:
    finished = event("finished", id="e2", at="2020-06-02T09:00:00+07:00")
    asked = [event("supplement_requested", id="e3"), event("supplemented", id="e4")]

    await post(province, event(), finished, *asked)

    assert (await province.get(f"/v1/dossiers/{DOSSIER}")).json()["status"] == "processing"
    service.clock.move(days=1)
    assert statuses(await post(province, finished)) == [("accepted", FIRST + 3)]
    assert (await province.get(f"/v1/dossiers/{DOSSIER}")).json()["status"] == "finished"


@pytest.fixture
async def short_lived(province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Add a unit of fourteen months; the procedure is older than it."""
    unit = wire.unit("H35.99", "district", wire.PROVINCE, valid_from="2019-01-01", valid_to="2020-03-01")
    older = wire.procedure(wire.BIRTH, wire.version(valid_from="2010-01-01"))
    answer = await province.post("/v1/catalogue", json={"units": [unit], "procedures": [older]})
    assert answer.status_code == 200, answer.text
    return province


@pytest.mark.parametrize("day", ["2019-01-01", "2020-02-29"], ids=["first", "last"])
async def test_the_unit_exists_from_its_first_day_to_its_last(short_lived: httpx.AsyncClient, day: str) -> None:
    assert (await post_at(short_lived, f"{day}T09:00:00+07:00", unit_code="H35.99")).status_code == 200


@pytest.mark.parametrize("day", ["2018-12-31", "2020-03-01"], ids=["the day before", "the day after"])
async def test_on_another_day_the_unit_takes_nothing_in(short_lived: httpx.AsyncClient, day: str) -> None:
    answer = await post_at(short_lived, f"{day}T09:00:00+07:00", unit_code="H35.99")

    assert_problem(answer, 409, "unit-not-open", unit_code="H35.99", day=day)


async def test_the_civil_day_is_the_provinces_own(short_lived: httpx.AsyncClient) -> None:
    # In UTC it is still the last day of the unit.
    answer = await post_at(short_lived, "2020-02-29T17:30:00Z", unit_code="H35.99")

    assert_problem(answer, 409, "unit-not-open", unit_code="H35.99", day="2020-03-01")


async def test_the_procedure_is_in_force_from_its_first_day(province: httpx.AsyncClient) -> None:
    early = await post_at(province, "2018-12-31T09:00:00+07:00")
    in_time = await post_at(province, "2019-01-01T09:00:00+07:00")

    assert_problem(early, 409, "procedure-not-in-force", procedure_code=wire.BIRTH, day="2018-12-31")
    assert in_time.status_code == 200
