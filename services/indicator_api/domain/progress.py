"""How far the counting has come, and how it stands with the feed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Progress:
    """What this process saw of the feed: when it last answered, and whether all it held has been asked for.

    The only state kept between pages; a process that has not yet been answered knows nothing.
    """

    answered_at: datetime | None = None
    is_caught_up: bool = False

    def answered(self, at: datetime, *, is_last: bool) -> None:
        """Note an answer of the feed; the last page is one that was not full."""
        self.answered_at = at
        self.is_caught_up = is_last

    def lag_s(self, now: datetime, counted_at: datetime | None) -> float | None:
        """Return how old the latest counted entry is while others wait; 0 when none did, None if that is unknown."""
        if self.answered_at is None:
            return None
        if self.is_caught_up or counted_at is None:
            return 0.0
        return max((now - counted_at).total_seconds(), 0.0)
