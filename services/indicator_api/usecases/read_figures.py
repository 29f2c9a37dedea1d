"""Open a snapshot for one reader and settle what its selection stands for."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.cursor import Cursor
from indicator_api.domain.selection import Selection, UnitCells, UnitMap, UnitNotFound, cells_of
from indicator_api.domain.tree import Tree
from indicator_api.store import cursors
from indicator_api.store.catalogue import Catalogue
from shared.db import Begin

Row = TypeVar("Row")

# Rule: contract section 1, every cube has a stated limit.
MOST_ROWS = 10_000


@dataclass(frozen=True)
class Source:
    """Where figures are read; `snapshot` opens transactions that see one state from first to last."""

    snapshot: Begin
    catalogue: Catalogue = field(default_factory=Catalogue)


@dataclass(frozen=True)
class FigureTable(Generic[Row]):
    """The rows of one answer, at most MOST_ROWS, and the selection and state they were read in."""

    selection: Selection
    through: Cursor
    rows: Sequence[Row]
    is_truncated: bool
    tree: Tree


@dataclass(frozen=True)
class Reading:
    """One consistent state of the figures, and the reader's selection in it.

    `placed` holds the selected units, each with the one it is shown as: itself, or its successor of today.
    """

    session: AsyncSession
    through: Cursor
    selection: Selection
    tree: Tree
    placed: Mapping[str, str]

    @cached_property
    def cells(self) -> UnitCells:
        """Return the selected units in the cells of the table asked for."""
        return cells_of(self.tree, self.placed, self.selection)


@asynccontextmanager
async def reading(selection: Selection, *, root: str | None, source: Source) -> AsyncIterator[Reading]:
    """Yield the state in which every statement of one answer is read.

    `root` is the unit the reader may see, with all below it; None is everything. A selection that
    names no unit means that one, or the province's own.
    Raises UnitNotFound, also for a unit the reader may not see.
    """
    async with source.snapshot() as session:
        through = await cursors.get_for_figures(session)
        present = await source.catalogue.tree(session)
        settled = replace(selection, unit_code=_unit_code(selection, present, root))
        known = present
        if selection.known_at is not None:
            known = await source.catalogue.tree(session, known_at=selection.known_at)
        # What a unit was known to hold then, less what its reader may no longer see.
        visible = present.subtree(root)
        placed = _placed(settled, known, selection.known_at or through.recorded_on)
        kept = {code: shown for code, shown in placed.items() if code in visible and shown in visible}
        yield Reading(session, through, settled, known, kept)


def _unit_code(selection: Selection, tree: Tree, root: str | None) -> str | None:
    unit_code = selection.unit_code or root or tree.root
    if unit_code is not None and unit_code not in tree.subtree(root):
        raise UnitNotFound(unit_code)
    return unit_code


def _placed(selection: Selection, tree: Tree, today: date | None) -> dict[str, str]:
    """Return every unit shown within the selection, with the unit it is shown as."""
    chosen = _codes(selection, tree)
    if selection.unit_map is UnitMap.THEN or today is None:
        return {code: code for code in chosen}
    shown = {code: tree.today(code, today) for code in tree.units}
    return {code: unit_code for code, unit_code in shown.items() if unit_code in chosen}


def _codes(selection: Selection, tree: Tree) -> frozenset[str]:
    if selection.is_subtree or selection.unit_code is None:
        return tree.subtree(selection.unit_code)
    return tree.subtree(selection.unit_code) & {selection.unit_code}
