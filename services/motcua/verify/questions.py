"""What indicator_api is asked: every unit, every level, every month and named period of each year with data."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Literal, assert_never

from motcua.verify.recount import BASES, ONE_DAY, Window
from shared.contracts.feed import UnitV1
from shared.periods import Cutoff, parse_period

# Any year a dossier may lie in: what is counted where nobody looks shows here.
EVER = "1900-01-01/2200-01-01"
MONTHS = tuple(f"{month:02}" for month in range(1, 13))
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
PARTS = ("H1", "H2", "9M")

# Rates made of counts that a table of counts does not show: what is above the line, and what below.
RATES = {
    "on_time_766": (("ended_in_time_766", "open_in_time_766"), ("carried_over", "received")),
    "satisfaction": (("satisfied",), ("rated",)),
}

Slice = Literal["", "day", "month", "quarter"]
By = Literal["", "unit", "level"]


@dataclass(frozen=True)
class Question:
    """One request for counts: `unit_code` with all below it, or alone; by place, and its period whole or in slices.

    With `rate` it is about that indicator's numerator and denominator instead.
    """

    unit_code: str
    by: By
    period: str
    basis: str
    slice: Slice = ""
    is_subtree: bool = True
    rate: str = ""

    @property
    def path(self) -> str:
        """Return where it is asked."""
        return f"/v1/indicators/{self.rate}" if self.rate else "/v1/counts"

    @property
    def params(self) -> dict[str, str | int]:
        """Return the query string."""
        asked: dict[str, str | int] = {"unit": self.unit_code, "period": self.period, "basis": self.basis}
        groups = ",".join(filter(None, (self.by, self.slice)))
        return asked | ({"group_by": groups} if groups else {}) | ({} if self.is_subtree else {"subtree": "false"})

    @property
    def windows(self) -> list[str]:
        """Return the names of the windows its rows are about."""
        match self.slice:
            case "":
                return [self.period]
            case "month":
                return [f"{self.period}-{month}" for month in MONTHS]
            case "quarter":
                return [f"{self.period}-{quarter}" for quarter in QUARTERS]
            case "day":
                return [window.name for window in days_of_period(self.period)]
            case other:
                assert_never(other)

    def labels(self, units: Mapping[str, UnitV1]) -> dict[str, str]:
        """Return the group of each unit inside the selection."""
        inside = subtree(units, self.unit_code) if self.is_subtree else {self.unit_code}
        match self.by:
            case "unit":
                return {code: code for code in inside}
            case "level":
                return {code: units[code].level for code in inside}
            case _:
                return dict.fromkeys(inside, "")


def windows_of(years: Collection[int]) -> list[Window]:
    """Return every window the questions are about."""
    parts = [f"{year}-{part}" for year in years for part in (*MONTHS, *QUARTERS, *PARTS)]
    return [window_of(name) for name in (EVER, *map(str, years), *parts, *cut_elsewhere(years))]


def cut_elsewhere(years: Collection[int]) -> list[str]:
    """Return the periods of each year that no month begins or ends: from the 15th to the 14th, and quarters of months.

    Every day lies in one quarter of a month, so a wrong day shows even where its month is right.
    Rule: NĐ 09/2019 Đ.12 for the first.
    """
    reported = [parse_period(f"{year}-{month}", Cutoff.ND09) for year in years for month in MONTHS]
    months = [parse_period(f"{year}-{month}") for year in years for month in MONTHS]
    cuts = [[*(month.start.replace(day=day) for day in (1, 8, 15, 22)), month.end] for month in months]
    quarters = [pair for days in cuts for pair in pairwise(days)]
    return [f"{start}/{end}" for start, end in [*((one.start, one.end) for one in reported), *quarters]]


def window_of(name: str) -> Window:
    """Return the days of a period's name."""
    period = parse_period(name)
    return Window(name, period.start, period.end)


def days_of_period(name: str) -> list[Window]:
    """Return a window for each day of a period."""
    period = parse_period(name)
    days = [period.start + timedelta(days=number) for number in range((period.end - period.start).days)]
    return [Window(day.isoformat(), day, day + ONE_DAY) for day in days]


def questions_about(units: Mapping[str, UnitV1], years: Collection[int]) -> list[Question]:
    """Return every question: each unit alone, then each unit with all below it, whole and by level."""
    roots = [code for code, unit in units.items() if unit.parent_code not in units]
    parents = sorted({unit.parent_code for unit in units.values() if unit.parent_code} & units.keys())
    wholes = [EVER, *map(str, years), *(f"{year}-{part}" for year in years for part in PARTS)]
    return [
        question
        for basis in BASES
        for question in (
            *(one for rate in ("", *RATES) for one in _alone(roots, wholes, years, basis, rate=rate)),
            *(one for code in parents for by in _BOTH for one in _together(code, by, wholes, years, basis)),
        )
    ]


_BOTH: tuple[By, By] = ("", "level")


def _alone(
    roots: Sequence[str], wholes: Sequence[str], years: Collection[int], basis: str, *, rate: str
) -> Iterator[Question]:
    """Yield questions whose answer has a row for each unit, each about one period: answers are limited in rows."""
    parts = [f"{year}-{part}" for year in years for part in (*MONTHS, *QUARTERS)]
    for root in roots:
        for period in (*wholes, *parts, *cut_elsewhere(years)):
            yield Question(root, "unit", period, basis, rate=rate)


def _together(code: str, by: By, wholes: Sequence[str], years: Collection[int], basis: str) -> Iterator[Question]:
    """Yield questions about one unit's subtree, whose few rows may be cut into months and quarters."""
    for period in wholes:
        yield Question(code, by, period, basis)
    for year in years:
        yield Question(code, by, str(year), basis, "month")
        yield Question(code, by, str(year), basis, "quarter")


def subtree(units: Mapping[str, UnitV1], root: str) -> set[str]:
    """Return a unit and all below it."""
    return {code for code in units if root in _path(units, code)}


def _path(units: Mapping[str, UnitV1], code: str | None) -> Iterator[str]:
    """Yield a unit and all above it."""
    seen: set[str] = set()
    while code is not None and code in units and code not in seen:
        seen.add(code)
        yield code
        code = units[code].parent_code
