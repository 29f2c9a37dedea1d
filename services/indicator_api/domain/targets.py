"""What the province has set itself: targets as data, and what a figure is worth against them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

import msgspec


class Comparison(StrEnum):
    """How a value must stand to its threshold."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"


HOLDS: Mapping[Comparison, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {
        Comparison.AT_LEAST: lambda value, threshold: value >= threshold,
        Comparison.ABOVE: lambda value, threshold: value > threshold,
        Comparison.AT_MOST: lambda value, threshold: value <= threshold,
        Comparison.BELOW: lambda value, threshold: value < threshold,
    }
)


class Told(msgspec.Struct, frozen=True):
    """A text in both languages."""

    vi: str
    en: str


class Condition(msgspec.Struct, frozen=True):
    """An indicator held against a threshold; with `channel`, of the dossiers filed that way only."""

    indicator: str
    comparison: Comparison
    threshold: Decimal
    channel: str | None = None


class Band(msgspec.Struct, frozen=True):
    """What earns points: all conditions together; none at all is what is left.

    With `pro_rata_of` the points are those times the first condition's value, divided by it.
    """

    conditions: tuple[Condition, ...]
    points: Decimal | None = None
    pro_rata_of: Decimal | None = None


class Target(msgspec.Struct, frozen=True):
    """One target, in force on `valid_from <= day < valid_to`.  Its first band is what meets it.

    Without bands it is known but nothing here can judge it.
    """

    code: str
    scheme: str
    name: Told
    source: str
    valid_from: date
    valid_to: date | None
    bands: tuple[Band, ...]

    def in_force(self, day: date) -> bool:
        """Say whether the target holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class TargetSet(NamedTuple):
    """All targets as somebody put them; id 0 was shipped."""

    id: int
    recorded_at: datetime | None
    recorded_by: str | None
    targets: tuple[Target, ...]


class Question(NamedTuple):
    """A figure a target asks for."""

    indicator: str
    channel: str | None


class Ratio(NamedTuple):
    """A figure; None where nothing here can tell."""

    numerator: int | None
    denominator: int | None

    @property
    def value(self) -> Fraction | None:
        """Return the exact quotient, None of nothing."""
        if self.numerator is None or self.denominator is None or self.denominator <= 0:
            return None
        return Fraction(self.numerator, self.denominator)


@dataclass(frozen=True)
class Check:
    """A condition, the figure it met, and whether it holds; None where there is no figure."""

    condition: Condition
    ratio: Ratio
    holds: bool | None
    difference: Fraction | None


@dataclass(frozen=True)
class Verdict:
    """A target, whether it is met, what it earns, and every condition of its first band."""

    target: Target
    is_met: bool | None
    points: Fraction | None
    checks: tuple[Check, ...]


Figures = Mapping[Question, Ratio]


def questions_of(targets: Iterable[Target]) -> set[Question]:
    """Return every figure the targets ask for."""
    return {
        Question(condition.indicator, condition.channel)
        for target in targets
        for band in target.bands
        for condition in band.conditions
    }


def judged(target: Target, figures: Figures) -> Verdict:
    """Hold the figures against a target.

    Nothing over nothing neither meets nor misses it.
    """
    if not target.bands:
        return Verdict(target, None, None, ())
    checks = tuple(_checked(condition, figures) for condition in target.bands[0].conditions)
    return Verdict(target, _all(checks), _points(target.bands, figures), checks)


def _checked(condition: Condition, figures: Figures) -> Check:
    ratio = figures[Question(condition.indicator, condition.channel)]
    if ratio.value is None:
        return Check(condition, ratio, None, None)
    threshold = Fraction(condition.threshold)
    holds = HOLDS[condition.comparison](ratio.value, threshold)
    return Check(condition, ratio, holds, ratio.value - threshold)


def _all(checks: Iterable[Check]) -> bool | None:
    """Return False where one condition fails, else None where one cannot be judged."""
    found = {check.holds for check in checks}
    if False in found:
        return False
    return None if None in found else True


def _points(bands: tuple[Band, ...], figures: Figures) -> Fraction | None:
    """Return the points of the first band whose conditions hold; None before one that cannot be judged."""
    for band in bands:
        checks = [_checked(condition, figures) for condition in band.conditions]
        holds = _all(checks)
        if holds is None or (holds and band.points is None):
            return None
        if holds and band.points is not None:
            return Fraction(band.points) * _share(band, checks)
    return None


def _share(band: Band, checks: list[Check]) -> Fraction:
    if band.pro_rata_of is None:
        return Fraction(1)
    value = checks[0].ratio.value
    return (value or Fraction(0)) / Fraction(band.pro_rata_of)
