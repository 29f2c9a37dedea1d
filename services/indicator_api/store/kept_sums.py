"""The sums kept of steps and transfers, added to in the transaction that adds those."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple, assert_never

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.grains import Grain
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.slices import ND09_CUTOFF_DAY
from shared.db import driver_of

# All statements name their tables bare: the role's search_path says whose they are, those that
# serve or those being built anew beside them.
_NAMES = [measure.value for measure in STEP_MEASURES]
_COLUMNS = ", ".join(_NAMES)
_SIGNED = ", ".join(f"nullif(sum(moved.sign * kept.{name}), 0)" for name in _NAMES)


def merged(names: Sequence[str]) -> str:
    """Return what becomes of kept sums of some measures where others are added to them."""
    return ", ".join(f"{name} = nullif(coalesce(kept.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in names)


def _told(names: Sequence[str]) -> str:
    return ", ".join(f"nullif(sum(times * kind.{name}), 0)" for name in names)


def _summed(names: Sequence[str]) -> str:
    return ", ".join(f"nullif(sum(kept.{name}), 0)" for name in names)


def _start(grain: Grain, day: str) -> str:
    """Return the first day of the grain a day falls in."""
    month = f"{day} - extract(day FROM {day})::int + 1"
    match grain:
        case Grain.DAY:
            return day
        case Grain.HALF:
            return (
                f"{month} + CASE WHEN extract(day FROM {day}) < {ND09_CUTOFF_DAY} THEN 0 ELSE {ND09_CUTOFF_DAY - 1} END"
            )
        case Grain.MONTH:
            return month
        case Grain.YEAR:
            return f"{day} - extract(doy FROM {day})::int + 1"
        case _:
            assert_never(grain)


def _grains(*grains: Grain) -> str:
    """Return the table of grains that a day falls in, and where each begins."""
    rows = ", ".join(f"({grain.value}, {_start(grain, 'day')})" for grain in grains)
    return f"LATERAL (VALUES {rows}) AS grains (grain, start)"


def _adding_all_steps(table: str, traits: str, grain: Grain, names: Sequence[str]) -> str:
    """Return the statement that adds every step to the unit it was made in, at the table's finest grain."""
    keys = f"place_id, grain, start, {traits}"
    return f"""
        WITH counted AS (
            SELECT unit_id, {_start(grain, "day")} AS start, {traits}, kind_id, count(*)::int AS times FROM steps
            GROUP BY unit_id, 2, {traits}, kind_id
        )
        INSERT INTO {table} ({keys}, {", ".join(names)})
        SELECT alone.id AS place_id, {grain.value}, start, {traits}, {_told(names)}
        FROM counted JOIN step_kinds AS kind ON kind.id = kind_id
            JOIN places AS alone ON alone.unit_id = counted.unit_id AND alone.level IS NULL
        GROUP BY alone.id, start, {traits} ORDER BY alone.id, start, {traits}
    """  # noqa: S608 - put together from constants of this file


def _coarsening(table: str, traits: str, finer: Grain, coarser: Grain, names: Sequence[str]) -> str:
    """Return the statement that adds up the sums of one grain to those of the next."""
    return f"""
        INSERT INTO {table} (place_id, grain, start, {traits}, {", ".join(names)})
        SELECT place_id, {coarser.value}, {_start(coarser, "start")}, {traits}, {_summed(names)}
        FROM {table} AS kept WHERE grain = {finer.value}
        GROUP BY place_id, 3, {traits} ORDER BY place_id, 3, {traits}
    """  # noqa: S608 - put together from constants of this file


def _adding_branches(table: str, traits: str, names: Sequence[str]) -> str:
    """Return the statement that adds up the sums of units to those of the branches they are in."""
    keys = f"grain, start, {traits}"
    return f"""
        INSERT INTO {table} (place_id, {keys}, {", ".join(names)})
        SELECT branch.id, {keys}, {_summed(names)}
        FROM places AS branch JOIN places AS alone ON alone.unit_id = ANY(branch.members)
            JOIN {table} AS kept ON kept.place_id = alone.id
        WHERE branch.level IS NOT NULL AND alone.level IS NULL
        GROUP BY branch.id, {keys} ORDER BY branch.id, {keys}
    """  # noqa: S608 - put together from constants of this file


