"""Office minutes: time counted only while the counters are open, from the first working day of the sample."""

from datetime import date, timedelta

from motcua.sample.figures import FIRST_DAY, LAST_DAY
from motcua.sample.procedures import SampleProcedure
from shared.working_days import WorkingCalendar

MORNING_OPENS = 7 * 60 + 30
MORNING_MINUTES = 240
AFTERNOON_OPENS = 13 * 60 + 30
MINUTES_A_DAY = 450
# Enough working days after the last one for the longest processing time.
SPAN = 400


class OfficeTime:
    """Turn office minutes into instants and processing times into due days.

    Minute `n` lies on working day `n // 450`, counted from 0; hours 07:30-11:30 and 13:30-17:00.
    """

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        first = calendar.on_or_after(FIRST_DAY)
        self._base = calendar.ordinal(first)
        self._days = [calendar.add(first, place) for place in range(SPAN)]
        self._texts = [day.isoformat() for day in self._days]
        self.last_day = calendar.ordinal(LAST_DAY) - self._base
        self.end = (self.last_day + 1) * MINUTES_A_DAY - 1

    @property
    def days(self) -> list[date]:
        """Return the working days of the sample's period."""
        return self._days[: self.last_day + 1]

    def day(self, minute: int) -> str:
        """Return the ISO date of an office minute."""
        return self._texts[minute // MINUTES_A_DAY]

    def text(self, minute: int, second: int = 0) -> str:
        """Return the RFC 3339 instant of an office minute."""
        of_day = minute % MINUTES_A_DAY
        clock = of_day + (MORNING_OPENS if of_day < MORNING_MINUTES else AFTERNOON_OPENS - MORNING_MINUTES)
        return f"{self.day(minute)}T{clock // 60:02}:{clock % 60:02}:{second:02}+07:00"

    def due(self, procedure: SampleProcedure, start: int) -> tuple[int, int]:
        """Return the due day and the last minute in time for a clock that starts at `start`.

        Rule: contract section 4: the day of acceptance is day 0; a last calendar day that is off moves on.
        """
        amount = procedure.amount or 0
        if procedure.unit == "working_hour":
            end = start + amount * 60
            return end // MINUTES_A_DAY, end - 2
        place = start // MINUTES_A_DAY + amount
        if procedure.unit == "calendar_day":
            last = self._calendar.on_or_after(self._days[start // MINUTES_A_DAY] + timedelta(days=amount))
            place = self._calendar.ordinal(last) - self._base
        return place, (place + 1) * MINUTES_A_DAY - 2
