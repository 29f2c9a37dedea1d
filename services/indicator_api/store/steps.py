"""Differences on their way into the tables of steps and transfers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.steps import Cell, Service, Steps
from indicator_api.store.tables import CHANNELS, services, steps, transfers, units
from shared.db import driver_of

_PLACES = {measure: place for place, measure in enumerate(STEP_MEASURES)}
_CHANNEL_NUMBERS: dict[str | None, int] = {None: 0, **{label: number for number, label in enumerate(CHANNELS)}}


@dataclass(frozen=True)
class Recorded:
    """One difference and the feed entry that brought it."""

    position: int
    recorded_on: date
    dossier_id: int
    steps: Steps


async def add(session: AsyncSession, recorded: list[Recorded]) -> None:
    """Append the differences; what comes to nothing leaves no row."""
    unit_ids = await _ids_of_units(session, _unit_codes(recorded))
    service_ids = await _ids_of_services(session, {cell.service for one in recorded for cell, _ in one.steps.counted})
    await _copy(session, steps.name, [*map(str, steps.columns.keys())], _step_rows(recorded, unit_ids, service_ids))
    columns = [*map(str, transfers.columns.keys())]
    await _copy(session, transfers.name, columns, _transfer_rows(recorded, unit_ids, service_ids))


async def _copy(session: AsyncSession, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    driver = await driver_of(session)
    await driver.copy_records_to_table(table, schema_name="indicator", columns=columns, records=rows)


def _step_rows(
    recorded: list[Recorded], unit_ids: Mapping[str, int], service_ids: Mapping[Service, int]
) -> Iterator[tuple[Any, ...]]:
    for one in recorded:
        for cell, counted in _by_cell(one.steps).items():
            if any(counted):
                place = (cell.day, unit_ids[cell.unit_code], service_ids[cell.service], _CHANNEL_NUMBERS[cell.channel])
                yield (one.position, one.dossier_id, one.recorded_on, *place, *counted)


def _by_cell(difference: Steps) -> dict[Cell, list[int]]:
    rows: dict[Cell, list[int]] = {}
    for (cell, measure), counted in difference.counted.items():
        row = rows.get(cell)
        if row is None:
            row = rows[cell] = [0] * len(STEP_MEASURES)
        row[_PLACES[measure]] = counted
    return rows


def _transfer_rows(
    recorded: list[Recorded], unit_ids: Mapping[str, int], service_ids: Mapping[Service, int]
) -> Iterator[tuple[Any, ...]]:
    for one in recorded:
        for move, moved in one.steps.moves.items():
            if moved:
                between = (unit_ids[move.from_unit_code], unit_ids[move.to_unit_code])
                traits = (service_ids[move.service], _CHANNEL_NUMBERS[move.channel])
                yield (one.position, one.dossier_id, one.recorded_on, move.day, *between, *traits, moved)


def _unit_codes(recorded: list[Recorded]) -> set[str]:
    counted = {cell.unit_code for one in recorded for cell, _ in one.steps.counted}
    moved = {code for one in recorded for move in one.steps.moves for code in (move.from_unit_code, move.to_unit_code)}
    return counted | moved


async def _ids_of_units(session: AsyncSession, codes: set[str]) -> dict[str, int]:
    """Return the numbers of units, giving new ones theirs; only the holder of the cursor comes here."""
    found = {code: number for number, code in await session.execute(select(units.c.id, units.c.code))}
    if missing := sorted(codes - found.keys()):
        added = insert(units).values([{"code": code} for code in missing]).returning(units.c.id, units.c.code)
        found |= {code: number for number, code in await session.execute(added)}
    return found


async def _ids_of_services(session: AsyncSession, wanted: set[Service]) -> dict[Service, int]:
    """Return the numbers of services, giving new ones theirs; only the holder of the cursor comes here."""
    known = await session.execute(select(services))
    found = {Service(*row[1:]): row[0] for row in known}
    if missing := sorted(wanted - found.keys()):
        added = insert(services).values([service._asdict() for service in missing]).returning(*services.c)
        found |= {Service(*row[1:]): row[0] for row in await session.execute(added)}
    return found
