"""Compute what is offered against what could be: services and units."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from indicator_api.domain.definitions import Offered, ServiceRatio
from indicator_api.domain.measures import Measure
from indicator_api.domain.rows import Group, RatioRow, traits
from indicator_api.domain.selection import Dimension, at_levels
from indicator_api.domain.slices import Slice, slices_of
from indicator_api.domain.supply import service_rows, unit_rows, used_online
from indicator_api.domain.tree import Unit
from indicator_api.store import figures
from indicator_api.store.catalogue import Catalogue
from indicator_api.usecases.read_figures import Reading

ONE_DAY = timedelta(days=1)


async def rows_of_services(ratio: ServiceRatio, state: Reading, catalogue: Catalogue) -> list[RatioRow]:
    """Return services over services for each group and slice."""
    versions = await catalogue.list_versions(state.session, known_at=state.selection.known_at)
    used = await _used_by_slice(ratio, state) if ratio.offered is Offered.USED_ONLINE else {}
    return [
        row
        for number, one in enumerate(slices_of(state.selection), start=1)
        for row in service_rows(
            ratio,
            versions,
            used.get(number, {}),
            selection=state.selection,
            units=_units(state, one),
            one=one,
        )
    ]


def rows_of_units(state: Reading) -> list[RatioRow]:
    """Return units with a one-stop shop over units, for each group and slice."""
    return [row for one in slices_of(state.selection) for row in unit_rows(state.selection, _units(state, one), one)]


def _units(state: Reading, one: Slice) -> list[Unit]:
    return state.tree.in_force(state.cells.cells, one.end - ONE_DAY)


async def _used_by_slice(ratio: ServiceRatio, state: Reading) -> Mapping[int, Mapping[Group, set[str]]]:
    """Return, by number of the slice, the services of the asked levels with a dossier received online."""
    selection = at_levels(state.selection, ratio.online_levels)
    by_procedure = replace(selection, group_by=tuple(dict.fromkeys((*selection.group_by, Dimension.PROCEDURE))))
    sums = await figures.list_sums(
        state.session,
        by_procedure,
        cells=state.cells,
        slices=slices_of(selection),
        measures=[Measure.RECEIVED_ONLINE],
    )
    found: dict[int, list[tuple[int, dict[Dimension, str]]]] = {}
    for one in sums:
        if one.measures[Measure.RECEIVED_ONLINE] > 0:
            labels = dict(zip(traits(by_procedure), one.labels, strict=True))
            found.setdefault(one.slice_number, []).append((one.cell, labels))
    return {number: used_online(cells, selection, state.cells) for number, cells in found.items()}
