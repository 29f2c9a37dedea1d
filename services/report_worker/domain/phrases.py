"""Reads the braces of a form's paragraphs.

`{unit}` is a fact of the report, `{received_total}` a figure, `{received:levels}` a line by level,
`{one_stop_units:out_of units}` one line over another (`below` for the levels below the province),
`{received_total:year_ago}` the change since then, named; `{received_total:year_ago short}` the change alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

LEVELS_OF = "levels"
OUT_OF = "out_of"
BELOW = "below"
SHORT = "short"


@dataclass(frozen=True)
class Piece:
    """Plain text, or (with a name) a brace: its name, what to do with it, and with what else."""

    text: str
    name: str | None = None
    how: str = ""
    other: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines it speaks of as a whole."""
        if self.name is None or self.how not in {LEVELS_OF, OUT_OF, BELOW}:
            return ()
        return (self.name, self.other) if self.other else (self.name,)


def pieces_of(template: str) -> Iterator[Piece]:
    """Read a template from left to right.  Raises ValueError where a brace is left open."""
    for text, name, how, _conversion in Formatter().parse(template):
        if text:
            yield Piece(text)
        if name is not None:
            verb, _, other = (how or "").partition(" ")
            yield Piece("", name, verb, other)
