"""The shape of a narrative: its blocks, and the letterhead it goes out under."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from report_worker.domain.wording import Wording


class Style(StrEnum):
    """How a paragraph stands on the page."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"


@dataclass(frozen=True)
class ParagraphTemplate:
    """A paragraph with braces for figures.

    Left out where the figure (or window, or `targets`) of `when` has nothing to say, or that of `unless` has.
    """

    style: Style
    text: Wording
    when: str | None = None
    unless: str | None = None


@dataclass(frozen=True)
class LevelTable:
    """One row a level and the whole, one column a line of figures."""

    caption: Wording
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ComparisonTable:
    """One row for each compared figure, beside the earlier periods."""

    caption: Wording


@dataclass(frozen=True)
class TargetTable:
    """One row for each target in force: what was aimed at, what was reached, whether it is enough."""

    caption: Wording


@dataclass(frozen=True)
class ChartTemplate:
    """One bar a level and the whole, its parts the lines."""

    caption: Wording
    lines: tuple[str, ...]


BlockTemplate = ParagraphTemplate | LevelTable | ComparisonTable | TargetTable | ChartTemplate


@dataclass(frozen=True)
class Letterhead:
    """Who writes: chosen by how the unit's name begins and by the day; `{rest}` is the rest of that name.

    `in_text` is what prose calls the unit, `signature` the lines above the signer's name, `symbol` what follows the
    number (`BC-UBND`). A line break in the agency is one of the letterhead only.
    """

    prefix: str
    valid_from: date
    valid_to: date | None
    superior: Wording | None
    agency: Wording
    in_text: Wording
    place: str
    symbol: str
    signature: tuple[Wording, ...]
    recipients: tuple[Wording, ...]

    def fits(self, unit: str, *, on: date) -> bool:
        """Say whether this is the letterhead of a unit on a day."""
        in_force = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        return in_force and unit.lower().startswith(self.prefix.lower())
