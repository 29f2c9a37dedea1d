"""Read what a unit must do next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.records import Due
from dossier_api.domain.succession import predecessors_of
from dossier_api.store import worklists
from dossier_api.store.worklists import EARLIEST, Span
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock, civil_day
from shared.db import Begin

Cursor = tuple[datetime, str]


@dataclass(frozen=True)
class WorklistReader:
    """Reads for one caller, whose subtree `root` heads, narrowed to a unit's subtree if one is asked for."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    root: str | None
    unit_code: str | None

    async def overdue(self, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return running dossiers that are late now, the longest first."""
        async with self.begin() as session:
            units = await self._units(session)
            span = _from(after, Span(until=self.clock.now()))
            return self._today(await worklists.list_turning_late(session, span, units=units, limit=limit))

    async def due_soon(self, working_days: int, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return running dossiers due today or within so many working days, soonest first."""
        async with self.begin() as session:
            units = await self._units(session)
            last = self.rulebook.rules().calendar.add(self._day(), working_days)
            span = _from(after, Span(since=self.clock.now(), until=self._end_of(last)))
            return self._today(await worklists.list_turning_late(session, span, units=units, limit=limit))

    async def apologies_due(self, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return running dossiers due after today, up to the next working day, without a letter yet.

        Rule: NĐ 61/2018 Đ.19(9): the letter is sent at least a day before the date, so for these today is the last.
        """
        async with self.begin() as session:
            units = await self._units(session)
            last = self.rulebook.rules().calendar.add(self._day(), 1)
            span = _from(after, Span(since=self._end_of(self._day()), until=self._end_of(last)))
            found = await worklists.list_turning_late(session, span, units=units, limit=limit, unextended_only=True)
            return self._today(found)

    async def late_acceptance(self, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return filed dossiers whose 8 working hours are over and that nobody has answered, the longest first."""
        async with self.begin() as session:
            units = await self._units(session)
            span = _from(after, Span(until=self.clock.now()))
            return self._today(await worklists.list_late_receptions(session, span, units=units, limit=limit))

    async def _units(self, session: AsyncSession) -> Sequence[str] | None:
        """Return the units whose open dossiers lie in the subtree today.  Raises UnitUnknown."""
        await self.rulebook.refresh(session)
        if self.unit_code is not None:
            self.rulebook.catalogue.visible_unit(self.unit_code, self.root)
        within = self.rulebook.subtree(self.unit_code or self.root)
        return None if within is None else predecessors_of(set(within), self._day(), self.rulebook.catalogue)

    def _today(self, found: Sequence[Due]) -> list[Due]:
        """Name the unit each dossier lies with today."""
        today = self._day()
        return [replace(due, unit_code=self.rulebook.catalogue.unit_on(due.unit_code, today)) for due in found]

    def _day(self) -> date:
        return civil_day(self.clock.now(), self.zone)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time.min, self.zone)


def _from(after: Cursor | None, span: Span) -> Span:
    return replace(span, after=after or (EARLIEST, ""))
