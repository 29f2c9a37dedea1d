"""The feed of dossier_api, page by page."""

from dataclasses import dataclass, field
from itertools import pairwise

import httpx
import msgspec

from indicator_api.domain.progress import Progress
from shared.clock import Clock, SystemClock
from shared.contracts.feed import FeedItemV1
from shared.http.client import UpstreamNonsense, get

SERVICE = "dossier_api"
_page = msgspec.json.Decoder(list[FeedItemV1])


@dataclass(frozen=True)
class DossierFeed:
    """Reads what happened after a position; waits up to `wait_s` where nothing has, and notes every answer."""

    client: httpx.AsyncClient
    limit: int
    wait_s: float
    clock: Clock = field(default_factory=SystemClock)
    progress: Progress = field(default_factory=Progress)

    async def list_after(self, position: int) -> list[FeedItemV1]:
        """Return the entries after a position, in their order; none after a quiet wait.

        Raises UpstreamUnavailable, UpstreamNonsense.
        """
        params = {"after": position, "limit": self.limit, "timeout": self.wait_s, "include": "life"}
        answer = await get(self.client, "/v1/feed", service=SERVICE, params=params)
        if answer.status_code != httpx.codes.OK:
            raise UpstreamNonsense(SERVICE, answer.status_code)
        try:
            page = _page.decode(answer.content)
        except msgspec.DecodeError as error:
            raise UpstreamNonsense(SERVICE, answer.status_code) from error
        if not _ascends([position, *(item.position for item in page)]):
            raise UpstreamNonsense(SERVICE, answer.status_code)
        self.progress.answered(self.clock.now(), is_last=len(page) < self.limit)
        return page


def _ascends(positions: list[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(positions))
