"""Read what a unit must do next."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from dossier_api.domain.catalogue import Catalogue
from dossier_api.domain.records import Due
from dossier_api.domain.succession import predecessors_of
from dossier_api.store import worklists
from dossier_api.store.worklists import Span, Worklist
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock, civil_day
from shared.db import Begin, Connect

Cursor = tuple[datetime, str]


@dataclass(frozen=True)
class WorklistReader:
    """Reads for one caller, whose subtree `root` heads, narrowed to a unit's subtree if one is asked for.

    `begin` is for the rules, which are read when they have changed.  Every list raises UnitUnknown.
    """

    connect: Connect
    begin: Begin
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    root: str | None
    unit_code: str | None

    async def overdue(self, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return running dossiers that are late now, the longest first."""
        return await self._listed(Worklist.TURNING_LATE, self._past, after=after, limit=limit)

    async def due_soon(self, working_days: int, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return running dossiers due today or within so many working days, soonest first."""

        def span() -> Span:
            return Span(since=self.clock.now(), until=self._end_of(self._working_day(working_days)))

        return await self._listed(Worklist.TURNING_LATE, span, after=after, limit=limit)

    async def apologies_due(self, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return running dossiers due after today, up to the next working day, without a letter yet.

        Rule: NĐ 61/2018 Đ.19(9): the letter is sent at least a day before the date, so for these today is the last.
        """

        def span() -> Span:
            return Span(since=self._end_of(self._day()), until=self._end_of(self._working_day(1)))

        return await self._listed(Worklist.TURNING_LATE_UNEXTENDED, span, after=after, limit=limit)

    async def late_acceptance(self, *, after: Cursor | None, limit: int) -> list[Due]:
        """Return filed dossiers whose 8 working hours are over and that nobody has answered, the longest first."""
        return await self._listed(Worklist.LATE_RECEPTION, self._past, after=after, limit=limit)

    async def _listed(
        self, worklist: Worklist, span_of: Callable[[], Span], *, after: Cursor | None, limit: int
    ) -> list[Due]:
        """Read by the rules in memory; where the answer tells that others are in force, learn those and read again."""
        while (found := await self._attempt(worklist, span_of(), after=after, limit=limit)) is None:
            async with self.begin() as session:
                await self.rulebook.refresh(session)
        return found

    async def _attempt(self, worklist: Worklist, span: Span, *, after: Cursor | None, limit: int) -> list[Due] | None:
        """Return what is found, None where the rules in memory are not those in force.

        Whether a unit is the caller's to see is judged last, since only then its catalogue is known to be the present.
        """
        by, catalogue, today = self.rulebook.in_force, self.rulebook.catalogue, self._day()
        span, units = dataclasses.replace(span, after=after or span.after), self._units(catalogue, today)
        async with self.connect() as driver:
            in_force, found = await worklists.list_next(driver, worklist, span, units=units, limit=limit)
        if in_force != by:
            return None
        if self.unit_code is not None:
            catalogue.visible_unit(self.unit_code, self.root)
        heirs = {code: catalogue.unit_on(code, today) for code in catalogue.closing}
        return [replace(due, unit_code=heirs[due.unit_code]) if due.unit_code in heirs else due for due in found]

    def _units(self, catalogue: Catalogue, today: date) -> list[str] | None:
        """Return the units whose open dossiers lie in the subtree today, None for all units there are."""
        within = self.rulebook.subtree(self.unit_code or self.root)
        if within is None:
            return None
        found = predecessors_of(set(within), today, catalogue)
        # A subtree that is not known has no units; that must never mean all of them.
        return None if found and len(found) == len(catalogue.units) else found

    def _past(self) -> Span:
        return Span(until=self.clock.now())

    def _day(self) -> date:
        return civil_day(self.clock.now(), self.zone)

    def _working_day(self, number: int) -> date:
        """Return the day so many working days from today."""
        return self.rulebook.rules().calendar.add(self._day(), number)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time.min, self.zone)
