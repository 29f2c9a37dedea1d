"""The endless reading of the feed: the one place that outlives every failure."""

import asyncio

import structlog

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.settings import Settings
from indicator_api.usecases.project_feed import project_next
from shared.db import Begin

FIRST_PAUSE_S = 0.2
# A restart of dossier_api is short, and one request every other second costs nobody anything.
LONGEST_PAUSE_S = 2.0
# A neighbour that answers at once instead of holding a quiet request must not be asked without rest.
IDLE_PAUSE_S = 0.05
log = structlog.get_logger()


async def project_for_ever(feed: DossierFeed, *, begin: Begin, settings: Settings) -> None:
    """Count page after page until cancelled; after a failure wait, longer each time, and try the same page."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            entries = await project_next(feed, begin=begin, zone=settings.zone)
            pause_s = FIRST_PAUSE_S
        except Exception as error:
            log.exception("projection-failed", retry_in_s=pause_s, error=str(error))
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        else:
            if not entries:
                await asyncio.sleep(IDLE_PAUSE_S)
