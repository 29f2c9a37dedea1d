"""Read the catalogue, as far as the caller may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dossier_api.domain.catalogue import CalendarDay, OfficeHours, Procedure, Unit
from dossier_api.domain.errors import ProcedureUnknown
from dossier_api.store import catalogue
from dossier_api.usecases.rulebook import Rulebook
from shared.db import Begin


@dataclass(frozen=True)
class PlacedUnit:
    """A unit and the codes from the topmost unit the caller sees down to it."""

    unit: Unit
    path: tuple[str, ...]


@dataclass(frozen=True)
class CatalogueReader:
    """Reads for one caller, whose subtree `root` heads; None is the whole tree."""

    begin: Begin
    rulebook: Rulebook
    root: str | None

    async def units(self) -> list[PlacedUnit]:
        """Return the units of the subtree by code."""
        await self._refresh()
        known = self.rulebook.catalogue
        return [self._placed(code) for code in sorted(known.units) if known.is_within(code, self.root)]

    async def unit(self, code: str) -> PlacedUnit:
        """Return one unit; raises UnitUnknown."""
        await self._refresh()
        self.rulebook.catalogue.visible_unit(code, self.root)
        return self._placed(code)

    async def procedures(self, *, after: str | None, limit: int) -> list[Procedure]:
        """Return procedures by code."""
        await self._refresh()
        procedures = self.rulebook.catalogue.procedures
        return [procedures[code] for code in sorted(procedures) if after is None or code > after][:limit]

    async def procedure(self, code: str) -> Procedure:
        """Return one procedure; raises ProcedureUnknown."""
        await self._refresh()
        found = self.rulebook.catalogue.procedures.get(code)
        if found is None:
            raise ProcedureUnknown(code)
        return found

    async def calendar(self, start: date, end: date) -> list[CalendarDay]:
        """Return the official days of `start <= day < end`, by day."""
        async with self.begin() as session:
            head = await self.rulebook.refresh(session)
            days = await catalogue.list_calendar(session, version=head.calendar_version)
        return [day for day in days if start <= day.day < end and day.kind != "usual"]

    async def office_hours(self, code: str) -> Sequence[OfficeHours]:
        """Return a unit's own office hours, newest first; raises UnitUnknown."""
        await self.unit(code)
        return self.rulebook.catalogue.office_hours.get(code, ())

    async def _refresh(self) -> None:
        async with self.begin() as session:
            await self.rulebook.refresh(session)

    def _placed(self, code: str) -> PlacedUnit:
        known = self.rulebook.catalogue
        path = known.path(code)
        seen = path[path.index(self.root) :] if self.root else path
        unit = known.units[code]
        return PlacedUnit(replace(unit, parent_code=None) if len(seen) == 1 else unit, seen)
