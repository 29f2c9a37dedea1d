"""The periods a report looks at besides its own: the one before, the same a year earlier, the years of a series."""

from dataclasses import dataclass
from datetime import date

from shared.periods import Cutoff, Period, UnknownPeriod, parse_period

NOW = ""
YEAR_AGO = "year_ago"
PREVIOUS = "previous"

# The part of a year before each, and how many years back it lies; nine months and a year have none of their own.
_BEFORE = {"H1": (1, "H2"), "H2": (0, "H1"), "Q1": (1, "Q4"), "Q2": (0, "Q1"), "Q3": (0, "Q2"), "Q4": (0, "Q3")}
_DECEMBER = 12


@dataclass(frozen=True)
class Window:
    """A period seen up to the close of a day; `name` is as parse_period reads it."""

    name: str
    period: Period
    as_of: date


@dataclass(frozen=True)
class Subject:
    """Whom and when a report speaks of, as its paragraphs name them."""

    unit: str
    period_name: str
    cutoff: Cutoff
    period: Period
    as_of: date
    language: str


def earlier_windows(subject: Subject) -> dict[str, Window]:
    """Return the periods to compare with, as far into them as the report sees into its own.

    Without a period before of its own kind (a year, nine months) there is only the year earlier.
    """
    names = {YEAR_AGO: _a_year_before(subject), PREVIOUS: _just_before(subject)}
    found = {key: _window(name, subject) for key, name in names.items() if name}
    return {key: window for key, window in found.items() if window is not None}


def year_windows(subject: Subject, *, years: int) -> dict[str, Window]:
    """Return the years up to the report's own, oldest first, the last as far as the report sees."""
    last = subject.period.last.year
    periods = {f"{year}": parse_period(f"{year}", subject.cutoff) for year in range(last - years + 1, last + 1)}
    return {name: Window(name, period, min(period.last, subject.as_of)) for name, period in periods.items()}


def window_label(key: str, window: Window, *, language: str, printed: str) -> str:
    """Return what prose calls a window; `printed` is the period's own name."""
    year = window.period.last.year
    if language == "en":
        return f"the same period of {year}" if key == YEAR_AGO else printed
    if key == YEAR_AGO:
        return f"cùng kỳ năm {year}"
    return f"{printed[:1].lower()}{printed[1:]}"


def _window(name: str, subject: Subject) -> Window | None:
    try:
        period = parse_period(name, subject.cutoff)
    except UnknownPeriod:
        return None
    seen = subject.as_of - subject.period.start
    is_whole = subject.as_of >= subject.period.last
    return Window(name, period, period.last if is_whole else min(period.last, period.start + seen))


def _a_year_before(subject: Subject) -> str:
    if "/" in subject.period_name:
        start, end = (_year_back(day) for day in (subject.period.start, subject.period.end))
        return f"{start}/{end}"
    year, dash, part = subject.period_name.partition("-")
    return f"{int(year) - 1}{dash}{part}"


def _just_before(subject: Subject) -> str:
    if "/" in subject.period_name:
        length = subject.period.end - subject.period.start
        return f"{subject.period.start - length}/{subject.period.start}"
    year, _, part = subject.period_name.partition("-")
    if part in _BEFORE:
        back, before = _BEFORE[part]
        return f"{int(year) - back}-{before}"
    if part.isdigit():
        month = int(part) - 1
        return f"{year}-{month:02}" if month else f"{int(year) - 1}-{_DECEMBER}"
    return ""


def _year_back(day: date) -> date:
    """Return the same day a year earlier, 28 February for a leap day."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=day.day - 1)
