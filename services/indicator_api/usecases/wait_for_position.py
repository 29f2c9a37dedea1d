"""Let a reader see what it has just had written."""

import asyncio
import math

from indicator_api.domain.cursor import Cursor
from indicator_api.store import cursors
from indicator_api.usecases.read_figures import Source
from shared.errors import DomainError

POLL_S = 0.05


class PositionNotReached(DomainError):
    """The figures are not yet complete up to the position a reader named."""

    code = "position-not-reached"

    def __init__(self, position: int, reached: int) -> None:
        super().__init__(f"the figures are complete up to position {reached}, not yet {position}")
        self.position, self.reached = position, reached


async def wait_for_position(position: int | None, *, source: Source, timeout_s: float) -> None:
    """Return once the figures are complete up to a position of the feed; None is reached at once.

    Raises PositionNotReached after `timeout_s`.
    """
    if position is None:
        return
    for _ in range(math.ceil(timeout_s / POLL_S)):
        if (await get_position(source)).position >= position:
            return
        await asyncio.sleep(POLL_S)
    if (reached := await get_position(source)).position < position:
        raise PositionNotReached(position, reached.position)


async def get_position(source: Source) -> Cursor:
    """Return how far the figures go."""
    async with source.snapshot() as session:
        return await cursors.get(session)
