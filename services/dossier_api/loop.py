"""Work that goes on by itself: unfinished runs, one slice after the other."""

import asyncio

import structlog

from dossier_api.usecases.recalculate import Recalculation

# How soon an ordered run is noticed, and how long to rest after a failure. Not at every ring of the bell: looking
# for a run takes the head of the feed, which the next batch of events waits for.
PAUSE_S = 1.0
log = structlog.get_logger()


async def keep_running(recalculation: Recalculation) -> None:
    """Work for ever; a failure is logged and the slice tried again, since nothing of it was committed."""
    while True:
        try:
            if await recalculation.step():
                continue
        except Exception:  # the loop must outlive whatever a slice runs into
            log.exception("run-failed")
        await asyncio.sleep(PAUSE_S)
