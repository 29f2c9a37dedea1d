"""Differences on their way into the tables of steps and transfers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.steps import Service, Steps
from indicator_api.store import kept_sums, places
from indicator_api.store.kept_sums import StepKey, TransferKey
from indicator_api.store.tables import CHANNELS, services, step_kinds, steps, transfers
from shared.db import driver_of

_PLACES = {measure: place for place, measure in enumerate(STEP_MEASURES)}
_COLUMNS = [measure.value for measure in STEP_MEASURES]
_CHANNEL_NUMBERS: dict[str | None, int] = {None: 0, **{label: number for number, label in enumerate(CHANNELS)}}


Counted = tuple[int, ...]


@dataclass(frozen=True)
class Recorded:
    """One difference and the feed entry that brought it."""

    position: int
    recorded_on: date
    dossier_id: int
    steps: Steps


@dataclass(frozen=True)
class _Numbers:
    """The numbers that stand for units, services and kinds of steps in the rows."""

    units: Mapping[str, int]
    services: Mapping[Service, int]
    kinds: Mapping[Counted, int]


async def add(session: AsyncSession, recorded: list[Recorded], *, with_sums: bool = True) -> None:
    """Append the differences, and add them to the kept sums; what comes to nothing leaves no row.

    Who builds all figures adds up the sums once, at the end.
    """
    found = [(one, *row) for one in recorded for row in _by_day_and_unit(one.steps)]
    numbers = _Numbers(
        await places.number(session, _unit_codes(recorded)),
        await _numbers_of_services(session, {one.steps.traits.service for one in recorded}),
        await _numbers_of_kinds(session, {counted for *_, counted in found}),
    )
    step_rows = [_step_row(*row, numbers) for row in found]
    transfer_rows = list(_transfer_rows(recorded, numbers))
    await _copy(session, steps, step_rows)
    await _copy(session, transfers, transfer_rows)
    if with_sums:
        await kept_sums.add(session, Counter(_STEP_KEY(row) for row in step_rows), _moved(transfer_rows))


# Where the columns of a kept sum stand in the rows of steps and transfers.
_STEP_KEY = itemgetter(*(list(steps.columns.keys()).index(name) for name in StepKey._fields))
_TRANSFER_KEY = itemgetter(*(list(transfers.columns.keys()).index(name) for name in TransferKey._fields))


def _moved(rows: Iterable[tuple[Any, ...]]) -> Counter[TransferKey]:
    moved: Counter[TransferKey] = Counter()
    for row in rows:
        moved[_TRANSFER_KEY(row)] += row[-1]
    return moved


async def _copy(session: AsyncSession, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    # The table is named bare, like those of the kept sums.
    driver = await driver_of(session)
    await driver.copy_records_to_table(table.name, columns=list(table.columns.keys()), records=rows)


def _by_day_and_unit(difference: Steps) -> Iterator[tuple[date, str, Counted]]:
    rows: dict[tuple[date, str], list[int]] = {}
    for (day, unit_code, measure), times in difference.counted.items():
        if times:
            row = rows.get((day, unit_code))
            if row is None:
                row = rows[day, unit_code] = [0] * len(STEP_MEASURES)
            row[_PLACES[measure]] = times
    yield from ((day, unit_code, tuple(row)) for (day, unit_code), row in rows.items())


def _step_row(one: Recorded, day: date, unit_code: str, counted: Counted, numbers: _Numbers) -> tuple[Any, ...]:
    origin = (one.position, one.dossier_id, one.recorded_on)
    return (*origin, day, numbers.units[unit_code], *_traits(one, numbers), numbers.kinds[counted])


def _transfer_rows(recorded: list[Recorded], numbers: _Numbers) -> Iterator[tuple[Any, ...]]:
    for one in recorded:
        for move, times in one.steps.moves.items():
            if times:
                origin = (one.position, one.dossier_id, one.recorded_on, move.day)
                between = (numbers.units[move.from_unit_code], numbers.units[move.to_unit_code])
                yield (*origin, *between, *_traits(one, numbers), times)


def _traits(one: Recorded, numbers: _Numbers) -> tuple[int, int]:
    return numbers.services[one.steps.traits.service], _CHANNEL_NUMBERS[one.steps.traits.channel]


def _unit_codes(recorded: list[Recorded]) -> set[str]:
    counted = {step.unit_code for one in recorded for step in one.steps.counted}
    moved = {code for one in recorded for move in one.steps.moves for code in (move.from_unit_code, move.to_unit_code)}
    return counted | moved


async def _numbers_of_services(session: AsyncSession, wanted: set[Service]) -> dict[Service, int]:
    """Return the numbers of services, giving new ones theirs; only the holder of the cursor comes here."""
    known = await session.execute(select(services))
    found = {Service(*row[1:]): row[0] for row in known}
    if missing := sorted(wanted - found.keys()):
        added = insert(services).values([service._asdict() for service in missing]).returning(*services.c)
        found |= {Service(*row[1:]): row[0] for row in await session.execute(added)}
    return found


async def _numbers_of_kinds(session: AsyncSession, wanted: set[Counted]) -> dict[Counted, int]:
    """Return the numbers of kinds of steps, giving new ones theirs; only the holder of the cursor comes here."""
    known = await session.execute(select(step_kinds))
    found = {tuple(row[1:]): row[0] for row in known}
    if missing := sorted(wanted - found.keys()):
        named = [dict(zip(_COLUMNS, counted, strict=True)) for counted in missing]
        added = insert(step_kinds).returning(step_kinds)
        found |= {tuple(row[1:]): row[0] for row in await session.execute(added, named)}
    return found
