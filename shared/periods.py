"""Reporting periods: half-open spans of civil days, named as the province names them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.errors import DomainError


class Cutoff(StrEnum):
    """Where the months of a named period are cut."""

    CALENDAR = "calendar"
    ND09 = "nd09"


class UnknownPeriod(DomainError):
    """The text names no period."""

    code = "unknown-period"

    def __init__(self, period: str) -> None:
        super().__init__(f"{period!r} names no period")
        self.period = period


@dataclass(frozen=True)
class Period:
    """The days `start <= day < end`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """Return the last day inside."""
        return self.end - timedelta(days=1)


_NAMED = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<part>H[12]|9M|Q[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)
_EXPLICIT = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", re.ASCII)
# First month and number of months of each part of a year.
_PARTS = {"H1": (1, 6), "H2": (7, 6), "9M": (1, 9), "Q1": (1, 3), "Q2": (4, 3), "Q3": (7, 3), "Q4": (10, 3)}
_CUTOFF_DAY = 15


def parse_period(text: str, cutoff: Cutoff = Cutoff.CALENDAR) -> Period:
    """Return the period of `2020`, `2020-H1`, `2020-9M`, `2020-Q1`, `2020-03` or `2019-10-01/2020-01-01`.

    An explicit period is already cut, so `cutoff` does not touch it.
    Raises UnknownPeriod, also for an empty or reversed span.
    """
    if explicit := _EXPLICIT.fullmatch(text):
        return _explicit(text, explicit[1], explicit[2])
    named = _NAMED.fullmatch(text)
    if named is None:
        raise UnknownPeriod(text)
    year = int(named["year"])
    first_month, months = (int(named["month"]), 1) if named["month"] else _PARTS.get(named["part"] or "", (1, 12))
    return Period(_cut(year, first_month, cutoff), _cut(year, first_month + months, cutoff))


def _explicit(text: str, start: str, end: str) -> Period:
    try:
        period = Period(date.fromisoformat(start), date.fromisoformat(end))
    except ValueError:
        raise UnknownPeriod(text) from None
    if period.start >= period.end:
        raise UnknownPeriod(text)
    return period


def _cut(year: int, month: int, cutoff: Cutoff) -> date:
    """Return the first day after the cut before the given month (13 is January of the next year).

    Rule: NĐ 09/2019 Đ.12: a month runs from the 15th of the month before to its 14th.
    """
    if cutoff is Cutoff.CALENDAR:
        return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    month -= 1
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, _CUTOFF_DAY)
