"""Count the dossiers of a selection."""

from collections.abc import Iterable

from indicator_api.domain.counts import Count, measures_of
from indicator_api.domain.measures import STEP_MEASURES, TRANSFERS
from indicator_api.domain.rows import CountRow, Sum, rows_of, whole_groups
from indicator_api.domain.selection import Selection
from indicator_api.domain.slices import slices_of
from indicator_api.store import figures
from indicator_api.store.figures import MOST_SUMS
from indicator_api.usecases.read_figures import MOST_ROWS, FigureTable, Reading, Source, reading


async def count_dossiers(
    selection: Selection, counted: Iterable[Count], *, root: str | None, source: Source
) -> FigureTable[CountRow]:
    """Return the counts of each group; those not named in `counted` may be missing from the sums.

    Raises UnitNotFound.
    """
    async with reading(selection, root=root, source=source) as state:
        return await count_in(state, counted)


async def count_in(state: Reading, counted: Iterable[Count]) -> FigureTable[CountRow]:
    """Return the counts of each group in a state already open."""
    selection, cells, slices = state.selection, state.cells, slices_of(state.selection)
    measures = measures_of(counted, selection.basis)
    steps = await figures.list_sums(
        state.session,
        selection,
        cells=cells,
        slices=slices,
        measures=[measure for measure in STEP_MEASURES if measure in measures],
    )
    crossings: list[Sum] = []
    if not measures.isdisjoint(TRANSFERS):
        crossings = await figures.list_transfers(state.session, selection, cells=cells, slices=slices)
    kept = whole_groups(steps, MOST_SUMS)
    rows = rows_of([*kept, *crossings], selection, cells=cells, slices=slices, limit=MOST_ROWS)
    is_truncated = len(rows) > MOST_ROWS or len(steps) > MOST_SUMS or len(crossings) > MOST_SUMS
    return FigureTable(selection, state.through, rows[:MOST_ROWS], is_truncated, state.tree)
