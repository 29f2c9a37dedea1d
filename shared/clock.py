"""The clock as an argument, and the civil day an instant falls on."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present instant; tests hand in one that stands still or jumps."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


def civil_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the civil day of an aware instant, as a person at the counter would name it."""
    return at.astimezone(zone).date()
