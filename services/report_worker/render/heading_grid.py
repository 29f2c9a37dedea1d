"""A heading of several rows: which cells of it are one."""

from collections.abc import Sequence
from dataclasses import dataclass

Path = Sequence[str]


@dataclass(frozen=True)
class HeadingCell:
    """A caption and the rows and columns it covers, both ends inclusive."""

    caption: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


def heading_cells(paths: Sequence[Path]) -> list[HeadingCell]:
    """Lay captions over columns: neighbours that share a beginning share its cells, a last caption reaches down."""
    depth = max(len(path) for path in paths)
    cells = []
    for row in range(depth):
        for column, path in enumerate(paths):
            if row >= len(path) or (column > 0 and _shares(paths[column - 1], path, row)):
                continue
            last = column
            while last + 1 < len(paths) and _shares(path, paths[last + 1], row):
                last += 1
            bottom = depth - 1 if row == len(path) - 1 else row
            cells.append(HeadingCell(path[row], row, column, bottom, last))
    return cells


def _shares(left: Path, right: Path, row: int) -> bool:
    """Say whether two columns lie below one caption on this row; a column's own last caption is its alone."""
    return len(left) > row + 1 and len(right) > row + 1 and left[: row + 1] == right[: row + 1]
