"""Work that goes on by itself: unfinished runs, one slice after the other."""

import asyncio

import structlog

from dossier_api.usecases.recalculate import Recalculation

# How soon a run ordered at another process of ours is noticed, and how long to rest after a failure.
PAUSE_S = 1.0
log = structlog.get_logger()


async def keep_running(recalculation: Recalculation) -> None:
    """Work for ever; a failure is logged and the slice tried again, since nothing of it was committed."""
    while True:
        heard = recalculation.bell.listen()
        try:
            if await recalculation.step():
                continue
        except Exception:  # the loop must outlive whatever a slice runs into
            log.exception("run-failed")
            await asyncio.sleep(PAUSE_S)
        await heard(PAUSE_S)
