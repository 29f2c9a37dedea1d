"""The rules in force, read once and kept until the catalogue changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.catalogue import Catalogue, calendar_of
from dossier_api.domain.code import TT_01_2018, CodeStandard
from dossier_api.domain.dossier import Rules
from dossier_api.store import catalogue, feed_head
from dossier_api.store.dossiers import Versions
from dossier_api.store.feed_head import FeedHead, InForce
from shared.working_days import WorkingCalendar

NOTHING_READ = InForce(-1, -1)


@dataclass
class Rulebook:
    """A cache of the catalogue and of the calendars in use, one a process; `code_standard` is the province's."""

    code_standard: CodeStandard = TT_01_2018
    catalogue: Catalogue = field(default_factory=Catalogue)
    in_force: InForce = NOTHING_READ
    calendars: dict[int, WorkingCalendar] = field(default_factory=dict)
    _rules: dict[Versions | None, Rules] = field(default_factory=dict)

    async def refresh(self, session: AsyncSession, head: FeedHead | None = None) -> FeedHead:
        """Read the catalogue again if it has changed since; return the head it belongs to.

        Everything is read before any of it is replaced: who does not wait finds the old rules whole, or the new.
        """
        head = head or await feed_head.get(session)
        if head.in_force == self.in_force:
            return head
        await self.read_calendars(session, [Versions(head.calendar_version, head.calendar_version)])
        if head.catalogue_version != self.in_force.catalogue_version:
            self.catalogue = await catalogue.load(session)
        self.in_force = head.in_force
        self._rules.clear()
        return head

    def is_of(self, head: FeedHead, versions: Iterable[Versions]) -> bool:
        """Say whether this is the catalogue of a head, and all these calendars are known."""
        return head.in_force == self.in_force and all(
            one.promised in self.calendars and one.counted in self.calendars for one in versions
        )

    async def read_calendars(self, session: AsyncSession, versions: Iterable[Versions]) -> None:
        """Read the calendar versions that are not known yet; a version never changes."""
        wanted = {number for one in versions for number in (one.promised, one.counted)}
        for version in wanted - self.calendars.keys():
            days = await catalogue.list_calendar(session, version=version)
            self.calendars[version] = calendar_of(days)

    def rules(self, versions: Versions | None = None) -> Rules:
        """Return the rules of a dossier counted by these calendars; of a new one, by the calendar in force."""
        known = self._rules.get(versions)
        if known is None:
            known = self._rules[versions] = self._made(versions)
        return known

    def _made(self, versions: Versions | None) -> Rules:
        if versions is None:
            return Rules(self.catalogue, self.calendars[self.in_force.calendar_version], None, self.code_standard)
        promised = None if versions.promised == versions.counted else self.calendars[versions.promised]
        return Rules(self.catalogue, self.calendars[versions.counted], promised, self.code_standard)

    def subtree(self, root: str | None) -> list[str] | None:
        """Return the codes of a unit's subtree, None for the whole tree."""
        return None if root is None else list(self.catalogue.subtree(root))
