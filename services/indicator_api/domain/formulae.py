"""How an indicator is computed: what stands above the line and what below."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from indicator_api.domain.counts import Count, Linear
from indicator_api.domain.selection import PLACE, TIME, Dimension
from indicator_api.domain.wording import Wording

IN_TIME: Linear = {Count.EARLY: 1, Count.ON_TIME: 1}
FINISHED: Linear = {**IN_TIME, Count.LATE: 1}
IN_HAND: Linear = {Count.CARRIED_OVER: 1, Count.RECEIVED: 1}


@dataclass(frozen=True)
class DossierRatio:
    """Counts over counts; with `online_levels`, of the dossiers of services at one of these levels only."""

    numerator: Linear
    denominator: Linear
    online_levels: frozenset[int] = frozenset()


class Offered(StrEnum):
    """Which of the offered services are counted above the line."""

    AT_LEVEL = "at_level"
    USED_ONLINE = "used_online"
    AT_ONE_STOP = "at_one_stop"


@dataclass(frozen=True)
class ServiceRatio:
    """Services over services."""

    offered: Offered
    online_levels: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OneStopUnits:
    """Units with a one-stop shop over units."""


@dataclass(frozen=True)
class Reported:
    """Counted by people and told in reports: nothing the events tell makes it up."""


Formula = DossierRatio | ServiceRatio | OneStopUnits | Reported


class CountedFrom(StrEnum):
    """What an indicator is counted from."""

    DOSSIERS = "dossiers"
    SERVICES = "services"
    UNITS = "units"
    REPORTED = "reported"


@dataclass(frozen=True)
class Definition:
    """One indicator.  A change of formula or meaning is a new version under the same id.

    `limits` says where the figure and its legal text part, or what is missing.
    """

    id: str
    version: int
    meaning: Wording
    formula: Wording
    source: str
    computed: Formula
    limits: Wording | None = None

    @property
    def counted_from(self) -> CountedFrom:
        """Return what the indicator is counted from."""
        match self.computed:
            case DossierRatio():
                return CountedFrom.DOSSIERS
            case ServiceRatio():
                return CountedFrom.SERVICES
            case OneStopUnits():
                return CountedFrom.UNITS
            case Reported():
                return CountedFrom.REPORTED
            case other:
                assert_never(other)

    @property
    def dimensions(self) -> frozenset[Dimension]:
        """Return what the indicator can be narrowed and grouped by: a service has no channel, a unit no field."""
        match self.counted_from:
            case CountedFrom.DOSSIERS:
                return frozenset(Dimension)
            case CountedFrom.SERVICES:
                return frozenset(Dimension) - {Dimension.CHANNEL}
            case CountedFrom.UNITS:
                return frozenset({*PLACE, *TIME})
            case CountedFrom.REPORTED:
                return frozenset({Dimension.UNIT})
            case other:
                assert_never(other)