def _adding_transfers(source: str) -> str:
    """Return the statement that adds counted transfers: day, from_unit_id, to_unit_id, channel, moved."""
    keys = "grain, start, from_unit_id, to_unit_id, channel"
    return f"""
        INSERT INTO transfer_sums AS kept ({keys}, moved)
        SELECT {keys}, sum(moved) FROM {source} CROSS JOIN {_grains(Grain.DAY, Grain.MONTH, Grain.YEAR)}
        GROUP BY {keys} ORDER BY {keys}
        ON CONFLICT ({keys}) DO UPDATE SET moved = kept.moved + excluded.moved
    """  # noqa: S608 - put together from constants of this file


# Finest first.
GRAINS = {"unit_sums": (Grain.DAY, Grain.MONTH, Grain.YEAR), "service_sums": (Grain.HALF, Grain.YEAR)}
TRAITS = {"unit_sums": "channel", "service_sums": "service_id, channel"}
KEPT = (*TRAITS, "transfer_sums")

# $1 date[] days, $2 and $3 int[] units left and entered, $4 smallint[] channels, $5 int[] how many.
_GIVEN_TRANSFERS = """unnest($1::date[], $2::int[], $3::int[], $4::smallint[], $5::int[])
    AS given (day, from_unit_id, to_unit_id, channel, moved)"""


class TransferKey(NamedTuple):
    """What transfers are counted by before they are added."""

    day: date
    from_unit_id: int
    to_unit_id: int
    channel: int


async def add_transfers(session: AsyncSession, moved: Mapping[TransferKey, int]) -> None:
    """Add transfers, each key with how many there were."""
    if moved:
        driver = await driver_of(session)
        arrays = [*zip(*moved, strict=True), list(moved.values())]
        await driver.execute(_adding_transfers(_GIVEN_TRANSFERS), *arrays)


async def add_all(session: AsyncSession, *, table: str) -> None:
    """Add every step or transfer there is, to sums that are still empty: units first, then grains, then branches."""
    driver = await driver_of(session)
    if table == "transfer_sums":
        await driver.execute(_adding_transfers("transfers"))
        return
    traits, grains, names = TRAITS[table], GRAINS[table], await _told_by_kinds(driver)
    if not names:
        return
    await driver.execute(f"SET LOCAL work_mem = '{_ROOM}'")
    await driver.execute(_adding_all_steps(table, traits, grains[0], names))
    for finer, coarser in pairwise(grains):
        await driver.execute(_coarsening(table, traits, finer, coarser, names))
    await driver.execute(_adding_branches(table, traits, names))


# For one statement at a time: with less, a million sums are sorted on disk.
_ROOM = "128MB"


async def _told_by_kinds(driver: asyncpg.Connection) -> list[str]:
    """Return the measures that any kind of step tells of: adding up the others takes as long and comes to nothing."""
    told = ", ".join(f"bool_or({name} <> 0) AS {name}" for name in _NAMES)
    row = await driver.fetchrow(f"SELECT {told} FROM step_kinds")  # noqa: S608 - constants of this file
    return [name for name in _NAMES if row[name]]


async def move(session: AsyncSession, moved: Sequence[tuple[int, int, int]]) -> None:
    """Give places the sums of units that came to them and take away those of units that left.

    `moved` is rows of the place, the place of the unit alone, and 1 or -1.
    """
    if not moved:
        return
    driver = await driver_of(session)
    for table, traits in TRAITS.items():
        keys = f"grain, start, {traits}"
        await driver.execute(
            f"""
            INSERT INTO {table} AS kept (place_id, {keys}, {_COLUMNS})
            SELECT moved.place_id, {keys}, {_SIGNED}
            FROM unnest($1::int[], $2::int[], $3::int[]) AS moved (place_id, alone_id, sign)
            JOIN {table} AS kept ON kept.place_id = moved.alone_id
            GROUP BY moved.place_id, {keys} ORDER BY moved.place_id, {keys}
            ON CONFLICT (place_id, {keys}) DO UPDATE SET {merged(_NAMES)}
            """,  # noqa: S608 - put together from constants of this file
            *zip(*moved, strict=True),
        )


async def remove(session: AsyncSession, place_ids: Sequence[int]) -> None:
    """Take away the sums of places that are no more."""
    driver = await driver_of(session)
    for table in TRAITS if place_ids else ():
        await driver.execute(f"DELETE FROM {table} WHERE place_id = ANY($1::int[])", list(place_ids))  # noqa: S608 - constants of this file
