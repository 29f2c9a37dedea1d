"""Wakes everyone who waits for news on the feed."""

import asyncio
from collections.abc import Awaitable, Callable


class Bell:
    """Rung after each commit."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now."""
        self._rung.set()
        self._rung = asyncio.Event()

    def listen(self) -> Callable[[float], Awaitable[None]]:
        """Begin to listen: what is returned waits so many seconds for a ring since now.

        Listening begins before one looks, or a commit between looking and waiting would go unheard.
        """
        rung = self._rung

        async def heard(timeout_s: float) -> None:
            try:
                async with asyncio.timeout(timeout_s):
                    await rung.wait()
            except TimeoutError:
                return

        return heard
