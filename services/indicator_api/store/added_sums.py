"""Steps on their way into the kept sums, in the transaction that adds them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.differences import Counted
from indicator_api.domain.grains import start_of
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.store.kept_sums import GRAINS, TRAITS, merged
from shared.db import array_literal, driver_of

# For one statement at a time: with less, the sums of a long page are grouped on disk.
_ROOM = "16MB"


class StepKey(NamedTuple):
    """What steps are counted by before they are added."""

    day: date
    unit_id: int
    service_id: int
    channel: int
    kind_id: int


async def add(session: AsyncSession, counted: Mapping[StepKey, int], kinds: Sequence[Counted]) -> None:
    """Add steps, each key with how often it came; `kinds` are all there are."""
    if not counted:
        return
    driver = await driver_of(session)
    await driver.execute(f"SET LOCAL work_mem = '{_ROOM}'")
    names = [measure.value for measure, *told in zip(STEP_MEASURES, *kinds, strict=True) if any(told)]
    steps = [array_literal(column) for column in (*zip(*counted, strict=True), counted.values())]
    for table, traits in TRAITS.items():
        days = sorted({key.day for key in counted})
        cells = [(day, grain.value, start_of(grain, day)) for day in days for grain in GRAINS[table]]
        await driver.execute(_adding(table, traits, names), *steps, *map(array_literal, zip(*cells, strict=True)))


# $1 date[] days, $2 int[] units, $3 int[] services, $4 smallint[] channels, $5 int[] kinds, $6 int[] times.
_GIVEN = """unnest($1::text::date[], $2::text::int[], $3::text::int[], $4::text::smallint[], $5::text::int[],
    $6::text::int[]) AS given (day, unit_id, service_id, channel, kind_id, times)"""
# $7 date[] days, $8 smallint[] grains, $9 date[] on which the grain that a day falls in begins.
_CELLS = "unnest($7::text::date[], $8::text::smallint[], $9::text::date[]) AS cells (day, grain, start)"


def _adding(table: str, traits: str, names: Sequence[str]) -> str:
    """Return the statement that adds the given steps to the sums of some measures.

    Times are added up by kind, for units and then for the places that hold them; only then does a kind become the many
    columns it stands for, so that what is grouped stays narrow. Written in the order of the index.
    """
    keys = f"place_id, grain, start, {traits}"
    told = ", ".join(f"nullif(sum(times * kind.{name})::int, 0)" for name in names)
    return f"""
        WITH made AS (
            SELECT unit_id, grain, start, {traits}, kind_id, sum(times)::int AS times
            FROM {_GIVEN} JOIN {_CELLS} USING (day) GROUP BY unit_id, grain, start, {traits}, kind_id
        ), counted AS (
            SELECT {keys}, kind_id, sum(times)::int AS times
            FROM made JOIN (SELECT id AS place_id, unnest(members) AS unit_id FROM places) AS held USING (unit_id)
            GROUP BY {keys}, kind_id
        )
        INSERT INTO {table} AS kept ({keys}, {", ".join(names)})
        SELECT {keys}, {told} FROM counted JOIN step_kinds AS kind ON kind.id = kind_id GROUP BY {keys} ORDER BY {keys}
        ON CONFLICT ({keys}) DO UPDATE SET {merged(names)}
    """  # noqa: S608 - put together from constants of this service
