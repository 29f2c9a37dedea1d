"""When things happen to an invented dossier, so that its fate at the close of the last day is the wanted one."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from motcua.sample.figures import Fate
from motcua.sample.office_time import MINUTES_A_DAY, OfficeTime
from motcua.sample.procedures import SampleProcedure

# Monday is the heaviest day of a counter.
WEEKDAY_WEIGHTS = (1.25, 1.05, 1.0, 0.95, 0.9)
# First day of each spell and how busy it was: Tết on 23-29 January; distancing from 1 April, eased on the 23rd.
# The last two make up for what could not be finished by the close and is drawn again on another day.
SPELLS = (
    (date(2020, 1, 1), 1.0),
    (date(2020, 1, 17), 0.75),
    (date(2020, 1, 30), 0.6),
    (date(2020, 2, 5), 1.0),
    (date(2020, 3, 23), 0.8),
    (date(2020, 4, 1), 0.35),
    (date(2020, 4, 16), 0.6),
    (date(2020, 4, 23), 0.95),
    (date(2020, 5, 11), 1.1),
    (date(2020, 6, 17), 1.3),
    (date(2020, 6, 25), 1.7),
)
# Weight of each half hour from 07:30; the ninth is 13:30.  Busy at 8-10 and 14-15.
HALF_HOUR_WEIGHTS = (0.7, 1.6, 1.7, 1.6, 1.5, 1.0, 0.8, 0.4, 0.8, 1.5, 1.4, 1.0, 0.8, 0.5, 0.2)
HALF_HOUR = 30
# What is taken in after this minute of the day could not be finished on it.
LAST_ACCEPTANCE = 430
LEAST_WORK = 5
SUPPLEMENT_SHARE = 0.05
SUPPLEMENT_FROM_DAYS = 3
LONGEST_WAIT_DAYS = 30


@dataclass(frozen=True)
class Times:
    """Office minutes of a dossier's events; None is what did not happen."""

    accepted: int
    requested: int | None = None
    supplemented: int | None = None
    finished: int | None = None


class TimeMaker:
    """Draw times from the shape of a counter's days and hours."""

    def __init__(self, office: OfficeTime, random: Random) -> None:
        self._office, self._random = office, random
        self._days = range(len(office.days))
        self._day_weights = list(accumulate(_busyness(day) for day in office.days))
        minutes = [HALF_HOUR_WEIGHTS[minute // HALF_HOUR] for minute in range(LAST_ACCEPTANCE)]
        self._minutes, self._minute_weights = range(LAST_ACCEPTANCE), list(accumulate(minutes))
        self._attempts: dict[Fate, Callable[[SampleProcedure], Times | None]] = {
            Fate.EARLY: self._early,
            Fate.ON_TIME: self._on_time,
            Fate.LATE: self._late,
            Fate.IN_TIME: self._in_time,
            Fate.WAITING: self._waiting,
            Fate.OVERDUE: self._overdue,
        }

    def draw(self, fate: Fate, procedure: SampleProcedure) -> Times:
        """Return times that lead to the fate: attempts are made until one does."""
        while (times := self._attempts[fate](procedure)) is None:
            pass
        return times

    def moment(self, day: int) -> int:
        """Return a minute of a working day, at the hours when people come."""
        of_day: int = self._random.choices(self._minutes, cum_weights=self._minute_weights)[0]
        return day * MINUTES_A_DAY + of_day

    def _start(self, procedure: SampleProcedure) -> int:
        day = self._random.choices(self._days, cum_weights=self._day_weights)[0]
        start = self.moment(day)
        # A due moment between two days would belong to either, to the taste of the reader.
        is_between = procedure.unit == "working_hour" and (start + (procedure.amount or 0) * 60) % MINUTES_A_DAY == 0
        return start + is_between

    def _early(self, procedure: SampleProcedure) -> Times | None:
        start = self._start(procedure)
        day, _ = self._office.due(procedure, start)
        return self._finished(procedure, start, start + LEAST_WORK, day * MINUTES_A_DAY - 2)

    def _on_time(self, procedure: SampleProcedure) -> Times | None:
        start = self._start(procedure)
        day, last = self._office.due(procedure, start)
        return self._finished(procedure, start, max(start + LEAST_WORK, day * MINUTES_A_DAY + 1), last)

    def _late(self, procedure: SampleProcedure) -> Times | None:
        start = self._start(procedure)
        day, _ = self._office.due(procedure, start)
        first = (day + 1) * MINUTES_A_DAY + 1
        finished = first + int(self._random.expovariate(1 / (4 * MINUTES_A_DAY)))
        return self._finished(procedure, start, finished, finished)

    def _finished(self, procedure: SampleProcedure, start: int, first: int, last: int) -> Times | None:
        if last < first or last > self._office.end:
            return None
        return self._supplemented(procedure, start, self._random.randint(first, last))

    def _in_time(self, procedure: SampleProcedure) -> Times | None:
        start = self._start(procedure)
        day, _ = self._office.due(procedure, start)
        # The due moment of a day counted in hours may have passed at its close.
        is_past = day < self._office.last_day + (procedure.unit == "working_hour")
        return None if is_past else self._supplemented(procedure, start, None)

    def _overdue(self, procedure: SampleProcedure) -> Times | None:
        start = self._start(procedure)
        day, _ = self._office.due(procedure, start)
        days_over = self._office.last_day - day
        if days_over < 1 or self._random.random() > math.exp(-days_over / 25):
            return None
        return self._supplemented(procedure, start, None)

    def _waiting(self, procedure: SampleProcedure) -> Times | None:
        accepted = self._start(procedure)
        requested = self._request_after(accepted, min(3, int(procedure.working_days)))
        is_recent = requested > self._office.end - LONGEST_WAIT_DAYS * MINUTES_A_DAY
        return Times(accepted, requested) if is_recent and requested <= self._office.end else None

    def _request_after(self, accepted: int, days: int) -> int:
        """Ask within so many working days.  Rule: NĐ 61/2018 Đ.19(4): three at most."""
        day = accepted // MINUTES_A_DAY + self._random.randint(0, days)
        return self._random.randint(max(accepted + LEAST_WORK, day * MINUTES_A_DAY), (day + 1) * MINUTES_A_DAY - 2)

    def _supplemented(self, procedure: SampleProcedure, start: int, finished: int | None) -> Times:
        """Let the clock's start be, for a few, the restart after a supplement instead of the acceptance."""
        is_apt = procedure.unit == "working_day" and procedure.working_days >= SUPPLEMENT_FROM_DAYS
        if not is_apt or self._random.random() > SUPPLEMENT_SHARE:
            return Times(start, finished=finished)
        days_before = self._random.randint(1, 8)
        accepted = self.moment(start // MINUTES_A_DAY - days_before - 3)
        requested = self._request_after(accepted, 3)
        return Times(accepted, requested, start, finished) if accepted >= 0 else Times(start, finished=finished)


def _busyness(day: date) -> float:
    spell = max((spell for spell in SPELLS if spell[0] <= day), key=lambda spell: spell[0])
    return spell[1] * WEEKDAY_WEIGHTS[day.weekday()]
