"""What a reader asks figures for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from indicator_api.domain.measures import Basis
from indicator_api.domain.online_levels import labels_at
from indicator_api.domain.tree import Tree
from shared.errors import DomainError
from shared.periods import Cutoff, Period


class Dimension(StrEnum):
    """What figures can be grouped by."""

    UNIT = "unit"
    LEVEL = "level"
    FIELD = "field"
    PROCEDURE = "procedure"
    CHANNEL = "channel"
    ONLINE_LEVEL = "online_level"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


TIME = (Dimension.DAY, Dimension.MONTH, Dimension.QUARTER, Dimension.YEAR)
PLACE = (Dimension.UNIT, Dimension.LEVEL)


class UnitMap(StrEnum):
    """On which units figures are reported.  Rule: contract section 5."""

    THEN = "then"
    TODAY = "today"


class AsOfOutsidePeriod(DomainError):
    """Figures of a period were asked as of a day it does not hold."""

    code = "as-of-outside-period"

    def __init__(self, as_of: date, period: Period) -> None:
        super().__init__(f"{as_of} is not among the days {period.start} to {period.last}")
        self.as_of, self.first, self.last = as_of, period.start, period.last


class UnitNotFound(DomainError):
    """A unit does not exist, or is none of the reader's business: both look the same."""

    code = "unit-not-found"

    def __init__(self, unit_code: str) -> None:
        super().__init__(f"there is no unit {unit_code}")
        self.unit_code = unit_code


@dataclass(frozen=True)
class Since:
    """What was known once: the feed up to a position, of it only what was recorded by the close of a day, if given."""

    position: int
    recorded_on: date | None = None


@dataclass(frozen=True)
class Selection:
    """The dossiers, days and knowledge a figure is drawn from.

    `unit_code` None is the whole tree; of a set of values any is meant, and None is all there are. `as_of` is the
    last day seen, at its close; `known_at` the last day whose recordings are used, None for all. With `since` only
    what became known after it counts, so that every figure is the difference to what it was then.
    """

    period: Period
    as_of: date
    unit_code: str | None = None
    is_subtree: bool = True
    levels: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    procedure_codes: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    online_labels: frozenset[str] | None = None
    known_at: date | None = None
    since: Since | None = None
    basis: Basis = Basis.STATUTORY
    cutoff: Cutoff = Cutoff.CALENDAR
    unit_map: UnitMap = UnitMap.THEN
    group_by: tuple[Dimension, ...] = ()

    def __post_init__(self) -> None:
        if not self.period.start <= self.as_of < self.period.end:
            raise AsOfOutsidePeriod(self.as_of, self.period)


def at_levels(selection: Selection, levels: frozenset[int]) -> Selection:
    """Return the selection narrowed to services at one of the online levels; no levels means any."""
    if not levels:
        return selection
    labels = labels_at(levels)
    narrowed = labels if selection.online_labels is None else labels & selection.online_labels
    return replace(selection, online_labels=narrowed)


def by_channel(selection: Selection, channel: str | None) -> Selection:
    """Return the selection narrowed to dossiers filed in one way; None means any."""
    if channel is None:
        return selection
    narrowed = frozenset({channel})
    return replace(selection, channels=narrowed if selection.channels is None else narrowed & selection.channels)


@dataclass(frozen=True)
class UnitCells:
    """The selected units, each in the cell of the table it is counted in."""

    labels: Sequence[Mapping[Dimension, str]]
    cells: Mapping[str, int]


def cells_of(tree: Tree, placed: Mapping[str, str], selection: Selection) -> UnitCells:
    """Sort the selected units into cells, in the order of their labels; `placed` says as which unit each is shown."""
    levels = selection.levels
    chosen = [code for code in placed if levels is None or tree.level_of(placed[code]) in levels]
    labelled = {
        code: tuple(_place(tree, placed[code], dimension) for dimension in places(selection)) for code in chosen
    }
    order = sorted(set(labelled.values())) or [()]
    index = {labels: cell for cell, labels in enumerate(order)}
    return UnitCells(
        [dict(zip(places(selection), labels, strict=False)) for labels in order],
        {code: index[labels] for code, labels in labelled.items()},
    )


def places(selection: Selection) -> list[Dimension]:
    """Return the dimensions of place grouped by, as asked."""
    return [dimension for dimension in selection.group_by if dimension in PLACE]


def _place(tree: Tree, code: str, dimension: Dimension) -> str:
    return code if dimension is Dimension.UNIT else tree.level_of(code)
