"""Read the feed, waiting a while for news if there is none."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from msgspec.structs import replace

from dossier_api.domain.records import LogEntry
from dossier_api.store import events
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.rulebook import Rulebook
from shared.contracts.feed import UNIT_TYPE
from shared.db import Begin

# How long news from another process of ours, whose bell rings elsewhere, may go unheard.
LISTEN_S = 0.5


async def read_feed(
    after: int,
    *,
    limit: int,
    timeout_s: float,
    is_gone: Callable[[], Awaitable[bool]],
    root: str | None,
    begin: Begin,
    bell: Bell,
    rulebook: Rulebook,
) -> Sequence[LogEntry]:
    """Return what was logged after a position, oldest first; empty when nothing came within the time-out.

    A reader that `is_gone` is not waited for, or its last poll would hold up the service's stop.

    `root` narrows to what concerns a unit's subtree; positions keep their gaps.
    """
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        heard = bell.listen()
        async with begin() as session:
            await rulebook.refresh(session)
            found = await events.list_after(session, after, limit=limit, within=rulebook.subtree(root))
        left = deadline - asyncio.get_running_loop().time()
        if found or left <= 0 or await is_gone():
            return [_clipped(entry, root) for entry in found]
        await heard(min(left, LISTEN_S))


def _clipped(entry: LogEntry, root: str | None) -> LogEntry:
    """Leave out what lies above the reader's own unit, as its parent."""
    if root is None or entry.type != UNIT_TYPE or entry.subject != root:
        return entry
    data = {**msgspec.json.decode(entry.data), "parent_code": None}
    return replace(entry, data=msgspec.json.encode(data).decode())
