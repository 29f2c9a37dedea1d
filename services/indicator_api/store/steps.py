"""Differences on their way into the tables of steps and transfers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.differences import Counted, Difference
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.steps import Service
from indicator_api.store import added_sums, kept_sums, places
from indicator_api.store.added_sums import StepKey
from indicator_api.store.kept_sums import TransferKey
from indicator_api.store.tables import CHANNELS, steps, transfers
from shared.db import driver_of

_MEASURES = ", ".join(measure.value for measure in STEP_MEASURES)
_CHANNEL_NUMBERS: dict[str | None, int] = {None: 0, **{label: number for number, label in enumerate(CHANNELS)}}


class Recorded(NamedTuple):
    """One difference, the feed entry that brought it and the dossier it is of."""

    position: int
    recorded_on: date
    code: str
    difference: Difference


@dataclass(frozen=True)
class _Numbers:
    """The numbers that stand for dossiers, units, services and kinds of steps in the rows."""

    dossiers: Mapping[str, int]
    units: Mapping[str, int]
    services: Mapping[Service, int]
    kinds: Mapping[Counted, int]


async def add(
    session: AsyncSession, recorded: list[Recorded], dossier_numbers: Mapping[str, int], *, with_sums: bool = True
) -> None:
    """Append the differences, and add them to the kept sums; what comes to nothing leaves no row.

    Who builds all figures adds up the sums once, at the end.
    """
    numbers = _Numbers(
        dossier_numbers,
        await places.number(session, _unit_codes(recorded)),
        await _numbers_of_services(session, {one.difference.traits.service for one in recorded}),
        await _numbers_of_kinds(session, {counted for one in recorded for _, _, counted in one.difference.rows}),
    )
    step_rows = [row for one in recorded for row in _step_rows(one, numbers)]
    transfer_rows = [row for one in recorded for row in _transfer_rows(one, numbers)]
    await _copy(session, steps, step_rows)
    await _copy(session, transfers, transfer_rows)
    if with_sums:
        counted = Counter(StepKey._make(_STEP_KEY(row)) for row in step_rows)
        await added_sums.add(session, counted, list(numbers.kinds))
        await kept_sums.add_transfers(session, _moved(transfer_rows))


# Where the columns of a kept sum stand in the rows of steps and transfers.
_STEP_KEY = itemgetter(*(list(steps.columns.keys()).index(name) for name in StepKey._fields))
_TRANSFER_KEY = itemgetter(*(list(transfers.columns.keys()).index(name) for name in TransferKey._fields))


def _moved(rows: Iterable[tuple[Any, ...]]) -> Counter[TransferKey]:
    moved: Counter[TransferKey] = Counter()
    for row in rows:
        moved[_TRANSFER_KEY(row)] += row[-1]
    return moved


async def _copy(session: AsyncSession, table: Table, rows: list[tuple[Any, ...]]) -> None:
    # The table is named bare, like those of the kept sums.
    if rows:
        driver = await driver_of(session)
        await driver.copy_records_to_table(table.name, columns=list(table.columns.keys()), records=rows)


def _step_rows(one: Recorded, numbers: _Numbers) -> Iterator[tuple[Any, ...]]:
    origin = (one.position, numbers.dossiers[one.code], one.recorded_on)
    service, channel = _traits(one, numbers)
    for day, unit_code, counted in one.difference.rows:
        yield (*origin, day, numbers.units[unit_code], service, channel, numbers.kinds[counted])


def _transfer_rows(one: Recorded, numbers: _Numbers) -> Iterator[tuple[Any, ...]]:
    for move, times in one.difference.moves:
        origin = (one.position, numbers.dossiers[one.code], one.recorded_on, move.day)
        between = (numbers.units[move.from_unit_code], numbers.units[move.to_unit_code])
        yield (*origin, *between, *_traits(one, numbers), times)


def _traits(one: Recorded, numbers: _Numbers) -> tuple[int, int]:
    traits = one.difference.traits
    return numbers.services[traits.service], _CHANNEL_NUMBERS[traits.channel]


def _unit_codes(recorded: list[Recorded]) -> set[str]:
    counted = {unit_code for one in recorded for _, unit_code, _ in one.difference.rows}
    moves = [move for one in recorded for move, _ in one.difference.moves]
    return counted.union(*((move.from_unit_code, move.to_unit_code) for move in moves))


async def _numbers_of_services(session: AsyncSession, wanted: set[Service]) -> dict[Service, int]:
    """Return the numbers of services, giving new ones theirs; only the holder of the cursor comes here."""
    driver = await driver_of(session)
    named = list(zip(*wanted, strict=True)) or [(), (), ()]
    rows = await driver.fetch(_NUMBER_SERVICES, *named)
    return {Service(*service): number for number, *service in rows}


# $1, $2, $3 text[] procedures, fields and online levels, each service once.  Returns id and those three.
_NUMBER_SERVICES = """
    WITH wanted AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
        AS wanted (procedure_code, field, online_level)),
    found AS (SELECT id, wanted.* FROM wanted JOIN services USING (procedure_code, field, online_level)),
    added AS (
        INSERT INTO services (procedure_code, field, online_level)
        SELECT * FROM (TABLE wanted EXCEPT SELECT procedure_code, field, online_level FROM found) AS missing
        ORDER BY procedure_code, field, online_level
        RETURNING id, procedure_code, field, online_level
    )
    TABLE found UNION ALL TABLE added
"""


async def _numbers_of_kinds(session: AsyncSession, wanted: set[Counted]) -> dict[Counted, int]:
    """Return the numbers of kinds of steps, giving new ones theirs; only the holder of the cursor comes here."""
    driver = await driver_of(session)
    found = {tuple(told): number for number, *told in await driver.fetch(_KINDS)}
    for missing in sorted(wanted - found.keys()):
        found[missing] = await driver.fetchval(_NUMBER_KIND, *missing)
    return found


_KINDS = f"SELECT id, {_MEASURES} FROM step_kinds"  # noqa: S608 - constants of the domain
_NUMBER_KIND = f"""
    INSERT INTO step_kinds ({_MEASURES}) VALUES ({", ".join(f"${number + 1}" for number in range(len(STEP_MEASURES)))})
    RETURNING id
"""  # noqa: S608 - constants of the domain
