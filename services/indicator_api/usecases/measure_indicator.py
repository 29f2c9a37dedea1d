"""Compute an indicator for each group of a selection."""

from dataclasses import replace
from typing import assert_never

from indicator_api.domain.formulae import Definition, DossierRatio, OneStopUnits, Reported, ServiceRatio
from indicator_api.domain.rows import RatioRow, order_of
from indicator_api.domain.selection import Selection, at_levels
from indicator_api.store.catalogue import Catalogue
from indicator_api.usecases.count_dossiers import count_in
from indicator_api.usecases.measure_supply import rows_of_services, rows_of_units
from indicator_api.usecases.read_figures import MOST_ROWS, FigureTable, Reading, Source, reading


async def measure_indicator(
    definition: Definition, selection: Selection, *, root: str | None, source: Source
) -> FigureTable[RatioRow]:
    """Return the indicator of each group, ordered by the labels in the order they were asked for.

    Raises UnitNotFound.
    """
    async with reading(selection, root=root, source=source) as state:
        return await measure_in(definition, state, source.catalogue)


async def measure_in(definition: Definition, state: Reading, catalogue: Catalogue) -> FigureTable[RatioRow]:
    """Return the indicator of each group in a state already open; no rows where only reports can tell."""
    match definition.computed:
        case DossierRatio() as ratio:
            return await _of_dossiers(ratio, state)
        case ServiceRatio() as ratio:
            rows = await rows_of_services(ratio, state, catalogue)
        case OneStopUnits():
            rows = rows_of_units(state)
        case Reported():
            rows = []
        case other:
            assert_never(other)
    rows.sort(key=order_of)
    return FigureTable(state.selection, state.through, rows[:MOST_ROWS], len(rows) > MOST_ROWS, state.tree)


async def _of_dossiers(ratio: DossierRatio, state: Reading) -> FigureTable[RatioRow]:
    narrowed = replace(state, selection=at_levels(state.selection, ratio.online_levels))
    table = await count_in(narrowed, {*ratio.numerator, *ratio.denominator})
    rows = [
        RatioRow(row.labels, row.slice, row.counts.total(ratio.numerator), row.counts.total(ratio.denominator))
        for row in table.rows
    ]
    return FigureTable(state.selection, table.through, rows, table.is_truncated, state.tree)
