"""A sheet that somebody filled in, as rows of plain cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import DomainError

Cell = str | int | float | bool | None
Row = Sequence[Cell]


class UnreadableWorkbook(DomainError):
    """An uploaded workbook is none, or not one of ours, or holds what is no number where one must stand."""

    code = "unreadable-workbook"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class TypedSheet:
    """One sheet by its name; `rows` from the top, each from the left."""

    name: str
    rows: tuple[Row, ...]

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell by its place, both counted from 0; None beyond the edges."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]


def text_of(cell: Cell) -> str:
    """Return a cell's text as it is compared: no case, single blanks."""
    return " ".join(str(cell).split()).casefold() if isinstance(cell, str) else ""


def number_of(cell: Cell) -> int | float | None:
    """Return the number in a cell, also one typed as text the Vietnamese way (`37.588`, `99,72%`); None for a blank.

    Raises UnreadableWorkbook for any other text.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return int(cell) if float(cell).is_integer() else cell
    text = cell.strip()
    return _number_in(text) if text.strip("—–- ") else None


def _number_in(text: str) -> int | float:
    is_percent = text.endswith("%")
    plain = text.rstrip("% ").replace(" ", "").replace("\u00a0", "")
    # One dot before three digits groups thousands; a comma is the decimal mark.
    grouped = plain.replace(".", "") if _is_grouped(plain.partition(",")[0].split(".")) else plain
    try:
        number = float(grouped.replace(",", "."))
    except ValueError:
        raise UnreadableWorkbook(f"«{text[:40]}» is no number") from None
    if is_percent:
        return number / 100
    return int(number) if number.is_integer() else number


def _is_grouped(parts: Iterable[str]) -> bool:
    first, *rest = parts
    return bool(rest) and len(first.lstrip("-")) <= 3 and all(len(part) == 3 for part in rest)
