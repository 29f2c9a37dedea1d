"""Read the quarantine."""

from dossier_api.domain.records import KeptEntry
from dossier_api.store import rejected_events
from dossier_api.usecases.rulebook import Rulebook
from shared.db import Begin


async def read_rejected_events(
    *, root: str | None, after: int | None, limit: int, begin: Begin, rulebook: Rulebook
) -> list[KeptEntry]:
    """Return kept events posted by keys of a unit's subtree, oldest first."""
    async with begin() as session:
        await rulebook.refresh(session)
        return await rejected_events.list_open(session, within=rulebook.subtree(root), after=after, limit=limit)
