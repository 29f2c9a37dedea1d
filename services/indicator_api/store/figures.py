"""Sums over a selection: the one reading behind every figure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.grains import Grain, pieces_of
from indicator_api.domain.measures import Measure
from indicator_api.domain.places import covered
from indicator_api.domain.rows import Sum
from indicator_api.domain.selection import Selection, UnitCells
from indicator_api.domain.slices import Slice, up_to
from indicator_api.store import places
from indicator_api.store.facts import Asked, asks_of_services, chosen, fetched, first, labeller, names_of, of_traits
from indicator_api.store.step_readings import is_within, steps_summed
from indicator_api.store.sum_readings import SERVICE_GRAINS, UNIT_GRAINS, kept_summed
from indicator_api.store.tables import feed_cursor
from indicator_api.store.transfer_readings import kept_moved, transfers_moved

# Rule: contract section 1, a stated limit; a cut reading is answered as `truncated`.
MOST_SUMS = 100_000
# For so long all that was recorded since is read; after that it is less to tell days known from days foretold.
LATE = timedelta(days=120)
# What was recorded on one side of a day and holds on the other is little. The planner, who takes the two days for
# independent, expects millions of steps and would go through all years of every unit for them, half a minute among the
# steps of ten million dossiers. By bitmaps it takes the index that finds them at once, and reads sums no slower.
_BY_BITMAPS = select(feed_cursor.c.recorded_on, func.set_config("enable_indexscan", "off", True))


async def list_sums(
    session: AsyncSession,
    selection: Selection,
    *,
    cells: UnitCells,
    slices: Sequence[Slice],
    measures: Sequence[Measure],
) -> list[Sum]:
    """Return what each slice added to each cell, at most MOST_SUMS + 1, ordered by cell and labels."""
    asked = Asked(selection, cells, slices, measures)
    parts = await _parts(session, asked)
    names = names_of(selection)
    statement = parts[0] if len(parts) == 1 else _added_up(parts, names, measures)
    width = len(names)
    label = labeller(selection)
    return [
        Sum(row[0], label(row[1 : width - 1]), row[width - 1], dict(zip(measures, row[width:], strict=True)))
        for row in await fetched(session, _cut(statement, width), asked.values)
    ]


def _added_up(parts: Sequence[str], names: Sequence[str], measures: Sequence[Measure]) -> str:
    """Select what parts come to together."""
    sums = (f"sum({one.value})::bigint" for one in measures)
    added = " UNION ALL ".join(f"({part})" for part in parts)
    return f"SELECT {', '.join([*names, *sums])} FROM ({added}) AS added GROUP BY {first(len(names))}"  # noqa: S608 - parts only


def _cut(statement: str, width: int) -> str:
    """Return a statement ordered by its keys, with one row more than is told."""
    return f"{statement} ORDER BY {first(width)} LIMIT {MOST_SUMS + 1}"


async def _parts(session: AsyncSession, asked: Asked) -> list[str]:
    """Return what is to be added up: kept sums where they tell enough, else steps."""
    selection, values = asked.selection, asked.values
    if selection.since is not None:
        return [steps_summed(asked, *chosen(selection, values))]
    known_at, since = selection.known_at, await _recorded_since(session, selection.known_at)
    if known_at is None or not since:
        return await _kept_parts(session, asked, asked.slices)
    # The sums know everything recorded so far; what was recorded later is taken back.
    last = selection.as_of if since <= LATE else min(selection.as_of, known_at)
    known, end = values.place(known_at, "date"), values.place(last, "date")
    late = f"recorded_on > {known} AND day <= {end}"
    parts = await _kept_parts(session, asked, up_to(asked.slices, last))
    parts.append(steps_summed(asked, *of_traits(selection, values), recorded=late, weight=-1))
    if last < selection.as_of:
        # Of the days after, only what was foretold was known: that dossiers would be overdue. How many of these days
        # are asked for is left out of the look-up: few of them would seem cheaper to find by unit and day.
        foretold = f"recorded_on <= {known} AND day > {known}"
        seen = f"facts.day <= {values.place(selection.as_of, 'date')}"
        parts.append(steps_summed(asked, seen, *of_traits(selection, values), recorded=foretold))
    return parts


async def _kept_parts(session: AsyncSession, asked: Asked, slices: Sequence[Slice]) -> list[str]:
    cells = asked.cells.cells
    held = covered(cells, await places.list_within(session, cells))
    if not asks_of_services(asked.selection):
        return [kept_summed(asked, held, pieces_of(slices, UNIT_GRAINS))]
    pieces = pieces_of(slices, SERVICE_GRAINS)
    edges = [piece for piece in pieces if piece.grain is Grain.DAY]
    parts = [kept_summed(asked, held, [piece for piece in pieces if piece.grain is not Grain.DAY])]
    if edges:
        conditions = *of_traits(asked.selection, asked.values), is_within(edges, asked.values)
        parts.append(steps_summed(asked, *conditions))
    return parts


async def list_transfers(
    session: AsyncSession, selection: Selection, *, cells: UnitCells, slices: Sequence[Slice]
) -> list[Sum]:
    """Return what came into each cell from outside it and what left it, in each slice of the period.

    Rule: contract section 5: between the outside and the inside of the selection; each group is a
    selection of its own, so that the identity holds for it too.
    """
    asked = Asked(selection, cells, slices, ())
    if selection.since or asks_of_services(selection) or await _recorded_since(session, selection.known_at):
        statement = transfers_moved(asked)
    else:
        statement = kept_moved(asked, pieces_of(slices, UNIT_GRAINS))
    label = labeller(selection)
    rows = await fetched(session, _cut(statement, 1 + len(names_of(selection))), asked.values)
    return [one for row in rows for one in _crossings(row, label(row[2:-2]))]


async def _recorded_since(session: AsyncSession, known_at: date | None) -> timedelta:
    """Return for how long after a day something was recorded; nothing, for None.  What follows is read by bitmaps."""
    if known_at is None:
        return timedelta()
    last_on = await session.scalar(_BY_BITMAPS)
    return max((last_on or date.min) - known_at, timedelta())


def _crossings(row: Sequence[Any], labels: tuple[str, ...]) -> Iterator[Sum]:
    left, entered, number, moved = row[0], row[1], row[-2], row[-1]
    if left is not None:
        yield Sum(left, labels, number, {Measure.TRANSFERRED_OUT: moved})
    if entered is not None:
        yield Sum(entered, labels, number, {Measure.TRANSFERRED_IN: moved})
