"""Count the services in force on a day by online level."""

from dataclasses import dataclass

from indicator_api.domain.cursor import Cursor
from indicator_api.domain.online_levels import LevelTable, table_of
from indicator_api.domain.selection import Selection
from indicator_api.domain.supply import in_force_at
from indicator_api.usecases.read_figures import Source, reading


@dataclass(frozen=True)
class Tabulated:
    """The table, and the selection and state it was read in."""

    selection: Selection
    through: Cursor
    table: LevelTable


async def tabulate_levels(selection: Selection, *, root: str | None, source: Source) -> Tabulated:
    """Return the table of the services the selected units offer on the last day seen, each service once.

    Raises UnitNotFound.
    """
    async with reading(selection, root=root, source=source) as state:
        versions = await source.catalogue.list_versions(state.session, known_at=selection.known_at)
        units = state.tree.existing(state.cells.cells, selection.as_of, selection.as_of)
        levels = {unit.level for unit in units}
        offered = in_force_at(versions, selection, levels)
        return Tabulated(state.selection, state.through, table_of(version.online_level for version in offered))
