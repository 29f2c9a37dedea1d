"""Arithmetic of working days: a running count, so that adding days is a look-up."""

from collections.abc import Collection
from datetime import date, timedelta

from shared.errors import DomainError

FIRST = date(2000, 1, 1)
LAST = date(2060, 12, 31)
SATURDAY = 5


class OutsideCalendar(DomainError):
    """A day lies before the calendar's first or after its last."""

    code = "outside-calendar"

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} lies outside the calendar, which is kept from {FIRST} to {LAST}")
        self.day, self.first, self.last = day, FIRST, LAST


class WorkingCalendar:
    """Working days between FIRST and LAST: Monday to Friday, less days off, plus days worked instead.

    From `estimated_from` on, nobody has decided yet which days are off.
    Every question about a day outside raises OutsideCalendar.
    Rule: contract section 4; a swap makes a weekday off and a weekend day worked (domain h.3).
    """

    def __init__(
        self, *, off: Collection[date] = (), worked: Collection[date] = (), estimated_from: date | None = None
    ) -> None:
        self.estimated_from = estimated_from
        self._days: list[date] = []
        # Of the day before FIRST and of every day from it on.
        self._ordinals: list[int] = [0]
        day = FIRST
        while day <= LAST:
            if day in worked or (day.weekday() < SATURDAY and day not in off):
                self._days.append(day)
            self._ordinals.append(len(self._days))
            day += timedelta(days=1)

    def ordinal(self, day: date) -> int:
        """Return how many working days there are from FIRST up to and with `day`."""
        place = (day - FIRST).days + 1
        if not 0 <= place < len(self._ordinals):
            raise OutsideCalendar(day)
        return self._ordinals[place]

    def is_working(self, day: date) -> bool:
        """Say whether offices work on `day`."""
        return self.ordinal(day) != self._ordinals[(day - FIRST).days]

    def add(self, day: date, working_days: int) -> date:
        """Return the N-th working day after `day`; a day off counts as the working day before it."""
        place = self.ordinal(day) + working_days - 1
        if not 0 <= place < len(self._days):
            raise OutsideCalendar(LAST if place > 0 else FIRST)
        return self._days[place]

    def between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start`, up to and with `end`."""
        return self.ordinal(end) - self.ordinal(start)

    def on_or_after(self, day: date) -> date:
        """Return `day` if worked, else the next working day."""
        return day if self.is_working(day) else self.add(day, 1)
