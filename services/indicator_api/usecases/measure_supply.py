"""Compute what is offered against what could be: services and units."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from indicator_api.domain.formulae import Offered, ServiceRatio
from indicator_api.domain.measures import Measure
from indicator_api.domain.rows import Group, RatioRow, traits
from indicator_api.domain.selection import Dimension, at_levels
from indicator_api.domain.slices import slices_of
from indicator_api.domain.supply import asked_days, authorities_of, service_rows, unit_rows, used_online
from indicator_api.domain.tree import Unit
from indicator_api.store import figures
from indicator_api.store.catalogue import Catalogue
from indicator_api.store.figures import MOST_SUMS
from indicator_api.usecases.read_figures import MOST_ROWS, Reading
from shared.errors import InvalidRequest


async def rows_of_services(ratio: ServiceRatio, state: Reading, catalogue: Catalogue) -> list[RatioRow]:
    """Return services over services for each group and slice; more than MOST_ROWS tell that some may be missing.

    Raises InvalidRequest where too much would have to be read at once.
    """
    versions = await catalogue.list_versions(state.session, known_at=state.selection.known_at)
    used = await used_by_slice(ratio, state) if ratio.offered is Offered.USED_ONLINE else {}
    rows: list[RatioRow] = []
    for number, one in enumerate(slices_of(state.selection), start=1):
        days = asked_days(ratio, one)
        authorities = authorities_of(state.tree.existing(state.cells.cells, *days), state.cells, days=days)
        found = used.get(number, {})
        rows += service_rows(
            ratio, versions, found, selection=state.selection, authorities=authorities, one=one, limit=MOST_ROWS + 1
        )
        if len(rows) > MOST_ROWS:
            break
    return rows


def rows_of_units(state: Reading) -> list[RatioRow]:
    """Return units with a one-stop shop over units, for each group and slice.

    More than MOST_ROWS tell that some may be missing.
    """
    rows: list[RatioRow] = []
    for one in slices_of(state.selection):
        rows += unit_rows(state.selection, units_shown(state, one.last), one)
        if len(rows) > MOST_ROWS:
            break
    return rows


def units_shown(state: Reading, day: date) -> list[Unit]:
    """Return the selected units that exist on a day, as what they are shown as, by code."""
    existing = state.tree.existing(state.cells.cells, day, day)
    return [state.tree.units[code] for code in sorted({state.placed[unit.code] for unit in existing})]


async def used_by_slice(ratio: ServiceRatio, state: Reading) -> Mapping[int, Mapping[Group, set[str]]]:
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
    if len(sums) > MOST_SUMS:
        raise InvalidRequest.at_parameter("group_by", f"more than {MOST_SUMS} cells; narrow the selection")
    found: dict[int, list[tuple[int, dict[Dimension, str]]]] = {}
    for one in sums:
        if one.measures[Measure.RECEIVED_ONLINE] > 0:
            labels = dict(zip(traits(by_procedure), one.labels, strict=True))
            found.setdefault(one.slice_number, []).append((one.cell, labels))
    return {number: used_online(cells, selection, state.cells) for number, cells in found.items()}
