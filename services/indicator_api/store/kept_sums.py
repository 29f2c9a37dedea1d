"""The sums kept of steps and transfers, added to in the transaction that adds those."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.grains import Grain
from indicator_api.domain.measures import STEP_MEASURES
from shared.db import driver_of

# All statements name their tables bare: the role's search_path says whose they are, those that
# serve or those being built anew beside them.
_NAMES = [measure.value for measure in STEP_MEASURES]
_COLUMNS = ", ".join(_NAMES)
_TOLD = ", ".join(f"sum(times * kind.{name})::int AS {name}" for name in _NAMES)
_SUMMED = ", ".join(f"nullif(sum({name}), 0)" for name in _NAMES)
_SIGNED = ", ".join(f"nullif(sum(moved.sign * kept.{name}), 0)" for name in _NAMES)
_MERGED = ", ".join(f"{name} = nullif(coalesce(kept.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in _NAMES)

_MONTH = "day - extract(day FROM day)::int + 1"
_STARTS = {
    Grain.DAY: "day",
    Grain.HALF: f"{_MONTH} + CASE WHEN extract(day FROM day) < 15 THEN 0 ELSE 14 END",
    Grain.MONTH: _MONTH,
    Grain.YEAR: "day - extract(doy FROM day)::int + 1",
}


def _grains(*grains: Grain) -> str:
    """Return the table of grains that a day falls in, and where each begins."""
    rows = ", ".join(f"({grain.value}, {_STARTS[grain]})" for grain in grains)
    return f"LATERAL (VALUES {rows}) AS grains (grain, start)"


_HELD = "(SELECT id AS place_id, unnest(members) AS unit_id FROM places) AS held"


def _adding_steps(table: str, traits: str, grains: str, source: str) -> str:
    """Return the statement that adds counted steps: day, unit_id, service_id, channel, kind_id, times."""
    keys = f"place_id, grain, start, {traits}"
    return f"""
        WITH told AS (
            SELECT day, unit_id, {traits}, {_TOLD} FROM {source} JOIN step_kinds AS kind ON kind.id = kind_id
            GROUP BY day, unit_id, {traits}
        )
        INSERT INTO {table} AS kept ({keys}, {_COLUMNS})
        SELECT {keys}, {_SUMMED} FROM told JOIN {_HELD} USING (unit_id) CROSS JOIN {grains}
        GROUP BY {keys} ORDER BY {keys}
        ON CONFLICT ({keys}) DO UPDATE SET {_MERGED}
    """  # noqa: S608 - put together from constants of this file


def _adding_transfers(source: str) -> str:
    """Return the statement that adds counted transfers: day, from_unit_id, to_unit_id, channel, moved."""
    keys = "grain, start, from_unit_id, to_unit_id, channel"
    return f"""
        INSERT INTO transfer_sums AS kept ({keys}, moved)
        SELECT {keys}, sum(moved) FROM {source} CROSS JOIN {_UNIT_GRAINS}
        GROUP BY {keys} ORDER BY {keys}
        ON CONFLICT ({keys}) DO UPDATE SET moved = kept.moved + excluded.moved
    """  # noqa: S608 - put together from constants of this file


_UNIT_GRAINS = _grains(Grain.DAY, Grain.MONTH, Grain.YEAR)
_SERVICE_GRAINS = _grains(Grain.HALF, Grain.YEAR)
_TRAITS = {"unit_sums": "channel", "service_sums": "service_id, channel"}
_KEPT = [("unit_sums", _UNIT_GRAINS), ("service_sums", _SERVICE_GRAINS)]

# $1 date[] days, $2 int[] units, $3 int[] services, $4 smallint[] channels, $5 int[] kinds, $6 int[] times.
_GIVEN = """unnest($1::date[], $2::int[], $3::int[], $4::smallint[], $5::int[], $6::int[])
    AS given (day, unit_id, service_id, channel, kind_id, times)"""
_ALL = """(
    SELECT day, unit_id, service_id, channel, kind_id, count(*)::int AS times FROM steps
    GROUP BY day, unit_id, service_id, channel, kind_id
) AS given"""
# $1 date[] days, $2 and $3 int[] units left and entered, $4 smallint[] channels, $5 int[] how many.
_GIVEN_TRANSFERS = """unnest($1::date[], $2::int[], $3::int[], $4::smallint[], $5::int[])
    AS given (day, from_unit_id, to_unit_id, channel, moved)"""


class StepKey(NamedTuple):
    """What steps are counted by before they are added."""

    day: date
    unit_id: int
    service_id: int
    channel: int
    kind_id: int


class TransferKey(NamedTuple):
    """What transfers are counted by before they are added."""

    day: date
    from_unit_id: int
    to_unit_id: int
    channel: int


async def add(session: AsyncSession, counted: Mapping[StepKey, int], moved: Mapping[TransferKey, int]) -> None:
    """Add steps and transfers, each key with how often it came."""
    driver = await driver_of(session)
    if counted:
        arrays = [*zip(*counted, strict=True), list(counted.values())]
        for table, grains in _KEPT:
            await driver.execute(_adding_steps(table, _TRAITS[table], grains, _GIVEN), *arrays)
    if moved:
        arrays = [*zip(*moved, strict=True), list(moved.values())]
        await driver.execute(_adding_transfers(_GIVEN_TRANSFERS), *arrays)


async def add_all(session: AsyncSession) -> None:
    """Add every step and transfer there is, to sums that are still empty."""
    driver = await driver_of(session)
    for table, grains in _KEPT:
        await driver.execute(_adding_steps(table, _TRAITS[table], grains, _ALL))
    await driver.execute(_adding_transfers("transfers"))


async def move(session: AsyncSession, moved: Sequence[tuple[int, int, int]]) -> None:
    """Give places the sums of units that came to them and take away those of units that left.

    `moved` is rows of the place, the place of the unit alone, and 1 or -1.
    """
    if not moved:
        return
    driver = await driver_of(session)
    for table, traits in _TRAITS.items():
        keys = f"grain, start, {traits}"
        await driver.execute(
            f"""
            INSERT INTO {table} AS kept (place_id, {keys}, {_COLUMNS})
            SELECT moved.place_id, {keys}, {_SIGNED}
            FROM unnest($1::int[], $2::int[], $3::int[]) AS moved (place_id, alone_id, sign)
            JOIN {table} AS kept ON kept.place_id = moved.alone_id
            GROUP BY moved.place_id, {keys} ORDER BY moved.place_id, {keys}
            ON CONFLICT (place_id, {keys}) DO UPDATE SET {_MERGED}
            """,  # noqa: S608 - put together from constants of this file
            *zip(*moved, strict=True),
        )


async def remove(session: AsyncSession, place_ids: Sequence[int]) -> None:
    """Take away the sums of places that are no more."""
    driver = await driver_of(session)
    for table in _TRAITS if place_ids else ():
        await driver.execute(f"DELETE FROM {table} WHERE place_id = ANY($1::int[])", list(place_ids))  # noqa: S608 - constants of this file
