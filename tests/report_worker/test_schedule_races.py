"""Two workers look at the same schedule at the same time."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from motcua.roles import Databases
from motcua.services import REPORT
from report_worker.clients.calendars import Calendars
from report_worker.clients.units import Units
from report_worker.domain.schedules import Each, Part, ScheduleTerms
from report_worker.store import reports, schedules
from report_worker.usecases.keep_schedules import Planner
from report_worker.usecases.run_schedules import run_schedules
from shared.db import engine_from, transactions
from shared.errors import DomainError
from shared.periods import Cutoff
from tests.report_worker.given import CLOCK, FORMS, NOON, FakeDossiers

WORKERS = 4
UNIT = ("H35", "Tỉnh Lai Châu", ("H35",))
TERMS = ScheduleTerms("II.06a", Each.UNIT, (Part.Q1,), Cutoff.CALENDAR, 5, "vi", date(2020, 4, 1))


def _describe(error: DomainError, _language: str) -> Mapping[str, Any]:
    return {"type": error.code}


async def test_a_run_is_made_once_however_many_workers_look(own_database: Databases) -> None:
    transport = httpx.MockTransport(FakeDossiers())
    async with (
        engine_from(own_database.of(REPORT)) as engine,
        httpx.AsyncClient(transport=transport, base_url="http://dossier") as client,
    ):
        begin = transactions(engine)
        units, calendars = Units(client, "report_worker"), Calendars(client, "report_worker")
        planner = Planner(begin, CLOCK, ZoneInfo("Asia/Ho_Chi_Minh"), FORMS, units, calendars)
        async with begin() as session:
            await schedules.add(session, TERMS, unit=UNIT, created_by="k1", at=NOON)

        ordered = await asyncio.gather(*(run_schedules(planner, _describe) for _worker in range(WORKERS)))

        async with begin() as session:
            found = await reports.list_reports(session, within=None, filters={}, before=None, limit=10)
    assert (sorted(ordered), len(found)) == ([0, 0, 0, 1], 1)
