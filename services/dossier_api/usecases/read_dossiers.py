"""Read dossiers: each is folded from its events, so that what is shown is what the log says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.errors import DossierUnknown
from dossier_api.domain.estimates import with_estimate_flag
from dossier_api.domain.explanation import Explainer, Step
from dossier_api.domain.fold import fold
from dossier_api.domain.life import class_at
from dossier_api.domain.records import LogEntry
from dossier_api.domain.succession import placements_of, predecessors_of
from dossier_api.store import catalogue, dossiers, events
from dossier_api.store.dossiers import DossierFilter
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock, civil_day
from shared.contracts.life import Phase
from shared.db import Begin

# Codes read at once while looking for dossiers that were overdue on a day.
SCANNED_TOGETHER = 500


@dataclass(frozen=True)
class Classed:
    """A dossier and its class today, by the basis the province judges lateness by."""

    dossier: Dossier
    class_: Phase | None


@dataclass(frozen=True)
class Explained:
    """A dossier and the steps of its clock, oldest first."""

    classed: Classed
    steps: list[Step]


@dataclass(frozen=True)
class Asked:
    """What a list of dossiers is asked for; None leaves a thing open."""

    unit_code: str | None = None
    status: str | None = None
    procedure_code: str | None = None
    due_before: date | None = None
    overdue_on: date | None = None


@dataclass(frozen=True)
class DossierReader:
    """Reads for one caller, whose subtree `root` heads; None is the whole tree."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    root: str | None
    by_extension: bool

    async def dossier(self, code: str) -> Classed:
        """Return one dossier; raises DossierUnknown."""
        async with self.begin() as session:
            await self.rulebook.refresh(session)
            found = await self._folded(session, [code])
        return self._classed(self._seen(code, found))

    async def explained(self, code: str) -> Explained:
        """Return one dossier with its clock step by step; raises DossierUnknown."""
        async with self.begin() as session:
            await self.rulebook.refresh(session)
            dossier = self._seen(code, await self._folded(session, [code]))
            versions = await dossiers.versions_of(session, [code])
            days = await catalogue.list_calendar(session, version=versions[code].counted)
        explainer = Explainer(dossier, self.rulebook.rules(versions[code]), {day.day: day for day in days})
        return Explained(self._classed(dossier), explainer.steps())

    async def events(self, code: str, *, after: int, limit: int) -> list[LogEntry]:
        """Return the events of one dossier after a position, in order of arrival; raises DossierUnknown."""
        async with self.begin() as session:
            await self.rulebook.refresh(session)
            self._seen(code, await self._folded(session, [code]))
            logged = await events.list_of_dossier(session, code)
        # To know whether the caller may see the dossier all its events were folded: cutting them here costs nothing.
        return [entry for entry in logged if entry.position > after][:limit]

    async def dossiers(self, asked: Asked, *, after: str | None, limit: int) -> list[Classed]:
        """Return dossiers by code."""
        async with self.begin() as session:
            await self.rulebook.refresh(session)
            narrowed = self._filter(asked)
            found: list[Dossier] = []
            while len(found) < limit:
                most = limit if asked.overdue_on is None else SCANNED_TOGETHER
                codes = await dossiers.list_codes(session, narrowed, after=after, limit=most)
                folded = await self._folded(session, codes)
                found += [one for one in folded if self._was_overdue(one, asked.overdue_on)]
                if len(codes) < most:
                    break
                after = codes[-1]
        return [self._classed(one) for one in found[:limit]]

    def _filter(self, asked: Asked) -> DossierFilter:
        if asked.unit_code is not None:
            self.rulebook.catalogue.visible_unit(asked.unit_code, self.root)
        within = self.rulebook.subtree(asked.unit_code or self.root)
        today = civil_day(self.clock.now(), self.zone)
        return DossierFilter(
            within=within,
            open_within=predecessors_of(within, today, self.rulebook.catalogue) if within else None,
            status=asked.status,
            procedure_code=asked.procedure_code,
            due_before=self._midnight(asked.due_before) if asked.due_before else None,
            perhaps_overdue_at=self._midnight(asked.overdue_on + timedelta(days=1)) if asked.overdue_on else None,
        )

    async def _folded(self, session: AsyncSession, codes: Sequence[str]) -> list[Dossier]:
        versions = await dossiers.versions_of(session, codes)
        await self.rulebook.read_calendars(session, versions.values())
        histories = await events.list_histories(session, codes, self.zone)
        found: list[Dossier] = []
        for code in codes:
            rules = self.rulebook.rules(versions.get(code))
            if dossier := fold(histories.get(code, ()), rules).dossier:
                found.append(with_estimate_flag(dossier, rules.calendar))
        return found

    def _seen(self, code: str, found: Sequence[Dossier]) -> Dossier:
        for dossier in found:
            units = (self._unit_today(dossier), dossier.receiving_unit_code)
            if any(unit and self.rulebook.catalogue.is_within(unit, self.root) for unit in units):
                return dossier
        raise DossierUnknown(code)

    def _was_overdue(self, dossier: Dossier, day: date | None) -> bool:
        return day is None or class_at(dossier, day, by_extension=self.by_extension) is Phase.OVERDUE

    def _classed(self, dossier: Dossier) -> Classed:
        today = civil_day(self.clock.now(), self.zone)
        return Classed(
            replace(dossier, unit_code=self._unit_today(dossier)),
            class_at(dossier, today, by_extension=self.by_extension),
        )

    def _unit_today(self, dossier: Dossier) -> str:
        today = civil_day(self.clock.now(), self.zone)
        reached = [code for day, code in placements_of(dossier, self.rulebook.catalogue) if day <= today]
        return reached[-1] if reached else dossier.unit_code

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)
