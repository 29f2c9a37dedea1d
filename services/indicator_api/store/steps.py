"""Differences on their way into the tables of steps and transfers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.differences import Counted, Difference, Pattern
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.steps import Service, Traits
from indicator_api.store import added_sums, kept_sums, places
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


class Adding:
    """Differences on their way into the tables, in one transaction of whoever holds the cursor.

    Numbers once asked for are remembered, and the kept sums are added to once, at the end.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._units: dict[str, int] = {}
        self._services: dict[Service, int] = {}
        self._kinds: dict[Counted, int] = {}
        # The kinds of a pattern's rows, looked up once: what a kind is told by is long.
        self._patterns: dict[Pattern, list[int]] = {}
        self._gathered = added_sums.Gathered()
        self._moved: Counter[TransferKey] = Counter()

    async def add(self, recorded: list[Recorded], dossiers: Mapping[str, int], *, with_sums: bool) -> None:
        """Append the differences; what comes to nothing leaves no row.

        Who builds all figures adds up the sums of all steps himself.
        """
        await self._number(recorded)
        step_rows = [row for one in recorded for row in self._step_rows(one, dossiers)]
        transfer_rows = [row for one in recorded for row in self._transfer_rows(one, dossiers)]
        await _copy(self._session, steps, step_rows)
        await _copy(self._session, transfers, transfer_rows)
        if with_sums:
            self._gathered.gather(map(_STEP_KEY, step_rows))
            for row in transfer_rows:
                self._moved[_TRANSFER_KEY(row)] += row[-1]

    async def add_sums(self) -> None:
        """Add to the kept sums what has been appended."""
        await added_sums.add(self._session, self._gathered, list(self._kinds))
        await kept_sums.add_transfers(self._session, self._moved)

    async def _number(self, recorded: list[Recorded]) -> None:
        if codes := set().union(*(one.difference.units for one in recorded)) - self._units.keys():
            self._units = await places.number(self._session, codes)
        if wanted := {one.difference.traits.service for one in recorded} - self._services.keys():
            self._services |= await _numbers_of_services(self._session, wanted)
        patterns = {one.difference.pattern for one in recorded} - self._patterns.keys()
        if kinds := {counted for pattern in patterns for _, _, counted in pattern.rows} - self._kinds.keys():
            self._kinds = await _numbers_of_kinds(self._session, kinds)
        for pattern in patterns:
            self._patterns[pattern] = [self._kinds[counted] for _, _, counted in pattern.rows]

    def _step_rows(self, one: Recorded, dossiers: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
        traits, pattern, days, units = one.difference
        origin = (one.position, dossiers[one.code], one.recorded_on)
        under = self._under(traits)
        for (day, unit, _), kind in zip(pattern.rows, self._patterns[pattern], strict=True):
            yield (*origin, days[day], self._units[units[unit]], *under, kind)

    def _transfer_rows(self, one: Recorded, dossiers: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
        traits, pattern, days, units = one.difference
        for day, left, entered, times in pattern.moves:
            origin = (one.position, dossiers[one.code], one.recorded_on, days[day])
            between = (self._units[units[left]], self._units[units[entered]])
            yield (*origin, *between, *self._under(traits), times)

    def _under(self, traits: Traits) -> tuple[int, int]:
        return self._services[traits.service], _CHANNEL_NUMBERS[traits.channel]


# Where the columns of a kept sum stand in the rows of steps and transfers.
_STEP_KEY = itemgetter(*(list(steps.columns.keys()).index(name) for name in added_sums.KEY))
_TRANSFER_KEY = itemgetter(*(list(transfers.columns.keys()).index(name) for name in TransferKey._fields))


async def _copy(session: AsyncSession, table: Table, rows: list[tuple[Any, ...]]) -> None:
    # The table is named bare, like those of the kept sums.
    if rows:
        driver = await driver_of(session)
        await driver.copy_records_to_table(table.name, columns=list(table.columns.keys()), records=rows)


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
    if missing := sorted(wanted - found.keys()):
        added = await driver.fetchmany(_NUMBER_KIND, missing)
        found |= {counted: number for counted, (number,) in zip(missing, added, strict=True)}
    return found


_KINDS = f"SELECT id, {_MEASURES} FROM step_kinds"  # noqa: S608 - constants of the domain
_NUMBER_KIND = f"""
    INSERT INTO step_kinds ({_MEASURES}) VALUES ({", ".join(f"${number + 1}" for number in range(len(STEP_MEASURES)))})
    RETURNING id
"""  # noqa: S608 - constants of the domain
