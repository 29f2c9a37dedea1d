"""The endless reading of the feed: the one place that outlives every failure."""

import asyncio
from dataclasses import dataclass

import structlog

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.settings import Settings
from indicator_api.usecases.project_feed import project_feed
from shared.db import Begin
from shared.http.client import UpstreamUnavailable
from shared.memory import give_back

FIRST_PAUSE_S = 0.2
# A restart of dossier_api is short, and one request every other second costs nobody anything.
LONGEST_PAUSE_S = 2.0
# A neighbour that answers at once instead of holding a quiet request must not be asked without rest.
IDLE_PAUSE_S = 0.05
log = structlog.get_logger()


async def project_for_ever(feed: DossierFeed, *, begin: Begin, settings: Settings) -> None:
    """Count page after page until cancelled; after a failure wait, longer each time, and try the same page."""
    pause_s, outage = FIRST_PAUSE_S, Outage()

    def went_on(_: object = None) -> None:
        nonlocal pause_s
        pause_s = FIRST_PAUSE_S
        outage.ended()

    while True:
        try:
            await project_feed(feed, begin=begin, zone=settings.zone, report=went_on)
        except Exception as error:
            _tell(error, outage, pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        else:
            went_on()
            give_back()
            await asyncio.sleep(IDLE_PAUSE_S)


@dataclass
class Outage:
    """A time in which the neighbour does not answer: told when it begins and when it is over, not at every try."""

    tries: int = 0

    def continued(self, error: UpstreamUnavailable) -> None:
        """Count a try in vain."""
        if not self.tries:
            log.warning("feed-away", service=error.service)
        self.tries += 1

    def ended(self) -> None:
        """Forget the tries, if there were any."""
        if self.tries:
            log.warning("feed-back", tries=self.tries)
        self.tries = 0


def _tell(error: Exception, outage: Outage, pause_s: float) -> None:
    """Log a failure: with its traceback, unless it is a neighbour that is away."""
    if isinstance(error, UpstreamUnavailable):
        outage.continued(error)
    else:
        log.error("projection-failed", retry_in_s=pause_s, error=str(error), exc_info=error)
