"""What the service holds open while it runs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from report_worker.clients.calendars import Calendars
from report_worker.clients.indicators import Indicators
from report_worker.clients.units import Units
from report_worker.domain.forms import Forms
from report_worker.domain.reported import ReportedCatalogue
from report_worker.forms.reading import read_forms
from report_worker.loop import Pace, ReportLoop
from report_worker.reported.reading import read_catalogue
from report_worker.settings import Settings
from report_worker.usecases.keep_schedules import Planner
from report_worker.usecases.make_report import Describe, Workshop
from report_worker.usecases.report_figures import ReturnOffice
from shared.clock import Clock
from shared.db import Begin, engine_from, transactions
from shared.http.access import Authenticator
from shared.http.client import client_for
from shared.http.health import Check
from shared.http.introspection import Introspection


@dataclass(frozen=True)
class Resources:
    """What routes reach through `app.state.resources`."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    forms: Forms
    catalogue: ReportedCatalogue
    units: Units
    indicators: Indicators
    calendars: Calendars
    authenticator: Authenticator
    checks: Mapping[str, Check]

    @property
    def office(self) -> ReturnOffice:
        """Return what reported figures are kept with."""
        return ReturnOffice(self.begin, self.clock, self.zone, self.catalogue, self.units)

    @property
    def planner(self) -> Planner:
        """Return what schedules are kept with."""
        return Planner(self.begin, self.clock, self.zone, self.forms, self.units, self.calendars)


@asynccontextmanager
async def open_resources(settings: Settings, clock: Clock, describe: Describe) -> AsyncIterator[Resources]:
    """Open database, neighbours and the loop; close them in the opposite order."""
    timeout_s, key = settings.upstream_timeout_s, settings.key.get_secret_value()
    async with (
        engine_from(str(settings.database_url)) as engine,
        client_for(str(settings.dossier_url), timeout_s=timeout_s) as dossiers,
        client_for(str(settings.indicator_url), key=key, timeout_s=timeout_s) as figures,
    ):
        begin, forms = transactions(engine), read_forms(settings.forms)
        resources = resources_on(
            begin, clock, settings.zone, forms=forms, units=Units(dossiers, key), indicators=Indicators(figures)
        )
        workshop = Workshop(begin, clock, forms, resources.indicators, describe, resources.office)
        loop = ReportLoop(workshop, resources.planner, str(settings.database_url), pace_of(settings))
        async with loop.running():
            yield resources


def resources_on(
    begin: Begin, clock: Clock, zone: ZoneInfo, *, forms: Forms, units: Units, indicators: Indicators
) -> Resources:
    """Put together what the routes need."""
    checks = {"database": _answers(begin)}
    calendars, authenticator = Calendars(units.client, units.key), Introspection(units.client, clock)
    return Resources(begin, clock, zone, forms, read_catalogue(), units, indicators, calendars, authenticator, checks)


def pace_of(settings: Settings) -> Pace:
    """Return the loop's pace as set."""
    return Pace(
        timedelta(seconds=settings.heartbeat_timeout_s),
        timedelta(seconds=settings.drain_s),
        timedelta(seconds=settings.round_s),
    )


def _answers(begin: Begin) -> Check:
    async def answers() -> bool:
        try:
            async with begin() as session:
                await session.execute(text("SELECT FROM report.reports LIMIT 1"))
        except (SQLAlchemyError, OSError):
            return False
        return True

    return answers
