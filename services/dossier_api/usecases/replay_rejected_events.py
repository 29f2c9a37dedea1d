"""Post kept events again, with the reach of those who posted them first."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dossier_api.domain.errors import EventDisplaced, RejectedEventUnknown
from dossier_api.domain.recording import Outcome, Posted
from dossier_api.domain.records import KeptEntry
from dossier_api.store import rejected_events
from dossier_api.usecases.group_commit import GroupCommit
from dossier_api.usecases.record_events import posted_of
from dossier_api.usecases.rulebook import Rulebook
from shared.db import Begin


@dataclass(frozen=True)
class Replayed:
    """What became of kept events; `after` continues a bulk replay, None when it is through."""

    outcomes: list[tuple[Posted, Outcome]]
    after: int | None


@dataclass(frozen=True)
class Replay:
    """Replays for one caller, whose subtree `root` heads; None is the whole tree.

    An event applied meanwhile answers as a duplicate: nothing is ever applied twice.
    """

    begin: Begin
    zone: ZoneInfo
    rulebook: Rulebook
    intake: GroupCommit
    root: str | None

    async def one(self, arrival: int) -> tuple[Posted, Outcome]:
        """Replay one kept event.  Raises RejectedEventUnknown, EventDisplaced."""
        found = await self._open(after=arrival - 1, limit=1, reason=None)
        if not found or found[0].arrival != arrival:
            raise RejectedEventUnknown(arrival)
        if found[0].is_displaced:
            raise EventDisplaced(found[0].id, found[0].subject)
        return (await self._replay(found))[0]

    async def many(self, *, reason: str | None, after: int | None, limit: int) -> Replayed:
        """Replay kept events in order of arrival, all or those of one reason; displaced ones are passed over."""
        found = await self._open(after=after, limit=limit, reason=reason)
        outcomes = await self._replay([entry for entry in found if not entry.is_displaced])
        return Replayed(outcomes, found[-1].arrival if len(found) == limit else None)

    async def _open(self, *, after: int | None, limit: int, reason: str | None) -> list[KeptEntry]:
        async with self.begin() as session:
            await self.rulebook.refresh(session)
            within = self.rulebook.subtree(self.root)
            return await rejected_events.list_open(session, within=within, after=after, limit=limit, reason=reason)

    async def _replay(self, entries: Sequence[KeptEntry]) -> list[tuple[Posted, Outcome]]:
        posted = [posted_of(entry, self.zone) for entry in entries]
        outcomes = await self.intake.record(posted) if posted else []
        return list(zip(posted, outcomes, strict=True))
