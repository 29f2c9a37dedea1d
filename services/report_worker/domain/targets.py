"""What the province wants its rates to reach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from operator import ge, gt, le, lt
from types import MappingProxyType

from report_worker.domain.wording import Wording


class Aim(StrEnum):
    """How a rate must stand to its target."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"


HOLDS: Mapping[Aim, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {Aim.AT_LEAST: ge, Aim.ABOVE: gt, Aim.AT_MOST: le, Aim.BELOW: lt}
)


@dataclass(frozen=True)
class Goal:
    """An indicator and what it must reach; a rate's threshold lies between 0 and 1."""

    indicator: str
    aim: Aim
    threshold: float

    def is_met_by(self, value: Fraction) -> bool:
        """Say whether a rate is enough: the rate itself, not what is printed of it.

        Rule: contract section 5, values are exact and only rounded at display.
        """
        return HOLDS[self.aim](value, Fraction(str(self.threshold)))


@dataclass(frozen=True)
class Target:
    """One target of a plan, in force on `valid_from <= day < valid_to`.

    `goal` is None where more than one rate of all dossiers decides.
    """

    name: Wording
    source: str
    valid_from: date
    valid_to: date | None
    goal: Goal | None

    def was_in_force(self, on: date) -> bool:
        """Say whether the target was in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
