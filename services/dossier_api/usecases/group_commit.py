"""Everything that waits is recorded together: a single event costs a share of one commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from dossier_api.domain.recording import Outcome, Posted
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.record_events import EventRecorder

# Beyond this many events a transaction gains nothing more and makes its neighbours wait.
MOST_TOGETHER = 4_000
log = structlog.get_logger()


@dataclass(frozen=True)
class _Waiting:
    posted: Sequence[Posted]
    answer: asyncio.Future[list[Outcome]]


class GroupCommit:
    """A queue of posted events and the one task that records them."""

    def __init__(self, recorder: EventRecorder, bell: Bell) -> None:
        self._recorder = recorder
        self._bell = bell
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()

    async def record(self, posted: Sequence[Posted]) -> list[Outcome]:
        """Return what became of the events, once that is committed."""
        answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Waiting(posted, answer))
        return await answer

    async def run(self) -> None:
        """Record for ever whatever waits, all of it at once."""
        while True:
            group = [await self._queue.get()]
            size = len(group[0].posted)
            while size < MOST_TOGETHER and not self._queue.empty():
                group.append(self._queue.get_nowait())
                size += len(group[-1].posted)
            await self._record_group(group)
            self._bell.ring()

    async def _record_group(self, group: list[_Waiting]) -> None:
        """Record a group; if that fails as a whole, each of its members alone, so that none sinks another."""
        try:
            outcomes = iter(await self._recorder.record([one for waiting in group for one in waiting.posted]))
        except Exception as error:  # the queue must outlive any one request; each gets its own error
            if len(group) > 1:
                log.warning("group-failed", members=len(group), exc_info=error)
                for waiting in group:
                    await self._record_group([waiting])
            elif not group[0].answer.done():
                group[0].answer.set_exception(error)
            return
        for waiting in group:
            answer = [next(outcomes) for _ in waiting.posted]
            if not waiting.answer.done():
                waiting.answer.set_result(answer)
