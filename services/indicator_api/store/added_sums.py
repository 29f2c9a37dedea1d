"""Steps on their way into the kept sums, in the transaction that adds them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.differences import Counted
from indicator_api.domain.grains import start_of
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.store.kept_sums import GRAINS, TRAITS, merged
from shared.db import array_literal, driver_of

# For one statement at a time: with less, the sums of many pages are grouped on disk.
_ROOM = "32MB"


# What a step is counted by, in the kept sums and here.
KEY = ("day", "unit_id", "service_id", "channel", "kind_id")


class Gathered:
    """Steps that are still to be added: each column as the literal of an array, which takes a tenth of the room."""

    def __init__(self) -> None:
        self.days: set[date] = set()
        self._columns: list[list[str]] = [[] for _ in KEY]

    def gather(self, steps: Iterable[tuple[Any, ...]]) -> None:
        """Take in what the steps are counted by."""
        columns = list(zip(*steps, strict=True))
        if columns:
            self.days.update(columns[0])
            for parts, values in zip(self._columns, columns, strict=True):
                parts.append(array_literal(values)[1:-1])

    def columns(self) -> list[str]:
        """Return the columns, each as one literal."""
        return ["{" + ",".join(parts) + "}" for parts in self._columns]


async def add(session: AsyncSession, steps: Gathered, kinds: Sequence[Counted]) -> None:
    """Add steps to the kept sums; `kinds` are all there are."""
    if not steps.days:
        return
    driver = await driver_of(session)
    await driver.execute(f"SET LOCAL work_mem = '{_ROOM}'")
    names = [measure.value for measure, *told in zip(STEP_MEASURES, *kinds, strict=True) if any(told)]
    columns = steps.columns()
    for table, traits in TRAITS.items():
        cells = [(day, grain.value, start_of(grain, day)) for day in sorted(steps.days) for grain in GRAINS[table]]
        await driver.execute(_adding(table, traits, names), *columns, *map(array_literal, zip(*cells, strict=True)))


# $1 date[] days, $2 int[] units, $3 int[] services, $4 smallint[] channels, $5 int[] kinds.
_GIVEN = """unnest($1::text::date[], $2::text::int[], $3::text::int[], $4::text::smallint[], $5::text::int[])
    AS given (day, unit_id, service_id, channel, kind_id)"""
# $6 date[] days, $7 smallint[] grains, $8 date[] on which the grain that a day falls in begins.
_CELLS = "unnest($6::text::date[], $7::text::smallint[], $8::text::date[]) AS cells (day, grain, start)"


def _adding(table: str, traits: str, names: Sequence[str]) -> str:
    """Return the statement that adds the given steps to the sums of some measures.

    They are counted by day, then by grain; only then does a unit become the places that hold it and a kind the many
    columns it stands for, so that what is grouped stays narrow. Written in the order of the index.
    """
    keys = f"place_id, grain, start, {traits}"
    told = ", ".join(f"nullif(sum(times * kind.{name})::int, 0)" for name in names)
    return f"""
        WITH dated AS (
            SELECT day, unit_id, {traits}, kind_id, count(*)::int AS times FROM {_GIVEN}
            GROUP BY day, unit_id, {traits}, kind_id
        ), counted AS (
            SELECT unit_id, grain, start, {traits}, kind_id, sum(times)::int AS times
            FROM dated JOIN {_CELLS} USING (day) GROUP BY unit_id, grain, start, {traits}, kind_id
        )
        INSERT INTO {table} AS kept ({keys}, {", ".join(names)})
        SELECT {keys}, {told}
        FROM counted JOIN (SELECT id AS place_id, unnest(members) AS unit_id FROM places) AS held USING (unit_id)
            JOIN step_kinds AS kind ON kind.id = kind_id
        GROUP BY {keys} ORDER BY {keys}
        ON CONFLICT ({keys}) DO UPDATE SET {merged(names)}
    """  # noqa: S608 - put together from constants of this service
