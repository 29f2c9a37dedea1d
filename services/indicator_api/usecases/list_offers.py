"""List the services or units behind a figure of what is offered."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from indicator_api.domain.formulae import Definition, Offered, OneStopUnits, ServiceRatio
from indicator_api.domain.selection import Selection
from indicator_api.domain.slices import slices_of
from indicator_api.domain.supply import Version, asked_days, authorities_of, is_above_the_line, service_parts
from indicator_api.domain.tree import Unit
from indicator_api.usecases.measure_supply import units_shown, used_by_slice
from indicator_api.usecases.read_figures import MOST_ROWS, Reading, Source, reading
from shared.errors import DomainError

Part = Literal["numerator", "denominator"]


class NoServicesBehind(DomainError):
    """An indicator counts dossiers or units, so no list of services stands behind it."""

    code = "no-services-behind"

    def __init__(self, indicator: str) -> None:
        super().__init__(f"{indicator} does not count services")
        self.indicator = indicator


class NoUnitsBehind(DomainError):
    """An indicator counts dossiers or services, so no list of units stands behind it."""

    code = "no-units-behind"

    def __init__(self, indicator: str) -> None:
        super().__init__(f"{indicator} does not count units")
        self.indicator = indicator


async def list_services(
    definition: Definition, part: Part, selection: Selection, *, root: str | None, source: Source
) -> list[Version]:
    """Return the services of one part by procedure code, each as last in force on the days asked.

    Raises NoServicesBehind, UnitNotFound.
    """
    if not isinstance(definition.computed, ServiceRatio):
        raise NoServicesBehind(definition.id)
    async with reading(replace(selection, group_by=()), root=root, source=source) as state:
        versions = await source.catalogue.list_versions(state.session, known_at=selection.known_at)
        codes = await _codes(definition.computed, part, versions, state)
        days = asked_days(definition.computed, slices_of(state.selection)[0])
    in_force = [one for one in versions if one.procedure_code in codes and one.overlaps(*days)]
    if definition.computed.offered is Offered.USED_ONLINE:
        in_force = [one for one in in_force if is_above_the_line(definition.computed, one)]
    latest = {one.procedure_code: one for one in sorted(in_force, key=lambda one: one.valid_from)}
    return [latest[code] for code in sorted(latest)]


async def list_units(
    definition: Definition, part: Part, selection: Selection, *, root: str | None, source: Source
) -> list[Unit]:
    """Return the units of one part by code.

    Raises NoUnitsBehind, UnitNotFound.
    """
    if not isinstance(definition.computed, OneStopUnits):
        raise NoUnitsBehind(definition.id)
    async with reading(replace(selection, group_by=()), root=root, source=source) as state:
        units = units_shown(state, selection.as_of)
    return [unit for unit in units if part == "denominator" or unit.has_one_stop]


async def _codes(ratio: ServiceRatio, part: Part, versions: Iterable[Version], state: Reading) -> set[str]:
    one = slices_of(state.selection)[0]
    days = asked_days(ratio, one)
    used = (await used_by_slice(ratio, state)).get(1, {}) if ratio.offered is Offered.USED_ONLINE else {}
    authorities = authorities_of(state.tree.existing(state.cells.cells, *days), state.cells, days=days)
    above, below = service_parts(
        ratio, versions, used, selection=state.selection, authorities=authorities, days=days, limit=MOST_ROWS
    )
    offered = below.get((), set())
    return offered if part == "denominator" else offered.intersection(above.get((), ()))
