"""Everything that waits is recorded together: a single event costs a share of one commit."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from dossier_api.domain.recording import Outcome, Posted
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.record_events import Decided, EventRecorder

# Beyond this many events a transaction gains nothing more and makes its neighbours wait.
MOST_TOGETHER = 1_000
# Fewer than this are not decided ahead: waiting until more have come saves more than deciding at once hides.
LEAST_AHEAD = 50
# So long the first few wait for those who were answered last: who keeps posting posts again in less. Beyond so many
# they share a commit well enough, and are better recorded while the others come.
PATIENCE_S, COMPANY = 0.01, 8
log = structlog.get_logger()


@dataclass(frozen=True)
class _Waiting:
    posted: Sequence[Posted]
    answer: asyncio.Future[list[Outcome]]


class GroupCommit:
    """A queue of posted events and the task that records them: while a group is written, the next is decided."""

    def __init__(self, recorder: EventRecorder, bell: Bell) -> None:
        self._recorder = recorder
        self._bell = bell
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._awaited = 0
        self._are_here = asyncio.Event()

    async def record(self, posted: Sequence[Posted]) -> list[Outcome]:
        """Return what became of the events, once that is committed."""
        answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Waiting(posted, answer))
        if self._queue.qsize() >= self._awaited:
            self._are_here.set()
        return await answer

    async def run(self) -> None:
        """Record for ever whatever waits."""
        ahead: Decided | None = None
        writing: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        writing.set_result(None)
        answered = 0
        async with asyncio.TaskGroup() as tasks:
            while True:
                group = [await self._queue.get()]
                posted = self._joined(group)
                if len(posted) < LEAST_AHEAD:
                    posted = await self._in_company(group, writing, answered)
                elif ahead is not None and ahead.touches(posted):
                    await writing
                    posted = self._joined(group)
                answered = len(group)
                ahead = await self._decided(posted, ahead)
                turn = await writing
                if ahead is not None and ahead.turn is None:
                    ahead = replace(ahead, turn=turn)
                writing = tasks.create_task(self._finish(group, ahead))

    async def _in_company(
        self, group: list[_Waiting], writing: asyncio.Future[str | None], answered: int
    ) -> list[Posted]:
        """Let join a small group, once nothing is written, those answered last if they come in a moment."""
        is_behind = not writing.done()
        await writing
        # Whoever waits by now is none of those answered this moment; who came later may be.
        waiting = len(group) + self._queue.qsize() if is_behind else 0
        await self._until_waiting(min(waiting + answered, COMPANY) - len(group))
        return self._joined(group)

    async def _until_waiting(self, posts: int) -> None:
        """Wait until so many posts wait, but not for long."""
        if self._queue.qsize() >= posts:
            return
        self._awaited = posts
        self._are_here.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._are_here.wait()

    def _joined(self, group: list[_Waiting]) -> list[Posted]:
        """Let whatever else waits join a group, up to about as much as is recorded together; return all its events."""
        posted = [one for waiting in group for one in waiting.posted]
        while len(posted) < MOST_TOGETHER and not self._queue.empty():
            group.append(self._queue.get_nowait())
            posted += group[-1].posted
        return posted

    async def _decided(self, posted: Sequence[Posted], ahead: Decided | None) -> Decided | None:
        """Return what becomes of events, None where that fails: each post is then recorded by itself."""
        try:
            return await self._recorder.decide(posted, ahead=ahead)
        except Exception as error:  # the queue must outlive any one request; each gets its own error
            log.warning("group-undecided", events=len(posted), exc_info=error)
            return None

    async def _finish(self, group: list[_Waiting], decided: Decided | None) -> str | None:
        """Write a group and answer it; return the turn it leaves, None where it had to be recorded another way."""
        left = None
        try:
            left = await self._recorder.write(decided) if decided is not None else None
        except Exception as error:  # as above
            log.warning("group-unwritten", members=len(group), exc_info=error)
        if left is not None and decided is not None:
            _answer(group, decided.outcomes)
        else:
            await self._record_again(group)
        self._bell.ring()
        return left

    async def _record_again(self, group: list[_Waiting]) -> None:
        """Record a group that somebody else came before; if it fails as a whole, each of its members alone."""
        try:
            _answer(group, await self._recorder.record([one for waiting in group for one in waiting.posted]))
        except Exception as error:  # as above
            if len(group) > 1:
                log.warning("group-failed", members=len(group), exc_info=error)
                for waiting in group:
                    await self._record_again([waiting])
            elif not group[0].answer.done():
                group[0].answer.set_exception(error)


def _answer(group: list[_Waiting], outcomes: Sequence[Outcome]) -> None:
    rest = iter(outcomes)
    for waiting in group:
        answer = [next(rest) for _ in waiting.posted]
        # Whoever has hung up waits no more.
        if not waiting.answer.done():
            waiting.answer.set_result(answer)
