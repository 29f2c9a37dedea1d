"""How far the feed has been counted."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Cursor:
    """The last entry counted; `recorded_on` is the latest civil day of recording met so far."""

    position: int
    at: datetime | None
    recorded_on: date | None
